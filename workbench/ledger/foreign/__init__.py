"""What came from other bureaux: its rows, and remarks on what is ours."""
