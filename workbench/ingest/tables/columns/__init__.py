"""What columns of a table mean, and their cells as values."""
