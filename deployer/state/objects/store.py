"""One object store, reached through obstore: reading an object, and writing one only where no one wrote meanwhile."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from deployer.dataclass import dataclass
from deployer.extras import needed_for
from deployer.state.errors import StateError, UnsupportedBackendError
from deployer.state.objects.failures import failure

if TYPE_CHECKING:
    from obstore.store import AzureStore, ClientConfig, RetryConfig, S3Store

    from deployer.state.objects.failures import Doing
    from deployer.state.objects.place import Place

_NEEDS = "state in a bucket or container"
_CONNECT = timedelta(seconds=5)
_REQUEST = timedelta(seconds=30)
"""A state is a few hundred kilobytes: a request that takes longer has lost its connection."""

_RETRIES: RetryConfig = {
    "max_retries": 3,
    "retry_timeout": timedelta(seconds=60),
    "backoff": {"init_backoff": timedelta(milliseconds=200), "max_backoff": timedelta(seconds=5), "base": 2},
}
_ENDPOINTS = {
    "s3": ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"),
    "az": ("AZURE_STORAGE_ENDPOINT", "AZURE_ENDPOINT"),
}
"""Where obstore looks for another endpoint than the cloud's own, in its order."""

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_MISSING = re.compile(r"<Code>(NoSuchKey|BlobNotFound|ResourceNotFound)</Code>")
"""How a store says that there is no such object. Any other "not found", such as a proxy's, isn't an empty state."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An object as it was read: ``tag`` is its ETag, which changes with its content."""

    content: bytes
    tag: str


class Store:
    """The objects of one bucket or container. Credentials and endpoint come from the cloud's environment variables.

    Nothing is opened before something is asked. Every failure is a ``StateError``.
    """

    def __init__(self, place: Place) -> None:
        self.place = place
        self._opened: S3Store | AzureStore | None = None
        self._checked = False

    def get(self, key: str, doing: Doing = "read") -> Stored | None:
        """Read an object, ``None`` where there is none; ``doing`` is what messages say it is for."""
        with needed_for(_NEEDS):
            import obstore  # noqa: PLC0415 - a large library, which a local state doesn't need
            from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

        try:
            result = obstore.get(self._store(), key)
            return Stored(bytes(result.bytes()), _tag(result.meta["e_tag"]))
        except (BaseError, ValueError, OSError) as error:
            if isinstance(error, FileNotFoundError) and _MISSING.search(str(error)):
                return None
            raise failure(error, self.place, doing) from error

    def put(self, key: str, content: bytes, *, over: Stored | None, doing: Doing = "written") -> bool:
        """Write an object over exactly the one that was read, or (``None``) where there is none.

        ``False``: someone wrote meanwhile, and nothing was changed.
        """
        with needed_for(_NEEDS):
            import obstore  # noqa: PLC0415 - a large library, which a local state doesn't need
            from obstore.exceptions import AlreadyExistsError, BaseError, PreconditionError  # noqa: PLC0415 - as above

        try:
            obstore.put(self._store(), key, content, mode="create" if over is None else {"e_tag": over.tag})
        except (AlreadyExistsError, PreconditionError):
            return False
        except (BaseError, ValueError, OSError) as error:
            raise failure(error, self.place, doing) from error
        return True

    def check_conditions(self, key: str, content: bytes) -> None:
        """Make sure that the store keeps conditions: one that ignores them would let two runs overwrite each other.

        Asked once, and only of a store that an endpoint variable names: the clouds' own are known to. ``key`` holds
        ``content`` of ours, so that nothing is lost where it is written again. Raises ``StateError``.
        """
        if self._checked or not self._endpoint():
            return
        for over in (None, Stored(b"", '"0"')):
            if self.put(key, content, over=over, doing="locked"):
                message = f"state `{self.place}` can't be kept there: the store ignores conditions on writes"
                raise StateError(
                    message, "keep it in a store that doesn't, or in git: two runs could overwrite each other"
                )
        self._checked = True

    def _store(self) -> S3Store | AzureStore:
        if self._opened is None:
            self._opened = self._open()
        return self._opened

    def _open(self) -> S3Store | AzureStore:
        with needed_for(_NEEDS):
            from obstore.store import AzureStore, S3Store  # noqa: PLC0415 - a large library, not needed for a local state

        options: ClientConfig = {"connect_timeout": _CONNECT, "timeout": _REQUEST}
        if self._is_local():
            options["allow_http"] = True
        make: Any = S3Store if self.place.scheme == "s3" else AzureStore
        opened: S3Store | AzureStore = make(self.place.bucket, client_options=options, retry_config=_RETRIES)
        return opened

    def _is_local(self) -> bool:
        """Whether the endpoint is a server on this machine: the only one that may be spoken to without TLS.

        Raises ``UnsupportedBackendError`` where a variable holds no URL, on which obstore would end in a panic.
        """
        name = self._endpoint()
        if name is None:
            return False
        url = urlsplit(os.environ[name])
        if url.scheme not in ("http", "https") or not url.hostname:
            message = f"state `{self.place}`: {name} is `{os.environ[name]}`, which is no URL"
            raise UnsupportedBackendError(message, f"set {name} to an https URL, or take it away")
        return url.hostname in _LOOPBACK

    def _endpoint(self) -> str | None:
        """The variable that names another endpoint than the cloud's own, if any."""
        return next((name for name in _ENDPOINTS[self.place.scheme] if os.environ.get(name)), None)


def _tag(tag: str | None) -> str:
    if not tag:
        raise ValueError("NoETag")  # becomes a `StateError` where it is caught
    return tag
