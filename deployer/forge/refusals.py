"""What a forge says about a call that it refuses, for people: its message, the fields, and a hint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from deployer.forge.limits import GATEWAY, LIMITED, is_limited

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

_LONGEST = 300
_FIRST_FAILURE = 400


def reason(response: httpx.Response) -> str:
    """What the forge says, on one line; empty where it says nothing that can be read."""
    try:
        data = response.json()
    except ValueError:
        return ""
    if not isinstance(data, Mapping):
        return ""
    text = "; ".join(part for part in _parts(data) if part)
    return " ".join(text.split())[:_LONGEST]


def _parts(data: Mapping[str, Any]) -> Iterator[str]:
    """GitHub has a message and a list of errors; GitLab a message, which may be a mapping of fields."""
    message = data.get("message") or data.get("error") or ""
    yield "; ".join(_fields(message)) if isinstance(message, Mapping) else str(message)
    errors = data.get("errors")
    yield from (_error(error) for error in errors) if isinstance(errors, list) else ()


def _fields(message: Mapping[str, Any]) -> Iterator[str]:
    for name, problems in message.items():
        yield f"{name} {', '.join(map(str, problems)) if isinstance(problems, list) else problems}"


def _error(item: Any) -> str:
    """One of GitHub's errors: a text, or a mapping with ``field``, ``code``, ``message``."""
    if not isinstance(item, Mapping):
        return str(item)
    field, problem = str(item.get("field") or ""), str(item.get("message") or item.get("code") or "")
    return f"{field}: {problem}" if field and problem else field or problem


def hint(response: httpx.Response) -> str:
    """What to do about a refusal."""
    status = response.status_code
    if is_limited(response):
        return "it limits how often it is called; run this again in some minutes"
    if status in {401, 403, 404}:
        return "look whether the token may do that (examples/workflows/README.md lists the permissions)"
    if status in GATEWAY or status == LIMITED:
        return "run it again later"
    if status < _FIRST_FAILURE:
        return "the token isn't sent to another address; look at the address of the API"
    return "check that page"
