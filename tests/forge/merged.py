"""A shop on a forge, whose production account is a served sandbox: what both rehearsals begin with."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from tests.commands import git
from tests.processes import write_command

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ROOT = Path(__file__).resolve().parents[2]


class Repository:
    """A bare repository with the shop in it, the account that its production is, and the jobs that check it out."""

    def __init__(self, folder: Path, account: str, projects: Mapping[str, str] | None = None) -> None:
        """Push the shop, whose production is the account at a URL; or several ``projects``, account by folder."""
        self.folder, self.account = folder, account
        self.origin, self.source, self.bin = folder / "origin.git", folder / "source", folder / "bin"
        self.jobs = 0
        write_command(self.bin)
        for project, url in (projects or {".": account}).items():
            reach_account(self.source / project, url)
        git(folder, "init", "-q", "--bare", "-b", "main", str(self.origin))
        git(self.source, "init", "-q", "-b", "main")
        git(self.source, "remote", "add", "origin", str(self.origin))
        self.push("the shop")

    def replace(self, name: str, old: str, new: str) -> None:
        """Change words in a file of the shop."""
        path = self.source / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def push(self, message: str) -> str:
        """Commit everything, merge it, and give the commit."""
        git(self.source, "add", "-A")
        git(self.source, "commit", "-q", "-m", message)
        git(self.source, "push", "-q", "origin", "HEAD:main")
        return git(self.source, "rev-parse", "HEAD")

    def job(self, artifact: Path | None = None) -> Path:
        """A job's fresh and shallow checkout, with what another job handed over."""
        self.jobs += 1
        work = self.folder / f"job{self.jobs}"
        git(self.folder, "clone", "-q", "--depth=1", f"file://{self.origin}", str(work))
        if artifact is not None:
            shutil.copy(artifact, work)
        return work

    def remove_webhook(self) -> None:
        """Delete the webhook at Attentive by hand, as somebody without git does."""
        with httpx.Client(base_url=self.account, headers={"authorization": "Bearer sandbox-orders"}) as client:
            (webhook, *_) = client.get("/v1/webhooks").json()["webhooks"]
            assert client.delete(f"/v1/webhooks/{webhook['id']}").is_success


def reach_account(project: Path, account: str) -> None:
    """Let the production of a project be the served account."""
    with httpx.Client(base_url=account, headers={"authorization": "Bearer sandbox-orders"}) as client:
        company = client.get("/v1/me").json()["companyId"]
    settings = project / "deployer.yaml"
    text = settings.read_text(encoding="utf-8")
    assert "company_id: MDc6Q29tcGFueTI\n" in text
    reached = f"company_id: {company}\n    base_url: {account}\n"
    text = text.replace("company_id: MDc6Q29tcGFueTI\n", reached).replace("Northwind Orders,", "Orders,")
    settings.write_text(text, encoding="utf-8")


@contextmanager
def served_account(folder: Path) -> Iterator[str]:
    """Copy the shop to ``source``, serve an account for it, and give the account's URL."""
    source, account = folder / "source", folder / "account"
    for copy in (source, account):
        shutil.copytree(ROOT / "examples" / "northwind", copy, ignore=shutil.ignore_patterns(".deployer"))
    write_command(folder / "bin")
    words = [folder / "bin" / "deployer", "sandbox", "serve", "--port", "0", "--project", str(account)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as served:
        try:
            seen = ""
            while "Ctrl-C" not in seen:
                line = served.stdout.readline()
                assert line, seen
                seen += line
            yield seen.partition(" at ")[2].partition("\n")[0]
        finally:
            served.terminate()


@contextmanager
def two_served(folder: Path) -> Iterator[dict[str, str]]:
    """Two projects in folders of one ``source``, each with a served account: its URL, by folder."""
    with served_account(folder) as north, served_account(folder / "other") as south:
        for name, copy in (("northwind", folder / "source"), ("southwind", folder / "other" / "source")):
            shutil.move(copy, folder / "both" / name)
        (folder / "both").rename(folder / "source")
        settings = folder / "source" / "southwind" / "deployer.yaml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("project: northwind", "project: southwind"), encoding="utf-8")
        yield {"northwind": north, "southwind": south}
