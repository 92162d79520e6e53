"""``deployer fmt`` as people run it: what it writes, what it would write, what it leaves alone and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done

    Deployer = Callable[..., Done]

UNTIDY = """\
id:   testers   # ours
kind: Segment
external_id: tea_testers
name: 'Testers'
app: shop
"""
TIDY = """\
kind: Segment
id: testers # ours
name: "Testers"
external_id: tea_testers
app: shop
"""


def test_a_check_fails_until_the_files_are_written(tea: Path, deployer: Deployer) -> None:
    """With --check nothing is written and the exit code is 1; after `fmt` it is 0, and `validate` says the same."""
    (tea / "segments.yaml").write_text(UNTIDY)
    before = _found(deployer, tea)
    checked = deployer("fmt", "--check", "--project", tea)
    assert checked.code == exits.FAILED
    assert "would be rewritten: segments.yaml" in checked.out
    assert (tea / "segments.yaml").read_text() == UNTIDY
    assert deployer("fmt", "--project", tea).code == exits.DONE
    assert (tea / "segments.yaml").read_text() == TIDY
    again = deployer("fmt", "--check", "--project", tea)
    assert (again.code, "0 files would be rewritten" in again.out) == (exits.DONE, True)
    assert _found(deployer, tea) == before


def _found(deployer: Deployer, project: Path) -> list[tuple[str, str]]:
    problems = deployer("validate", "--project", project, "--format", "json").data["problems"]
    return sorted((one["rule"], one["message"]) for one in problems)


def test_only_the_files_that_are_named(tea: Path, deployer: Deployer) -> None:
    """A file or a folder can be named; one that isn't the project's YAML is wrong usage."""
    for name in ("a", "b"):
        (tea / name).mkdir()
        (tea / name / "segments.yaml").write_text(UNTIDY.replace("testers", f"testers_{name}"))
    done = deployer("fmt", tea / "a", "--project", tea, "--format", "json")
    assert done.data == {
        "version": 1,
        "written": True,
        "files": [{"path": "a/segments.yaml", "form": "rewritten", "why": "", "line": 0}],
    }
    assert "id:   testers_b" in (tea / "b" / "segments.yaml").read_text()
    assert deployer("fmt", tea / "nothing.yaml", "--project", tea).code == exits.USAGE
    assert deployer("fmt", tea.parent / "elsewhere.yaml", "--project", tea).code == exits.USAGE


def test_what_cannot_be_kept_is_left_with_the_reason(tea: Path, deployer: Deployer) -> None:
    """A file with a tag, or with another tool's document, stays as it is; one that is no YAML fails the command."""
    tagged = UNTIDY.replace("tea_testers", "!!str tea_testers")
    mixed = f"{UNTIDY.replace('testers', 'others')}---\napiVersion: v1\nkind: Deployment\n"
    (tea / "tagged.yaml").write_text(tagged)
    (tea / "mixed.yaml").write_text(mixed)
    done = deployer("fmt", "--project", tea)
    assert done.code == exits.DONE
    assert "left as it is: tagged.yaml:3: it holds a tag" in done.out
    assert "left as it is: mixed.yaml:7: it holds a document of another tool" in done.out
    assert ((tea / "tagged.yaml").read_text(), (tea / "mixed.yaml").read_text()) == (tagged, mixed)
    (tea / "broken.yaml").write_text("kind: Segment\nid: [\n")
    done = deployer("fmt", "--project", tea)
    assert (done.code, "can't be read: broken.yaml:2" in done.out) == (exits.FAILED, True)


def test_an_encoding_stays(tea: Path, deployer: Deployer) -> None:
    """A file in UTF-16 is written in UTF-16, with its mark."""
    (tea / "segments.yaml").write_bytes(UNTIDY.encode("utf-16"))
    assert deployer("fmt", "--project", tea).code == exits.DONE
    assert (tea / "segments.yaml").read_bytes().decode("utf-16") == TIDY


def test_what_new_and_infer_write_is_in_the_form(tea: Path, deployer: Deployer) -> None:
    """If `new` declares a resource, `fmt` has nothing to rewrite in its file."""
    assert deployer("fmt", "--project", tea).code == exits.DONE
    for kind in ("event", "segment", "attribute", "opt-in", "webhook"):
        assert deployer("new", kind, f"best_{kind.replace('-', '_')}", "--project", tea).code == exits.DONE
    checked = deployer("fmt", "--check", "--project", tea)
    assert (checked.code, checked.out) == (exits.DONE, checked.out)
