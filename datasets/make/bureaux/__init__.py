"""The generator of fictional police traffic: bureaux of invented countries that write to each other in four languages."""
