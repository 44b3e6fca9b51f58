"""Sheets of tables, each kind of file by a module of its own."""
