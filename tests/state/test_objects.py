"""State in object stores, beyond what every backend does: what a store refuses is said in words, no write is lost."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import pytest

import deployer.state
from deployer.cli.main import run
from deployer.state import (
    Backend,
    ConflictError,
    Entry,
    State,
    StateError,
    UnreadableError,
    UnsupportedBackendError,
    encode,
)
from deployer.state.objects import store
from deployer.state.objects.medium import ObjectMedium

SOURCES = Path(deployer.state.__file__).parents[2]
KILLED = """
import os, sys
from pathlib import Path
from deployer.state import open_backend
with open_backend(sys.argv[1], root=Path(), environment="staging").lock("apply"):
    print("locked", flush=True)
    os.kill(os.getpid(), 9)
"""
LOOKS = """
import sys
from pathlib import Path
from deployer.state import open_backend
try:
    open_backend(sys.argv[1], root=Path(), environment="staging").read()
except Exception as error:
    print(type(error).__name__, error, error.hint, sep="|")
"""


@pytest.fixture(params=["s3", "azure"])
def url(request):
    """A folder of each object store."""
    return request.getfixturevalue(f"{request.param}_url")


def opened(url, environment="staging"):
    """Open the state of an environment."""
    return Backend(ObjectMedium(url, environment=environment), environment)


def state(**entries):
    """Make a state of staging."""
    return State("staging", lineage="l1", entries={name: Entry(kind="Webhook", by=by) for name, by in entries.items()})


def script(text, *arguments):
    """Run a script as a process."""
    return subprocess.run(
        [sys.executable, "-c", text, *arguments],
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_store_itself_refuses_what_passed_the_check(url, monkeypatch):
    """If two wrote at the same moment, after both had looked, the store takes one and the other is told."""
    ours, theirs = opened(url), opened(url)
    ours.write(state(a="api"), expected_serial=0)
    put = ours._medium._store.put

    def after_theirs(key, *args, **named):
        if key.endswith(".json"):
            content = encode(State("staging", "l1", 2, "theirs", theirs.read().entries))
            assert theirs._medium._store.put(key, content, over=theirs._medium._store.get(key))
        return put(key, *args, **named)

    monkeypatch.setattr(ours._medium._store, "put", after_theirs)
    with pytest.raises(ConflictError, match="serial 1 was expected, serial 2 is stored"):
        ours.write(state(b="api"), expected_serial=1)
    assert opened(url).read().company_id == "theirs"


def test_a_write_that_arrived_without_its_answer_is_done(url, monkeypatch):
    """If a write arrives but is refused, as it was sent twice, or its answer is lost, it counts as done."""
    ours = opened(url)
    put = ours._medium._store.put
    for serial, answer in enumerate(["refused", "lost"]):

        def twice(key, *args, answer=answer, **named):
            result = put(key, *args, **named)
            if key.endswith(".json") and answer == "lost":
                raise StateError("no answer came")
            return result and not key.endswith(".json")

        monkeypatch.setattr(ours._medium._store, "put", twice)
        written = ours.write(state(a=answer), expected_serial=serial)
        assert opened(url).read() == written


def test_a_lock_that_cannot_be_freed_is_told_and_spoils_nothing(url, monkeypatch, caplog):
    """If the store fails as a lock is freed, what was done stays done, and how to free the lock is told."""
    backend = opened(url)
    with backend.lock("apply"):
        held = backend.holder()

        monkeypatch.setattr(backend._medium._store, "put", mock.Mock(side_effect=StateError("the store is down")))
    assert "the store is down" in caplog.text
    assert f"deployer state unlock {held.id} --env staging" in caplog.text
    assert opened(url).unlock(held.id) == held


def test_a_lock_that_was_taken_without_an_answer_is_freed(url, monkeypatch):
    """If a lock is taken but the answer is lost, the error is told and the lock isn't left behind."""
    backend = opened(url)
    put, lost = backend._medium._store.put, []

    def once(*args, **named):
        result = put(*args, **named)
        if not lost:
            lost.append(result)
            raise StateError("no answer came")
        return result

    monkeypatch.setattr(backend._medium._store, "put", once)
    with pytest.raises(StateError, match="no answer came"), backend.lock("apply"):
        pytest.fail("nobody knew whether it was locked")
    assert lost == [True]
    assert opened(url).holder() is None


