"""The canonical form: what a file says stays, byte for byte where it matters, and it is reached in one go."""

from __future__ import annotations

import json
import re
from collections import Counter
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from deployer.source import SourceFile, canonical, compose
from deployer.source.editing.canonical import CantWriteError
from deployer.workspace.formatting import text_form

CASES = sorted((Path(__file__).parent / "format-cases").glob("*.yaml"))
ROOT = Path(__file__).resolve().parents[2]
OWN = sorted([*(ROOT / "examples").rglob("*.yaml"), *(ROOT / "deployer" / "authoring").rglob("*.yaml")])
EVERY = sorted([*OWN, *(ROOT / "tests").rglob("*.yaml"), *(ROOT / "tests").rglob("*.yml")])


def formed(text: str) -> str:
    """Give a text in the canonical form."""
    return text_form(SourceFile("a.yaml", text))


def values(text: str) -> list[str]:
    """Give what each document of a text says, by our own reader."""
    return [canonical(one.value) for one in compose(SourceFile("a.yaml", text))[0]]


def comments(text: str) -> Counter[str]:
    """Count the comments of a text that holds no other number sign."""
    return Counter(one.rstrip() for one in re.findall(r"(?:^|(?<=\s))#[^\n]*", text))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_each_case_comes_out_as_it_is_written_down(path: Path) -> None:
    """Above the line of equal signs is a file as somebody wrote it, below it the canonical form, which stays."""
    written, expected = path.read_text("utf-8").split("===\n")
    assert formed(written) == expected
    assert formed(expected) == expected
    assert values(expected) == values(written)


@pytest.mark.parametrize("path", EVERY, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_of_the_project_keeps_what_it_says(path: Path) -> None:
    """Whatever is in the examples and the tests' own files is rewritten without loss, or refused."""
    try:
        text = path.read_bytes().decode("utf-8")
        made = formed(text)
    except (CantWriteError, UnicodeDecodeError):
        return
    assert values(made) == values(text)
    assert formed(made) == made


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_examples_and_templates_are_in_the_form(path: Path) -> None:
    """What people copy, and what `init` writes, is what `fmt` would write; a template with a gap isn't YAML yet."""
    text = path.read_text("utf-8")
    if "@" in text and compose(SourceFile("a.yaml", text))[1]:
        pytest.skip("a template whose gaps are filled by `init`; the test of `init` looks at it")
    if "workflows" not in path.parts:
        assert formed(text) == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kind: A\nid: !!str x\n", "tag"),
        ("%YAML 1.2\n---\nkind: A\n", "directive"),
        ("kind: A\n...\n---\nkind: B\n", "`...`"),
        ("kind: A\n&key id: x\n", "key"),
        ("kind: [A\n", "sound"),
        # joined to one line, a comment behind the bracket would hold for what was on other lines
        ("kind: A\nx-list: [\n  a,\n  b\n] # deployer: ignore[a/b] why\n", "findings"),
    ],
)
def test_what_has_no_such_form_is_refused_with_the_reason(text: str, reason: str) -> None:
    """If a file holds what can't be kept, it isn't rewritten, and the reason names it."""
    with pytest.raises(CantWriteError, match=reason):
        formed(text)


def test_line_ends_stay() -> None:
    """A file with carriage returns keeps them."""
    assert formed("id:  x\r\nkind: A\r\nbody: |\r\n  one\r\n  two\r\n") == (
        "id: x\r\nkind: A\r\nbody: |\r\n  one\r\n  two\r\n"
    )


@pytest.mark.parametrize("text", ["\n ", " \n ", "a\n  ", "a\n  \n", "a\n\t"])
def test_a_text_that_ends_in_a_line_of_blanks_is_in_quotes(text) -> None:
    """In a block its last line would look like a gap between two entries, and get another one each time."""
    made = formed(f"kind: A\nid: {json.dumps(text)}\nname: x\n")
    assert f"id: {json.dumps(text)}\n" in made
    assert formed(made) == made


