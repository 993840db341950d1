"""Registrations as the office lists them: filtered, sorted, page by page, and as a table."""
