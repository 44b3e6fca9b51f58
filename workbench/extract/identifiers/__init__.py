"""Identifiers in a text: numbers, codes, dates and amounts, by form and check digit."""
