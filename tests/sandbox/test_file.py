"""The account's file: it outlives a run, is shared by processes and threads, and a bad one is refused."""

from __future__ import annotations

import base64
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import deployer.sandbox
from deployer.sandbox import Request, Sandbox, SandboxApp, SandboxFileError, SignUpUnit

ROOT = Path(deployer.sandbox.__file__).parents[2]
WRITER = """
import json, sys
from pathlib import Path
from deployer.sandbox import Request, Sandbox, SandboxApp

path, name, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
seconds = iter(range(1_000_000))
with Sandbox.open(path, company_name="Northwind", monotonic=lambda: next(seconds)) as sandbox:
    sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
    print(sandbox.company_id)
    for number in range(count):
        body = {"type": "Seen", "user": {"phone": "+13115552368"}, "properties": {name: number}}
        headers = {"authorization": "Bearer key-orders", "content-type": "application/json"}
        response = sandbox.handle(Request("POST", "/v1/events/custom", "", headers, json.dumps(body).encode()))
        assert response.status == 200, response
"""


def opened(path, **more):
    """Open an account of the company Northwind."""
    return Sandbox.open(path, company_name="Northwind", **more)


def test_the_account_outlives_a_run(tmp_path):
    """What was made stays after closing, and the folder of the file is made where it is missing."""
    path = tmp_path / ".deployer" / "sandbox.db"
    with opened(path) as sandbox:
        sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
        sandbox.ensure_sign_up_unit(SignUpUnit("100", "TRANSACTIONAL", ("TEXT",)))
        sandbox.revoke("key-orders")
        before, company = sandbox.account(), sandbox.company_id
    with opened(path) as sandbox:
        assert sandbox.account() == before
        assert sandbox.company_id == company
        headers = {"authorization": "Bearer key-orders"}
        assert sandbox.handle(Request("GET", "/v1/me", headers=headers)).status == 401


def test_company_id():
    """The id looks like Attentive's: base64 without padding of a number, a colon and the kind."""
    with opened(None) as sandbox:
        text = base64.b64decode(sandbox.company_id + "=" * (-len(sandbox.company_id) % 4)).decode()
    assert re.fullmatch(r"07:Company\d+", text)
    assert "=" not in sandbox.company_id


def test_company_id_of_the_callers_choice(tmp_path):
    """A new file takes the id that is asked for; a file of another company is refused."""
    path = tmp_path / "sandbox.db"
    with opened(path, company_id="MDc6Q29tcGFueTI") as sandbox:
        assert sandbox.company_id == "MDc6Q29tcGFueTI"
    with pytest.raises(SandboxFileError, match="belongs to the company MDc6Q29tcGFueTI"):
        opened(path, company_id="MDc6Q29tcGFueTM")


def test_two_processes(tmp_path):
    """Two processes that make and write the same file at the same time lose nothing and see one company."""
    path = tmp_path / "sandbox.db"
    started = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), name, "40"], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        for name in ("one", "two")
    ]
    companies = {process.communicate()[0] for process in started}
    assert [process.returncode for process in started] == [0, 0]
    assert len(companies) == 1
    with opened(path) as sandbox:
        account = sandbox.account()
    assert len(account["events"]) == 80
    assert sorted(account["event_types"]["Seen"]["keys"]) == ["one", "two"]
    assert len(account["people"]) == 1


def test_two_sandboxes_on_one_file(tmp_path):
    """What one process does is seen by another that has the file open."""
    path = tmp_path / "sandbox.db"
    with opened(path) as one, opened(path) as two:
        one.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
        assert two.account() == one.account()


def test_threads(api):
    """Threads that create at the same time get an id each."""

    def create(number):
        return api.post("/v1/webhooks", {"url": f"https://shop.example/{number}", "events": ["sms.sent"]}).body["id"]

    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(create, range(40)))
    assert len(set(made)) == 40
    assert {hook["id"] for hook in api.get("/v1/webhooks").body["webhooks"]} == set(made)


def no_database(path):
    """Write a text."""
    path.write_bytes(b"kind: EventType\n" * 500)


def later_version(path):
    """Write an account as a later version might."""
    with opened(path):
        pass
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


def other_database(path):
    """Write another program's database."""
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE orders(id)")
    connection.close()


@pytest.mark.parametrize("make", [no_database, later_version, other_database])
def test_unusable_file(tmp_path, make):
    """A file that isn't a sandbox of this version is refused with its path and what to do, and left as it is."""
    path = tmp_path / "sandbox.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(SandboxFileError, match=r"sandbox\.db can't be used.*Remove the file"):
        opened(path)
    assert path.read_bytes() == before


def test_a_folder_in_the_files_place(tmp_path):
    """A folder where the file should be is refused, too."""
    with pytest.raises(SandboxFileError, match="unable to open"):
        opened(tmp_path)


def test_an_empty_file_is_a_new_account(tmp_path):
    """An empty file, as a crash may leave it, becomes an account."""
    path = tmp_path / "sandbox.db"
    path.touch()
    with opened(path) as sandbox:
        assert sandbox.account()["events"] == []
