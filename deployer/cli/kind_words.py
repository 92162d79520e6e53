"""What people call a kind on the command line."""

KINDS = {
    "event": "event_type",
    "property": "property",
    "message": "message",
    "journey": "journey",
    "opt-in": "opt_in_source",
    "webhook": "webhook",
    "segment": "segment",
    "attribute": "custom_attribute",
    "test": "journey_test",
}
"""What people call a kind, and its name in addresses."""
