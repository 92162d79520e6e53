"""What holds for every view: width and colours on a terminal, fences in markdown, and users' text that does nothing."""

import itertools
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.engine.changes import (
    Action,
    ApiChange,
    FieldChange,
    ForgetChange,
    MoveChange,
    PersonChange,
    PropertyHold,
    Provenance,
    Reason,
    RecordChange,
)
from deployer.engine.checklist import Checklist, LaunchStep
from deployer.engine.drift import Drift
from deployer.engine.plan import Mode, Note, Plan
from deployer.engine.report import ApplyReport, Outcome, Status
from deployer.engine.tasks import OpenTask
from deployer.kinds.base import Instruction
from deployer.state.model import TaskRecord
from deployer.views.drift import drift_text
from deployer.views.outline import Run, Tone, entry
from deployer.views.plan import plan_markdown, plan_text
from deployer.views.problems import cell_width
from deployer.views.report import report_markdown, report_text
from deployer.views.status import status_text
from deployer.views.tasks import tasks_markdown, tasks_text
from deployer.views.terminal import cut, write

ESCAPE = re.compile("\x1b\\[[0-9;]*m")
FENCE = re.compile(r" *(`{3,})(?:diff)?")

any_text = st.text(st.characters(), max_size=90)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)
field_changes = st.builds(FieldChange, any_text, values, values, st.sampled_from(Provenance))
tasks = st.builds(TaskRecord, id=any_text, token=any_text, title=any_text, slot=any_text, value=values, note=any_text)
common = {
    "address": any_text,
    "kind": any_text,
    "fields": st.lists(field_changes, max_size=3).map(tuple),
    "blocked": any_text,
}
api_changes = st.builds(
    ApiChange,
    **common,
    action=st.sampled_from([Action.CREATE, Action.UPDATE, Action.DELETE, Action.SEND, Action.ADOPT]),
    reason=st.sampled_from([Reason.NEW, Reason.CHANGED, Reason.GONE]),
    before=st.dictionaries(any_text, values, max_size=2),
    irreversible=any_text,
)
person_changes = st.builds(
    PersonChange,
    **common,
    action=st.sampled_from([Action.CREATE, Action.UPDATE, Action.DELETE]),
    reason=st.sampled_from([Reason.NEW, Reason.CHANGED, Reason.REMOVED]),
    tasks=st.lists(tasks, max_size=2).map(tuple),
    withdrawn=st.dictionaries(any_text, any_text, max_size=2),
    before=st.dictionaries(any_text, values, max_size=2),
    irreversible=any_text,
)
record_changes = st.builds(RecordChange, **common, reason=st.sampled_from([Reason.PROTECT, Reason.RECORD]))
move_changes = st.builds(MoveChange, **common, old_address=any_text)
forget_changes = st.builds(ForgetChange, **common, reason=st.sampled_from([Reason.FORGOTTEN, Reason.REMOVED]))
holds = st.builds(
    PropertyHold, **common, by=st.sampled_from(["api", "person"]), waits_for=st.lists(any_text, max_size=2).map(tuple)
)
changes = api_changes | person_changes | record_changes | move_changes | forget_changes | holds
plans = st.builds(
    Plan,
    environment=any_text,
    mode=st.sampled_from(Mode),
    lineage=st.just(""),
    config=st.just(""),
    changes=st.lists(changes, max_size=3).map(tuple),
    waiting=st.lists(tasks, max_size=2).map(tuple),
    notes=st.lists(st.builds(Note, any_text, any_text, any_text), max_size=2).map(tuple),
)
outcomes = st.builds(Outcome, changes, st.sampled_from(Status), any_text, any_text)
reports = st.builds(ApplyReport, any_text, st.lists(outcomes, max_size=3).map(tuple), problem=any_text, hint=any_text)
steps = st.builds(
    LaunchStep, st.just(1), any_text, st.sampled_from(["done", "open", "unknown"]), st.lists(any_text).map(tuple)
)
drifts = st.lists(
    st.builds(
        Drift,
        any_text,
        st.sampled_from(["same", "changed", "gone", "unknown"]),
        st.lists(field_changes, max_size=3).map(tuple),
        any_text,
    ),
    max_size=3,
)
shown = st.one_of(
    plans.map(lambda plan: lambda **how: plan_text(plan, **how)),
    plans.map(lambda plan: lambda **how: plan_text(plan, verbose=True, **how)),
    reports.map(lambda report: lambda **how: report_text(report, **how)),
    st.lists(steps, max_size=3).map(lambda found: lambda **how: status_text(Checklist("e", tuple(found)), **how)),
    drifts.map(lambda found: lambda **how: drift_text(found, environment="production", **how)),
)
blocks = st.tuples(st.sampled_from(["step", "note", "field"]), any_text, any_text)
open_tasks = st.builds(
    OpenTask,
    tasks,
    st.builds(Instruction, any_text, st.lists(blocks, max_size=4).map(tuple)),
    st.lists(any_text).map(tuple),
)


