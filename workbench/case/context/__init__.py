"""What every verb of a case works with: its ledger and settings, its tables, the index of its entities."""
