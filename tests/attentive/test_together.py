"""Many threads, many processes, and processes that die: one key, one account, real connections."""

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

import deployer.sandbox
from deployer.attentive import Client, User
from deployer.sandbox import Fault, FaultKind, Faults, Response, Sandbox, SandboxApp, SignUpUnit
from deployer.sandbox.server import serving
from tests.patience import PATIENCE

ROOT = Path(deployer.sandbox.__file__).parents[2]
EVENTS = ["sms.sent"]

WRITER = """
import sys
from concurrent.futures import ThreadPoolExecutor
from deployer.attentive import Client, User

url, key, name, hooks, people = sys.argv[1:]
with Client(key, base_url=url) as client, ThreadPoolExecutor(6) as pool:
    jobs = [
        pool.submit(client.create_webhook, f"https://shop.example/{name}/{n}", ["sms.sent"])
        for n in range(int(hooks))
    ]
    jobs += [
        pool.submit(client.subscribe, User(email=f"{name}{n}@example.com"), sign_up_source_id="100")
        for n in range(int(people))
    ]
    for job in jobs:
        job.result()
"""

ONE_BY_ONE = """
import sys
from deployer.attentive import Client

with Client(sys.argv[2], base_url=sys.argv[1]) as client:
    sys.stdin.readline()
    for number in range(4):
        client.create_webhook(f"https://shop.example/{number}", ["sms.sent"])
"""


@pytest.fixture
def account(key):
    """Open an account with the key's app and a sign-up unit; its limits count real seconds."""
    with Sandbox.open(None, company_name="Northwind") as sandbox:
        sandbox.ensure_app(SandboxApp("orders", "Northwind Orders", key))
        sandbox.ensure_sign_up_unit(SignUpUnit("100", "TRANSACTIONAL", ("EMAIL",)))
        yield sandbox


def urls(sandbox):
    """Count the webhooks of the account by URL."""
    return Counter(hook["url"] for hook in sandbox.account()["webhooks"])


def run(script, *arguments, **more):
    """Start a process of the client."""
    return subprocess.Popen([sys.executable, "-c", script, *arguments], cwd=ROOT, **more)


def test_many_threads_with_one_client(account, key):
    """If 32 threads create through one client, everything is created once, and each gets its own answer."""
    wanted = [f"https://shop.example/{number}" for number in range(160)]
    with (
        serving(account) as url,
        Client(key, base_url=url) as client,
        ThreadPoolExecutor(32) as pool,
    ):
        made = list(pool.map(lambda one: client.create_webhook(one, EVENTS), wanted))
    assert [hook.url for hook in made] == wanted
    assert len({hook.id for hook in made}) == len(wanted)
    assert urls(account) == Counter(wanted)


def test_threads_and_passing_faults(account, key):
    """If reads and idempotent writes of many threads meet faults that pass, all of them succeed."""
    faults = Faults(
        [
            Fault("GET /v2/segments/*", FaultKind.RESET, nth=3, times=2),
            Fault("PATCH *", FaultKind.TRUNCATE, nth=2, times=2),
            Fault("PATCH *", FaultKind.STATUS, nth=7, times=2, status=429, retry_after=1),
            Fault("GET /v2/segments/*", FaultKind.STATUS, nth=9, status=503),
        ]
    )
    with serving(account, faults=faults) as url, Client(key, base_url=url) as client, ThreadPoolExecutor(8) as pool:
        for number in range(8):
            client.create_segment(f"Segment {number}", "Some words", f"s{number}")

        def rename(number):
            client.update_segment(f"s{number}", name=f"Renamed {number}")
            return client.segment(f"s{number}").name

        assert list(pool.map(rename, range(8))) == [f"Renamed {number}" for number in range(8)]
    assert faults.injected == {"reset": 2, "truncate": 2, "status": 3}


def test_two_processes_share_a_key(account, key):
    """If two processes use one key beyond its limit and through 429s, both finish: nothing is lost or doubled."""
    faults = Faults([Fault("POST /v1/webhooks", FaultKind.STATUS, nth=10, times=6, status=429, retry_after=1)])
    refused = Counter()
    with (
        ExitStack() as stack,
        serving(account, faults=faults, after=lambda _, answer: refused.update([answer.status])) as url,
    ):
        writers = [stack.enter_context(run(WRITER, url, key, name, "20", "12")) for name in ("left", "right")]
        assert [one.wait(timeout=PATIENCE) for one in writers] == [0, 0]
    assert urls(account) == Counter(f"https://shop.example/{name}/{n}" for name in ("left", "right") for n in range(20))
    assert len(account.account()["people"]) == 24
    assert faults.injected == {"status": 6}
    assert refused[201] == 40
    assert refused[202] == 24


@pytest.mark.parametrize("write", [1, 2, 4])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_client_killed_around_a_write(moment, write, account, key):
    """If a client is killed right before its k-th write is carried out, or right after, the account has k - 1, or k."""
    seen = threading.Semaphore(write - 1)
    pids = []

    def kill():
        """Let ``write - 1`` writes pass, then kill."""
        if seen.acquire(blocking=False):
            return None
        os.kill(pids[0], signal.SIGKILL)
        return Response(503)

    def before(_):
        return kill() if moment == "before" else None

    def after(*_):
        if moment == "after":
            kill()

    with (
        serving(account, before=before, after=after) as url,
        run(ONE_BY_ONE, url, key, stdin=subprocess.PIPE, text=True) as process,
    ):
        pids.append(process.pid)
        process.communicate("go\n", timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert sum(urls(account).values()) == (write - 1 if moment == "before" else write)


def test_a_client_follows_another_with_its_key(account, key):
    """If one client used the limit up, the next one with its key in the process waits, and isn't refused."""
    refused = Counter()
    with serving(account, after=lambda _, answer: refused.update([answer.status])) as url:
        for number in range(3):
            with Client(key, base_url=url) as client:
                for one in range(4):
                    client.subscribe(User(email=f"{number}-{one}@example.com"), sign_up_source_id="100")
    assert refused == {202: 12}
