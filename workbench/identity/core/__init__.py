"""Who an officer is: keys, cards, signatures, the passphrase, the bureau."""
