"""Writing one text of a YAML file anew: the new text is read back, and everything else stays."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.source import SourceFile, compose
from deployer.source.editing.texts import RewriteError, rewrite

FILE = """\
# the shop's texts
kind: Message # a text
id: shipped
body: %s
# after it
limits: {segments: 2} # at most
---
kind: Message
id: other
body: "stays \\u2019 as it is"
"""


def _rewritten(written, new, pointer=("body",), file=FILE):
    (document, *_), problems = compose(SourceFile("a.yaml", file % written if "%s" in file else file))
    assert not problems
    whole = rewrite(document, pointer, new)
    documents, problems = compose(SourceFile("a.yaml", whole))
    assert not problems
    assert documents[0].value == {**document.value, pointer[0]: new}
    return whole


@pytest.mark.parametrize(
    ("written", "new", "expected"),
    [
        ("Hi there", "Hi you", "Hi you"),
        ("Hi there # said", "Hi you", "Hi you # said"),
        ('"Hi \\u2019 there"', 'Hi \u2019 you "now"', '"Hi \\u2019 you \\"now\\""'),
        ("'it''s here'", "it's not", "'it''s not'"),
        ("'it is here'", "it isn't here", "'it isn''t here'"),
        ("Hi there", "Hi: you", "'Hi: you'"),
        ("Hi there", "Hi #1 you", "'Hi #1 you'"),
        ("|\n  Hi there\n  and you", "Hi you\nand you\n", "|\n  Hi you\n  and you"),
        ("|-\n     Hi there\n\n     and you", "Hi there\n\nand me", "|-\n     Hi there\n\n     and me"),
        ("| # block\n  Hi\n", "Hi\n\nand\n more\n", "| # block\n  Hi\n\n  and\n   more\n"),
        ("|2\n    Hi\n   you", "  Hi\n me\n", "|2\n    Hi\n   me"),
        ("|\n  Hi\n  you", " Hi\nyou\n", "|2\n   Hi\n  you"),
        ("> # folded\n  Hi there\n  and you\n", "Hi there and me\n", "> # folded\n  Hi there and me\n"),
        ("Hi there", "Hi\nthere", "|-\n  Hi\n  there"),
        ("Hi there # said", "Hi\nthere", '"Hi\\nthere" # said'),
        ("Hi\n  there\n  you", "Hi there me", "Hi there me"),
        ('"Hi\n  there"', "Hi there me", '"Hi there me"'),
        ('""', "Hi", '"Hi"'),
        ("|\n  Hi\n", "\u2028Hi\n", None),
    ],
)
def test_a_text_keeps_its_style(written, new, expected):
    """A text is written in the style that it had, where that style can hold it; comments around it stay."""
    if expected is None and "\x00" in new:
        _rewritten(written, new)
        return
    whole = _rewritten(written, new)
    if expected is not None:
        assert whole == FILE % expected


def test_a_text_in_braces():
    """A text within a flow mapping stays on its line, whatever it becomes."""
    file = "kind: Message\nbody: x\nper_environment: {production: {body: 'Hi, there'}, staging: {body: other}}\n"
    (document,), _ = compose(SourceFile("a.yaml", file))
    pointer = ("per_environment", "production", "body")
    assert rewrite(document, pointer, "Hi, you") == file.replace("there", "you")
    assert rewrite(document, pointer, "Hi\nyou") == file.replace("'Hi, there'", '"Hi\\nyou"')


def test_line_ends_stay():
    """A file with carriage returns keeps them, in new lines too."""
    file = "kind: Message\r\nbody: |\r\n  one\r\n  two\r\nid: x\r\n"
    (document,), _ = compose(SourceFile("a.yaml", file))
    assert rewrite(document, ("body",), "one\nand\ntwo\n") == file.replace("  two", "  and\r\n  two")


@pytest.mark.parametrize(
    ("file", "pointer", "said"),
    [
        ("x-a: &a Hi\nbody: *a\n", ("body",), "alias"),
        ("body: &a Hi\nx-a: *a\n", ("body",), "anchor"),
        ("per_environment: {a: &p {body: Hi}, b: *p}\n", ("per_environment", "a", "body"), "anchor"),
        ("per_environment: {a: &p {body: Hi}, b: *p}\n", ("per_environment", "b", "body"), "alias"),
        ("body: !!str Hi\n", ("body",), "tag"),
        ("body: {file: x}\n", ("body",), "mapping"),
    ],
)
def test_a_text_that_stands_elsewhere_too(file, pointer, said):
    """A text that an alias or an anchor shares, or that is none, is refused with its place."""
    (document,), _ = compose(SourceFile("a.yaml", file))
    with pytest.raises(RewriteError, match=said) as caught:
        rewrite(document, pointer, "new")
    assert caught.value.line == 1 or "x-a" in file


WRITTEN = st.sampled_from(
    [
        *(
            "Hi there",
            "'Hi there'",
            '"Hi\\tthere"',
            "|\n  Hi\n\n  there",
            "|-\n   Hi\n    there",
            ">\n  Hi\n  there\n\n  you",
        ),
        *("|+\n  Hi\n\n", "Hi\n  there", "'Hi\n\n  there'", ">-\n  Hi\n   there\n  you", '""', "| # c\n  Hi"),
    ]
)
TEXTS = st.one_of(
    st.text("ab \n'\"#:|>-{}[]\\%&*!?,é€\t", max_size=20),
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn")), max_size=8),
)


@given(WRITTEN, TEXTS)
def test_any_text_is_read_back(written, new):
    """Whatever a text becomes, it is read back as that, and comments and other documents are byte for byte the same."""
    whole = _rewritten(written, new)
    before, _, after = FILE.partition("%s")
    assert whole.startswith(before)
    assert whole.endswith(after.lstrip("\n"))
