"""What a case can do, in words: the verbs by subject, help with an example, and names that have changed."""
