"""Whatever a body is made of, reading it ends, within memory of its own and with one mistake at its place."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from deployer.messages import CompileError, Library, LiquidError, RenderError, compile_text, flow, render, scan

RUN = Path(__file__).parent / "bombs" / "run.py"


@pytest.mark.parametrize("language", ["jinja", "liquid"])
def test_heavy_bodies_end(language):
    """If bodies are made to be heavy, each ends by itself in a process with 2 GiB, and none fails unexpectedly."""
    done = subprocess.run([sys.executable, str(RUN), language], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr[-2000:], done.returncode) == ("all ended\n", "", 0)


def no_file(path):
    """Nothing can be included."""
    raise FileNotFoundError(path)


def mistake(work, body):
    """The mistake that a body is refused for, if it is."""
    try:
        work(body)
    except (CompileError, LiquidError, RenderError) as error:
        return error
    return None


PIECES = st.sampled_from(
    [
        *("[[", "]]", "[%", "%]", "[[ ", " ]]", "[% ", " %]", "[[-", "-]]", "{{", "}}", "{%", "%}", "{{ ", " }}"),
        *("if x", "endif", "for i in [1]", "endfor", "set a = 1", "macro m()", "endmacro", "raw", "endraw", "else"),
        *("'x'", "'", '"', "a", "1", "|", "truncate(0)", "upper", "~", "+", "(", ")", "[", "]", ",", ".", ":", "\n"),
        *("brand.name", "prop('a')", "default", "  ", "#", "\\", "é", "\u200b", "include 'x'", "range(3)", "**", "99"),
    ]
)
BODIES = st.lists(PIECES, max_size=14).map("".join)
MANY = settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))


@MANY
@given(BODIES)
@example("[[ ]][[ ]]")
@example("[[]]")
@example("[[ 'x'|truncate(0) ]]")
def test_any_body_compiles_or_is_refused(body):
    """No body reaches an assertion or an exception that isn't a mistake of its author's, with its place."""
    refused = mistake(lambda text: compile_text(text, Library(load=no_file)), body)
    assert refused is None or (refused.message and refused.line >= 1 and refused.column >= 1)


@MANY
@given(BODIES)
def test_any_liquid_is_read_or_refused(body):
    """No composer text reaches an exception that isn't a mistake of its author's, wherever it is read."""
    for work in (scan, lambda text: flow(text, None), lambda text: render(text, {})):
        refused = mistake(work, body)
        assert refused is None or 0 <= refused.offset <= len(body)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("[[ 5|round(-99999999) ]]", "`round` keeps up to 25 digits"),
        ("[[ range(10**6)|groupby('real') ]]", "an expression goes through more than 100,000 elements"),
        ("[[ " + "(" * 5000 + "1" + ")" * 5000 + " ]]", "the text's brackets or tags are nested too deeply to be read"),
        ("[[ 1" + " < 2" * 10_000 + " ]]", "the text has more than 20,000 words and signs between [[ ]] and [% %]"),
        ("[[ dict(" + "a=1," * 5000 + ") ]]", "the text has more than 20,000 words and signs between [[ ]] and [% %]"),
        ("[% include 'a' %]", "macros or includes call each other without end"),
    ],
)
def test_what_is_too_much_is_named(body, message):
    """The mistake says what was too much, not how the machine noticed."""
    refused = mistake(lambda text: compile_text(text, Library(load=lambda _: body)), body)
    assert refused is not None
    assert refused.message == message
