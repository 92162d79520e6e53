"""How long a test waits for what comes sooner or later."""

PATIENCE = 120
"""Seconds after which something that never happens fails a test; nothing waits so long otherwise.

A machine with ten times the work takes ten times as long, and a test that passes there waits no longer than it has to.
"""
