"""What officers decide: judgements, statements, remarks of other bureaux, what is new."""
