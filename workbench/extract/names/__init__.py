"""Names in a text: by model, by rule, and those that the sources give."""
