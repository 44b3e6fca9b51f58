"""What a reader may see of a ledger: the filter before every answer, marks, own copies, exclusions."""
