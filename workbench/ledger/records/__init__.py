"""The tables of a ledger as its users read and write them, one file a kind of record."""
