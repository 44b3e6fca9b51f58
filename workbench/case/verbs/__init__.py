"""What surrounds each verb: its arguments are checked, its errors are told in words, a locked case is opened."""
