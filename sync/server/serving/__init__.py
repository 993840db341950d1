"""The service desk: finding a person, their whole file, and what can be done for them."""
