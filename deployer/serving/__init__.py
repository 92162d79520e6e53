"""Servers that speak a protocol on standard input and output: for editors, for assistants."""
