"""Every format that a state was ever written in: ``formats/N/*.json``. Adding a case is adding a file."""

import json
from pathlib import Path

import pytest

from deployer.state import FORMAT, State, UnreadableError, encode, open_backend
from deployer.state.upgrades import UPGRADES

FORMATS = Path(__file__).parent / "formats"
STORED = sorted(FORMATS.glob("*/*.json"))
EARLIER = [path for path in STORED if path.parent.name != str(FORMAT)]


def read(path):
    """Read a stored state the way a command does."""
    environment = json.loads(path.read_bytes())["environment"]
    return open_backend(path.name, root=path.parent, environment=environment).read()


def name(path):
    """A case as the test report names it."""
    return f"{path.parent.name}-{path.stem}"


def test_every_format_has_cases():
    """Each format from the first to the present one has stored examples, and each earlier one its upgrade."""
    assert {path.parent.name for path in STORED} == {str(number) for number in range(1, FORMAT + 1)}
    assert sorted(UPGRADES) == list(range(1, FORMAT))


@pytest.mark.parametrize("path", STORED, ids=name)
def test_a_stored_state_has_the_format_of_its_folder(path):
    """The examples are what they say they are."""
    assert json.loads(path.read_bytes())["format"] == int(path.parent.name)


@pytest.mark.parametrize("path", EARLIER, ids=name)
def test_an_earlier_format_reads_as_the_equal_state(path):
    """If an earlier version wrote a state, it reads as the state of that name in the present format."""
    assert read(path) == read(FORMATS / str(FORMAT) / path.name)


@pytest.mark.parametrize("path", [path for path in STORED if path not in EARLIER], ids=name)
def test_the_present_format_is_written_as_it_was_stored(path):
    """If a state in the present format is written again, it is the same bytes: a change of format needs a number."""
    assert encode(read(path)) == path.read_bytes()


def test_a_write_upgrades_the_file(tmp_path):
    """If a state of an earlier format is written, the file has the present format, under the next serial."""
    (tmp_path / "state.json").write_bytes((FORMATS / "1" / "every_field.json").read_bytes())
    backend = open_backend("state.json", root=tmp_path, environment="staging")
    state = backend.read()
    backend.write(state, expected_serial=state.serial)
    stored = json.loads((tmp_path / "state.json").read_bytes())
    assert (stored["format"], stored["serial"], stored["lineage"]) == (FORMAT, state.serial + 1, state.lineage)


@pytest.mark.parametrize("format_", [0, -1, "1", None, 1.5, [1], {"a": 1}])
def test_a_format_that_never_was_is_refused(tmp_path, format_):
    """If the format is no number that ever was one, the file has no shape of a state."""
    (tmp_path / "state.json").write_text(json.dumps(State("staging").to_json() | {"format": format_}))
    with pytest.raises(UnreadableError, match="shape of a state"):
        open_backend("state.json", root=tmp_path, environment="staging").read()
