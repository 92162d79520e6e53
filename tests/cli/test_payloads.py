"""``check``, ``infer`` and ``schema export`` as people run them: streams, progress, files, and flat memory."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from deployer.cli import exits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.commands import Done

    Deployer = Callable[..., Done]

GOOD = {"order_id": "17", "tracking_url": "https://tea.example/t/17"}
LINE = json.dumps(GOOD)


@pytest.fixture
def payloads(tmp_path: Path) -> Callable[..., Path]:
    """Write lines into a file."""

    def write(*lines: str) -> Path:
        path = tmp_path / "captured.ndjson"
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        return path

    return write


def test_standard_input_is_read_as_it_comes(tea, process: Callable[..., Done]) -> None:
    """If payloads are piped in, they are checked; nothing but the result is printed."""
    done = process("check", "order_shipped", "-", "--project", tea, stdin=f"{LINE}\n{LINE}\n")
    assert (done.code, done.err) == (exits.DONE, "")
    assert "2 payloads fit order_shipped" in done.out
    assert process("check", "order_shipped", "-", "--project", tea, stdin="").code == exits.FAILED


@pytest.mark.parametrize("event", [False, True])
def test_a_missing_event_or_file_is_named_as_what_is_missing(tea, payloads, deployer: Deployer, event) -> None:
    """Of a file alone the event is missing, of an event alone the file."""
    path = payloads("{}")
    done = deployer("check", "order_shipped" if event else path, "--project", tea)
    assert done.code == exits.USAGE
    assert ("name a file after the event" if event else f"deployer check EVENT {path}") in done.err


def test_violations_exit_with_1_in_every_format(tea, payloads, deployer: Deployer) -> None:
    """If a payload isn't what is declared, the exit code says so, whatever is printed."""
    path = payloads(LINE, '{"order_id": ""}')
    text, data = (
        deployer("check", "order_shipped", path, "--project", tea, "--format", one) for one in ("text", "json")
    )
    assert (text.code, data.code) == (exits.FAILED, exits.FAILED)
    assert "captured.ndjson:2:14" in "".join(text.out.split())
    assert data.data["violations"] == 2
    few = deployer("check", "order_shipped", path, "--project", tea, "--max-violations", 0, "--format", "json")
    assert (few.code, few.data["listed"], few.data["violations"]) == (exits.FAILED, [], 2)


@pytest.mark.parametrize(
    "words",
    [
        ("check", "order_shipped"),
        ("check", "--all"),
        ("check", "order_shipped", "missing.ndjson"),
        ("check", "order_shiped", "FILE"),
        ("check", "order_shipped", "FILE", "--max-violations", "-1"),
        ("infer", "FILE"),
        ("infer", "FILE", "--event", "order_shipped", "--type", "Order Shipped"),
        ("infer", "FILE", "--event", "order_shipped", "--out", "a.yaml", "--into", "b.yaml"),
        ("schema", "export", "order_shiped"),
        ("schema", "export", "--format", "python", "--body"),
    ],
    ids=" ".join,
)
def test_wrong_usage(words, tea, payloads, deployer: Deployer) -> None:
    """What can't be understood exits with 64, says what is wrong and how to do it."""
    path = payloads(LINE)
    done = deployer(*(path if word == "FILE" else word for word in words), "--project", tea)
    assert (done.code, done.out) == (exits.USAGE, "")
    assert "hint: " in done.err


def test_progress_is_a_bar_on_a_terminal_only(tea, payloads, start, deployer: Deployer) -> None:
    """If somebody watches, a bar counts bytes on stderr; in a pipe and with --quiet there is none."""
    path = payloads(*[LINE] * 20_000)
    watched = start("check", "order_shipped", path, "--project", tea, columns=100)
    assert watched.end() == exits.DONE
    assert "/1.4 MB" in watched.seen or "MB" in watched.seen
    quiet = start("check", "order_shipped", path, "--project", tea, "--quiet", columns=100)
    assert quiet.end() == exits.DONE
    assert "MB" not in quiet.seen
    assert deployer("check", "order_shipped", path, "--project", tea).err == ""


PEAK = """\
import sys
from pathlib import Path
from deployer.cli.main import run
code = run(sys.argv[1:])
print(code, Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0], file=sys.stderr)
"""
"""Prints the most memory that the program had. What `getrusage` knows includes what had the process before it began the
program: that of the tests, which is more, and may have grown meanwhile."""
MEGA = 1_000_000


