"""What a problem repeats of the user's own text, and what can't be seen in it."""

from __future__ import annotations

import subprocess
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.source import (
    Gate,
    Position,
    Problem,
    SourceFile,
    compose,
    did_you_mean,
    few_of_a_rule,
    problem_at,
    project_folder,
    read,
)
from deployer.source.documents import QUOTE_IT
from deployer.source.ignoring import Patterns

SETTINGS = "version: 1\nproject: shop\nbrand: {name: Shop}\nenvironments: {sandbox: {target: sandbox}}\n"
SEGMENT = "kind: Segment\nid: a\nname: A\nexternal_id: a\n"
KINDS = {"Segment": {"id", "name", "external_id"}, "Message": {"id", "channel"}}


def composed(text):
    """Read a text that is known to hold sound documents."""
    documents, problems = compose(SourceFile("a.yaml", text))
    assert problems == ()
    return documents


@pytest.mark.parametrize("written", ["3.10", "+15550100123", "12e5", "0x1A", "84.50", "0o17", "True", "-.5", "1.", "~"])
def test_the_hint_repeats_what_was_written(written):
    """A number that should be a text is quoted as it stands in the file, not as it was read."""
    for text in (f"a: {written}\n", f"a: {{b: [{written}]}}\n", f"a: {written} # why\n", f"a:\n- {written}\n"):
        (document,) = composed(text)
        value, pointer = document.value["a"], ("a",)
        while isinstance(value, (dict, list)):
            step = next(iter(value)) if isinstance(value, dict) else 0
            value, pointer = value[step], (*pointer, step)
        assert problem_at(document, pointer, "x/y", "no text", hint=QUOTE_IT).hint == f'quote it: `"{written}"`'


@pytest.mark.parametrize("written", ["3.10", "1e3", "0x1F", "123456789012345678901.5"])
def test_the_message_names_the_number_that_was_written(written):
    """A number that should be a text is named as its writer knows it, not as Python prints it."""
    (document,) = composed(f"kind: Segment\nname: {written}\n")
    (violation, *_) = (one for one in Gate.named("segment").violations(document.value) if one.pointer == ("name",))
    problem = problem_at(document, ("name",), "x/y", violation.message, hint=violation.hint)
    assert problem.message == f"expected text, found the number `{written}`"


@pytest.mark.parametrize(
    ("line", "right"),
    [
        ("{kind: Segment, name: Bikes #1}", "Bikes #1"),
        ("{kind: Segment, name: Red Bikes # 1, owner: shop}", "Red Bikes # 1"),
        ("tags: [Order #5, b]", "Order #5"),
    ],
)
def test_a_text_in_braces_is_shown_in_quotes(line, right):
    """Of a text whose end, with that of its braces, became a comment, the whole is shown in quotes."""
    _, (problem,) = compose(SourceFile("a.yaml", line + "\n"))
    assert problem.hint == f'quote the text: `"{right}"`'


@pytest.mark.parametrize(("key", "value"), [("url", "https://x.example/\u200ba"), ("id", "receipts\u00a0")])
def test_what_cannot_be_seen_in_a_value_is_named(key, value):
    """A value that has another form because of a character that no one sees has that character's name in its hint."""
    body = {"kind": "Webhook", "id": "a", "app": "b", "url": "https://x.example", "events": ["e"], "status": "enabled"}
    (violation,) = Gate.named("webhook").violations({**body, key: value})
    assert "which can't be seen: delete it" in violation.hint


def test_an_anchor_is_no_part_of_a_value():
    """A value that a name for aliases is in front of is quoted without it."""
    (document,) = composed("a: &n 3.10\nb: *n\n")
    assert problem_at(document, ("a",), "x/y", "no text", hint=QUOTE_IT).hint == 'quote it: `"3.10"`'


@given(st.text(st.sampled_from("ab\u2028\u2029\x85 é👋"), max_size=12), st.text("ab ", max_size=5))
def test_lines_are_those_of_an_editor(text, before):
    """Separators that YAML 1.2 doesn't break lines at are characters of their texts, and move no place below them."""
    body = text.strip()
    source = f'first: "{before}{body}"\nblock: |\n  x{body}\nlast: [1]\n'
    (document,) = composed(source)
    assert document.value["first"] == before + body
    assert document.value["block"] == f"x{body}\n"
    assert document.locate(("last", 0)).line == source.split("\n").index("last: [1]") + 1
    for offset, character in enumerate(body):
        place = document.locate_text(("first",), len(before) + offset)
        assert document.file.line(place.line)[place.column - 1] == character


