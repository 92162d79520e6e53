"""JSON as every view writes it: sorted, indented, in ASCII."""

from __future__ import annotations

import json
from typing import Any


def json_text(value: Any) -> str:
    """Write a JSON value; the same value gives the same text, without a newline at the end.

    In ASCII nothing steers a terminal and no encoding fails; DEL is the one control character that JSON lets through.
    """
    return json.dumps(value, indent=2, sort_keys=True).replace("\x7f", "\\u007f")
