"""The subjects of a case, one a file: `case.sources` is in `sources.py`. Each verb calls one function of the room that does the work."""
