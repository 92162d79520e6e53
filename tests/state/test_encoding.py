"""State files: sorted text that people can read, and what isn't a state is refused."""

import json
from pathlib import Path

import pytest

from deployer.state import FORMAT, Entry, OtherEnvironmentError, State, StateError, UnreadableError, open_backend


def open_file(folder, name="state.json", environment="staging"):
    """Open a state file in a folder."""
    return open_backend(f"file:{name}", root=Path(folder), environment=environment)


def test_the_file_is_sorted_indented_text(tmp_path):
    """The file is UTF-8 as people read it, keys sorted, a newline at the end: a diff shows what changed and no more."""
    state = State("staging", lineage="l").with_entry("webhook.b", Entry("Webhook", "api", fields={"z": "é", "a": 1}))
    open_file(tmp_path).write(state.with_entry("segment.a", Entry("Segment", "api")), expected_serial=0)
    text = (tmp_path / "state.json").read_text(encoding="utf-8")
    assert text == json.dumps(json.loads(text), sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert text.index("segment.a") < text.index("webhook.b")
    assert '"é"' in text


def test_half_a_surrogate_pair_survives(tmp_path):
    """If an answer held a character that UTF-8 doesn't have, the state is written and read all the same."""
    state = State("staging").with_entry("segment.a", Entry("Segment", "api", fields={"name": "\ud83d!"}))
    written = open_file(tmp_path).write(state, expected_serial=0)
    assert open_file(tmp_path).read() == written


def test_a_number_that_json_does_not_have_is_refused(tmp_path):
    """If a value can't be written so that everybody can read it, nothing is written."""
    state = State("staging").with_entry("segment.a", Entry("Segment", "api", fields={"share": float("nan")}))
    with pytest.raises(StateError, match="can't be stored"):
        open_file(tmp_path).write(state, expected_serial=0)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "isn't JSON"),
        (b'{"format": 1,', "isn't JSON: .* line 1"),
        (b'{\n<<<<<<< ours\n"format": 1}', "isn't JSON: .* line 2"),
        (b"\xff\xfe{}", "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b'{"format": 1, "format": 1}', "`format` is there twice"),
        (b'{"format": ' + b"9" * 5000 + b"}", "a number of 5000 digits is too large$"),
        (b"[]", "shape of a state"),
        (b"null", "shape of a state"),
        (b"{}", "shape of a state"),
        (b'{"format": "1"}', "shape of a state"),
        (b'{"format": 0}', "shape of a state"),
        (b'{"format": 1, "environment": "staging", "lineage": "l", "serial": 1, "entries": []}', "shape of a state"),
        (b'{"format": 1, "environment": "staging", "lineage": "l", "serial": 1, "entries": {"a": 1}}', "shape of"),
        (b'{"format": 1, "environment": "staging", "lineage": "l", "serial": 1, "entries": {"a": {"x": 1}}}', "shape"),
    ],
)
def test_what_is_no_state_is_refused(tmp_path, content, match):
    """If the file is damaged, reading and writing say so, and the file stays as it is."""
    (tmp_path / "state.json").write_bytes(content)
    backend = open_file(tmp_path)
    with pytest.raises(UnreadableError, match=match) as caught:
        backend.read()
    assert "version control or a backup" in caught.value.hint
    assert "file:state.json" in caught.value.message
    with pytest.raises(UnreadableError):
        backend.write(State("staging"), expected_serial=0)
    assert (tmp_path / "state.json").read_bytes() == content


def test_a_later_format_is_refused(tmp_path):
    """If a later version of deployer wrote the file, the message says to use that version."""
    (tmp_path / "state.json").write_text(json.dumps(State("staging").to_json() | {"format": FORMAT + 1}))
    with pytest.raises(UnreadableError, match=f"format {FORMAT + 1}") as caught:
        open_file(tmp_path).read()
    assert "version of deployer" in caught.value.hint


def test_the_state_of_another_environment_is_refused(tmp_path):
    """If the file is the state of another environment, it is neither read nor written over."""
    written = open_file(tmp_path).write(State("staging"), expected_serial=0)
    other = open_file(tmp_path, environment="production")
    with pytest.raises(OtherEnvironmentError, match="belongs to `staging`"):
        other.read()
    with pytest.raises(OtherEnvironmentError):
        other.write(State("production", lineage=written.lineage), expected_serial=1)
    with pytest.raises(OtherEnvironmentError):
        other.write(written, expected_serial=1)
    assert open_file(tmp_path).read() == written
