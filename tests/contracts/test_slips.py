"""What isn't JSON is named in words, with what to do about it, by `check` and `infer` alike."""

from __future__ import annotations

import json

import pytest

import deployer
from deployer.errors import UsageError

SLIPS = {
    '{"a": 1,}': "leave out the comma|leave the comma out",
    '{"a": [1,]}': "leave out the comma|leave the comma out",
    "{'a': 1}": "double quotes",
    "{a: 1}": "double quotes",
    '{"a": None}': "small letters",
    '{"a": 1 // the first\n}': "comment",
    '# the first\n{"a": 1}': "comment",
    '{"a" 1}': "colon",
    '{"a": 1 "b": 2}': "comma or a bracket",
    '{"a": "C:\\x"}': "backslash",
    '{"a": "b\tc"}': "U+0009|a tab as",
    '{"a": 1}{"a": 2}': "one payload a line",
    '{"a": 1},\n{"a": 2},': "without commas between them",
    '2026-11-27 {"a": 1}': "what a log wrote",
    '{"a": 1} done': "end the line",
    '{"a": "b': "cut off",
    '{"a":\xa01}': "U+00A0",
    '{"a": 1}\u2028{"a": 2}': "U+2028",
    '\x1e{"a": 1}': "U+001E",
    '\ufeff{"a": 1}\n{"a": 2}'.encode("utf-16"): "UTF-16",
}


@pytest.mark.parametrize("written", SLIPS)
def test_a_slip_says_what_to_do(written, tmp_path, check) -> None:
    """The violation of the first line has its place and the mend."""
    path = tmp_path / "captured.ndjson"
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    first = check(path).findings[0]
    assert (first.fault.kind, first.line) == ("not-json", 1)
    assert any(words in f"{first.fault.message}; {first.fault.hint}" for words in SLIPS[written].split("|"))


def test_infer_says_where_the_first_fault_is(tmp_path, shop) -> None:
    """Of a capture in which nothing is a payload, `infer` gives file, line and column, as `check` does."""
    path = tmp_path / "captured.ndjson"
    path.write_text("\n" + json.dumps({"v": "cut \ud83d"}) + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"captured\.ndjson:2:7: this text holds half of a character"):
        deployer.infer_events(
            deployer.load(shop), None, deployer.payload_files([str(path)]), deployer.Wish(type="Order Paid")
        )
