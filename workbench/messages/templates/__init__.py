"""Blank forms and drafts to begin with."""
