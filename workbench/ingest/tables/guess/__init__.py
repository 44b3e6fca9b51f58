"""Guessing where the header of a table is and what its columns mean."""
