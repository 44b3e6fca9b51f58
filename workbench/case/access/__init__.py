"""Who may see what: marks, how they spread, clearances, the controller; and the log of what was consulted."""
