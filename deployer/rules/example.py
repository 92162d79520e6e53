"""The examples of the rules: a bad and a good snippet for each, kept as Markdown beside the code.

``examples/FAMILY.md`` has a heading for each rule and two fenced blocks below it, ``LANGUAGE bad`` and
``LANGUAGE good``. The snippets are in a small shop, and the tests put them there and check it.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from deployer.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = Path(__file__).parent / "examples"
_RULE = re.compile(r"^## (?P<id>\S+)$(?P<body>.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
_BLOCK = re.compile(r"^```(?P<language>\w+) (?P<word>bad|good)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """A snippet: YAML as it is in a file of the project, or a shell's commands in the project's folder (``sh``).

    In YAML a line ``# file: PATH`` begins another file; what is before the first is a file of resources.
    """

    language: str
    text: str


def example(rule: str, word: str) -> Example:
    """The ``bad`` or ``good`` example of a rule; raises ``LookupError`` for an id that has none."""
    return _examples(rule.partition("/")[0])[rule, word]


@cache
def _examples(family: str) -> Mapping[tuple[str, str], Example]:
    text = (_FOLDER / f"{family}.md").read_text(encoding="utf-8")
    return {
        (rule["id"], block["word"]): Example(block["language"], block["text"])
        for rule in _RULE.finditer(text)
        for block in _BLOCK.finditer(rule["body"])
    }
