"""The subjects of the message desk, one a file: `case.desk.drafts` is in `drafts.py`."""
