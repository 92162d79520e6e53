"""A project folder: load it, check it, and what is new in it since another commit."""
