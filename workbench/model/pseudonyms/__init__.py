"""Invented names and numbers, and how they are put in the place of true ones in a text."""
