"""Cells of call tables as values: numbers, moments, codes, radio cells."""
