"""What a start of the command line costs: the modules that it imports."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from shutil import copytree

import pytest

from tests.patience import PATIENCE

NORTHWIND = Path(__file__).parents[2] / "examples" / "northwind"

HEAVY = (
    "asyncio",
    "babel",
    "httpx",
    "jsonschema",
    "jinja2",
    "liquid",
    "msgspec",
    "phonenumbers",
    "rich",
    "ruamel",
    "sqlite3",
    "starlette",
)
"""Packages that take long to import; a command imports those that it uses."""


def imported(*arguments: str) -> set[str]:
    """The top-level names of everything that a run of the command line imports."""
    return {name.partition(".")[0] for name in modules(*arguments)}


def modules(*arguments: str) -> set[str]:
    """The names of all modules that a run of the command line imports."""
    script = (
        "import sys, contextlib, io\n"
        "from deployer.cli import main\n"
        f"sys.argv = ['deployer', *{arguments!r}]\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit): main()\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_version_imports_nothing():
    """``--version`` needs neither click nor typing."""
    assert not imported("--version") & {"click", "typing", "yaml", "dataclasses", *HEAVY}


@pytest.mark.parametrize("arguments", [("--help",), ("validate", "--help"), ("apply", "--help")])
def test_help_imports_no_work(arguments):
    """Help needs click and the options, not what the commands do their work with."""
    assert not imported(*arguments) & {"logging", "yaml", *HEAVY}


def test_help_imports_no_paths():
    """The help of all commands needs neither paths nor the URLs that those come with."""
    assert not imported("--help") & {"pathlib", "urllib", "ipaddress"}


def test_validate_imports_no_network():
    """Checking a project needs no HTTP client, no database, no server and no writer of YAML."""
    names = imported("validate", "--project", str(NORTHWIND))
    assert not names & {"httpx", "sqlite3", "starlette", "uvicorn", "ruamel", "rich", "obstore", "watchfiles", "yaml"}


def test_validate_runs_no_event_loop():
    """What python-liquid imports for other templates isn't executed: no event loop, and no reader of dates."""
    unused = {"asyncio.events", "concurrent.futures", "dateutil.parser._parser", "ssl"}
    assert not modules("validate", "--project", str(NORTHWIND)) & unused


UNUSED = (
    "deployer.attentive",
    "deployer.engine",
    "deployer.kinds.event_type.patterns",
    "deployer.kinds.journey.instructions",
    "deployer.kinds.journey.units",
    "deployer.messages.absorbing",
    "deployer.messages.liquid_dates",
    "deployer.source.parsed_yaml",
    "deployer.source.positions",
    "deployer.simulation.running",
    "deployer.simulation.timeline",
    "deployer.state.git.branch",
    "deployer.state.model",
)
"""What a check of a project doesn't use, though its kinds and rules are beside it."""


def test_validate_imports_nothing_that_acts():
    """Checking a project reads its tests and where its state is; it runs no journey and opens no state."""
    assert not modules("validate", "--project", str(NORTHWIND)) & set(UNUSED)


@pytest.mark.parametrize(
    "package",
    [
        "attentive",
        "contracts",
        "kinds.journey",
        "kinds.message",
        "messages",
        "sandbox",
        "simulation",
        "source",
        "state",
    ],
)
def test_names_on_demand_are_no_modules(package):
    """A name that loads on demand isn't a module's too: once that is imported, the name would be the module."""
    loading = import_module(f"deployer.{package}")
    names = {name for of_module in loading._MODULES.values() for name in of_module}
    assert names <= set(loading.__all__)
    assert not names & {found.name for found in iter_modules(loading.__path__)}


def test_a_known_project_imports_no_rules(tmp_path, monkeypatch):
    """What an earlier run kept is printed without a kind, a rule or a schema, and without reading YAML."""
    monkeypatch.setenv("DEPLOYER_CACHE", str(tmp_path))
    arguments = ("validate", "--project", str(NORTHWIND))
    assert {"jinja2", "liquid"} <= imported(*arguments)
    assert len(list(tmp_path.iterdir())) == 1
    assert not imported(*arguments) & {"decimal", "difflib", "jsonschema_rs", "logging", "secrets", "yaml", *HEAVY}
    ours = {"deployer.kinds", "deployer.messages", "deployer.project", "deployer.rules", "deployer.source.loading"}
    assert not modules(*arguments) & ours


