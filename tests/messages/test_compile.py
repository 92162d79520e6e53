"""Compiling: the golden texts in compile/, the map back to what was written, and errors with their places."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment

from deployer.messages import CompileError, Library, Names, compile_text
from deployer.source import ProjectFiles

GOLDEN = Path(__file__).parent / "compile"
NAMES = Names({"Order Id": {}, "tracking_url": {}, "it's": {}}, ("Loyalty Tier",))
BRAND = {"name": "Northwind", "support_url": "https://northwind.example/help"}
MACRO = "[% macro tracked(what) %]to [[ what ]][% endmacro %]"
TAIL = " \t\n\r\f\v"


def load(path):
    """Read a file of the golden project as it stands on disk."""
    return (GOLDEN / "project" / path).read_bytes().decode()


def library(files=None, auto=("macros/links.jinja",)):
    """Make the golden project's library, or one of a dict of files."""
    if files is None:
        return Library(load, auto, BRAND)

    def from_dict(path):
        if path not in files:
            raise FileNotFoundError(2, "No such file", path)
        return files[path]

    return Library(from_dict, [path for path in files if path.startswith("macros/")], BRAND)


def attempt(text):
    """Return the error of a text, if it has one."""
    try:
        compile_text(text, library(), NAMES)
    except CompileError as error:
        return error
    return None


def refused(text, files=None):
    """Return the error of a text that can't be compiled."""
    with pytest.raises(CompileError) as caught:
        compile_text(text, library(files), NAMES)
    return caught.value


