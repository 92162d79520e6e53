"""The table of channels: schemas have the same ones, and each channel's facts fit together."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

from deployer.kinds.channels import Channel, all_parts, facts

SCHEMAS = Path(__file__).resolve().parents[2] / "schemas"


def schema(name):
    """A schema by its name."""
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["message", "opt_in_source"])
def test_schemas_have_the_same_channels(name):
    """What a declaration may say is what the table has."""
    assert set(schema(name)["properties"]["channel"]["enum"]) == set(Channel)


def test_each_channel_has_a_step():
    """A journey may send on every channel of the table, and on no other."""
    step = schema("journey")["$defs"]["step"]
    steps = {facts(channel).step for channel in Channel}
    assert steps == {name for name in step["properties"] if name.startswith("send_")}
    assert steps <= {one["required"][0] for one in step["oneOf"]}


@pytest.mark.parametrize("channel", Channel)
def test_what_stands_for_a_message_is_a_part_of_it(channel):
    """The lead and what is pasted are parts, which a message may declare."""
    names = [part.name for part in facts(channel).parts]
    assert {facts(channel).lead, facts(channel).pasted} <= set(names)
    assert set(names) <= set(schema("message")["properties"])
    assert {part.field for part in facts(channel).parts} <= set(all_parts())


def test_no_room_has_a_table_of_channels_of_its_own():
    """What differs by channel is in the one table, or decided where mypy names a new one: no dict is keyed by it."""
    own = []
    for path in (SCHEMAS.parent / "deployer").rglob("*.py"):
        dicts = [node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Dict)]
        own += [path.name for one in dicts if any(ast.unparse(key).startswith("Channel.") for key in one.keys if key)]
    assert own == []