@given(st.text(st.characters(min_codepoint=0x10000, max_codepoint=0x10FFFF), min_size=1, max_size=5), st.booleans())
@example("👋", True)
def test_an_emoji_as_json_writes_it(text, upper):
    """A pair of escapes in double quotes is its character; anywhere else it is what is written."""
    units = text.encode("utf-16-be")
    form = "\\u%02X%02X" if upper else "\\u%02x%02x"
    pairs = "".join(form % tuple(units[at : at + 2]) for at in range(0, len(units), 2))
    source = f"a: \"x{pairs}y\"\nb: '{pairs}'\nd: |\n  {pairs}\n"
    (document,) = composed(source)
    assert document.value["a"] == f"x{text}y"
    assert document.value["b"] == pairs
    assert document.value["d"] == f"{pairs}\n"
    place = document.locate_text(("a",), len(text) + 1)
    assert document.file.line(1)[place.column - 1] == "y"


@pytest.mark.parametrize(
    ("word", "candidate", "said"),
    [
        ("Caf\u00e9", "Cafe\u0301", "another encoding: U+00E9 here, U+0065 U+0301 there"),
        ("Cafe\u0301 Id", "Caf\u00e9 Id", "another encoding: U+0065 U+0301 here, U+00E9 there"),
        ("Order\u00a0Id", "Order Id", "this one holds U+00A0 (no-break space)"),
        ("Order Id", "Order\u200b Id", "the other one holds U+200B (zero width space)"),
        ("order id", "Order Id", "did you mean `Order Id`?"),
    ],
)
def test_names_that_look_the_same(word, candidate, said):
    """If two names can't be told apart by looking, the hint says by which characters they differ."""
    assert did_you_mean(word, [candidate, "other"]).endswith(said) or said in did_you_mean(word, [candidate, "other"])
    assert did_you_mean(candidate, [candidate]) == ""


@given(st.text(st.sampled_from("aàé\u0301\u0308ö"), min_size=1, max_size=6))
def test_every_spelling_of_the_same_letters_is_found(word):
    """A name in any normal form is suggested for the same name in another."""
    other = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word))
    assert (did_you_mean(word, [other]) != "") == (word != other)


LINES = """\
*.tmpl.yaml
/a
a/
a/b
**/b
a/**
!a/b/x.yaml
b/*.yml
c?
[ab].yaml
\\#x
# no
x.yaml
*
!/c/
a/**/x.yaml
""".splitlines()
PATHS = [
    "x.yaml",
    "a.yaml",
    "a/x.yaml",
    "a/b/x.yaml",
    "a/b/c/x.yaml",
    "b/x.yml",
    "c1/a/x.tmpl.yaml",
    "c/b/y.yml",
    "#x",
    "b",
]


@given(lines=st.lists(st.sampled_from(LINES), max_size=4))
def test_patterns_are_those_of_git(lines, tmp_path_factory):
    """What a list of patterns leaves out is what git leaves out for the same `.gitignore`."""
    folder = tmp_path_factory.mktemp("ignoring")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    (folder / ".gitignore").write_text("".join(f"{line}\n" for line in lines))
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", "--stdin"],
        cwd=folder,
        input="\n".join(PATHS),
        capture_output=True,
        text=True,
        check=False,
    )
    patterns = Patterns.read(lines)
    assert [path for path in PATHS if patterns.leave_out(path)] == asked.stdout.splitlines()


def test_folders_of_a_gitignore_are_not_read(tmp_path):
    """A folder that any `.gitignore` of the repository leaves out isn't looked into."""
    root = tmp_path / "repository" / "shop"
    for folder in ("build", "kept/out", "kept/in", "deep/build"):
        (root / folder).mkdir(parents=True)
        (root / folder / "a.yaml").write_text(SEGMENT)
    (tmp_path / "repository" / ".git").mkdir()
    (tmp_path / "repository" / ".gitignore").write_text("build/\n!/shop/deep/build/\n")
    (root / "kept" / ".gitignore").write_text("/out\n")
    (root / "deployer.yaml").write_text(SETTINGS)
    found = read(root, kinds=KINDS)
    assert [one.file.path for one in found.documents] == ["deep/build/a.yaml", "kept/in/a.yaml"]
    (tmp_path / "repository" / ".gitignore").write_text("build/\n/shop/\n")
    assert next(one.file.path for one in read(root, kinds=KINDS).documents) == "build/a.yaml"


def test_a_folder_without_settings_is_not_walked(tmp_path):
    """If there is no `deployer.yaml`, that is the only problem, and no file is read."""
    (tmp_path / "a.yaml").write_text("{{")
    found = read(tmp_path, kinds=KINDS)
    assert [one.rule for one in found.problems] == ["project/no-settings"]
    assert (found.documents, found.files._paths) == ((), None)
    (tmp_path / "Deployer.YML").write_text(SETTINGS)
    assert "`Deployer.YML`" in read(tmp_path).problems[0].hint


