"""Values on one line of YAML, as every reader takes them for the same."""

from __future__ import annotations

import json
import re
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9 _/-]*[A-Za-z0-9_]|[A-Za-z_]")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""What YAML takes for the end of a line or doesn't allow, and JSON leaves as it is."""

_LIKE_MARKS = re.compile(r"\[+[A-Za-z_][^,\[\]]*\]")
"""The beginning of a list's items that, behind the list's own bracket, reads as an expression (``[[ … ]]``)."""

_WORDS_OF_YAML = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}


def flow(value: Any) -> str:
    """A value on one line, as YAML that every reader takes for the same."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{flow(key)}: {flow(item)}' for key, item in value.items())}}}"
    if isinstance(value, list | tuple):
        inside = ", ".join(flow(item) for item in value)
        return f"[ {inside} ]" if _LIKE_MARKS.match(inside) else f"[{inside}]"
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS_OF_YAML:
        return value
    written = json.dumps(value, ensure_ascii=False)
    if isinstance(value, float) and "." not in written:
        return written.replace("e", ".0e")
    return _UNPRINTABLE.sub(lambda match: f"\\u{ord(match[0]):04x}", written)
