"""Documents: plain text, PDF, scans, messages of the desk."""
