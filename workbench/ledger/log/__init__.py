"""The log of a case: entries, hashes, checkpoints, and what they commit to."""
