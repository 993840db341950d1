"""Choosing a passphrase: five offered words, or one's own, with its strength shown."""
