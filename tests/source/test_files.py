"""The files of a project: read once, inside its folder only, and refused with a reason."""

from __future__ import annotations

import codecs
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from deployer.source import FileProblem, ProjectFiles
from deployer.source import contents as reading

PACKAGE = Path(__file__).resolve().parents[2]


@pytest.fixture
def files(tmp_path):
    """Make a small project beside a file that isn't part of it."""
    (tmp_path / "outside.txt").write_text("outside")
    root = tmp_path / "project"
    (root / "legal").mkdir(parents=True)
    (root / "legal" / "checkout.txt").write_bytes("\ufeffReply STOP. é\r\n".encode())
    (root / "binary.txt").write_bytes(b"\x00\x01\x02")
    (root / "latin.txt").write_bytes(b"one\ncaf\xe9\n")
    (root / ".hidden").mkdir()
    (root / ".hidden" / "a.txt").write_text("a")
    return ProjectFiles(root)


def test_texts_bytes_and_digests_are_read(files):
    """A text comes without its byte order mark, with its line ends; bytes and digest are the file's own."""
    assert files.text("legal/checkout.txt") == "Reply STOP. é\r\n"
    assert files.data("legal/checkout.txt").startswith(b"\xef\xbb\xbf")
    assert files.digest("binary.txt") == "ae4b3280e56e2faf83f414a6e3dabe9d5fbe18976544c05fed121accb85b53fc"
    assert files.resolve("legal/checkout.txt").is_file()


def test_utf_16_with_a_mark_is_text(files):
    """A file that an editor saved as UTF-16 is read."""
    (files.root / "wide.txt").write_bytes("é".encode("utf-16"))
    assert files.text("wide.txt") == "é"


def test_nothing_is_read_twice(files):
    """A file that changes during a run is what it was when it was first read."""
    assert files.text("legal/checkout.txt")
    (files.root / "legal" / "checkout.txt").unlink()
    assert files.text("legal/checkout.txt")
    assert files.digest("legal/checkout.txt")


@pytest.mark.parametrize("content", ["é\r\n".encode(), b"", "\ufeffé".encode(), "é".encode("utf-16")])
def test_bytes_of_a_text_are_held_once(files, content):
    """Bytes that were read as a text are given as they were in the file, whatever the file holds by then."""
    path = files.root / "text.txt"
    path.write_bytes(content)
    text = files.text("text.txt")
    path.write_bytes(b"other")
    assert files.data("text.txt") == content
    assert files.with_written({}).data("text.txt") == content
    assert files.text("text.txt") == text


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/etc/hostname", "file/outside-project"),
        ("~/notes.txt", "file/outside-project"),
        ("../outside.txt", "file/outside-project"),
        ("legal/../../outside.txt", "file/outside-project"),
        ("", "file/outside-project"),
        ("a\0b", "file/outside-project"),
        ("legal", "file/unreadable"),
        ("x" * 5000, "file/unreadable"),
        ("legal/chekout.txt", "file/not-found"),
        ("legal/checkout.txt/more", "file/unreadable"),
        ("binary.txt", "file/not-text"),
        ("latin.txt", "file/not-text"),
    ],
)
def test_other_paths_are_refused(files, path, rule):
    """A path that leaves the project or leads to no text is a FileProblem with its rule."""
    with pytest.raises(FileProblem) as caught:
        files.text(path)
    assert caught.value.rule == rule
    assert caught.value.message


def test_a_parent_folder_within_the_project_is_allowed(files):
    """`..` is fine as long as the path stays inside."""
    assert files.text("legal/../legal/checkout.txt") == files.text("legal/checkout.txt")


def test_the_hints_help(files):
    """A mistyped path is corrected, and a wrong byte has its line and column."""
    with pytest.raises(FileProblem) as missing:
        files.text("legal/chekout.txt")
    assert missing.value.hint == "did you mean `legal/checkout.txt`?"
    with pytest.raises(FileProblem) as latin:
        files.text("latin.txt")
    assert (latin.value.line, latin.value.column) == (2, 4)


