"""Write docs/python-reference.md: what `help` says of every name that ``deployer`` exports, in one order for reading.

Run it after a change of what is exported; ``tests/docs`` compares the page with what this makes.
"""

from __future__ import annotations

import dataclasses
import inspect
from pathlib import Path
from typing import TYPE_CHECKING

import deployer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGE = Path(__file__).with_name("python-reference.md")
MADE = "<!-- Made by docs/make_python_reference.py; change the docstring instead. -->"
SAYS = (
    "Every name that `import deployer` has, with what it takes and gives. [From Python](python.md) shows the main ones "
    "at work. `…` is a default that has no short form. What is expected to go wrong is raised as a `DeployerError`."
)
LINE = 100


def python_page() -> str:
    """The page: functions first, then the values that they take and give, then what they raise."""
    named = {name: getattr(deployer, name) for name in deployer.__all__ if name != "__version__"}
    classes = {name: one for name, one in named.items() if isinstance(one, type)}
    errors = {name: one for name, one in classes.items() if issubclass(one, Exception)}
    lines = [MADE, "", "# Python API", "", SAYS, "", "`deployer.__version__` is the version, as `--version` prints it."]
    parts = {
        "Functions": named.keys() - classes.keys(),
        "Values": classes.keys() - errors.keys(),
        "Errors": errors.keys(),
    }
    for heading, names in parts.items():
        lines += ["", f"## {heading}"]
        for name in sorted(names, key=str.casefold):
            lines += ["", f"### `{name}`", "", *entry(name, named[name])]
    return "\n".join([*lines, ""])


def entry(name: str, named: Callable[..., object]) -> Iterator[str]:
    """The form of a call, what `help` says, and the methods of a class."""
    yield from ("```python", call(name, named), "```", "", *prose(named))
    members = [f"- `{member_form(name, found)}`: {' '.join(filter(None, prose(found)))}" for name, found in own(named)]
    yield from ["", *members] if members else ()


def call(name: str, named: Callable[..., object]) -> str:
    """How it is called: on one line, or a parameter a line where that is too long."""
    signature = inspect.signature(named)
    parts = list(parameters(signature))
    gives = "" if isinstance(named, type) else f" -> {unquoted(signature.return_annotation)}"
    line = f"{name}({', '.join(parts)}){gives}"
    return line if len(line) <= LINE else "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){gives}"])


def parameters(signature: inspect.Signature) -> Iterator[str]:
    """Each parameter that is for callers, with its type and its default."""
    starred = False
    for one in signature.parameters.values():
        if one.name.startswith("_") or one.name == "self":
            continue
        if one.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        typed = f"{one.name}: {unquoted(one.annotation)}"
        yield typed if one.default is inspect.Parameter.empty else f"{typed} = {default(one.default)}"


def default(value: object) -> str:
    """A default as one writes it; what has no such form is an ellipsis."""
    plain = value is None or isinstance(value, (bool, int, float, str)) or value == ()
    return repr(value) if plain else "…"


def unquoted(annotation: object) -> str:
    """A type as the source writes it."""
    return annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))


def own(named: object) -> Iterator[tuple[str, object]]:
    """The public methods and properties of a class that explain themselves; fields are in its form already."""
    if isinstance(named, type):
        fields = {one.name for one in dataclasses.fields(named)} if dataclasses.is_dataclass(named) else set()
        for name, found in vars(named).items():
            explained = isinstance(found, property) or inspect.isfunction(found)
            if explained and not name.startswith("_") and name not in fields:
                yield name, found


def member_form(name: str, found: object) -> str:
    """A property by its name, a method with what it takes."""
    if isinstance(found, property):
        return name
    assert callable(found)
    signature = inspect.signature(found)
    return f"{name}({', '.join(parameters(signature))}) -> {unquoted(signature.return_annotation)}"


def prose(named: object) -> Iterator[str]:
    """What `help` says, with code as Markdown writes it."""
    yield from (inspect.getdoc(named) or "").replace("``", "`").splitlines()


if __name__ == "__main__":
    PAGE.write_text(python_page(), encoding="utf-8")