@pytest.mark.parametrize("shape", ["ndjson", "list", "pretty"])
def test_memory_stays_flat_however_large_the_file(shape, tea, tmp_path) -> None:
    """Fifty times as many payloads take no more memory, one in ten of them wrong: in a list, too."""
    wrong = json.dumps({**GOOD, "carrier": "UPS"})
    peaks = []
    for size in (1, 50) if shape == "ndjson" else (1, 20):
        path = tmp_path / f"{size}.json"
        separator = "\n" if shape == "ndjson" else ",\n" if shape == "pretty" else ","
        with path.open("w", encoding="utf-8") as file:
            ten = separator.join([*[LINE] * 9, wrong]) + separator
            file.write("" if shape == "ndjson" else "[")
            for _ in range(size * MEGA // len(ten)):
                file.write(ten)
            file.write("" if shape == "ndjson" else f"{LINE}]")
        words = ["check", "order_shipped", str(path), "--project", str(tea), "--format", "json"]
        done = subprocess.run(
            [sys.executable, "-c", PEAK, *words], capture_output=True, text=True, check=True, timeout=300
        )
        report = json.loads(done.stdout)
        assert report["violations"] == report["payloads"] // 10
        code, peak = map(int, done.stderr.split())
        assert code == exits.FAILED
        peaks.append(peak / 1024)
    assert peaks[1] - peaks[0] < 8, f"MiB at most: {peaks}"


def test_events_are_exported_into_a_folder(tea, tmp_path, deployer: Deployer) -> None:
    """Each format writes its files; without a folder one file goes to stdout."""
    for form, name in {
        "json-schema": "order_shipped.schema.json",
        "python": "events.py",
        "typescript": "events.ts",
        "asyncapi": "asyncapi.json",
    }.items():
        out = tmp_path / form
        done = deployer("schema", "export", "--project", tea, "--format", form, "--out", out)
        assert (done.code, done.out) == (exits.DONE, "")
        assert str(out / name) in done.err
        shown = deployer("schema", "export", "--project", tea, "--format", form)
        assert (shown.code, shown.out) == (exits.DONE, (out / name).read_text(encoding="utf-8"))
    assert (
        deployer("schema", "export", "--project", tea, "--out", tmp_path / "python" / "events.py").code == exits.USAGE
    )


def test_the_schemas_of_kinds_are_still_where_they_were(deployer: Deployer, tmp_path) -> None:
    """`deployer schema` takes a name, options in front of and behind it, and nothing, as it did without `export`."""
    listed = deployer("schema").out.split()
    assert "event_type" in listed
    assert deployer("schema", "--format", "json").data["schemas"] == listed
    assert deployer("schema", "EventType", "--out", tmp_path / "a").out == deployer("schema", "EventType").out
    assert deployer("schema", "--out", tmp_path / "b", "EventType").out == deployer("schema", "EventType").out
    assert sorted(one.name for one in (tmp_path / "a").iterdir()) == sorted(
        one.name for one in (tmp_path / "b").iterdir()
    )
    assert "export" in deployer("schema", "--help").out


def test_inferred_events_are_written_and_validate(tea, payloads, deployer: Deployer) -> None:
    """What `infer --out` writes is a file that `validate` takes; `--into` adds to one."""
    body = {"type": "Parcel Lost", "user": {"phone": "+12065550100"}, "properties": {"order_id": "17"}}
    path = payloads(json.dumps(body))
    done = deployer("infer", path, "--project", tea, "--out", tea / "lost.yaml")
    assert (done.code, done.err) == (exits.DONE, "")
    assert "deployer validate" in done.out
    assert deployer("validate", "--project", tea).code == exits.DONE
    path = payloads(json.dumps({**body, "properties": {"order_id": "17", "depot": "North"}}))
    done = deployer("infer", path, "--project", tea, "--into", tea / "lost.yaml")
    assert "added depot" in done.out
    assert "depot: {type: string" in (tea / "lost.yaml").read_text(encoding="utf-8")
    assert deployer("validate", "--project", tea).code == exits.DONE


def test_what_infer_could_not_use_goes_to_stderr(tea, payloads, deployer: Deployer) -> None:
    """The YAML has stdout for itself; what a person has to look at is on stderr, and the exit code is 1."""
    done = deployer("infer", payloads(LINE, "no json"), "--event", "order_shipped", "--project", tea)
    assert done.code == exits.FAILED
    assert done.out.startswith("kind: EventType")
    assert "couldn't be used" in done.err


def test_no_value_of_a_body_is_ignored_by_send(tea, payloads, deployer: Deployer) -> None:
    """What can't be sent on is said with its place."""
    deployer("apply", "--yes", "--project", tea)
    body = {"type": "Order Shipped", "properties": GOOD, "user": "+12065550100", "occurredAt": "yesterday"}
    done = deployer("send", "order_shipped", "--data", payloads(json.dumps(body)), "--project", tea)
    assert done.code == exits.FAILED
    assert "/user: " in done.err
    assert "/occurredAt: " in done.err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"order_id": "1", "order_id": "2"}', "`order_id` is there twice"),
        ('{"order_id": "\\ud83d"}', "half of a character"),
        ('{"order_id": NaN}', "NaN"),
        ("[1]", "no JSON object"),
        ("{}\n{}", "exactly one payload"),
        ("", "exactly one payload"),
    ],
)
def test_send_reads_json_as_strictly_as_check(text, said, tea, payloads, deployer: Deployer) -> None:
    """What isn't read by every reader alike isn't sent; the message has the place, and nothing crashes."""
    done = deployer("send", "order_shipped", "--data", payloads(text), "--project", tea)
    assert done.code not in {exits.DONE, exits.BUG}
    assert said in " ".join(done.err.split())


def test_a_half_emoji_reaches_no_encoder(tea, payloads, deployer: Deployer) -> None:
    """In a value and in a key, whatever shows it: it is one violation of its line, and no command crashes."""
    path = payloads('{"type": "Order Shipped", "properties": {"k\\udc00": "cut \\ud83d"}}')
    for words in (
        ("check", "order_shipped", path, "--show-values"),
        ("check", "order_shipped", path, "--format", "json"),
        ("infer", path),
        ("infer", path, "--format", "json"),
        ("send", "order_shipped", "--data", path),
    ):
        done = deployer(*words, "--project", tea)
        assert done.code not in {exits.DONE, exits.BUG}
        assert "half of a character" in done.out + done.err
