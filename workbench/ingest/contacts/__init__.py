"""Contact cards."""
