"""Modules that load when a name of theirs is first used: a check of a project needs no client and no state.

``on_demand`` is for our own packages, ``postpone`` for what a library imports and hardly ever uses.
"""

from __future__ import annotations

import sys
from importlib import import_module

TYPE_CHECKING = False  # type checkers know the name; importing it from `typing` would double the time of `--version`
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any


def on_demand(package: str, modules: Mapping[str, Iterable[str]]) -> Callable[[str], Any]:
    """The ``__getattr__`` of a package: ``modules`` are the names that each of its modules has.

    A name is looked for once: then the package has it.
    Set it where no type checker looks (``if not TYPE_CHECKING``): one would take every name for one of the package's.
    """
    module_of = {name: module for module, names in modules.items() for name in names}

    def load(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{module_of[name]}"), name)
        setattr(sys.modules[package], name, value)
        return value

    return load


_alone = False


def own_process() -> None:
    """Say that this process runs a command and no other program's code, so that ``postpone`` may act in it."""
    global _alone  # noqa: PLW0603 - a fact about the process, like its streams
    _alone = True


def postpone(*names: str) -> None:
    """Have modules executed when something first reads a name of theirs, not when something imports them.

    Only in a command's own process: in another program, modules of other packages aren't ours to arrange.
    It helps with `import asyncio` and `from babel import units`; `from babel.units import format_unit` reads a name. A
    module that is imported already, or that isn't there, is left as it is. Packages that hold a module are imported.
    """
    from importlib.util import find_spec, module_from_spec  # noqa: PLC0415 - needed where something is postponed only

    for name in names if _alone else ():
        package, _, child = name.rpartition(".")
        spec = find_spec(name) if name not in sys.modules else None
        if spec is None or spec.loader is None:
            continue
        module = sys.modules[name] = module_from_spec(spec)
        module.__getattr__ = _executing(module, spec)  # type: ignore[method-assign]  # PEP 562
        if package:
            setattr(sys.modules[package], child, module)


def _executing(module: ModuleType, spec: ModuleSpec) -> Callable[[str], Any]:
    """What a module does for a name that it doesn't have yet: it is executed, once, whichever thread asks first."""
    from threading import RLock  # noqa: PLC0415 - it is slow to import, and only needed here

    lock, begun = RLock(), False

    def load(name: str) -> Any:
        nonlocal begun
        with lock:
            if not begun:
                begun = True
                try:
                    spec.loader.exec_module(module)  # type: ignore[union-attr]  # it has one, or wouldn't be postponed
                except BaseException:
                    begun = False
                    raise
                if module.__dict__.get("__getattr__") is load:
                    del module.__getattr__
            elif module.__dict__.get("__getattr__") is load:  # it asks itself, while it is executed
                raise AttributeError(f"module {spec.name!r} has no attribute {name!r}")
        return getattr(module, name)

    return load
