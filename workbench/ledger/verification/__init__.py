"""Whether a ledger is what its log says: rows, files, indexes, settings, signatures."""
