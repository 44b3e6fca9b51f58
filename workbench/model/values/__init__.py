"""Limits of values that come from outside, and how rows are kept within them."""