def test_tasks_import_no_templates():
    """Listing what is recorded needs no Jinja, no Liquid, no message and no checker of whole projects."""
    names = imported("tasks", "--project", str(NORTHWIND))
    assert not names & {"babel", "difflib", "httpx", "jinja2", "liquid", "ruamel", "rich", "sqlite3", "starlette"}
    words = {"deployer.kinds.message.reading", "deployer.messages.rendering", "deployer.messages.mangling"}
    assert not modules("tasks", "--project", str(NORTHWIND)) & words


UNUSED_BY_A_PLAN = (
    "deployer.app.operations",
    "deployer.attentive.answers",
    "deployer.attentive.client",
    "deployer.contracts",
    "deployer.engine.apply",
    "deployer.engine.checklist",
    "deployer.engine.drift",
    "deployer.engine.executor",
    "deployer.engine.ledger",
    "deployer.forge.refs",
    "deployer.sandbox.faults",
    "deployer.sandbox.service",
    "deployer.views.markdown",
)
"""What an offline plan doesn't use: nothing is sent, written or sent back, and it is shown on a terminal."""


def test_an_offline_plan_imports_no_client():
    """Comparing with what is recorded sends nothing: neither an HTTP library is loaded for it nor the sandbox."""
    names = imported("plan", "--offline", "--project", str(NORTHWIND))
    assert not names & {"httpx", "rich", "ruamel", "sqlite3", "starlette"}
    assert not modules("plan", "--offline", "--project", str(NORTHWIND)) & set(UNUSED_BY_A_PLAN)


@pytest.mark.parametrize("command", ["plan", "status", "drift"])
def test_an_embedded_sandbox_needs_no_network(command, tmp_path):
    """What looks at the sandbox in its own process loads no library for HTTP."""
    copytree(NORTHWIND, tmp_path / "shop")
    names = imported("--no-cache", command, "--project", str(tmp_path / "shop"))
    assert "sqlite3" in names
    assert not names & {"httpx", "httpcore", "rich"}


def test_a_known_message_is_shown_without_rules(tmp_path, monkeypatch):
    """Where the project was checked before, a message is shown without a rule, a simulation and the client."""
    monkeypatch.setenv("DEPLOYER_CACHE", str(tmp_path))
    arguments = ("render", "order_shipped_text", "--project", str(NORTHWIND))
    work = {"deployer.attentive.client", "deployer.rules", "deployer.simulation"}
    assert "deployer.rules" in modules(*arguments)
    assert modules(*arguments) & work == set()


def test_a_name_on_demand_is_loaded_once():
    """A name that was used is the package's own, so that using it again costs nothing."""
    script = (
        "from deployer import simulation\n"
        "assert 'Sent' not in vars(simulation)\n"
        "assert simulation.Sent is vars(simulation)['Sent']"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


RINGS = """
import atexit, gc, sys
from deployer.cli import main
looks = []
gc.callbacks.append(lambda phase, about: looks.append(phase))
atexit.register(lambda: print("rings:", len(looks), len(gc.get_objects()) < gc.get_freeze_count()))
sys.argv = ["deployer", "--help"]
main()
"""


def test_help_looks_for_no_rings():
    """Rings of objects are looked for neither while modules for help load, nor among what is left at the end."""
    done = subprocess.run([sys.executable, "-c", RINGS], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "rings: 0 True"


def test_what_was_read_is_not_looked_through_for_rings():
    """A process that validates ends then, so that the files it read are left out of every look for rings."""
    script = (
        "import gc, pathlib, sys\n"
        "from deployer.workspace.validation import validated\n"
        "assert not gc.get_freeze_count()\n"
        "validated(pathlib.Path(sys.argv[1]))\n"
        "assert gc.get_freeze_count()"
    )
    subprocess.run([sys.executable, "-c", script, str(NORTHWIND)], check=True)


IN_A_CALLBACK = """
import importlib, signal, sys, time, weakref
from deployer.cli import main

class Held: pass

def command():
    held = Held()
    seen = weakref.ref(held, lambda _: signal.raise_signal(signal.SIGINT))
    del held
    time.sleep(600)

importlib.import_module("deployer.cli.main").main = command
try:
    main()
except KeyboardInterrupt:
    print("interrupted")
"""


def test_a_ctrl_c_in_a_callback_is_not_lost() -> None:
    """If Ctrl-C comes while Python runs a callback, where nothing can be raised, it interrupts the command still."""
    done = subprocess.run(
        [sys.executable, "-c", IN_A_CALLBACK], capture_output=True, text=True, timeout=PATIENCE, check=True
    )
    assert (done.stdout, done.stderr) == ("interrupted\n", "")
