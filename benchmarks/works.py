"""The works that are measured: what each runs, on what, and beside which peer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import corpus
from check_memory import write_payloads
from processes import Command

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
NORTHWIND = ROOT / "examples" / "northwind"
UNKNOWN = {"DEPLOYER_CACHE": ""}
DEPLOYER = (sys.executable, "-c", "from deployer.cli import main; main()")
EDITING = """\
import pathlib, time
for path in sorted(pathlib.Path().glob("*/*.yaml"))[::100]:
    path.write_text(f"{path.read_text()}x-edited-{time.time_ns()}: 1\\n")
from deployer.cli import main
main()
"""
"""deployer after one percent of a project's files were edited."""
PROBLEMS = frozenset({1})
EVENT = "order_shipped"
ZONE = """\
providers:
  files: {class: octodns.provider.yaml.YamlProvider, directory: zones, default_ttl: 300}
  target: {class: octodns.provider.yaml.YamlProvider, directory: empty, default_ttl: 300, populate_should_replace: true}
zones:
  contoso.example.: {sources: [files], targets: [target]}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the works find what they need: projects made once for each size, a capture, empty caches where asked."""

    folder: Path
    documents: int
    megabytes: int
    _made: dict[str, Path] = field(default_factory=dict)

    def project(self, *, broken: bool = False) -> Path:
        """A project of the corpus."""
        name = f"{'broken' if broken else 'project'}-{self.documents}"
        return self._once(name, lambda folder: corpus.write(folder, self.documents, broken=broken))

    def edited(self) -> Path:
        """A project whose files may be edited."""
        return self._once(f"edited-{self.documents}", lambda folder: corpus.write(folder, self.documents))

    def applied(self) -> Path:
        """A project whose sandbox has it all, with one percent of its messages and journeys changed since."""
        return self._once(f"applied-{self.documents}", self._apply)

    def committed(self) -> Path:
        """A project of which git has a commit."""
        return self._once(f"committed-{self.documents}", self._commit)

    def capture(self) -> Path:
        """Captured payloads, one in a thousand wrong."""
        folder = self._once(
            f"capture-{self.megabytes}", lambda f: write_payloads(f / "captured.ndjson", self.megabytes * 1_000_000)
        )
        return folder / "captured.ndjson"

    def zone(self) -> Path:
        """Records of a DNS zone, as many as the project has documents, for octoDNS to plan; its target is empty."""
        return self._once(f"zone-{self.documents}", self._zone)

    def schema(self) -> Path:
        """The exported schema of the captured event type."""
        folder = self._once("schema", _export)
        return next(folder.glob("*.json"))

    def _once(self, name: str, make: Callable[[Path], object]) -> Path:
        if name not in self._made:
            folder = self.folder / name
            folder.mkdir(parents=True, exist_ok=True)
            make(folder)
            self._made[name] = folder
        return self._made[name]

    def _apply(self, folder: Path) -> None:
        corpus.write(folder, self.documents)
        subprocess.run(  # noqa: S603 - our own command
            [*DEPLOYER, "apply", "--yes", "--quiet"], cwd=folder, check=True, stdout=subprocess.DEVNULL
        )
        for path in sorted(folder.glob("messages/*.yaml"))[::25]:
            path.write_text(path.read_text(encoding="utf-8").replace("has moved on", "moved"), encoding="utf-8")

    def _commit(self, folder: Path) -> None:
        corpus.write(folder, self.documents)
        who = ("-c", "user.name=ana", "-c", "user.email=ana@contoso.example")
        for words in (("init", "-q"), ("add", "."), (*who, "commit", "-q", "--allow-empty", "-m", "first")):
            subprocess.run(["git", *words], cwd=folder, check=True)  # noqa: S603, S607 - git of the machine

    def _zone(self, folder: Path) -> None:
        (folder / "zones").mkdir()
        (folder / "empty").mkdir()
        records = "".join(
            f"host-{number:05}:\n  ttl: 300\n  type: A\n  value: 192.0.2.{number % 254 + 1}\n"
            for number in range(self.documents)
        )
        (folder / "zones" / "contoso.example.yaml").write_text(f"---\n{records}", encoding="utf-8")
        (folder / "config.yaml").write_text(ZONE, encoding="utf-8")


