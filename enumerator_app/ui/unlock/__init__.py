"""Opening the laptop: who, and the passphrase or the six digits of the day."""
