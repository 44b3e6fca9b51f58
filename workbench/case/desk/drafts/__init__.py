"""Messages on their way out: begun, filled in, checked, approved, sent."""
