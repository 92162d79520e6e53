"""One resource in one environment: where it exists, and its merge patch (``environments``, ``per_environment``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deployer.source.documents import problem_at
from deployer.source.suggestion import near_or_few, some, suggest
from deployer.source.values import merge_patch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from deployer.source.documents import Document
    from deployer.source.problems import Problem
    from deployer.source.values import JSON, Body, Pointer

_THESE = "environments of this project"
_LIMIT, _PATCHES = "environments", "per_environment"
_FIXED = ("kind", "id", _LIMIT, _PATCHES)
"""Keys that a patch can't change."""


def specialise(
    body: Body, environment_name: str, environments: Collection[str], inherits: Sequence[str] = ()
) -> dict[str, JSON] | None:
    """Give the resource as it is in one environment, or None where it doesn't exist there.

    ``environments`` are the project's names; ``inherits`` those that this one inherits from, the nearest first: their
    patches hold here too, under its own, and what exists in one of them exists here. ``environments:``,
    ``per_environment:`` and free ``x-…`` keys (of the resource and of journey steps) are gone from the answer. What is
    malformed in them counts as absent; ``check_environments`` reports it. Raises ``KeyError`` for an environment that
    the project doesn't have.
    """
    if environment_name not in environments:
        raise KeyError(environment_name)
    limit = body.get(_LIMIT)
    line = (environment_name, *inherits)
    if isinstance(limit, list) and not set(line) & {name for name in limit if isinstance(name, str)}:
        return None
    merged: Body = body
    if varies(body):
        merged = {key: value for key, value in body.items() if key not in (_LIMIT, _PATCHES)}
        for name in reversed(line):
            merged = merge_patch(merged, _patch(body, name))
    return everywhere(merged)


def everywhere(body: Body) -> dict[str, JSON]:
    """Give a resource that says nothing of environments as it is in each: without free ``x-…`` keys."""
    kept = {key: value for key, value in body.items() if not key.startswith("x-")}
    if "steps" in kept:
        kept["steps"] = _without_free_keys(kept["steps"])
    return kept


def as_meant(body: Body, names: Collection[str]) -> Body:
    """The resource itself, or with ``environments`` as it was probably meant where something is wrong in it.

    What no one can tell is left out; where nothing is left, the resource exists in every environment.
    """
    limit = body.get(_LIMIT)
    listed = limit if isinstance(limit, list) else [limit]
    meant = [name if name in names else suggest(name, names) for name in listed if isinstance(name, str)]
    if _LIMIT not in body or limit == meant:
        return body
    known = [name for name in meant if name is not None]
    rest = {key: value for key, value in body.items() if key != _LIMIT}
    return {**rest, _LIMIT: known} if known else rest


def varies(body: Body) -> bool:
    """Whether the resource says something of environments; one that doesn't is the same in each."""
    return _LIMIT in body or _PATCHES in body


def origin(body: Body, environment_name: str, pointer: Pointer, inherits: Sequence[str] = ()) -> Pointer:
    """Find where in the declaration a specialised value comes from: in a patch, the nearest first, or as it is."""
    for name in (environment_name, *inherits):
        path = _origin(body, name, pointer)
        if path != pointer:
            return path
    return pointer


def _origin(body: Body, environment_name: str, pointer: Pointer) -> Pointer:
    patch: JSON = _patch(body, environment_name)
    for part in pointer:
        if not isinstance(patch, Mapping) or part not in patch:
            return pointer if isinstance(patch, Mapping) else _in_patch(environment_name, pointer)
        patch = patch[part]
    return _in_patch(environment_name, pointer) if pointer else pointer


def _in_patch(environment_name: str, pointer: Pointer) -> Pointer:
    return (_PATCHES, environment_name, *pointer)


def _patch(body: Body, environment_name: str) -> dict[str, JSON]:
    patches = body.get(_PATCHES)
    patch = patches.get(environment_name) if isinstance(patches, Mapping) else None
    return {key: value for key, value in patch.items() if key not in _FIXED} if isinstance(patch, Mapping) else {}


def _without_free_keys(value: JSON) -> JSON:
    if isinstance(value, str):  # as nearly every value
        return value
    if isinstance(value, list):
        return [_without_free_keys(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _without_free_keys(item) for key, item in value.items() if not key.startswith("x-")}
    return value


def check_environments(document: Document, names: Collection[str]) -> tuple[Problem, ...]:
    """Say what is wrong with a resource's ``environments`` and ``per_environment``, given the project's names."""
    return tuple(_limit_problems(document, names)) + tuple(_patch_problems(document, names))


def _limit_problems(document: Document, names: Collection[str]) -> Iterator[Problem]:
    if _LIMIT not in document.value:
        return
    limit = document.value[_LIMIT]
    if not isinstance(limit, list):
        yield problem_at(
            document, (_LIMIT,), "environment/shape", "expected a list of environments", hint=f"{_THESE}: {some(names)}"
        )
        return
    for index, name in enumerate(limit):
        if not isinstance(name, str):
            yield problem_at(document, (_LIMIT, index), "environment/shape", "expected an environment's name")
        elif name not in names:
            yield _unknown(document, (_LIMIT, index), name, names)


def _patch_problems(document: Document, names: Collection[str]) -> Iterator[Problem]:
    if _PATCHES not in document.value:
        return
    patches = document.value[_PATCHES]
    if not isinstance(patches, Mapping):
        message = "expected one patch for each environment"
        hint = f"write `{_PATCHES}: {{NAME: {{field: value}}}}`"
        yield problem_at(document, (_PATCHES,), "environment/shape", message, hint=hint)
        return
    for name, patch in patches.items():
        if name not in names:
            yield _unknown(document, (_PATCHES, name), name, names)
        if not isinstance(patch, Mapping):
            message = "a patch must be a mapping of the fields that differ"
            yield problem_at(document, (_PATCHES, name), "environment/shape", message)
            continue
        for key in patch:
            if key in _FIXED:
                message = f"`{key}` is the same in every environment"
                hint = "remove it from the patch; declare another resource where another one is meant"
                yield problem_at(
                    document, (_PATCHES, name, key), "environment/fixed-field", message, hint=hint, key=True
                )


def _unknown(document: Document, pointer: Pointer, name: str, names: Collection[str]) -> Problem:
    hint = near_or_few(name, names, _THESE)
    key = pointer[0] == _PATCHES
    return problem_at(document, pointer, "environment/unknown", f"there is no environment `{name}`", hint=hint, key=key)
