"""What data protection asks for: erasure, retention, legal holds, access of the person concerned, redaction."""
