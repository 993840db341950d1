"""Settings: how the screen looks, printer, operators, backup, office, this program."""
