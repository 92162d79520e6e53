"""Where in an object store a state is kept: what ``s3://BUCKET/PREFIX`` and ``az://CONTAINER/PREFIX`` name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.state.errors import UnsupportedBackendError

if TYPE_CHECKING:
    from collections.abc import Mapping

NOUNS: Mapping[str, str] = {"s3": "bucket", "az": "container"}
"""What each scheme calls the thing that objects are kept in; only these ran the tests that every backend runs."""

_URL = re.compile(r"(?P<scheme>[a-z0-9]+)://(?P<bucket>[^/]*)(?:/(?P<prefix>.*))?", re.DOTALL)
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[A-Za-z0-9!_.*'()=-]+")
"""A part of a key out of the characters that AWS calls safe in object keys: no store and no proxy escapes them."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder of objects: ``scheme`` is ``s3`` or ``az``; ``prefix`` is without slashes at its ends, may be empty."""

    scheme: str
    bucket: str
    prefix: str = ""

    def __str__(self) -> str:
        return f"{self.scheme}://{self.bucket}" + (f"/{self.prefix}" if self.prefix else "")

    @property
    def noun(self) -> str:
        """``bucket`` or ``container``."""
        return NOUNS[self.scheme]

    def key(self, name: str) -> str:
        """The key of an object in this folder."""
        return f"{self.prefix}/{name}" if self.prefix else name


def parse(url: str) -> Place:
    """Read the URL of an object store. Raises ``UnsupportedBackendError`` where it names no place for a state."""
    scheme = url.partition(":")[0].lower()
    match = _URL.fullmatch(scheme + url[len(scheme) :])
    if match is None or scheme not in NOUNS:
        known = " or ".join(f"`{scheme}://{noun.upper()}/PREFIX`" for scheme, noun in NOUNS.items())
        raise UnsupportedBackendError(f"state `{url}` names no place in an object store", f"write {known}")
    bucket, prefix = match["bucket"], (match["prefix"] or "").strip("/")
    _check(scheme, bucket, prefix)
    return Place(scheme, bucket, prefix)


def check_environment_name(environment: str) -> None:
    """Refuse an environment whose name can't be a part of a key; raises ``UnsupportedBackendError``."""
    if not _SEGMENT.fullmatch(environment):
        message = f"`{environment}` can't be the name of an environment whose state is in an object store"
        raise UnsupportedBackendError(message, "write it with letters, digits and underscores")


def _check(scheme: str, bucket: str, prefix: str) -> None:
    example = f"write `{scheme}://{NOUNS[scheme].upper()}/PREFIX`"
    if "@" in bucket:
        # Not shown: there may be a key in front of the @.
        message = f"the state's URL holds something in front of an @; a {NOUNS[scheme]} is named alone"
        raise UnsupportedBackendError(message, f"{example}; credentials come from the environment only")
    if not _BUCKET.fullmatch(bucket):
        raise UnsupportedBackendError(f"state `{scheme}://{bucket}` names no {NOUNS[scheme]}", example)
    bad = next((part for part in prefix.split("/") if prefix and not _SEGMENT.fullmatch(part)), None)
    if bad is not None:
        message = f"state `{scheme}://{bucket}/{prefix}`: `{bad}` can't be a part of an object's key here"
        raise UnsupportedBackendError(message, "write letters, digits and ! _ . * ' ( ) = - between single slashes")
