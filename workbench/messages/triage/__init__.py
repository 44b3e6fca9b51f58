"""Priority, category and thread of a message that came in: suggestions, never decisions."""
