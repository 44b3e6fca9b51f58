"""Marks that a text of traffic bears, wherever they stand."""