def _export(folder: Path) -> None:
    arguments = ["schema", "export", EVENT, "--body", "--project", str(NORTHWIND), "--out", str(folder)]
    subprocess.run([*DEPLOYER, *arguments], check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own command


@dataclass(frozen=True, slots=True)
class Work:
    """One row: what is done, by us and by a peer.

    ``ours`` and ``peer`` give commands for a place; ``peer`` gives None where the peer isn't installed. ``grows`` says
    that the work grows with the project, so that it belongs into the table of growth.
    """

    name: str
    ours: Callable[[Place], Command]
    peer_name: str = ""
    peer: Callable[[Place], Command | None] = lambda _: None
    grows: bool = False


def _deployer(*arguments: str, codes: frozenset[int] = frozenset({0})) -> Callable[[Place], Command]:
    return lambda place: Command((*DEPLOYER, *arguments), place.project(), UNKNOWN, codes)


def _northwind(place: Place) -> Command:
    return Command((*DEPLOYER, "validate", "--project", str(NORTHWIND)), place.folder, UNKNOWN)


def _known(place: Place) -> Command:
    """A project that was checked before and reads the same: the warm-up keeps the answer."""
    return Command((*DEPLOYER, "validate"), place.project(), _cache(place))


def _edited(place: Place) -> Command:
    """A project that was checked before, with one percent of its files edited in each run."""
    return Command((sys.executable, "-c", EDITING, "validate"), place.edited(), _cache(place))


def _plan_known(place: Place) -> Command:
    return Command((*DEPLOYER, "plan", "--offline"), place.project(), _cache(place))


def _plan_edited(place: Place) -> Command:
    return Command((sys.executable, "-c", EDITING, "plan", "--offline"), place.edited(), _cache(place))


def _applied_known(*arguments: str) -> Callable[[Place], Command]:
    """A project that was applied, of which the same was asked before."""
    return lambda place: Command((*DEPLOYER, *arguments), place.applied(), _cache(place))


def _since_known(*arguments: str) -> Callable[[Place], Command]:
    return lambda place: Command((*DEPLOYER, *arguments), place.committed(), _cache(place))


def _render_known(place: Place) -> Command:
    return Command((*DEPLOYER, "render", "message_0"), place.project(), _cache(place))


def _cache(place: Place) -> dict[str, str]:
    return {"DEPLOYER_CACHE": str(place.folder / "cache")}


def _northwind_known(place: Place) -> Command:
    return Command((*_northwind(place).arguments,), place.folder, _cache(place))


def _broken(place: Place) -> Command:
    return Command((*DEPLOYER, "validate"), place.project(broken=True), UNKNOWN, PROBLEMS)


def _applied(*arguments: str) -> Callable[[Place], Command]:
    return lambda place: Command((*DEPLOYER, *arguments), place.applied(), UNKNOWN)


def _python(place: Place) -> Command:
    return Command((sys.executable, "-c", "pass"), place.folder, {})


def _check(place: Place) -> Command:
    arguments = ("check", EVENT, str(place.capture()), "--project", str(NORTHWIND))
    return Command((*DEPLOYER, *arguments), place.folder, {}, frozenset({0, 1}))


def _loop(place: Place) -> Command:
    here = str(Path(__file__).with_name("loop.py"))
    return Command((sys.executable, here, str(place.schema()), str(place.capture())), place.folder, {})


def _orjson_loop(place: Place) -> Command | None:
    if find_spec("orjson") is None:
        return None
    loop = _loop(place)
    return replace(loop, arguments=(*loop.arguments, "orjson"))


def _infer(place: Place) -> Command:
    arguments = ("infer", str(place.capture()), "--project", str(NORTHWIND))
    return Command((*DEPLOYER, *arguments), place.folder, {}, frozenset({0, 1}))


def _genson(place: Place) -> Command | None:
    if find_spec("genson") is None:
        return None
    here = str(Path(__file__).with_name("genson_loop.py"))
    return Command((sys.executable, here, str(place.capture())), place.folder, {})


def _jq(place: Place) -> Command | None:
    found = shutil.which("jq")
    return Command((found, "-c", ".", str(place.capture())), place.folder, {}) if found else None


def _check_jsonschema(place: Place) -> Command | None:
    found = Path(sys.executable).with_name("check-jsonschema")
    if not found.exists():
        return None
    kinds = [str(path) for path in sorted(place.project().glob("events/*.yaml"))]
    schema = str(ROOT / "schemas" / "event_type.schema.json")
    return Command((str(found), "--schemafile", schema, *kinds), place.folder, {}, frozenset({0, 1}))


def _one_of_northwind(place: Place) -> Command | None:
    command = _check_jsonschema(place)
    file = str(NORTHWIND / "events" / "order_shipped.yaml")
    return command and Command((*command.arguments[:3], file), place.folder, {}, frozenset({0, 1}))


def _octodns(place: Place) -> Command | None:
    found = Path(sys.executable).with_name("octodns-sync")
    if not found.exists():
        return None
    return Command((str(found), "--config-file", "config.yaml", "--quiet"), place.zone(), {})


def _ajv(place: Place) -> Command | None:
    modules = os.environ.get("DEPLOYER_AJV")  # a node_modules folder, which may hold the library without ajv-cli
    found = (modules and shutil.which(Path(modules) / ".bin" / "ajv")) or shutil.which("ajv")
    if not found:
        return None
    schema = str(ROOT / "schemas" / "event_type.schema.json")
    options = ("validate", "--spec=draft2020", "--strict=false", "--validate-formats=false", "-s", schema)
    return Command((found, *options, "-d", "events/*.yaml"), place.project(), {}, frozenset({0, 1}))


WORKS: tuple[Work, ...] = (
    Work("--version", _deployer("--version"), "python -c pass", _python),
    Work("--help", _deployer("--help"), "python -c pass", _python),
    Work("validate Northwind", _northwind, "check-jsonschema, one of its files", _one_of_northwind),
    Work("validate Northwind, known", _northwind_known, "check-jsonschema, one of its files", _one_of_northwind),
    Work("validate", _deployer("validate"), "check-jsonschema, the event types", _check_jsonschema, grows=True),
    Work("validate, known", _known, "ajv-cli, the event types", _ajv, grows=True),
    Work("validate, 1 % edited", _edited, "validate of the whole", _deployer("validate"), grows=True),
    Work("validate (ajv)", _deployer("validate"), "ajv-cli, the event types", _ajv),
    Work("validate, half of the event types gone", _broken, "validate of the whole", _deployer("validate"), grows=True),
    Work("plan --offline, nothing recorded", _deployer("plan", "--offline"), "octoDNS", _octodns, grows=True),
    Work("plan --offline, nothing recorded, known", _plan_known, "octoDNS", _octodns, grows=True),
    Work("plan --offline, 1 % changed", _applied("plan", "--offline"), "octoDNS", _octodns, grows=True),
    Work("plan --offline, 1 % changed, known", _applied_known("plan", "--offline"), "octoDNS", _octodns, grows=True),
    Work("plan --offline, 1 % edited", _plan_edited, "octoDNS", _octodns, grows=True),
    Work("status", _applied("status"), grows=True),
    Work("status, known", _applied_known("status"), grows=True),
    Work("drift", _applied("drift"), grows=True),
    Work("drift, known", _applied_known("drift"), grows=True),
    Work("tasks", _applied("tasks"), grows=True),
    Work("tasks, known", _applied_known("tasks"), grows=True),
    Work("compat --against, known", _since_known("compat", "--against", "HEAD"), grows=True),
    Work("validate --new-since, known", _since_known("validate", "--new-since", "HEAD"), grows=True),
    Work("render of one message", _deployer("render", "message_0"), grows=True),
    Work("render of one message, known", _render_known, grows=True),
    Work("preview --out", _deployer("preview", "--out", ".preview.html"), grows=True),
    Work("check of a capture", _check, "a jsonschema-rs loop", _loop),
    Work("check of a capture (orjson)", _check, "a jsonschema-rs loop with orjson", _orjson_loop),
    Work("check of a capture (jq)", _check, "jq -c .", _jq),
    Work("infer from a capture", _infer, "genson, types only", _genson),
)
