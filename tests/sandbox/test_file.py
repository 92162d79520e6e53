"""The account's file: it outlives a run, is shared by processes and threads, and a bad one is refused."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

import deployer.sandbox
from deployer.sandbox import Request, Sandbox, SandboxApp, SandboxFileError, SandboxUnwritableError, SignUpUnit, tables

ACCOUNTS = sorted((Path(__file__).parent / "accounts").glob("*.sql"), key=lambda path: int(path.stem))
"""An account of each version of the tables, as SQL. Adding a version is adding a file."""

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


def test_making_what_is_there_changes_no_byte(tmp_path):
    """What is brought along each time is written only where it is something else: the file stays as it is."""
    path, unit = tmp_path / "sandbox.db", SignUpUnit("100", "TRANSACTIONAL", ("TEXT",))
    contents = []
    for each in (unit, unit, unit, SignUpUnit("100", "MARKETING", ("TEXT",)), unit):
        with opened(path) as sandbox:
            sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", "key-orders"))
            sandbox.ensure_sign_up_unit(each)
            assert json.dumps(sandbox.account()).count(each.type) == 1
        contents.append(path.read_bytes())
    assert contents[1] == contents[2]
    assert contents[3] != contents[2]


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


@pytest.mark.parametrize(
    ("make", "way"),
    [(no_database, "Remove the file"), (later_version, "Use that version"), (other_database, "Remove the file")],
)
def test_unusable_file(tmp_path, make, way):
    """A file that isn't a sandbox, or a later version's, is refused with its path and what to do, and left as it is."""
    path = tmp_path / "sandbox.db"
    make(path)
    before = path.read_bytes()
    with pytest.raises(SandboxFileError, match=rf"sandbox\.db can't be used.*{way}"):
        opened(path)
    assert path.read_bytes() == before


def test_a_folder_in_the_files_place(tmp_path):
    """A folder where the file should be is refused, too: the machine's trouble, not the file's."""
    with pytest.raises(SandboxUnwritableError, match="unable to open") as caught:
        opened(tmp_path)
    assert "emove" not in str(caught.value)


def made(path, script):
    """Write an account from the SQL that it was stored as."""
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script.read_text(encoding="utf-8"))


def schema(path):
    """The tables of a file, as SQLite keeps them."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name").fetchall()
    return [(name, " ".join(sql.split())) for name, sql in rows if sql]


def test_every_version_has_an_account():
    """Each version of the tables has a stored account: adding a step needs one of the version before."""
    assert [path.stem for path in ACCOUNTS] == [str(number) for number in range(1, len(tables.STEPS) + 1)]


@pytest.mark.parametrize("script", ACCOUNTS, ids=lambda path: path.stem)
def test_an_account_of_each_version_is_opened(tmp_path, script):
    """An account that an earlier version made is brought up to this one: nothing in it is lost, and it works on."""
    path, new = tmp_path / "sandbox.db", tmp_path / "new.db"
    made(path, script)
    with opened(path, company_id="MDc6Q29tcGFueTI") as sandbox, opened(new):
        account = sandbox.account()
        headers = {"authorization": "Bearer key-orders", "content-type": "application/json"}
        event = b'{"type": "Seen", "user": {"phone": "+13115552368"}, "properties": {"a": 2}}'
        assert sandbox.handle(Request("POST", "/v1/events/custom", "", headers, event)).status == 200
        assert len(sandbox.account()["events"]) == 2
    assert [hook["url"] for hook in account["webhooks"]] == ["https://shop.example/1"]
    assert [segment["name"] for segment in account["segments"]] == ["T"]
    assert schema(path) == schema(new)


def test_a_step_forward_keeps_the_account(tmp_path, monkeypatch):
    """If the tables change, a file of the version before takes the new step, once, and keeps what is in it."""
    path = tmp_path / "sandbox.db"
    made(path, ACCOUNTS[-1])
    monkeypatch.setattr(
        tables, "STEPS", [*tables.STEPS, "ALTER TABLE webhook ADD COLUMN note TEXT NOT NULL DEFAULT 'n'"]
    )
    for _ in range(2):
        with opened(path) as sandbox:
            assert len(sandbox.account()["webhooks"]) == 1
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT note FROM webhook").fetchall() == [("n",)]


def test_a_step_that_fails_changes_nothing(tmp_path, monkeypatch):
    """If a step can't be taken, the file is as it was, for the version that made it."""
    path = tmp_path / "sandbox.db"
    made(path, ACCOUNTS[-1])
    before = schema(path)
    monkeypatch.setattr(tables, "STEPS", [*tables.STEPS, "CREATE TABLE more(id); CREATE TABLE webhook(id)"])
    with pytest.raises(SandboxFileError):
        opened(path)
    assert schema(path) == before


def test_a_copy_to_look_at(tmp_path):
    """A file that can't be written can be looked at: its copy answers, and refuses whatever would write."""
    path = tmp_path / "sandbox.db"
    made(path, ACCOUNTS[-1])
    before = path.read_bytes()
    error = SandboxUnwritableError(str(path), "read-only")
    headers = {"authorization": "Bearer key-orders", "content-type": "application/json"}
    with Sandbox.copy_of(path, company_name="Northwind") as copy, Sandbox.copy_of(tmp_path / "none", company_name="N"):
        copy.seal(error)
        assert len(copy.account()["webhooks"]) == 1
        assert copy.handle(Request("GET", "/v1/me", headers=headers)).status == 200
        with pytest.raises(SandboxUnwritableError, match="read-only"):
            copy.handle(Request("POST", "/v1/webhooks", "", headers, b'{"url": "https://a.example", "events": []}'))
    assert path.read_bytes() == before
    assert [one.name for one in tmp_path.iterdir()] == ["sandbox.db"]


def test_a_full_file_is_the_machines_trouble(tmp_path):
    """If the file can't grow, a request that writes says so, nothing of it is kept, and it works once there is room."""
    path = tmp_path / "sandbox.db"
    made(path, ACCOUNTS[-1])
    with opened(path) as sandbox:
        database = sandbox._store._connection
        limit = database.execute("PRAGMA page_count").fetchone()[0]
        database.execute(f"PRAGMA max_page_count = {limit}")
        before = sandbox.account()
        headers = {"authorization": "Bearer key-orders", "content-type": "application/json"}
        body = json.dumps(
            {"type": "Seen", "user": {"phone": "+13115552368"}, "properties": {"a": "x" * 90_000}}
        ).encode()
        with pytest.raises(SandboxUnwritableError, match=r"sandbox\.db can't be written: .*full"):
            sandbox.handle(Request("POST", "/v1/events/custom", "", headers, body))
        assert sandbox.account() == before
        database.execute("PRAGMA max_page_count = 1000000")
        assert sandbox.handle(Request("POST", "/v1/events/custom", "", headers, body)).status == 200


def test_an_empty_file_is_a_new_account(tmp_path):
    """An empty file, as a crash may leave it, becomes an account."""
    path = tmp_path / "sandbox.db"
    path.touch()
    with opened(path) as sandbox:
        assert sandbox.account()["events"] == []


def test_a_copy_is_made_by_a_relative_path_too(tmp_path, monkeypatch):
    """The project's folder may be the working one, as it is on the command line."""
    Sandbox.open(tmp_path / "account.sqlite", company_name="Northwind").close()
    monkeypatch.chdir(tmp_path)
    with Sandbox.copy_of(Path("account.sqlite"), company_name="Northwind") as copy:
        assert copy.account()["webhooks"] == []
