"""What a message is: its fields, lists of codes and words, and its form as JSON."""