def test_a_missing_picture_is_not_taken_for_a_declaration(tmp_path):
    """A path beside a YAML file whose name is near isn't corrected to it."""
    (tmp_path / "opt-in").mkdir()
    (tmp_path / "opt-in" / "checkout.yaml").write_text("kind: OptInSource")
    with pytest.raises(FileProblem) as missing:
        ProjectFiles(tmp_path).text("opt-in/checkout.png")
    assert "checkout.yaml" not in missing.value.hint


def test_links_out_of_the_project_are_refused(files):
    """A symbolic link may lead about the project but not out of it, nor in circles."""
    (files.root / "in.txt").symlink_to("legal/checkout.txt")
    (files.root / "out.txt").symlink_to("../outside.txt")
    (files.root / "loop.txt").symlink_to("loop.txt")
    assert files.text("in.txt").startswith("Reply")
    for path, rule in (("out.txt", "file/outside-project"), ("loop.txt", "file/unreadable")):
        with pytest.raises(FileProblem) as caught:
            files.text(path)
        assert caught.value.rule == rule


def test_huge_and_special_files_are_refused(files):
    """A file over the limit isn't read, and neither is a pipe, which would wait for ever."""
    with (files.root / "huge.txt").open("wb") as huge:
        huge.truncate(8 * 1024 * 1024 + 1)
    os.mkfifo(files.root / "pipe.txt")
    for path, rule in (("huge.txt", "file/too-large"), ("pipe.txt", "file/unreadable")):
        with pytest.raises(FileProblem) as caught:
            files.data(path)
        assert caught.value.rule == rule


@pytest.mark.parametrize(
    "content", [b"x" * 5, codecs.BOM_UTF8 + b"xxx", codecs.BOM_UTF16_LE + b"x\0x\0", b"xx\xf0\x9f\x8d\xb5"]
)
def test_a_limit_holds_for_a_file_that_is_known(tmp_path, content):
    """A file that was read where it may be large is refused where it may not, and read where it is small enough."""
    (tmp_path / "words.txt").write_bytes(content)
    size = len(content)
    first, second = ProjectFiles(tmp_path), ProjectFiles(tmp_path)
    assert second.data("words.txt") == content
    for files, read in ((first, first.text), (second, second.data), (second, second.text)):
        known = read("words.txt")
        assert read("words.txt", limit=size) == known
        for again in (files.text, files.data):
            with pytest.raises(FileProblem, match="is larger than"):
                again("words.txt", limit=size - 1)


def test_globs_list_files_without_hidden_ones(files):
    """A pattern names files by folder and depth; hidden folders hold none."""
    (files.root / "legal" / "old").mkdir()
    (files.root / "legal" / "old" / "a.txt").write_text("a")
    assert files.glob("legal/*.txt") == ("legal/checkout.txt",)
    assert files.glob("legal/**/*.txt") == ("legal/checkout.txt", "legal/old/a.txt")
    assert files.glob("[bl]*.txt") == ("binary.txt", "latin.txt")
    assert files.glob("**/a.???") == ("legal/old/a.txt",)
    assert files.glob("nothing/*") == ()


CHILD = """
import os, sys
from pathlib import Path
from deployer.source import read
if os.geteuid() == 0:
    os.setgroups([]); os.setgid(65534); os.setuid(65534)
for problem in read(Path(".")).problems:
    print(problem.position.path, problem.rule)
"""


