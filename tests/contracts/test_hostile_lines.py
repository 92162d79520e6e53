"""What many lines are decoded to at once is what each is decoded to by itself, whatever the lines hold."""

from __future__ import annotations

import json
import subprocess
import sys
from io import BufferedReader, BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deployer.contracts import batches, captured
from deployer.contracts.batches import decoded
from deployer.contracts.captured import Capture
from deployer.contracts.strict_json import DEEPEST

KEYS = st.sampled_from(["a", "b", "a:", '":', "", "é", "\\u0061", "\\u003a", "\\u003A", 'a\\"', "a\\u003a", "\\\\"])
"""Keys as they are written, some of them in two ways."""

NUMBERS = st.sampled_from(
    [
        *("0", "-0", "-0.0", "01", "1.", ".5", "+1", "1e5", "1E+5", "1e-400", "1e400", "-1e400", "0x10", "1_000"),
        *("NaN", "Infinity", "-Infinity", "nan", "9007199254740993", "9007199254740993.0", "-9007199254740993"),
        *("9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809"),
        *("18446744073709551615", "18446744073709551616", "9" * 30, "9" * 309, "9" * 400, "1.7976931348623159e308"),
        *("2.4703282292062327208e-324", "0.1000000000000000055511151231257827", "123456789012345678.5e-3"),
    ]
) | st.floats(allow_nan=False).map(repr)
TEXTS = st.sampled_from(
    [
        *("x", ":", '\\":', "\\u0000", "\\ud83d", "\\ude00", "\\ud83d\\ude00", "\\uD83Dx", "\\\\ud83d", "\\\\u003a"),
        *(
            "\\u003a",
            "\\/",
            "\\x",
            "\\u12",
            "\t",
            "\x00",
            "\x1f",
            "\x7f",
            "\u2028",
            "\ufeff",
            "é😀",
            "1" * 19,
        ),
        *("{[" * 150, "}]", ",", "x" * 3000, "9" * 40, "\udcff", "\udced\udca0\udc80", "\udcc0\udc80"),
    ]
)
"""What is between two quotes, as it is written; a lone surrogate is a byte that isn't UTF-8."""

SPACES = st.sampled_from(["", "", "", " ", "\t", "\r", " \r ", "\x0b", "\u00a0", "\u2028", "\ufeff"])


def around(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Lists and objects as they are written, some of them badly."""
    pairs = st.tuples(KEYS, SPACES, SPACES, inner).map(lambda made: f'"{made[0]}"{made[1]}:{made[2]}{made[3]}')
    comma = st.sampled_from([",", ", ", ",", " ,", ",,", ""])
    end = st.sampled_from(["", "", "", ",", " "])
    lists = st.tuples(st.lists(inner, max_size=3), comma, end).map(lambda made: f"[{made[1].join(made[0])}{made[2]}]")
    objects = st.tuples(st.lists(pairs, max_size=3), comma, end).map(lambda m: f"{{{m[1].join(m[0])}{m[2]}}}")
    return lists | objects


SCALARS = NUMBERS | TEXTS.map(lambda text: f'"{text}"') | st.sampled_from(["true", "false", "null", "True", "'a'", ""])
WRITTEN = st.recursive(SCALARS, around, max_leaves=6)
SOUND = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text('ab:"é\\', max_size=2), inner, max_size=3),
    max_leaves=6,
)
DEEP = st.tuples(
    st.sampled_from(['{"a":', "[", '[{"b":']), st.sampled_from([99, 100, 101, DEEPEST, DEEPEST + 1, 300, 1200])
).map(lambda made: _nested(*made))
LINES = st.one_of(
    WRITTEN,
    WRITTEN,
    st.builds(json.dumps, SOUND, ensure_ascii=st.booleans()),
    st.builds(lambda value: json.dumps(value, separators=(",", ":")), SOUND),
    st.tuples(WRITTEN, st.sampled_from(["", " ", ",", ",1111111111111111111,", "\r"]), WRITTEN).map("".join),
    st.tuples(SPACES, WRITTEN, SPACES).map("".join),
    st.sampled_from(["[", "]", "{", "}", '{"a":', '"', "//x", "", " ", "\r", "1" * 19]),
    DEEP,
)


def _nested(opening: str, number: int) -> str:
    closing = "".join({"{": "}", "[": "]"}[sign] for sign in reversed(opening) if sign in "{[")
    return opening * number + "1" + closing * number


def _items(data: bytes) -> list[str]:
    """Everything that is in a capture: what prints alike is alike, with the kind and the sign of each number."""
    return [repr(item) for item in Capture(BufferedReader(BytesIO(data)))]


@given(st.lists(LINES, min_size=1, max_size=6), st.booleans())
@example(['{"a":1}', '{"a":1,"a":2}'], True)
@example(['{"a":1}', '{"a":1,"\\u0061":":"}'], True)
@example(['{"a":"\\u003a","a":2}'], True)
@example(['{"a":{"b":1,"b":2},"c":"\\u003a"}'], True)
@example(['{"a" : 1, "a": ":"}'], True)
@example(['{"a":1}, 1111111111111111111, {"b":2}', '{"c":[1', "2]}"], True)
@example(['{"a":1},{"b":2},5', '{"c":[1', "2]}"], True)
@example(['"\\u0000"', '{"\\u0000":1}'], True)
@example(["\ufeff{}", '{"a":"\ufeff"}', "", '"\udcff"', '"\udced\udca0\udc80"'], True)
@example(["18446744073709551616", "-0", "-0.0", "-9223372036854775809"], True)
def test_hostile_lines_are_what_each_is_by_itself(lines, ends) -> None:
    """Values, kinds of numbers, refusals and their places are those of lines that are decoded one by one."""
    data = ("\n".join(["{}", *lines]) + "\n" * ends).encode("utf-8", "surrogateescape")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH", 60)
        patch.setattr(captured, "PAYS", 0)
        at_once = _items(data)
        patch.setattr(captured, "decoded", lambda _lines: None)
        one_by_one = _items(data)
    assert at_once == one_by_one


def test_without_msgspec_lines_are_read_one_by_one(monkeypatch) -> None:
    """Where there is no msgspec the same payloads come, each by itself."""
    monkeypatch.setattr(captured, "PAYS", 0)
    data = b'{"a": 1}\n{"a": 1, "a": 2}\n[1.5]\n'
    with_it = _items(data)
    monkeypatch.setitem(sys.modules, "msgspec", None)
    batches._codec.cache_clear()
    try:
        assert decoded(data[:9]) is None
        assert _items(data) == with_it
    finally:
        batches._codec.cache_clear()


@pytest.mark.parametrize(("number", "loaded"), [(3, False), (3000, True)])
def test_msgspec_is_loaded_for_many_lines_only(number, loaded, tmp_path) -> None:
    """A capture of a few lines isn't made to wait for it."""
    (tmp_path / "captured.ndjson").write_text('{"a": 1}\n' * number, encoding="utf-8")
    code = (
        "import sys; from deployer.contracts.captured import Capture; "
        "list(Capture(open('captured.ndjson', 'rb', 65536))); print('msgspec' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(loaded)
