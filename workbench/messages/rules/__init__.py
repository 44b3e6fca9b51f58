"""The rules that a message is checked by."""