def test_an_include_that_is_misspelled_is_answered_with_the_file(tmp_path):
    """The project's files know which of them was probably meant; without one the hint says what a path is."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "bottom.txt").write_text("x", encoding="utf-8")
    found = Library(ProjectFiles(tmp_path).words, (), BRAND)
    near = ("parts/botom.txt", "did you mean `parts/bottom.txt`?")
    for path, hint in (near, ("zzz", "it begins at the project's folder")):
        with pytest.raises(CompileError) as caught:
            compile_text(f"[% include '{path}' %]", found, NAMES)
        assert hint in caught.value.hint


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.in")), ids=lambda path: path.stem)
def test_golden(path):
    """Each golden text compiles to what stands beside it, byte for byte."""
    assert compile_text(path.read_text(), library(), NAMES).text == path.with_suffix(".out").read_text()


@given(st.text().filter(lambda text: "[[" not in text and "[%" not in text))
def test_nothing_else_changes(text):
    """A text without square delimiters compiles to itself, but for line endings and white space at its end."""
    expected = text.replace("\r\n", "\n").replace("\r", "\n").rstrip(TAIL)
    assert compile_text(text, library()).text == expected


@given(st.text(st.sampled_from("ab \r\n{}é😀")))
def test_plain_origin_is_exact(text):
    """Each character of a plain text leads back to itself, whatever the line endings."""
    composed = compile_text(text, library())
    for offset, char in enumerate(composed.text):
        origin = composed.origin(offset)
        written = text[origin.offset]
        assert origin.exact
        assert written == char or (char == "\n" and written == "\r")
        before = text[: origin.offset].replace("\r\n", "\n").replace("\r", "\n")
        assert origin.line == before.count("\n") + 1


PIECES = st.lists(
    st.sampled_from(
        [
            "plain {{ a.b }}\n",
            "x\r\n",
            "[[ prop('Order Id') ]]",
            "[[ framed('tracking_url') ]]",
            "[[ track('tracking_url') ]]",
            "[% include 'parts/footer.txt' %]",
            "[% if true %] yes [% else %] no [% endif %]",
            "  [%- for i in [1, 2] -%]  i[[ i ]]  [%- endfor %]",
            "[% raw %][[ raw ]][% endraw %]",
        ]
    ),
    max_size=8,
)


@given(PIECES)
def test_map_holds_everywhere(pieces):
    """Each exact character is the one at its origin, in the text, macro files and includes; others begin at ``[[``."""
    text = "".join(pieces)
    composed = compile_text(text, library(), NAMES)
    for offset, char in enumerate(composed.text):
        origin = composed.origin(offset)
        source = load(origin.source) if origin.source else text
        if origin.exact:
            assert source[origin.offset] == char or (char == "\n" and source[origin.offset] == "\r")
        else:
            assert source[origin.offset : origin.offset + 2] == "[["


@given(PIECES, PIECES)
def test_nothing_leaks(first, second):
    """A text compiles to the same value in a fresh library and in one that has compiled another text."""
    used = library()
    compile_text("".join(first), used, NAMES)
    again = compile_text("".join(second), used, NAMES)
    assert again == compile_text("".join(second), library(), NAMES)


def test_imported_values_are_not_kept():
    """A value that a macro file makes from the message's names is made anew for each message."""
    files = {
        "a.jinja": "[% set first = prop(names()) %]",
        "macros/n.jinja": "[% macro names() %]Order Id[% endmacro %]",
    }
    shared = library(files)
    text = "[% import 'a.jinja' as a %][[ a.first ]]"
    assert compile_text(text, shared, NAMES).text == "{{triggerEvent.custom['Order Id']}}"
    with pytest.raises(CompileError, match="no property"):
        compile_text(text, shared, Names(("other",)))


def test_filtered_macros_keep_an_origin():
    """What a filter makes of a macro's text comes from the expression."""
    composed = compile_text("a [[ track('tracking_url') | replace('Track', 'See') ]]", library(), NAMES)
    assert composed.text == "a See: {{triggerEvent.custom['tracking_url']}}"
    assert (composed.origin(4).column, composed.origin(4).exact) == (3, False)


def test_conditions_see_text_without_marks():
    """A condition on captured text decides on the text alone; where the map then can't be known, it says so."""
    text = "[% set x %]a[% endset %][% if x == 'a' %]yes[% endif %]"
    composed = compile_text(text, library())
    assert composed.text == "yes"
    assert not composed.origin(0).exact


def test_origin_bounds():
    """The end of a text has an origin; beyond it there is none."""
    composed = compile_text("ab\n", library())
    assert composed.origin(2).column == 3
    with pytest.raises(IndexError):
        composed.origin(3)
    assert compile_text("[% if false %]x[% endif %]", library()).origin(0).line == 1


@pytest.mark.parametrize(
    ("text", "said", "line", "column", "hint"),
    [
        ("a\n  [[ prop('Oder Id') ]]", "no property", 2, 12, "Order Id"),
        ("[[ framed('traking_url') ]]", "no property", 1, 12, "tracking_url"),
        ("[[ attribute('Tier') ]]", "no custom attribute", 1, 15, "Loyalty Tier"),
        ("[% set x = prop('nope nope') %]", "no property", 1, 18, "declared: "),
        ('[[ prop("it\'s") ]]', "single quotes", 1, 10, "without a quote"),
        ("x [[ trak('a') ]]", "'trak' is undefined", 1, 3, "track"),
        ("\n[[ brand.nme ]]", "the object there has no value named 'nme'", 2, 1, "name"),
        ("\n[% includ 'a' %]", "unknown tag 'includ'", 2, 4, "did you mean `include`?"),
        ("[% nothinglike %]", "unknown tag", 1, 4, "[% raw %]"),
        ("[[ none ]]", "nothing", 1, 1, ""),
        ("[[ ['a'] ]]", "a list", 1, 1, ""),
        ("[[ true ]]", "true or false", 1, 1, ""),
        ("[[ track ]]", "Macro", 1, 1, ""),
        ("[[ 1 / 0 ]]", "division", 1, 1, ""),
        ("a [[ b c ]]", "expected token", 1, 8, "raw"),
        ("a [[ b", "unexpected end", 1, 6, "raw"),
        ("[% if true %]\nx", "endif", 1, 14, "raw"),
        ("[[ 'a' | random ]]", "random", 1, 10, "raw"),
        ("[% include 'parts/none.txt' %]", "can't be read", 1, 13, "path"),
        ("[% include '../secret' %]", "isn't a path in the project", 1, 13, "path"),
        ("[% include '/etc/passwd' %]", "isn't a path in the project", 1, 13, "path"),
        ("[[ ''.__class__ ]]", "unsafe", 1, 1, ""),
        ("[[ 'x' * 10000000 ]]", "too long", 1, 1, ""),
        ("[[ 9 ** 9999 ]]", "powers", 1, 1, ""),
        ("[% for i in range(99999) %][% for j in range(99999) %][% endfor %][% endfor %]", "too long", 1, 55, ""),
        ("[[ track('tracking_url') + 1 ]]", "str", 1, 1, ""),
        ("[% macro f() %][[ f() ]][% endmacro %][[ f() ]]", "without end", 1, 16, ""),
        ("a[[ 1 ]]\n\U0010fff0", "keeps for itself", 2, 1, ""),
        ("[[ '\\U0010fff0' ]]", "keeps for itself", 1, 1, ""),
    ],
)
def test_errors(text, said, line, column, hint):
    """An error says what is wrong, where in the author's own text, and what to do."""
    error = refused(text)
    assert (error.source, error.line, error.column) == ("", line, column), error.message
    assert said in error.message
    assert hint in error.hint


@pytest.mark.parametrize(
    ("files", "said", "source", "line"),
    [
        ({"macros/a.jinja": "\n[% macro x( %]"}, "expected", "macros/a.jinja", 2),
        ({"macros/a.jinja": "[% macro x() %]\n [[ foo ]][% endmacro %]"}, "'foo'", "macros/a.jinja", 2),
        ({"macros/a.jinja": "[% macro x() %][% endmacro %]", "macros/b.jinja": "[% macro x() %][% endmacro %]"},
         "exists already", "macros/b.jinja", 1),
        ({"macros/a.jinja": "[% macro prop() %][% endmacro %]"}, "exists already", "macros/a.jinja", 1),
        ({"macros/a.jinja": "[% macro x() %][% include 'p/a' %][% endmacro %]", "p/a": "[% include 'p/a' %]"},
         "without end", "p/a", 1),
        ({"macros/a.jinja": "[% macro x() %]\n[[ prop('gone') ]][% endmacro %]"}, "no property", "macros/a.jinja", 2),
    ],
)  # fmt: skip
def test_errors_in_files(files, said, source, line):
    """An error in a macro file or include is reported at its place there."""
    error = refused("[[ x() ]]", files)
    assert (error.source, error.line) == (source, line)
    assert said in error.message


def test_too_long():
    """A composer text of more than 1 MiB is refused, whether written or made."""
    for text in ("a" * 1_100_000, "[% for i in range(1200) %]" + "a" * 1000 + "[% endfor %]"):
        assert "bytes long" in refused(text).message


@given(st.text(st.sampled_from("[]%{}-+ abif'\"|.(0)\n"), max_size=30))
def test_garbage_is_refused_with_a_place(text):
    """Whatever stands between the delimiters, the result is a text or an error inside of the author's text."""
    error = attempt("[[" + text)
    assert error is None or 1 <= error.line <= text.count("\n") + 1
    assert error is None or error.column >= 1


def test_importing_is_cheap():
    """Importing the package, and compiling, scanning and rendering a plain text, imports neither Jinja nor Liquid."""
    code = (
        "import sys, deployer.messages as m\n"
        "text = m.compile_text('a {{ b.c }}', m.Library(open)).text\n"
        "m.scan(text), m.render(text, {'b': {'c': 1}}), m.count(text)\n"
        "sys.exit(' '.join({'jinja2', 'liquid', 'yaml', 'jsonschema'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_touching():
    """The spans that a stretch touches are those with a character of it; a place between two spans is in neither."""
    composed = compile_text("ab[[ brand.name ]][[ brand.name ]]cd", library())
    for start in range(len(composed.text) + 1):
        for end in range(start, len(composed.text) + 1):
            wanted = tuple(span for span in composed.spans if span.start < end and start < span.end)
            assert composed.touching(start, end) == wanted


def test_the_same_library_read_otherwise_compiles_nothing_again(monkeypatch):
    """Each reading is the file's as its own function gives it; what one compiled isn't compiled by the other."""
    text, shared = '[[ tracked("x") ]] [[ prop("Order Id") ]]', library({"macros/a.jinja": MACRO})
    compiled, read = [], []
    compile_ = Environment.compile
    monkeypatch.setattr(Environment, "compile", lambda self, *args: compiled.append(args) or compile_(self, *args))
    first = compile_text(text, shared, NAMES)
    before = len(compiled)
    assert before
    again = compile_text(text, shared.reading(lambda path: read.append(path) or MACRO), NAMES)
    assert (again, read, len(compiled)) == (first, ["macros/a.jinja"], before)
    other = compile_text(text, shared.reading(lambda _: MACRO.replace("to", "at")), NAMES)
    assert (first.text, other.text) == (
        "to x {{triggerEvent.custom['Order Id']}}",
        "at x {{triggerEvent.custom['Order Id']}}",
    )


def test_a_file_is_the_same_one_for_all_who_share_what_is_compiled():
    """What another text read first changes nothing: an include is what it says, and its characters come from it."""
    files = {"a.txt": "A [[ brand.name ]]", "b.txt": "B [[ prop('Order Id') ]]"}
    shared = Library(files.__getitem__, (), BRAND)
    both = compile_text('[% include "a.txt" %] [% include "b.txt" %]', shared, NAMES)
    for order in (("b.txt",), ("a.txt",), ("b.txt", "a.txt")):
        text = " ".join(f'[% include "{path}" %]' for path in order)
        alone = compile_text(text, Library(files.__getitem__, (), BRAND), NAMES)
        assert compile_text(text, shared.reading(files.__getitem__), NAMES) == alone
    assert compile_text('[% include "a.txt" %] [% include "b.txt" %]', shared, NAMES) == both
