"""JSON that every terminal and every encoding can carry."""

from __future__ import annotations

import json


def json_text(value: object) -> str:
    """Write a value as indented JSON in printable ASCII; no newline at the end."""
    # In ASCII nothing steers a terminal and no encoding fails; DEL is the one control character that JSON lets through.
    return json.dumps(value, indent=2).replace("\x7f", "\\u007f")
