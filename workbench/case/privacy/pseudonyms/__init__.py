"""A copy of a case in which invented names and numbers stand for the true ones, and the key that undoes it."""