@given(shown, st.integers(40, 120))
def test_no_line_is_wider_than_the_terminal(show, width):
    """Whatever the values hold, every line fits, but for commands to copy."""
    lines = show(color=False, width=width).split("\n")
    assert all(cell_width(line) <= width for line in lines if not line.strip().startswith("deployer "))


@given(st.lists(open_tasks, max_size=3), st.integers(40, 120))
def test_no_line_of_a_task_is_wider_than_the_terminal(found, width):
    """Steps, fields and notes fit; commands to copy are never wrapped."""
    lines = tasks_text(found, environment="production", width=width).split("\n")
    assert all(cell_width(line) <= width for line in lines if not line.startswith("  deployer confirm "))


@given(shown)
def test_users_text_does_nothing_to_the_terminal(show):
    """No control, format or surrogate character is shown as it is, and without colour there is no escape sequence."""
    text = show(color=False, width=80)
    unseen = {character for character in text if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert unseen <= set("\n\u200c\u200d")


@given(shown)
def test_colour_says_nothing_that_words_do_not(show):
    """With the colours taken away, the coloured text is the plain one."""
    assert ESCAPE.sub("", show(color=True, width=80)) == show(color=False, width=80)


@given(
    plans.map(plan_markdown)
    | reports.map(report_markdown)
    | st.lists(open_tasks, max_size=3).map(lambda found: tasks_markdown(found, environment="production"))
)
def test_markdown_closes_its_fences(text):
    """Every fenced block ends, and nothing outside of one is HTML or unseen."""
    fence, outside = "", []
    for line in text.split("\n"):
        found = FENCE.fullmatch(line)
        if fence:
            fence = "" if found and found[1] == fence else fence
        elif found:
            fence = found[1]
        else:
            outside.append(line)
    assert not fence
    prose = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", "\n".join(outside))
    assert not re.search(r"(?<!\\)(\\\\)*<", prose)
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in prose.replace("\n", ""))


@given(st.lists(st.tuples(st.text("ab \N{EM DASH}", max_size=30), st.sampled_from(Tone)), max_size=12), st.booleans())
def test_a_paragraph_is_the_same_however_it_is_toned(parts, color):
    """Rows are those of the whole text: where its runs begin and end, and which tones they have, changes none."""
    runs = entry(*(Run(text, tone) for text, tone in parts))
    whole = entry(Run("".join(text for text, _ in parts)))
    assert ESCAPE.sub("", write([runs], color=color, width=40)).rstrip(" ") == write([whole], color=False, width=40)


@given(any_text, st.integers(2, 40), st.integers(2, 40))
def test_pieces_of_a_text_are_the_text(text, first, room):
    """Cutting loses nothing, and only a space at the end of a piece hangs over."""
    pieces = list(cut(text, first, room))
    assert "".join(pieces) == text
    limits = [first, *[room] * len(pieces)]
    assert all(cell_width(piece.removesuffix(" ")) <= limit for piece, limit in zip(pieces, limits, strict=False))


@given(st.text("a\N{EM DASH}\N{COMBINING ACUTE ACCENT}\N{CJK UNIFIED IDEOGRAPH-4E00}", max_size=60), st.integers(2, 12))
def test_a_piece_holds_as_much_as_fits(text, room):
    """If a text has no space, no character of a piece would have fitted into the one before, whatever their widths."""
    pieces = list(cut(text, room, room))
    assert all(cell_width(piece + following[0]) > room for piece, following in itertools.pairwise(pieces))


@pytest.mark.parametrize("color", [True, False])
def test_a_plan_has_colour_only_where_it_is_asked_for(plan, color):
    """Escape sequences are there with colour and absent without."""
    assert bool(ESCAPE.search(plan_text(plan, color=color))) is color
