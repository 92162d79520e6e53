"""Use-cases over a connection to an environment: plan, apply, confirm, take over, import, the record as a whole."""
