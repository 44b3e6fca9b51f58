"""Messages at the desk, whichever way they go: bureaux, threads, filing, attachments, checks, links."""
