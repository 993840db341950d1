"""Who in the district may be one person: keys in indexed tables, looked at after each batch."""
