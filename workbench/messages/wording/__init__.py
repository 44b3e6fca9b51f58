"""How a message is worded: names, numbers, dates, opinions, alarms in its text."""