_LETTERS = st.text("ab {}[]'\"\\:,-&*!|>%@`.~0\u00e9\u200b\U0001f381\x85\u2028\t", max_size=12)
_TEXTS = st.one_of(
    _LETTERS,
    st.sampled_from(["NO", "20:50", "2026-05-10", "null", "", "054321", "- a", "? a", "a: b", "<<", "=", "...", "---"]),
    st.lists(_LETTERS, max_size=4).map("\n".join),
    st.lists(st.sampled_from(["word", "{{ a macro }}", "[[ prop('x') ]]", " ", "a"]), min_size=20, max_size=60).map(
        " ".join
    ),
)
_NAMES = st.one_of(st.sampled_from(["kind", "id", "name", "properties", "samples", "x-a", "Order Id"]), _LETTERS)
_VALUES = st.recursive(
    st.one_of(_TEXTS, st.integers(-9, 99), st.booleans(), st.none(), st.floats(allow_nan=False, allow_infinity=False)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_NAMES, inner, max_size=4)),
    max_leaves=12,
)
_BODIES = st.dictionaries(_NAMES, _VALUES, min_size=1, max_size=6)


@given(st.lists(_BODIES, min_size=1, max_size=3), st.randoms(use_true_random=False))
def test_whatever_another_writer_writes_says_the_same(bodies, choose) -> None:
    """ruamel.yaml writes documents in random styles, with comments; both readers read the same from the result."""
    writer = YAML(typ="safe", pure=True)
    writer.allow_unicode = True
    writer.default_flow_style = choose.choice([True, False, None])
    writer.default_style = choose.choice([None, None, "'", '"'])
    writer.width = choose.choice([20, 80, 4096])
    out = StringIO()
    writer.dump_all([{"kind": "EventType", **body} for body in bodies], out)
    text = _commented(out.getvalue(), choose)
    if compose(SourceFile("a.yaml", text))[1]:
        return  # what the two readers disagree about isn't ours to rewrite
    try:
        made = formed(text)
    except CantWriteError:
        if "!!" in text:  # ruamel.yaml puts tags on quoted numbers
            return
        raise
    assert values(made) == values(text)
    assert formed(made) == made
    reader = YAML(typ="safe", pure=True)
    if not re.search("[\x85\u2028]", text + made):  # ruamel.yaml ends lines at them, in its own writing too
        assert list(reader.load_all(made)) == list(reader.load_all(text))


def _commented(text: str, choose) -> str:
    """Put comments between lines, and behind them where no text goes on."""
    made = []
    for number, line in enumerate(text.split("\n")):
        plain = re.fullmatch(r"\s*(- )*[a-z]+:( -?\d+| true| null)?", line)
        if plain and choose.random() < 0.3:
            made.append(f"{' ' * choose.choice([0, 2, 4])}# c{number}")
        made.append(f"{line}  # d{number}" if plain and choose.random() < 0.3 else line)
    tried = "\n".join(made)
    before, after = (compose(SourceFile("a.yaml", one)) for one in (text, tried))
    same = not after[1] and [one.value for one in before[0]] == [one.value for one in after[0]]
    return tried if same else text


@given(st.randoms(use_true_random=False))
def test_comments_of_a_shuffled_declaration_stay_with_their_lines(choose) -> None:
    """Wherever lines were, the comment above and behind each is above and behind it in the end."""
    lines = [f"{key}: {number}" for number, key in enumerate(["kind", "name", "id", "owner", "app", "x-a", "reserved"])]
    choose.shuffle(lines)
    text = "x-first: 0\n" + "".join(f"# above {line}\n{line} # behind {line}\n" for line in lines)
    made = formed(text)
    assert comments(made) == comments(text)
    for line in lines:
        assert f"# above {line}\n{line} # behind {line}\n" in made
