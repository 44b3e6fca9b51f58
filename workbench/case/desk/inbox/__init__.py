"""Messages that came in: received, sorted, waiting for an answer."""
