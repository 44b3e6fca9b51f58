"""On what a statement rests: citations, quotations, provenance, flags, notes, issues."""
