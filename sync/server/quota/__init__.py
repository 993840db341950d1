"""Places in the budget, village by village: confirmed in the order records arrive, never more."""
