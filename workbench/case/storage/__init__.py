"""How a case lies on the disk: encryption, who holds its key, backups, verification, health check."""
