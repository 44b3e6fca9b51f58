"""Rows between ledgers: into packages and out of them, and whose a thing is."""
