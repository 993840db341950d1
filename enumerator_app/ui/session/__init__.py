"""The window from its start to its end: first start, unlock, the open laptop, lock."""
