"""Results of commands that only read: what would come out the same isn't worked out again.

A result is kept with all that it was made from: every question about the project's files (``source.consulted``), every
look elsewhere (``workspace.elsewhere``), each with its answer. It is given again only where all of them
have the same answers, from the same deployer and for the same words of the command line. What was asked of Attentive is
never kept, nor what depends on the time of the day.

The files are beside the answers of checks and are what those are (``workspace.answers``): JSON in the user's cache
folder, readable by its owner only. They hold what was printed, so that they hold no secret; a variable's value is only
in a hash, which is keyed as the record's are (``source.secret``).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass
from deployer.source.consulted import ConsultedFiles, as_kept, read_the_same
from deployer.workspace.elsewhere import Look, Place, look_again
from deployer.workspace.kept_files import keep, kept_file, read_kept
from deployer.workspace.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from deployer.workspace.elsewhere import Elsewhere


@dataclass(frozen=True, slots=True)
class Result:
    """What a command printed on standard output, text by text, and its exit code."""

    code: int
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """The kept result of one command, in ``words`` that hold everything that it was asked for."""

    folder: Path
    root: Path
    words: str

    def find(self, environ: Mapping[str, str], files: ConsultedFiles) -> Result | None:
        """What the command would print; ``None`` where that isn't known. ``files`` are the project's."""
        body = read_kept(self._file)
        if body is None:
            return None
        kept = json.loads(body)
        if kept["stamp"] != stamp():
            return None
        if not read_the_same(files, kept):
            return None
        for place, name, environment, protected, seal in kept["looks"]:
            look = Look(Place(place), name, environment, protected)
            if _sealed(kept["key"], look, look_again(look, self.root, environ)) != seal:
                return None
        return Result(kept["code"], tuple(kept["texts"]))

    def keep(self, result: Result, files: ConsultedFiles, elsewhere: Elsewhere) -> None:
        """Keep what a command printed that asked ``files`` and looked ``elsewhere``, if that can be compared."""
        if not elsewhere.lasts:
            return
        key = secrets.token_hex(16)
        # What may be far away comes last: it isn't looked at where something else is no longer the same.
        looks = sorted(elsewhere.seen.items(), key=lambda seen: seen[0].place is Place.RECORD)
        kept = {
            "stamp": stamp(),
            **as_kept(files),
            "key": key,
            "looks": [
                [look.place.value, look.name, look.environment, look.protected, _sealed(key, look, answer)]
                for look, answer in looks
            ],
            "code": result.code,
            "texts": result.texts,
        }
        keep(self._file, json.dumps(kept).encode())

    @property
    def _file(self) -> Path:
        # The folder as it was named is part of it, and where that was: a link may lead somewhere else tomorrow.
        return kept_file(self.folder, ".result", str(self.root), str(self.root.absolute()), self.words)


def _sealed(key: str, look: Look, answer: bytes | None) -> str | None:
    """A look and its answer as a keyed hash; ``None`` where it can't be compared, which fits no other."""
    if answer is None:
        return None
    seen = [look.place.value, look.name, look.environment, look.protected, answer.hex()]
    return hmac.new(key.encode(), json.dumps(seen).encode(), hashlib.sha256).hexdigest()