def test_the_project_is_found_from_within(tmp_path):
    """A folder below a project leads to it; one that is in none stays what it is."""
    inner = tmp_path / "shop" / "events" / "deep"
    inner.mkdir(parents=True)
    assert project_folder(inner) == inner
    (tmp_path / "shop" / "deployer.yml").write_text(SETTINGS)
    assert project_folder(inner) == tmp_path / "shop"
    assert project_folder(tmp_path / "shop") == tmp_path / "shop"
    assert project_folder(tmp_path / "nowhere") == tmp_path / "nowhere"


def test_how_many_documents_were_passed_over(tmp_path):
    """The remark counts, and names the largest folder that holds nothing of ours."""
    (tmp_path / "deployer.yaml").write_text(SETTINGS)
    for path, text in {"x/ours.yaml": SEGMENT, "x/k8s/a/b.yaml": "a: 1\n---\nb: 2\n", "x/other.yaml": "c: 3\n"}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    first, second = read(tmp_path, kinds=KINDS).problems
    assert (first.message.startswith("2 documents"), '"x/k8s/"' in first.hint) == (True, True)
    assert (second.message.startswith("a document"), '"x/other.yaml"' in second.hint) == (True, True)


def test_a_very_long_name_is_not_repeated_whole():
    """A message keeps its beginning and its end; a hint that is cut no longer looks like one to be taken over."""
    name = "a" * 1_000_000
    problem = Problem(
        "x/y", f"`{name}` is not a field of Segment", Position("a.yaml", 1, 1), hint=f'quote it: `"{name}"`'
    )
    assert len(problem.message) < 1_100
    assert (problem.message.startswith("`aaa"), problem.message.endswith("is not a field of Segment")) == (True, True)
    assert (len(problem.hint) < 11_000, problem.hint.endswith("a …")) == (True, True)


def test_of_very_many_alike_the_last_says_how_many_more():
    """A report has a thousand problems of a rule in a file, in order; other rules and files keep theirs."""
    alike = [Problem("x/y", "no", Position("a.yaml", line)) for line in range(1500, 0, -1)]
    other = [Problem("x/z", "no", Position("a.yaml", 7)), Problem("x/y", "no", Position("b.yaml", 7))]
    found = few_of_a_rule([*alike, *other])
    assert [one.position.line for one in found if (one.rule, one.position.path) == ("x/y", "a.yaml")] == [
        *range(1, 1001)
    ]
    assert {one.message for one in found} == {"no", "no (500 more in this file)"}
    assert len(found) == 1002
    assert len(few_of_a_rule(alike[:1000])) == 1000
    assert {one.message for one in few_of_a_rule(alike[:1000])} == {"no"}


@pytest.mark.parametrize("written", [".inf", "-.INF", ".NaN", "1e999"])
def test_a_number_that_json_lacks_is_quoted_as_it_is_written(written):
    """The hint for a number that isn't one of JSON's shows the text that may have been meant."""
    _, [problem] = compose(SourceFile("a.yaml", f"a: {written}\n"))
    assert problem.hint == f'if it is text, quote it: `"{written}"`'


@pytest.mark.parametrize("indent", ["", "  ", "    "])
@pytest.mark.parametrize("key", ["ref #1", "ref #"])
def test_a_key_that_lost_its_colon_to_a_comment_is_named(indent, key):
    """Of `ref #1: x` the parser reads `ref` and no colon: the place and the quoted key are given."""
    _, [problem] = compose(SourceFile("a.yaml", f"a:\n{indent} b: 1\n{indent} {key}: x\n{indent} c: 2\n"))
    assert (problem.position.line, problem.position.column) == (3, len(indent) + 6)
    assert problem.hint == f'quote the key: `"{key}":`'


def test_each_control_character_is_named():
    """Each has a problem at its first place, with its count; raw ones, which end the reading, share one."""
    _, escaped = compose(SourceFile("a.yaml", 'a: "Hi\\u0000there\\u0007\\u0000\\e[0m"\n'))
    said = [(one.position.column, one.message.removeprefix("the text holds the control character ")) for one in escaped]
    assert said == [
        (7, "U+0000 (NUL) (2 times, first here)"),
        (18, "U+0007 (BEL)"),
        (30, "U+001B (ESC)"),
    ]
    _, [raw] = compose(SourceFile("a.yaml", "a: x\x07y\x1b\n"))
    assert raw.message == "the text holds the control character U+0007 (BEL); the file also holds U+001B (ESC)"