@pytest.fixture
def open_folder():
    """Make a folder that every user may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder
        for path in folder.iterdir():
            path.chmod(0o755)


def test_files_without_permission_are_problems(open_folder):
    """As a user who isn't root, a file and a folder that may not be read are one problem each."""
    (open_folder / "deployer.yaml").write_text("version: 1\n")
    (open_folder / "secret.yaml").write_text("kind: Segment\n")
    (open_folder / "locked").mkdir()
    (open_folder / "secret.yaml").chmod(0)
    (open_folder / "locked").chmod(0)
    environ = {"PYTHONPATH": str(PACKAGE), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", CHILD]
    done = subprocess.run(command, cwd=open_folder, env=environ, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.split("\n")[:-1] == ["locked file/unreadable", "secret.yaml file/unreadable"]


@pytest.mark.parametrize("path", [".env", ".git/config", "legal/.secret/one.txt", "shown.txt"])
def test_hidden_files_are_refused(tmp_path, path):
    """A hidden file, or a link to one, is never read: `.git/config` may hold a token."""
    hidden = tmp_path / (".env" if path == "shown.txt" else path)
    hidden.parent.mkdir(parents=True, exist_ok=True)
    hidden.write_text("token", "utf-8")
    if path == "shown.txt":
        (tmp_path / path).symlink_to(hidden)
    with pytest.raises(FileProblem, match="is hidden"):
        ProjectFiles(tmp_path).text(path)


def test_a_file_that_git_ignores_is_not_deployed(files):
    """No text, digest or pattern of macro files reaches it, by its path or by a link to it; what is kept is read."""
    (files.root.parent / ".git").mkdir()
    (files.root.parent / ".gitignore").write_text("secrets.*\n/project/legal/draft*\n!/project/legal/draft-kept.txt\n")
    (files.root / ".gitignore").write_text("built/\n")
    (files.root / "built").mkdir()
    for path in ("secrets.txt", "legal/draft.txt", "legal/draft-kept.txt", "built/a.txt"):
        (files.root / path).write_text("token")
    (files.root / "open.txt").symlink_to("secrets.txt")
    for path in ("secrets.txt", "legal/draft.txt", "built/a.txt", "open.txt"):
        for read in (files.words, files.digest):
            with pytest.raises(FileProblem, match="ignored by git") as refused:
                read(path)
            assert refused.value.rule == "file/unreadable"
            assert ".gitignore" in refused.value.hint
    assert files.words("legal/draft-kept.txt") == "token"
    assert files.glob("**/*.txt") == (
        "binary.txt",
        "latin.txt",
        "legal/checkout.txt",
        "legal/draft-kept.txt",
        "open.txt",
    )


def test_a_file_that_no_link_leads_to_is_where_it_seems_to_be(files, monkeypatch):
    """If the project was listed, its plain files aren't followed link by link; what a link leads to still is."""
    (files.root / "inside.txt").symlink_to(files.root / "legal" / "checkout.txt")
    (files.root / "out.txt").symlink_to(files.root.parent / "outside.txt")
    expected = {path: (files.root / path).resolve() for path in files.paths() if path != "out.txt"}
    followed = []
    original = Path.resolve
    monkeypatch.setattr(Path, "resolve", lambda path: followed.append(path.name) or original(path))
    assert {path: files.resolve(path) for path in expected} == expected
    assert followed == ["inside.txt"]
    with pytest.raises(FileProblem, match="out of the project"):
        files.resolve("out.txt")


def test_a_file_that_grows_while_it_is_read(tmp_path, monkeypatch):
    """Where a file holds more than it did a moment ago, all of it is read."""
    (tmp_path / "a.txt").write_text("words" * 100, encoding="utf-8")
    content = reading._content
    monkeypatch.setattr(reading, "_content", lambda place, _: content(place, 3))
    assert ProjectFiles(tmp_path).data("a.txt") == b"words" * 100


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 40_000])
def test_a_file_of_any_size_is_read_whole(size, tmp_path):
    """A small file that was listed is read at once, a larger one as it is when its size is known: each to its end."""
    data = bytes(number % 251 + 1 for number in range(size))
    (tmp_path / "a.bin").write_bytes(data)
    listed = ProjectFiles(tmp_path)
    assert listed.paths() == ("a.bin",)
    assert listed.data("a.bin") == ProjectFiles(tmp_path).data("a.bin") == data


def test_a_file_that_becomes_a_pipe_is_not_waited_for(tmp_path):
    """If a file is a pipe when it is read, though it was listed as a file, nothing waits for what no one writes."""
    (tmp_path / "a.txt").write_text("a", "utf-8")
    files = ProjectFiles(tmp_path)
    files.paths()
    (tmp_path / "a.txt").unlink()
    os.mkfifo(tmp_path / "a.txt")
    assert files.data("a.txt") == b""
