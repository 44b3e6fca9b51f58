"""What is done to a chart: commands, what an officer states on it, and the session that undoes and redoes."""
