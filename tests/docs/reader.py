"""A reader who follows a page of the documentation in a folder: runs its commands, changes and writes its files.

Four kinds of block are followed, in the order of the page:

- ``console``: each line after ``$ `` is run by a shell, with the lines after ``> `` that continue it; what it prints
  follows;
- ``diff``: below ``--- PATH`` one line or more with ``-`` become those with ``+``;
- any language with ``title="PATH"``: the file holds the block;
- HTML comments, for what a page takes for granted: ``<!-- run: COMMAND -->``, which must succeed;
  ``<!-- export: NAME=VALUE … -->``; ``<!-- serve: FOLDER OPTION … -->``, an account at Attentive (that project's
  sandbox), whose address is in ``$ATTENTIVE_URL``; ``<!-- tokens: TASK … -->``, whose tokens the next
  ``deployer confirm`` names; ``<!-- picture: FILE PAGE SELECTOR [PRESS] -->``, a photograph of an element
  (``window``: what a window shows) of a page that a command wrote, or (``phones``) of the page of what is served, after
  presses of another element.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Self

from tests.processes import write_command

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docs.camera import Camera

BLOCK = re.compile(
    r"^```(?P<language>console|diff|\w+ title=\"(?P<title>[^\"\n]+)\")\n(?P<text>.*?)^```$"
    r"|^<!-- (?P<silent>run|export|serve|tokens|picture): (?P<words>.*?) -->$",
    re.DOTALL | re.MULTILINE,
)
CONTINUED = "\n> "
VARYING = (
    (r"\([0-9a-f]{12}\)", "(3f2a90c1b7de)"),  # the hash of a commit
    (r"\b[0-9a-f]{40}\b", "3f2a90c1b7de5a1c0f6e4b8d2a9c7e5f1b3d6a80"),
    (r"\bMDc6\w+", "MDc6Q29tcGFueTk2OQ"),  # the company of a sandbox, which is another in each folder
    (r"(confirmed) \d{1,2} [A-Z][a-z]{2} \d{4}", r"\1 10 May 2026"),  # the day of a run
    (r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "6f1c2a90-5b7d-4e83-9a41-c0d2e4f68b15"),  # of an event
    (r"(by (?:api|person),) \d{4}-\d\d-\d\d", r"\1 2026-05-10"),
)
"""What differs from run to run, and what a page shows of it."""


class Reader:
    """Someone who follows a page in a folder, with the command line on the path; no camera, no pictures."""

    def __init__(self, folder: Path, camera: Camera | None = None) -> None:
        self.folder, self.here, self._camera = folder, folder, camera
        self._phones = self._printed = ""
        self._served: list[subprocess.Popen[str]] = []
        self._confirmed: list[str] = []
        programs = folder / "bin"
        write_command(programs)
        (programs / "python3").symlink_to(sys.executable)
        if compiler := os.environ.get("DEPLOYER_TSC"):
            (programs / "tsc").symlink_to(compiler)
        own = {key: one for key, one in os.environ.items() if not key.startswith(("GITHUB_", "GITLAB_", "CI"))}
        who = {"NAME": "Ana", "EMAIL": "ana@shop.example"}
        git = {f"GIT_{role}_{key}": one for role in ("AUTHOR", "COMMITTER") for key, one in who.items()}
        self.environment = {**own, **git, "PATH": f"{programs}:{own['PATH']}", "USER": "ana", "LOGNAME": "ana"}

    def __enter__(self) -> Self:
        """Begin to read."""
        return self

    def __exit__(self, *_: object) -> None:
        """End what was served."""
        for served in self._served:
            served.terminate()
            served.communicate()

    def follow(self, page: str) -> str:
        """Do everything that a page holds, and give the page as it should be."""
        return BLOCK.sub(self._block, page)

    def _block(self, found: re.Match[str]) -> str:
        if found["silent"]:
            self._prepare(found["silent"], found["words"])
        elif found["title"]:
            path = self.here / found["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(found["text"], "utf-8")
        elif found["language"] == "diff":
            self._change(found["text"])
        else:
            return f"```console\n{self._session(found['text'])}```"
        return found[0]

    def _prepare(self, what: str, words: str) -> None:
        if what == "serve":
            self.environment["ATTENTIVE_URL"] = self._serve(*words.split())
        elif what == "export":
            self.environment.update(word.split("=", 1) for word in words.split())
        elif what == "tokens":
            self._confirmed = words.split()
        elif what == "picture":
            self._photograph(*words.split())
        else:
            done = self._shell(words)
            assert done.returncode == 0, done.stdout

    def _serve(self, folder: str, *options: str) -> str:
        words = ["deployer", "sandbox", "serve", "--port", "0", "--project", folder, *options]
        served = subprocess.Popen(
            words, cwd=self.here, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._served.append(served)
        assert served.stdout is not None
        seen = ""
        while "Ctrl-C" not in seen:
            line = served.stdout.readline()
            assert line, seen
            seen += line
        self._phones = seen.partition("inboxes: ")[2].partition("\n")[0]
        return seen.partition(" at ")[2].partition("\n")[0]

    def _photograph(self, name: str, page: str, selector: str, press: str = "") -> None:
        file, mark, place = page.partition("#")
        path = self.here / file
        assert page == "phones" or path.is_file(), f"no command wrote {file}"
        if self._camera is not None:
            address = self._phones if page == "phones" else f"{path.as_uri()}{mark}{place}"
            self._camera.take(name, address, selector, press)

    def _session(self, text: str) -> str:
        typed = re.findall(r"^\$ (.*(?:\n> .*)*)", text, re.MULTILINE)
        return "".join(self._typed(line) for line in typed)

    def _typed(self, line: str) -> str:
        if line.startswith("cd "):
            self.here = self.here / line[3:]
            assert self.here.is_dir(), f"there is no folder {line[3:]}; the command before printed: {self._printed}"
            return f"$ {line}\n"
        if line.startswith("deployer confirm "):
            line = self._confirming(line)
        self._printed = printed = self._shell(line.replace(CONTINUED, "\n")).stdout
        for varying, shown in VARYING:
            printed = re.sub(varying, shown, printed)
        return f"$ {line}\n{printed}"

    def _confirming(self, line: str) -> str:
        """The command with the tokens that the tasks have today; without `tokens` before it those of every task."""
        if not self._confirmed and "--" in line:
            return line
        options = re.findall(r" --(?:\w+)(?: [^-\s]\S*| \"[^\"]*\")?", line)
        where = "".join(option for option in options if option.startswith(" --env"))
        tasks = json.loads(self._shell(f"deployer tasks --format json{where}").stdout)["tasks"]
        by_id = {task["id"]: task["token"] for task in tasks}
        named, self._confirmed = self._confirmed or list(by_id), []
        return f"deployer confirm {' '.join(by_id[task] for task in named)}{''.join(options)}"

    def _shell(self, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", f"{{ {line}\n}} 2>&1"],
            cwd=self.here,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )

    def _change(self, text: str) -> None:
        head, *lines = text.splitlines()
        path = self.here / head.removeprefix("--- ")
        before = path.read_text("utf-8")
        old = "\n".join(line[1:] for line in lines if line[0] != "+")
        new = "\n".join(line[1:] for line in lines if line[0] != "-")
        assert before.count(old) == 1, f"{head}: {old!r}"
        path.write_text(before.replace(old, new), "utf-8")
