"""How a batch of journal entries becomes part of the office, in one transaction."""
