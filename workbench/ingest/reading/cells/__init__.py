"""Cells of a special category in the markup of a text."""
