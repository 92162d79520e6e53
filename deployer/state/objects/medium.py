"""State in an object store: Amazon S3 (and what speaks its API) and Azure Blob Storage, by conditional writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.state.errors import StateError
from deployer.state.medium import File, StoredFiles
from deployer.state.objects.place import check_environment_name, parse
from deployer.state.objects.store import Store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.state.medium import Reason
    from deployer.state.objects.failures import Doing
    from deployer.state.objects.store import Stored

_FREE = b"{}\n"
"""A lock that is free. It is never deleted: a delete can't be made conditional here, and could hit someone's lock."""


@dataclass(frozen=True, slots=True)
class _Objects:
    """The two objects as they were read, with their tags."""

    state: Stored | None
    lock: Stored | None

    def of(self, file: File) -> Stored | None:
        return self.state if file is File.STATE else self.lock

    def seen(self) -> StoredFiles:
        state = self.state.content if self.state else None
        lock = self.lock.content if self.lock and self.lock.content != _FREE else None
        return StoredFiles(state, lock, self)


class ObjectMedium:
    """The state of one environment as the object ``PREFIX/ENV.json``, its lock as ``PREFIX/ENV.lock`` beside it.

    ``url`` is ``s3://BUCKET/PREFIX`` or ``az://CONTAINER/PREFIX``. Credentials and another endpoint come from the
    variables that each cloud's own tools read (``AWS_ACCESS_KEY_ID``, ``AWS_ENDPOINT_URL``,
    ``AZURE_STORAGE_ACCOUNT_KEY``, …). Nothing is asked of the store yet; raises ``UnsupportedBackendError`` on another
    URL.
    """

    restore = (
        "restore an earlier version of the object, where the store keeps versions, or a backup; "
        "don't delete it, or what was done is forgotten"
    )
    poll = 0.5

    def __init__(self, url: str, *, environment: str) -> None:
        place = parse(url)
        check_environment_name(environment)
        self.location = str(place)
        self._store = Store(place)
        self._keys: Mapping[File, str] = {file: place.key(f"{environment}.{file.value}") for file in File}

    def get(self) -> StoredFiles:
        """The objects as they are now. Raises ``UnreadableError``, also where the store can't be reached."""
        # The lock first: a state that is read after it is at least as new.
        lock = self._store.get(self._keys[File.LOCK])
        return _Objects(self._store.get(self._keys[File.STATE]), lock).seen()

    def put(self, file: File, content: bytes | None, over: StoredFiles, reason: Reason) -> StoredFiles | None:
        """Write one object over exactly the one that was seen, where the other is as it was a moment ago.

        Raises ``StateError`` where the store doesn't take it.
        """
        del reason
        now = over if over.mark else self.get()  # our own last write isn't read again before the next one
        if (now.state, now.lock) != (over.state, over.lock):
            return None
        before: _Objects = now.mark
        if file is File.STATE and over.mark and self._store.get(self._keys[File.LOCK]) != before.lock:
            return None
        data = _FREE if content is None else content
        if not self._written(file, data, before.of(file)):
            return None
        if file is File.LOCK and content is not None:
            self._store.check_conditions(self._keys[file], data)
        return StoredFiles(content, over.lock) if file is File.STATE else StoredFiles(over.state, content)

    def _written(self, file: File, data: bytes, over: Stored | None) -> bool:
        """Whether the object is ours now. One that was sent twice, or whose answer was lost, may have arrived."""
        doing: Doing = "written" if file is File.STATE else "locked"
        try:
            if self._store.put(self._keys[file], data, over=over, doing=doing):
                return True
        except StateError as error:
            if file is File.LOCK or not self._arrived(file, data, error):
                raise
            return True
        return data != _FREE and self._arrived(file, data)

    def _arrived(self, file: File, data: bytes, broken: StateError | None = None) -> bool:
        """Whether our write arrived, whatever its answer; ``broken`` is raised where that can't be seen."""
        try:
            stored = self._store.get(self._keys[file])
        except StateError as error:
            raise broken or error from error
        return stored is not None and stored.content == data
