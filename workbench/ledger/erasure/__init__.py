"""What is erased leaves every table, text and file, and does not come back."""
