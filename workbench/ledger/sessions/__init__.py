"""An open ledger: a connection a thread, one writer at a time, transactions."""
