"""The case: one short method per verb, and one module per workflow that joins rooms. Floor 4."""
