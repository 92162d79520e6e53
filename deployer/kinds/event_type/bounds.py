"""How much is made of one value."""

MANY = 10_000
"""The most characters that are ever made for one value."""
