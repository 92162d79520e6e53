"""JSON as Python types, pointers into it, RFC 7396 merge patches, and the one canonical encoding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

JSON: TypeAlias = Any
"""A JSON value: None, bool, int, float, str, list or dict with string keys."""

Body: TypeAlias = Mapping[str, Any]
"""A JSON object that nobody changes."""

Pointer: TypeAlias = tuple[str | int, ...]
"""A path into a JSON value: object keys and array indexes, the root is ``()``."""


def merge_patch(target: JSON, patch: JSON) -> JSON:
    """Apply a JSON Merge Patch (RFC 7396): null removes a key, objects merge, anything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), value)
    return merged


def canonical(value: JSON) -> str:
    """Encode with sorted keys and no optional white space: same value, same text."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def digest(value: JSON) -> str:
    """SHA-256 of the canonical encoding, in hex (64 characters)."""
    return hashlib.sha256(canonical(value).encode()).hexdigest()


def pointer_text(pointer: Pointer) -> str:
    """Write a pointer as RFC 6901 does (``/properties/Order Id``)."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)
