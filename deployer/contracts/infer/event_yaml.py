"""Event types as YAML, and adding to one that is in a file without touching any other byte of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from deployer.source import SourceFile, compose
from deployer.source.editing.mappings import Additions, CantAddError, node_of
from deployer.source.editing.values import flow
from deployer.workspace.formatting import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from deployer.contracts.infer import Concluded
    from deployer.source import Document


def new_document(head: Mapping[str, Any], properties: Sequence[Concluded], remarks: Iterable[str], origin: str) -> str:
    """A declaration of its own: ``head`` are the fields before the properties, ``origin`` says what it rests on."""
    lines = [f"# {' '.join(line.split())}" for line in (origin, *remarks)]
    lines += [f"{key}: {flow(value)}" for key, value in head.items()]
    lines += ["properties:"] if properties else []
    lines += [f"  {property_line(concluded)}" for concluded in properties]
    shown = [concluded for concluded in properties if concluded.example is not None]
    lines += ["samples:", "  happy:"] if shown else []
    lines += [f"    {flow(concluded.key)}: {flow(concluded.example)}" for concluded in shown]
    return tidy("\n".join(lines) + "\n")


def property_line(concluded: Concluded, *, example: bool = False) -> str:
    """A property with its definition, and a comment that says what that rests on."""
    definition = concluded.definition | (
        {"examples": [concluded.example]} if example and concluded.example is not None else {}
    )
    return f"{flow(concluded.key)}: {flow(definition)}  # {concluded.evidence}"


def with_properties(document: Document, added: Sequence[Concluded]) -> str:
    """The text of the document's file with more properties in it, and their made-up values in its samples.

    An optional property goes into the sample ``happy`` only. Every other byte stays. Raises ``CantAddError``.
    """
    start, end = document.span
    root = node_of(document.file.text[start:end])
    assert isinstance(root, yaml.MappingNode)
    text = Additions(document.file.text, start)
    text.add(root, ("properties",), [(concluded.key, concluded.definition, concluded.evidence) for concluded in added])
    samples: Mapping[str, Any] = document.value.get("samples") or {}
    for name in samples:
        shown = [
            concluded
            for concluded in added
            if concluded.example is not None and (name == "happy" or not concluded.optional)
        ]
        text.add(root, ("samples", name), [(concluded.key, concluded.example, "") for concluded in shown])
    made = text.made()
    _check(document, made, added)
    return made


def _check(document: Document, text: str, added: Sequence[Concluded]) -> None:
    """Refuse a text that doesn't say what the file said, and the new properties."""
    documents, problems = compose(SourceFile(document.file.path, text))
    values = [document.value for document in documents]
    before = [document.value for document in compose(document.file)[0]]
    index = [document.index for document in compose(document.file)[0]].index(document.index)
    expected = dict(before[index])
    expected["properties"] = {
        **(expected.get("properties") or {}),
        **{concluded.key: concluded.definition for concluded in added},
    }
    if expected.get("samples"):
        expected["samples"] = {name: {**sample, **_shown(name, added)} for name, sample in expected["samples"].items()}
    if problems or values != [*before[:index], expected, *before[index + 1 :]]:
        raise CantAddError("the file is written in a way that can't be added to")


def _shown(name: str, added: Sequence[Concluded]) -> dict[str, Any]:
    kept = (
        concluded
        for concluded in added
        if concluded.example is not None and (name == "happy" or not concluded.optional)
    )
    return {concluded.key: concluded.example for concluded in kept}
