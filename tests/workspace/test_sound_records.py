"""Digests of records that are known to be sound."""

from deployer.workspace import sound_records
from deployer.workspace.sound_records import SoundRecords

DIGEST, OTHER = b"\1" * 32, b"\2" * 32


def test_a_record_is_known_once_it_was_found_sound(tmp_path):
    """A folder that isn't there yet knows none; what is added is known to every later run."""
    assert not SoundRecords(tmp_path / "cache").has(DIGEST)
    SoundRecords(tmp_path / "cache").add(DIGEST)
    assert SoundRecords(tmp_path / "cache").has(DIGEST)
    assert not SoundRecords(tmp_path / "cache").has(OTHER)


def test_another_version_looks_for_itself(tmp_path, monkeypatch):
    """If another version of deployer found a record sound, this one doesn't know it."""
    SoundRecords(tmp_path).add(DIGEST)
    monkeypatch.setattr(sound_records, "stamp", lambda: "another")
    assert not SoundRecords(tmp_path).has(DIGEST)


def test_a_damaged_note_is_none(tmp_path):
    """If the file of a record isn't as it was written, nothing is known of that record."""
    SoundRecords(tmp_path).add(DIGEST)
    [file] = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    assert not SoundRecords(tmp_path).has(DIGEST)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    """If nothing can be kept, nothing is known, and no command fails of it."""
    (tmp_path / "cache").write_text("a file", encoding="utf-8")
    SoundRecords(tmp_path / "cache").add(DIGEST)
    assert not SoundRecords(tmp_path / "cache").has(DIGEST)
