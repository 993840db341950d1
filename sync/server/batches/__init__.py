"""Batches: what goes to the insurer, once for each person, and what came back."""
