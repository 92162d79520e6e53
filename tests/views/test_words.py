"""Word diffs on a terminal."""

import json

from hypothesis import given
from hypothesis import strategies as st

from deployer.app.absorbing import Absorption
from deployer.messages import word_diff
from deployer.source import Position, Problem
from deployer.views.words import absorption_json, absorption_text, diff_lines

OLD = "Hello\n\nyour order is here.\nIt was left\u00a0at the door.\n\nBye\nUs"
NEW = "Hello\n\nyour parcel\nis here.\tIt was left at the  door.\n\nBye\nUs"


def _absorption(**more):
    return Absorption("message.shipped_text", "body", "messages/parcels.yaml", word_diff(OLD, NEW), **more)


def test_a_difference_reads_well(golden):
    """What went and came stands between marks, white space that changed is shown, the rest is left out."""
    problem = Problem(
        "absorb/not-own-words", "“a” can't become “b” here", Position("macros/a.jinja", 1, 3), excerpt="  a"
    )
    golden(
        "absorb.txt",
        "\n\n".join(
            [
                absorption_text(_absorption(written=True, also=("message.shipped_text body in production",))),
                absorption_text(_absorption(refused=(problem,))),
                absorption_text(_absorption()),
                absorption_text(Absorption("message.a", "body", "a.yaml", word_diff("a", "a"))),
            ]
        ),
    )


def test_colour_repeats_what_the_marks_say():
    """Without its escapes the coloured text is the plain one."""
    colored = absorption_text(_absorption(), color=True)
    for code in ("0", "1", "2", "31", "32", "33"):
        colored = colored.replace(f"\x1b[{code}m", "")
    assert colored == absorption_text(_absorption())


def test_a_difference_as_json():
    """The JSON has every piece, so that a program can show it its own way."""
    data = json.loads(absorption_json(_absorption(written=True)))
    assert (data["version"], data["changed"], data["written"]) == (1, True, True)
    assert "".join(piece["text"] for piece in data["diff"] if piece["op"] != "gone") == NEW


TEXTS = st.text("ab \n\t\u00a0.", max_size=12)


@given(TEXTS, TEXTS)
def test_every_change_is_shown(old, new):
    """Whatever changed, something between marks is shown; where nothing did, nothing is."""
    said = "".join(run.text for one in diff_lines(word_diff(old, new)) for run in one.text)
    assert ("[-" in said or "{+" in said) == (old != new)
