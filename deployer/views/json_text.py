"""JSON as every view writes it: indented, in ASCII; with sorted keys but where a format has an order of its own."""

from __future__ import annotations

import json
from typing import Any


def json_text(value: Any, *, sort: bool = True) -> str:
    """Write a JSON value; the same value gives the same text, without a newline at the end.

    In ASCII nothing steers a terminal and no encoding fails; DEL is the one control character that JSON lets through.
    """
    return json.dumps(value, indent=2, sort_keys=sort).replace("\x7f", "\\u007f")
