"""Answers for editors, of any protocol: positions in, values out, over a project with files that aren't saved yet."""
