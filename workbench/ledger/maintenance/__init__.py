"""Backups of a case folder and changes of who can open it."""
