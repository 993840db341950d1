"""The first start: the office, a passphrase, printer and camera. Three steps, no more."""
