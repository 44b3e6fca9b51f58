"""Texts: alphabets, transliteration, names in their normal form, direction, cells."""
