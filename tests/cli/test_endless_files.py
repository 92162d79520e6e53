"""What has no end is refused before it is opened: a named pipe without a writer, a device."""

from __future__ import annotations

import os

import pytest

from deployer.cli import exits

COMMANDS = (
    ["apply", "{}"],
    ["comment", "--dry-run", "--plan", "{}"],
    ["comment", "--dry-run", "--compat", "{}"],
    ["state", "push", "{}"],
    ["absorb", "message.shipped_text", "--text", "{}"],
    ["baseline", "journey.shipped", "--part", "subject={}"],
    ["baseline", "journey.shipped", "--text", "{}"],
    ["record-live", "journey.shipped", "--text", "{}"],
    ["simulate", "journey.shipped", "--data", "{}"],
    ["simulate", "journey.shipped", "--subscriber", "{}"],
    ["listen", "--webhook-log", "{}"],
    ["check", "order_shipped", "{}"],
    ["infer", "{}"],
    ["send", "order_shipped", "--data", "{}"],
    ["confirm", "--from-issue", "{}"],
    ["sandbox", "serve", "--faults", "{}"],
)


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_what_has_no_end_is_refused(words, tea, tmp_path, deployer) -> None:
    """Each command says that it is a pipe or no file, and what to do, instead of waiting or reading for ever."""
    os.mkfifo(tmp_path / "pipe")
    for path, what in ((tmp_path / "pipe", "is a named pipe"), ("/dev/zero", "isn't a file")):
        done = deployer(*(word.format(path) for word in words), "--project", tea)
        assert done.code == exits.USAGE
        assert f"{path} {what}" in done.err
        assert "hint: " in done.err


def test_a_pipe_that_a_shell_has_opened_streams(tea, deployer) -> None:
    """A path of an open descriptor, as in `<(...)`, is read to the end that its writer gives it."""
    reading, writing = os.pipe()
    os.write(writing, b"not a plan")
    os.close(writing)
    try:
        done = deployer("simulate", "journey.shipped", "--data", f"/dev/fd/{reading}", "--project", tea)
    finally:
        os.close(reading)
    assert "named pipe" not in done.err
    assert "JSON" in done.err