def test_the_command_line_frees_what_a_killed_process_left(url, capsys):
    """If a process was killed under a lock, `state show` names the lock and `state unlock` frees it."""
    assert script(KILLED, url).stdout == "locked\n"
    held, where = opened(url).holder(), ["--state", url, "--env", "staging"]
    assert run(["state", "show", *where]) == 0
    assert f"deployer state unlock {held.id} --env staging" in capsys.readouterr().out
    assert run(["state", "unlock", "00000000", *where]) == 1
    assert held.id in capsys.readouterr().err
    assert run(["state", "unlock", held.id, *where]) == 0
    assert opened(url).holder() is None


def test_a_bucket_that_is_missing_is_named(url):
    """If there is no such bucket or container, reading, locking and writing say so: it isn't an empty state."""
    missing = url.replace("states", "elsewhere")
    backend = opened(missing)
    with pytest.raises(UnreadableError, match=r"can't be read: there is no (bucket|container) `elsewhere`"):
        backend.read()
    with pytest.raises(StateError, match=r"can't be (read|locked): there is no"):
        backend.write(state(), expected_serial=0)


def test_wrong_credentials_are_said(azure_url, monkeypatch):
    """If the store doesn't take the credentials, the error says so and names the variables, never their values."""
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", "d3Jvbmc=")
    with pytest.raises(UnreadableError, match="aren't accepted") as caught:
        opened(azure_url).read()
    assert "AZURE_STORAGE_ACCOUNT_KEY" in caught.value.hint
    assert "d3Jvbmc=" not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no credentials were found"),
        ({"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": "nonsense"}, "which is no URL"),
        (
            {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": "http://192.0.2.1"},
            "plain http",
        ),
        ({"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s", "AWS_ENDPOINT_URL": "{nobody}"}, "can't be reached"),
    ],
)
def test_what_the_environment_lacks_is_said(no_cloud, monkeypatch, given, said):
    """If credentials are missing, or the endpoint is none, plain http or down, the error says which and what to set."""
    del no_cloud
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    for name, value in given.items():
        monkeypatch.setenv(name, value.replace("{nobody}", "http://127.0.0.1:1"))
    found = script(LOOKS, "s3://states/here")
    kind, message, hint = found.stdout.strip().split("|")
    assert kind in ("UnreadableError", "UnsupportedBackendError")
    assert message.startswith("state `s3://states/here`")
    assert said in message
    assert re.search(r"AWS_(ENDPOINT_URL|ACCESS_KEY_ID)", hint)
    assert found.stderr == ""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "AZURE_STORAGE_ACCOUNT_NAME"),
        (
            {"AZURE_STORAGE_ACCOUNT_NAME": "a", "AZURE_STORAGE_ACCOUNT_KEY": "!"},
            "AZURE_STORAGE_ACCOUNT_KEY isn't a key",
        ),
        ({"AZURE_STORAGE_ACCOUNT_NAME": "a"}, "no credentials were found"),
    ],
)
def test_what_azure_lacks_is_said(no_cloud, monkeypatch, given, said):
    """If Azure's account or key is missing or none, the error says which variable to set."""
    del no_cloud
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnreadableError) as caught:
        opened("az://states/here").read()
    assert said in f"{caught.value} {caught.value.hint}"
    assert "AZURE_STORAGE_ACCOUNT_NAME" in caught.value.hint


NO_KEY = b"<Error><Code>NoSuchKey</Code></Error>"


@contextmanager
def answering(handler, monkeypatch):
    """An S3 that answers as a handler does, and the environment that leads there."""
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAKEY")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
        monkeypatch.setitem(store._RETRIES, "max_retries", 0)
        try:
            yield
        finally:
            server.shutdown()
            thread.join()


