"""Why a text isn't YAML, in words: the usual slips by name, anything else as the parser says it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from deployer.dataclass import dataclass
from deployer.source.characters import UNSEEN, named
from deployer.source.documents import quoted
from deployer.source.hint import Correction, Hint

if TYPE_CHECKING:
    from deployer.source.problems import Problem
    from deployer.source.source_file import SourceFile

_BRACES = re.compile(r"^(?P<lead>\s*(?:- +)*(?:[^\s#'\"{\[|>-][^#'\"]*?:\s+)?)(?P<braces>\{\{|\[\[|\{%|\[%)")
_COMMENT = re.compile(r"\s#")
_PAIR = re.compile(r"^\s*(?:- +)*(?P<key>[^\s#'\"{\[][^#'\"]*?):\s+(?P<value>\S.*?)\s*(?:\s#.*)?$")
_HALF = re.compile(r".{0,3}?(\\u[dD][89a-fA-F][0-9a-fA-F]{2})")
_SWALLOWED = re.compile(
    r"""^(?P<before>(?:[^"'#]|(?<=\S)#|"(?:\\.|[^"\\])*"|'(?:''|[^'])*')*?)(?<=\s)(?P<tail>#.*[\]}])\s*$"""
)
"""A line whose comment, outside of quotes, holds what would close braces."""
_NO_BLANK = re.compile(r"^\s*(?:- +)*(?P<key>[A-Za-z_]\w*):(?P<value>[^ \t:/].*)$")
_LAST_WORDS = re.compile(r"(?<![^\s{\[,])[^\s{\[,:\"'][^{}\[\],:\"']*(?<!\s)(?=\s*\Z)")
"""What is in front of a comment in braces, up to the last sign that parts values."""

_END_IN_BRACES = re.compile(r"\s*[,\]}]")
_KEY_CUT = re.compile(
    r"^\s*(?:- +)*(?P<key>[^\s#'\"{\[|>&*!%@`-][^:#]*?)[ \t]+(?P<tail>#(?:[^:\s][^:]*)?(?=:(?:\s|$))|#[^:]*(?=:\s*$))"
)

_PARSER_WORDS = (
    ("an alias", "a text can't begin with `*`, which repeats a named value", "put it in quotes"),
    ("an anchor", "a text can't begin with `&`, which names a value", "put it in quotes"),
    ("a block scalar", "after `|` or `>` the text begins on the next line", "put it in quotes, or on the next line"),
    ("node content", "a value was expected here", "close the brackets above; quote a text that begins with a sign"),
    ("<document start>", "after `...` the next document must begin with `---`", "write `---` between documents"),
    ("incompatible YAML document", "this version of YAML isn't known", "remove the `%YAML` line"),
)
"""Words of the parser, and what is said instead: message and hint."""


@dataclass(frozen=True, slots=True)
class _Failure:
    """A parser's error: what it says and where, lines and columns from 1 (0: it doesn't say)."""

    file: SourceFile
    problem: str
    line: int
    column: int
    context: str
    context_line: int
    context_column: int

    def at(self, rule: str, place: tuple[int, int], message: str, hint: str, length: int = 1) -> Problem:
        return self.file.problem("yaml/" + rule, message, *place, hint=hint, length=length)

    @property
    def here(self) -> tuple[int, int]:
        return self.line, self.column

    @property
    def opened(self) -> tuple[int, int]:
        """Where the construct that failed began."""
        return self.context_line, self.context_column


def syntax_problem(file: SourceFile, error: yaml.YAMLError) -> Problem:
    """Find the one problem that a failed parse is about."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return file.problem("yaml/syntax", f"this isn't YAML: {error}", 1, 1, hint="see the YAML page of the manual")
    there = error.context_mark
    line, column = _within(file, error.problem_mark)
    failure = _Failure(
        file,
        error.problem or "",
        line,
        column,
        error.context or "",
        there.line + 1 if there else 0,
        there.column + 1 if there else 0,
    )
    problem = (
        _tab(failure)
        or _braces(failure)
        or _no_blank(failure)
        or _unquoted_colon(failure)
        or _comment_in_braces(failure)
        or _comment_in_key(failure)
        or _other(failure)
    )
    return _with_unseen(failure, problem)


def _with_unseen(failure: _Failure, problem: Problem) -> Problem:
    """Name a character that can't be seen on the line of the failure: it may well be the reason."""
    line = failure.file.line(problem.position.line)
    unseen = UNSEEN.search(line)
    if unseen is None:
        return problem
    message = f"{problem.message}; the line holds {named(unseen.group())} in column {unseen.start() + 1}"
    return replace(problem, message=message, hint=f"delete that character, or {problem.hint}")


def _comment_in_braces(failure: _Failure) -> Problem | None:
    """Find a comment that swallows the end of a mapping or list in braces: `{name: Order #2}`."""
    if "flow" not in failure.context:
        return None
    for number in dict.fromkeys((failure.context_line, failure.line, failure.line - 1)):
        match = _SWALLOWED.match(failure.file.line(number))
        if match and failure.context_line <= number:
            place = (number, match.end("before") + 1)
            message = f"` #` begins a comment, so that `{match['tail'].strip()}` isn't read"
            hint = _quote_with_tail(match["before"], match["tail"])
            return failure.at("syntax", place, message, hint, len(match["tail"]))
    return None


def _quote_with_tail(before: str, tail: str) -> str:
    """The hint to quote the words in front of a comment with those of the comment that belong to them."""
    words = _LAST_WORDS.search(before)
    if words is None:
        return "quote a text that holds ` #`"
    return f"quote the text: `{quoted(f'{words[0]} {_END_IN_BRACES.split(tail)[0]}'.strip())}`"


def _comment_in_key(failure: _Failure) -> Problem | None:
    """Find a key that lost its end, and its colon, to a comment: `ref #1: x`."""
    for number in (failure.line, failure.line - 1, failure.context_line):
        match = _KEY_CUT.match(failure.file.line(number)) if number else None
        if match:
            whole = f"{match['key']} {match['tail']}"
            message = f"` #` begins a comment, so that only `{match['key']}` of this key is read, and no colon"
            hint = f"quote the key: `{quoted(whole)}:`"
            return failure.at("syntax", (number, match.start("tail") + 1), message, hint, len(match["tail"]))
    return None


def _within(file: SourceFile, mark: yaml.Mark | None) -> tuple[int, int]:
    """Give line and column of a mark; one behind the last text is at that text's end."""
    if mark is None:
        return 1, 1
    lines = file.lines()
    if any(line.strip() for line in lines[mark.line :]):
        return mark.line + 1, mark.column + 1
    last = max((number for number, line in enumerate(lines, 1) if line.strip()), default=1)
    return last, len(file.line(last)) + 1


def _tab(failure: _Failure) -> Problem | None:
    text = failure.file.line(failure.line)
    indentation = text[: len(text) - len(text.lstrip())]
    if "\t" not in indentation:
        return None
    column = indentation.index("\t") + 1
    message = "a tab can't indent YAML"
    return failure.at("tab", (failure.line, column), message, "use spaces; most editors convert tabs on request")


def _braces(failure: _Failure) -> Problem | None:
    """Find a value that begins with a macro: on the line of the error, or on the line where its braces opened."""
    lines = [failure.line, failure.context_line if "flow" in failure.context else 0, failure.line - 1]
    for line in lines:
        match = _BRACES.match(failure.file.line(line))
        if match and (line == failure.line or match["lead"].strip()):
            message = f"a value that begins with `{match['braces']}` must be quoted"
            column = match.start("braces") + 1
            hint = in_quotes(failure.file, line, column, "put it in quotes, or on the next line after `|`")
            return failure.at("unquoted-braces", (line, column), message, hint, length=2)
    return None


def in_quotes(file: SourceFile, line: int, column: int, hint: str) -> Hint:
    """A hint to quote a value that begins there; a program can do it where the value is the rest of one line."""
    text = file.line(line)
    lead, words = text[: column - 1], text[column - 1 :].rstrip()
    below = next((following for following in file.lines()[line:] if following.strip()), "")
    goes_on = bool(below) and len(below) - len(below.lstrip()) > len(lead) - len(lead.lstrip(" -"))
    alone = not goes_on and not any(sign in lead for sign in "{[") and not _COMMENT.search(words)
    return Hint(hint, *([Correction(words, quoted(words))] if alone else []))


def _no_blank(failure: _Failure) -> Problem | None:
    """Find a key without a blank behind its colon, which is a text to YAML: `body:Hi`."""
    if not ("mapping values" in failure.problem or "':'" in failure.problem):
        return None
    for number in dict.fromkeys((failure.line, failure.context_line, failure.line - 1)):
        match = _NO_BLANK.match(failure.file.line(number)) if number else None
        if match:
            place = (number, match.start("key") + 1)
            message = f"a blank is missing behind the colon of `{match['key']}:`"
            hint = f"write `{match['key']}: {match['value'].strip()}`"
            return failure.at("syntax", place, message, hint, len(match["key"]) + 1)
    return None


def _unquoted_colon(failure: _Failure) -> Problem | None:
    if not failure.problem.startswith("mapping values are not allowed"):
        return None
    pair = _PAIR.match(failure.file.line(failure.line))
    if pair and pair.start("value") < failure.column:
        message = f"the value of `{pair['key']}` holds `: `, which would begin another pair"
        right = quoted(pair["value"])
        quote = Hint(f"quote it: `{pair['key']}: {right}`", Correction(pair["value"], right))
        place = (failure.line, pair.start("value") + 1)
        return failure.at("mapping-value-unquoted", place, message, quote, len(pair["value"]))
    message = "expected the rest of the value above, but found a key with a value"
    hint = "align it with its siblings, or quote the value above"
    return failure.at("syntax", failure.here, message, hint)


def _other(failure: _Failure) -> Problem:
    """Name errors that need a word of their own, and the parser's words for the rest."""
    for begin in (_unclosed, _bad_start, _quote, _indentation):
        problem = begin(failure)
        if problem is not None:
            return problem
    for words, message, hint in _PARSER_WORDS:
        if words in failure.problem or words in failure.context:
            return failure.at("syntax", failure.here, message, hint)
    where = f" {failure.context}" if failure.context else ""
    message = f"this isn't YAML:{where}{',' if where else ''} {failure.problem}"
    return failure.at("syntax", failure.here, message, "quote a text that holds special characters")


def _unclosed(failure: _Failure) -> Problem | None:
    if "flow" not in failure.context:
        return None
    bracket = failure.file.line(failure.context_line)[failure.context_column - 1 : failure.context_column]
    if bracket not in ("{", "["):
        return None
    message = f"the `{bracket}` isn't closed, or a comma is missing on line {failure.line}"
    hint = f"close it, or quote a text that begins with `{bracket}`"
    return failure.at("syntax", failure.opened, message, hint)


def _bad_start(failure: _Failure) -> Problem | None:
    if "cannot start any token" not in failure.problem:
        return None
    character = failure.file.line(failure.line)[failure.column - 1 : failure.column]
    message = f"a value can't begin with `{character}`" if character != "`" else "a value can't begin with a backtick"
    return failure.at("syntax", failure.here, message, "put it in quotes")


def _quote(failure: _Failure) -> Problem | None:
    if "quoted scalar" not in failure.context:
        return None
    half = _HALF.match(failure.file.line(failure.line), max(0, failure.column - 3))
    if half:
        message = f"`{half.group(1)}` is half of a character, and its other half isn't beside it"
        place = (failure.line, half.start(1) + 1)
        return failure.at("syntax", place, message, "write the character itself, or both halves", length=6)
    if "Unicode" in failure.problem:
        message = "this escape names no character"
        return failure.at("syntax", failure.here, message, "write the character itself, or `\\UXXXXXXXX`")
    if "escape" in failure.problem:
        message = "double quotes contain an escape that YAML doesn't know"
        return failure.at("syntax", failure.here, message, "double the backslash, or use single quotes")
    return failure.at("syntax", failure.opened, "the quote that opens here is never closed", "close it")


def _indentation(failure: _Failure) -> Problem | None:
    if "did not find expected key" in failure.problem or "expected <block end>" in failure.problem:
        message = f"`key: value` was expected here, in the mapping that begins on line {failure.context_line}"
        hint = "check the indentation, and quote a text that goes on after its closing quote"
    elif "find expected ':'" in failure.problem:
        message, hint = "`key: value` was expected, but a colon is missing", "write `key: value`"
        return failure.at("syntax", failure.opened if failure.context_line else failure.here, message, hint)
    else:
        return None
    return failure.at("syntax", failure.here, message, hint)
