"""Recorded state on a branch of a git repository."""