class Answering(BaseHTTPRequestHandler):
    """A server that answers everything as it was told to."""

    status, body = 200, b""

    def do_GET(self):
        """Answer, after reading what was sent."""
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_PUT = do_GET  # noqa: N815 - the name by which the server finds it

    def log_message(self, *args):
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "code", "said", "hint"),
    [
        (403, "AccessDenied", "don't allow it (AccessDenied)", "s3:PutObject on `x/*`"),
        (403, "RequestTimeTooSkewed", "clock", "set the clock"),
        (403, "SignatureDoesNotMatch", "aren't accepted (SignatureDoesNotMatch)", "AWS_SECRET_ACCESS_KEY"),
        (401, "Unauthorized", "aren't accepted (Unauthorized)", "AWS_SECRET_ACCESS_KEY"),
        (400, "ExpiredToken", "have expired", "AWS_SECRET_ACCESS_KEY"),
        (301, "PermanentRedirect", "another region", "AWS_REGION"),
        (501, "NotImplemented", "conditional writes", "overwrite each other"),
        (503, "SlowDown", "has trouble (SlowDown)", "in a while"),
        (404, "", "doesn't seem to be an object store", "AWS_ENDPOINT_URL"),
        (200, "", "doesn't seem to be an object store", "AWS_ENDPOINT_URL"),
        (418, "Teapot", "418 I'm a teapot (Teapot)", "AWS_ENDPOINT_URL"),
    ],
)
def test_what_a_store_answers_is_said_in_words(no_cloud, monkeypatch, status, code, said, hint):
    """If a store refuses, the error says why and what to do, and repeats nothing of what it sent."""
    del no_cloud
    body = f"<Error><Code>{code}</Code><Message>AKIAKEY</Message></Error>".encode()
    handler = type("Handler", (Answering,), {"status": status, "body": body})
    with answering(handler, monkeypatch):
        backend = opened("s3://states/x")
        tries = (backend.read, lambda: backend._medium._store.put("x/staging.json", b"", over=None))
        for use, kind in zip(tries, (UnreadableError, StateError), strict=True):
            with pytest.raises(kind, match="state `s3://states/x` can't be") as caught:
                use()
            assert said in caught.value.message
            assert hint in caught.value.hint
            assert "AKIAKEY" not in caught.value.message + caught.value.hint


class Careless(Answering):
    """A server that keeps objects and ignores conditions: all of them, or those for the header ``heeds`` not."""

    heeds, objects = "", {}

    def do_GET(self):
        """Answer with the object."""
        self.status, self.body = (200, self.objects[self.path]) if self.path in self.objects else (404, NO_KEY)
        super().do_GET()

    def do_PUT(self):
        """Keep the object."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.status = 412 if self.heeds in self.headers and self.path in self.objects else 200
        if self.status == 200:
            self.objects[self.path] = content
        del self.headers["Content-Length"]
        self.body = b""
        super().do_GET()

    def end_headers(self):
        """Send what every object has."""
        self.send_header("ETag", '"same"')
        self.send_header("Last-Modified", "Sun, 10 May 2026 12:00:00 GMT")
        super().end_headers()


@pytest.mark.parametrize("heeds", ["X-None", "If-None-Match"])
def test_a_store_that_ignores_conditions_is_refused(no_cloud, monkeypatch, heeds):
    """If a store ignores one of the conditions that writes rest on, nothing is locked and nothing is written in it."""
    del no_cloud
    handler = type("Handler", (Careless,), {"heeds": heeds, "objects": {}})
    with answering(handler, monkeypatch):
        backend = opened("s3://states/x")
        with pytest.raises(StateError, match="ignores conditions") as caught, backend.lock("apply"):
            pytest.fail("it was locked")
        assert "git" in caught.value.hint
        with pytest.raises(StateError, match="ignores conditions"):
            backend.write(state(), expected_serial=0)
        assert backend.read() is None
        assert backend.holder() is None


@pytest.mark.parametrize("environment", ["", "a/b", "..", "ä"])
def test_an_environment_that_cannot_be_a_key_is_refused(environment):
    """If the environment's name can't be a part of a key, it is refused before anything is asked."""
    with pytest.raises(UnsupportedBackendError, match="environment"):
        opened("s3://states", environment)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("s3:states", "names no place"),
        ("gs://states/x", "names no place"),
        ("s3://", "names no bucket"),
        ("az:///x", "names no container"),
        ("s3://states/a//b", "`` can't be a part"),
        ("s3://states/../b", "`..` can't be a part"),
        ("s3://states/a?versionId=1", "`a?versionId=1` can't be a part"),
        ("s3://states/ä", "`ä` can't be a part"),
    ],
)
def test_a_url_that_names_no_place_is_refused(url, said):
    """If a URL names nothing that state can be kept under, it is refused before anything is asked."""
    with pytest.raises(UnsupportedBackendError, match=re.escape(said)) as caught:
        opened(url)
    assert "write" in caught.value.hint


def test_a_url_with_credentials_is_refused_unseen():
    """If a URL holds something in front of an @, it is refused and what stands there isn't shown."""
    with pytest.raises(UnsupportedBackendError) as caught:
        opened("s3://AKIAKEY:hidden@states/x")
    assert "hidden" not in str(caught.value) + caught.value.hint
    assert "environment" in caught.value.hint


def test_a_prefix_may_be_empty_and_end_with_a_slash():
    """If the prefix is empty or ends with a slash, the place is named without it."""
    assert opened("S3://states").location == "s3://states"
    assert opened("az://states/a/b/").location == "az://states/a/b"
