"""Work that takes longer than a page may: a row says how far it is, a thread does it."""
