"""Forms in which existing traffic comes, and messages made of them. Nothing is written down here."""
