"""Worklists: people whom the office expects in a village, on the laptops before they leave."""
