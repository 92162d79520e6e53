"""Proof on a phone and the watch over what is sent: by deliveries, by a log, by the person at the terminal."""

from __future__ import annotations

import json
import os
import re
import socket
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import deployer as api
from deployer.app.sandbox_account import open_sandbox
from deployer.cli import exits
from deployer.sandbox.posting import signature
from tests.patience import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PHONE = "+12065550100"
TEXT = "Tea Shop: Tea order 17 is on its way. https://tea.attn.tv/l/a1b/c2d"
KEY = "a-signing-key"


def deliver(text: str = TEXT, phone: str = PHONE, later: float = 60, kind: str = "sms.sent") -> str:
    """A delivery about a text, as Attentive posts it; ``later`` are seconds from now."""
    at = datetime.now(UTC) + timedelta(seconds=later)
    body = {
        "type": kind,
        "timestamp": at.timestamp() * 1000,
        "company": {"display_name": "Tea Shop"},
        "subscriber": {"external_id": 1, "phone": phone},
        "message": {"id": "1", "type": "TRANSACTIONAL", "text": text, "channel": "TEXT"},
    }
    return json.dumps(body)


@pytest.fixture
def shop(
    tea: Path,
    deployer: Callable[..., Any],
    tokens: Callable[[Path], dict[str, str]],
    edit: Callable[[Path, str, str], None],
) -> Path:
    """The small shop with everything confirmed but the proof, and its test contact subscribed.

    Its text goes out at any hour, so that a test means the same whenever it runs.
    """
    edit(tea / "resources.yaml", "quiet_hours: respect", "quiet_hours: ignore")
    deployer("apply", "--yes", "--project", tea)
    waiting = tokens(tea / ".deployer" / "state" / "sandbox.json")
    done = [token for name, token in waiting.items() if not name.endswith("/verify")]
    assert deployer("confirm", *done, "--project", tea).code == exits.DONE
    assert deployer("subscribe", "checkout", "--project", tea).code == exits.DONE
    return tea


@pytest.fixture
def verify(shop: Path, deployer: Callable[..., Any], tmp_path: Path) -> Callable[..., Any]:
    """Verify the journey with a log of these deliveries."""

    def run(*lines: str, more: tuple[str, ...] = ()) -> Any:
        log = tmp_path / "log.ndjson"
        log.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
        call = ("verify", "shipped", "--webhook-log", log, "--within", "1", "--project", shop, *more)
        return deployer(*call)

    return run


LATER_STEP = """\
  - {id: pause, wait: {for: 2 days}}
  - {id: ask, send_text: {message: ask_text, quiet_hours: ignore, smart_sending: ignore}}
status: active
"""
ASK = """\
---
kind: Message
id: ask_text
channel: text
event: order_shipped
body: How was order {{triggerEvent.custom['order_id']}}?
"""
ASKED = "Tea Shop: How was order 17?"
TEST_STEP = """\
  - id: copy
    ab_test:
      variants:
        - name: short
          share: 50
          steps: [{id: brief, send_text: {message: ask_text, quiet_hours: ignore, smart_sending: ignore}}]
        - {name: none, share: 50, steps: []}
status: active
"""


@pytest.fixture
def slow_shop(tea: Path, edit: Callable[[Path, str, str], None], request: pytest.FixtureRequest) -> Path:
    """The small shop, whose journey asks after two days how the order was; everything is confirmed but the proof."""
    edit(tea / "resources.yaml", "status: active\n", LATER_STEP)
    edit(tea / "resources.yaml", "---\nkind: Journey", f"{ASK}---\nkind: Journey")
    built: Path = request.getfixturevalue("shop")
    return built


@pytest.fixture
def drawn_shop(tea: Path, edit: Callable[[Path, str, str], None], request: pytest.FixtureRequest) -> Path:
    """The small shop, whose journey sends a second text in one variant of an A/B test."""
    edit(tea / "resources.yaml", "status: active\n", TEST_STEP)
    edit(tea / "resources.yaml", "---\nkind: Journey", f"{ASK}---\nkind: Journey")
    built: Path = request.getfixturevalue("shop")
    return built


def travel(shop: Path, days: float) -> None:
    """Let so many days pass since the proof was begun."""
    path = shop / ".deployer" / "proofs" / "sandbox" / "shipped.json"
    begun = json.loads(path.read_text(encoding="utf-8"))
    begun["at"] = (datetime.fromisoformat(begun["at"]) - timedelta(days=days)).isoformat()
    path.write_text(json.dumps(begun), encoding="utf-8")


def proof(shop: Path) -> str:
    """How the proof is recorded; empty where it isn't."""
    record = json.loads((shop / ".deployer" / "state" / "sandbox.json").read_text(encoding="utf-8"))
    found = record["entries"]["journey.shipped"].get("confirmations", {}).get("verify", {})
    return str(found.get("how", ""))


def sent(shop: Path) -> int:
    """How many live events the sandbox has."""
    with api.connect(api.load(shop)) as connection, open_sandbox(connection.project) as sandbox:
        return sum(one["starts_journeys"] for one in sandbox.account()["events"])


def test_what_came_is_recorded_as_observed(
    shop: Path, verify: Callable[..., Any], deployer: Callable[..., Any]
) -> None:
    """If exactly the expected text was delivered, its link shortened, the proof is observed and the sixth step done."""
    done = verify(deliver(), deliver("To another person.", "+12065550199"), "")
    assert (done.code, done.err) == (exits.DONE, "")
    assert "at once: text of the step text" in done.out
    assert "Tea order 17 is on its way." in done.out
    assert PHONE not in done.out
    assert "recorded as observed" in done.out
    assert proof(shop) == "observed"
    steps = deployer("status", "--format", "json", "--project", shop).data["steps"]
    assert steps[5]["outcome"] == "done"
    record = (shop / ".deployer" / "state" / "sandbox.json").read_text(encoding="utf-8")
    # Digits of their own, so not those that a digest happens to have.
    assert re.search(r"5550199|(?<![0-9a-f])0199(?![0-9a-f])|another person", record) is None
    again = verify(deliver())
    assert (again.code, sent(shop)) == (exits.DONE, 2)
    assert "no task waits for this proof" in again.out


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (deliver("Tea Shop: Tea order 18 is on its way. https://tea.attn.tv/l/a1b/c2d"),),
        (deliver(phone="+12065550199"),),
        (deliver(later=-3600),),
        (deliver(), deliver("Tea Shop: Anything else?")),
        (deliver(kind="email.sent"),),
    ],
    ids=["nothing", "other words", "other person", "before", "more", "other channel"],
)
def test_what_did_not_come_is_not_recorded(shop: Path, verify: Callable[..., Any], lines: tuple[str, ...]) -> None:
    """If anything but the expected came, or nothing, the command fails and the proof stays open."""
    done = verify(*lines)
    assert done.code == exits.FAILED
    assert "nothing is recorded" in done.out
    assert proof(shop) == ""


def test_nothing_is_sent_where_nothing_would_arrive(tea: Path, deployer: Callable[..., Any], verify: Any) -> None:
    """If the person opted out, isn't a test contact, or the journey isn't known, the event isn't sent."""
    before = sent(tea)
    stranger = verify(more=("--to", "+12065550199"))
    assert "isn't one of the environment's test contacts" in stranger.err
    unknown = deployer("verify", "shiped", "--webhook-log", tea / "legal.txt", "--project", tea)
    assert "there is no journey `shiped`" in unknown.err
    with api.connect(api.load(tea)) as connection, open_sandbox(connection.project) as sandbox:
        sandbox.reply(PHONE, "STOP")
    stopped = verify()
    assert "isn't subscribed to transactional texts" in stopped.err
    assert {one.code for one in (stranger, unknown, stopped)}.isdisjoint({exits.DONE, exits.BUG})
    assert sent(tea) == before


def test_nothing_is_sent_with_a_log_that_cannot_be_read(shop: Path, verify: Any) -> None:
    """A line that is no delivery is found before the event is sent; one that is being written is waited for."""
    before = sent(shop)
    refused = verify("no JSON", "")
    assert refused.code == exits.USAGE
    assert "log.ndjson:1 isn't JSON" in refused.err
    assert sent(shop) == before
    latin = verify("caf\udce9")
    assert (latin.code, sent(shop)) == (exits.USAGE, before)
    assert "log.ndjson isn't UTF-8" in latin.err
    with_half = verify(deliver(), '{"type": "sms.')
    assert with_half.code == exits.DONE


def test_a_journey_that_is_not_confirmed_is_not_verified(tea: Path, deployer: Callable[..., Any]) -> None:
    """If nothing is confirmed as turned on, there is nothing to prove yet."""
    deployer("apply", "--yes", "--project", tea)
    deployer("subscribe", "checkout", "--project", tea)
    refused = deployer("verify", "shipped", "--webhook-log", tea / "legal.txt", "--project", tea)
    assert refused.code == exits.FAILED
    assert "isn't confirmed as turned on" in refused.err
    assert sent(tea) == 0


DAYS = 24 * 3600


def test_what_is_due_in_days_is_compared_when_it_came(slow_shop: Path, verify: Callable[..., Any]) -> None:
    """What is due now is compared now; the proof is recorded when the rest came, and the event is sent once."""
    first = verify(deliver())
    assert first.code == exits.FAILED
    shown = " ".join(first.out.split())
    assert "America/Los_Angeles: text of the step ask" in shown
    assert "came: text of the step text" in shown
    assert "due later: text of the step ask" in shown
    assert "nothing is recorded" in shown
    assert "deployer verify shipped --env sandbox --resume" in shown
    kept = (slow_shop / ".deployer" / "proofs" / "sandbox" / "shipped.json").read_text(encoding="utf-8")
    assert not {PHONE, "0100", "17", "way"} & set(kept.replace('"', " ").split())
    soon = verify(more=("--resume",))
    assert (soon.code, proof(slow_shop)) == (exits.FAILED, "")
    travel(slow_shop, 2.5)
    late = verify(deliver(later=-2.5 * DAYS + 60), deliver(ASKED, later=-DAYS / 2 + 60), more=("--resume",))
    assert late.code == exits.DONE, late.out
    assert (proof(slow_shop), sent(slow_shop)) == ("observed", 1)
    again = verify(more=("--resume",))
    assert again.code == exits.USAGE
    assert "no proof of `shipped` was begun on this machine" in again.err


def test_what_comes_before_its_time_is_no_proof(slow_shop: Path, verify: Callable[..., Any]) -> None:
    """A text that should come after two days and comes immediately shows that the wait isn't there."""
    found = verify(deliver(), deliver(ASKED))
    assert found.code == exits.FAILED
    assert "came early: text of the step ask" in " ".join(found.out.split())
    travel(slow_shop, 3)
    assert verify(deliver(ASKED, later=-3 * DAYS + 120), more=("--resume",)).code == exits.FAILED
    assert proof(slow_shop) == ""


def test_what_should_have_come_is_not_seen(slow_shop: Path, verify: Callable[..., Any]) -> None:
    """What was due and didn't come is not seen, and the next look may still find it."""
    verify(deliver())
    travel(slow_shop, 3)
    assert "not seen: text of the step ask" in " ".join(verify(more=("--resume",)).out.split())
    assert verify(deliver(ASKED, later=-DAYS + 60), more=("--resume",)).code == exits.DONE


def test_another_version_is_another_proof(
    slow_shop: Path, verify: Callable[..., Any], deployer: Callable[..., Any], edit: Callable[[Path, str, str], None]
) -> None:
    """Where the journey was changed and turned on again meanwhile, what comes is no proof of what runs now."""
    verify(deliver())
    edit(slow_shop / "resources.yaml", "How was order", "Did you like order")
    deployer("apply", "--yes", "--project", slow_shop)
    tasks = deployer("tasks", "--format", "json", "--project", slow_shop).data["tasks"]
    waiting = [one["token"] for one in tasks if not one["id"].endswith("/verify")]
    assert deployer("confirm", *waiting, "--project", slow_shop).code == exits.DONE
    stale = verify(more=("--resume",))
    assert stale.code == exits.FAILED
    assert "was turned on again since the event was sent" in stale.err


@pytest.mark.usefixtures("slow_shop")
def test_what_was_given_is_given_again(verify: Callable[..., Any], tmp_path: Path) -> None:
    """An event's own data and a recipient who was named aren't kept: without them a proof can't go on."""
    (tmp_path / "data.json").write_text('{"order_id": "18", "tracking_url": "https://tea.example/t/18"}')
    own = ("--data", tmp_path / "data.json", "--to", PHONE)
    eighteen = deliver(TEXT.replace("17", "18"))
    assert "came: text of the step text" in " ".join(verify(eighteen, more=own).out.split())
    assert verify(more=("--resume",)).code == exits.USAGE
    assert "pass the same --data again" in verify(more=("--resume",)).err
    assert verify(more=("--resume", *own)).code == exits.FAILED
    assert verify(more=("--resume", "--sample", "happy")).code == exits.USAGE


def test_the_person_is_asked_for_what_is_due(slow_shop: Path, start: Callable[..., Any]) -> None:
    """A person is asked for each message when it is due, and for none twice; their word makes the proof confirmed."""
    started = start("verify", "shipped", "--project", slow_shop, columns=80)
    started.until("step text arrive, word for word? [y/N]:")
    started.type("y")
    assert started.end() == exits.FAILED
    assert "step ask arrive" not in started.seen
    travel(slow_shop, 3)
    resumed = start("verify", "shipped", "--resume", "--project", slow_shop, columns=80)
    resumed.until("step ask arrive, word for word? [y/N]:")
    resumed.type("y")
    assert resumed.end() == exits.DONE
    assert "step text arrive" not in resumed.seen
    assert proof(slow_shop) == "confirmed"


@pytest.mark.parametrize("texts", [(TEXT,), (TEXT, ASKED)], ids=["none", "short"])
def test_whichever_variant_is_drawn(drawn_shop: Path, verify: Callable[..., Any], texts: tuple[str, ...]) -> None:
    """Attentive draws the variant of an A/B test: the texts of any one of them are a proof."""
    done = verify(*map(deliver, texts))
    assert "if Attentive draws its variant" in " ".join(done.out.split())
    assert (done.code, proof(drawn_shop)) == (exits.DONE, "observed")


def test_a_variant_that_is_not_whole_is_no_proof(drawn_shop: Path, verify: Callable[..., Any]) -> None:
    """What no variant sends is no proof: the second text without the first."""
    assert verify(deliver(ASKED)).code == exits.FAILED
    assert proof(drawn_shop) == ""


def test_without_a_terminal_there_must_be_a_source(shop: Path, deployer: Callable[..., Any]) -> None:
    """If there is neither a terminal nor a source of deliveries, it is wrong usage, and so are two sources."""
    assert deployer("verify", "shipped", "--project", shop).code == exits.USAGE
    both = deployer("verify", "shipped", "--listen", "0", "--webhook-log", shop / "legal.txt", "--project", shop)
    assert both.code == exits.USAGE
    assert deployer("listen", "--project", shop).code == exits.USAGE
    assert "ATTENTIVE_WEBHOOK_KEY" in deployer("listen", "--listen", "0", "--project", shop).err


@pytest.mark.parametrize(("answer", "how"), [("y", "confirmed"), ("n", "")])
def test_the_person_at_the_terminal_is_asked(shop: Path, start: Callable[..., Any], answer: str, how: str) -> None:
    """On a terminal the person says whether each message arrived; only a yes is recorded, as confirmed."""
    started = start("verify", "shipped", "--project", shop, columns=80)
    started.until("word for word? [y/N]:")
    started.type(answer)
    assert started.end() == (exits.DONE if how else exits.FAILED)
    assert proof(shop) == how


def is_free(port: int) -> bool:
    """Whether a port can be listened at. Below 32768 the system gives none away to who asks for any."""
    with socket.socket() as free, suppress(OSError):
        free.bind(("127.0.0.1", port))
        return True
    return False


def test_the_sandboxs_own_webhook_proves_it(shop: Path, start: Callable[..., Any], monkeypatch: Any) -> None:
    """The served sandbox plays the journey and posts its signed webhook to the port that listens: observed."""
    served = start("sandbox", "serve", "--port", "0", "--project", shop)
    lines = served.until("Ctrl-C")
    url, page = (lines.partition(mark)[2].partition("\n")[0] for mark in (" at ", "phones and inboxes: "))
    port = next(filter(is_free, range(10_000 + os.getpid() % 10_000, 32_768)))
    hook = {"url": f"http://127.0.0.1:{port}/", "events": ["sms.sent"]}
    httpx.post(f"{url}/v1/webhooks", json=hook, headers={"authorization": "Bearer sandbox-shop"}, trust_env=False)
    shown = httpx.get(f"{page}data.json", trust_env=False).json()["webhooks"]
    key = next(one["signing_key"] for one in shown if one["url"] == hook["url"])
    monkeypatch.setitem(os.environ, "ATTENTIVE_WEBHOOK_KEY", key)
    proving = start("verify", "shipped", "--listen", port, "--within", PATIENCE, "--project", shop)
    assert proving.end() == exits.DONE, proving.seen
    assert proof(shop) == "observed"
    assert key not in proving.seen


def test_a_text_that_nobody_confirmed_is_reported(shop: Path, deployer: Callable[..., Any], tmp_path: Path) -> None:
    """A text that fits a confirmed one is explained; a changed one is reported without a word of the person's."""
    log = tmp_path / "log.ndjson"
    log.write_text(f"{deliver()}\n{deliver(kind='sms.subscribed')}\n", encoding="utf-8")
    call = ("listen", "--webhook-log", log, "--project", shop)
    assert deployer(*call).code == exits.DONE
    changed = "Tea Shop: Dear Ana Smith, order 17 has left us. https://tea.attn.tv/l/a1b/c2d"
    log.write_text(f"{deliver()}\n{deliver(changed)}\n", encoding="utf-8")
    found = deployer(*call)
    assert found.code == exits.FAILED
    assert "the nearest is shipped/text" in " ".join(found.out.split())
    assert "without: is on its way." in found.out
    assert "2 sent, 1 unexplained" in found.out
    assert "Ana" not in found.out + found.err
    lines = [json.loads(line) for line in deployer(*call, "--format", "json").out.splitlines()]
    assert [line.get("nearest") for line in lines] == ["shipped/text", None]


def test_shapes_that_are_not_known_are_counted(shop: Path, deployer: Callable[..., Any], tmp_path: Path) -> None:
    """A delivery that can't be compared is counted, named once, and fails the watch: it may be a changed text."""
    log = tmp_path / "log.ndjson"
    strange = json.loads(deliver("Tea Shop: Something else."))
    strange["message"] = {"body": strange["message"]["text"], "id": "9"}
    log.write_text("\n".join([deliver(), *[json.dumps(strange)] * 2, deliver(kind="sms.subscribed")]), encoding="utf-8")
    call = ("listen", "--webhook-log", log, "--project", shop)
    found = deployer(*call)
    assert found.code == exits.FAILED
    assert found.out.count("can't be compared: `sms.sent` without `message.text`") == 1
    assert "1 sent, 0 unexplained, 2 of an unknown shape" in found.out
    assert "Something" not in found.out + found.err
    lines = [json.loads(line) for line in deployer(*call, "--format", "json").out.splitlines()]
    assert [line.get("unknown_shape", line.get("unknown_shapes")) for line in lines] == [
        "`sms.sent` without `message.text`",
        {"`sms.sent` without `message.text`": 2},
    ]


def test_nothing_of_a_person_is_written(
    shop: Path, start: Callable[..., Any], verify: Callable[..., Any], monkeypatch: Any, tmp_path: Path
) -> None:
    """Whatever is delivered, no byte of a person is in any file afterwards, nor on the terminal."""
    monkeypatch.setenv("ATTENTIVE_WEBHOOK_KEY", KEY)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    marks = ["+14155550177", "Quentin", "quentin@fern.example", "9876543210", "zq-client-7"]
    person = {
        "external_id": 9876543210,
        "phone": "+14155550177",
        "email": "quentin@fern.example",
        "external_identifiers": {"client_user_id": ["zq-client-7"]},
    }
    known = {**json.loads(deliver(TEXT.replace("17", "Quentin"))), "subscriber": person}
    drifted = {**json.loads(deliver("Tea Shop: Dear Quentin, it left.")), "subscriber": person}
    strange = {**known, "message": {"body": "Dear Quentin"}}
    listening = start("listen", "--listen", "0", "--verbose", "--project", shop)
    url = listening.until("Ctrl-C").partition("listening at ")[2].partition(";")[0]
    for one in (known, drifted, strange, {**known, "type": "sms.subscribed"}, ["Quentin"]):
        body = json.dumps(one).encode()
        headers = {"x-attentive-hmac-sha256": signature(KEY, body)}
        assert httpx.post(url, content=body, headers=headers, trust_env=False).status_code == 200
    listening.until("a delivery can't be compared: a body without")
    listening.interrupt()
    listening.end()
    monkeypatch.delenv("ATTENTIVE_WEBHOOK_KEY")
    proven = verify(deliver(), *map(json.dumps, (known, drifted, strange)), more=("--verbose",))
    assert proven.code == exits.DONE
    (tmp_path / "log.ndjson").unlink()
    seen = listening.seen + proven.out + proven.err
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"Tea Shop" in written
    assert [mark for mark in marks if mark in seen or mark.encode() in written] == []


def test_a_log_with_signatures_is_checked(
    shop: Path, deployer: Callable[..., Any], tmp_path: Path, monkeypatch: Any
) -> None:
    """With the signing key each line of the log has to be signed over its raw body; one that isn't is named."""
    monkeypatch.setenv("ATTENTIVE_WEBHOOK_KEY", KEY)
    log = tmp_path / "log.ndjson"
    body = deliver()
    good = {"body": body, "signature": signature(KEY, body.encode())}
    log.write_text(json.dumps(good), encoding="utf-8")
    call = ("listen", "--webhook-log", log, "--project", shop)
    assert deployer(*call).code == exits.DONE
    for bad in ({**good, "body": body + " "}, {"body": body}, json.loads(body)):
        log.write_text(f"{json.dumps(good)}\n{json.dumps(bad)}\n", encoding="utf-8")
        refused = deployer(*call)
        assert refused.code not in {exits.DONE, exits.BUG}
        assert "log.ndjson:2: the signature isn't that of the body" in refused.err


def test_a_delivery_without_a_good_signature_is_refused(
    shop: Path, start: Callable[..., Any], monkeypatch: Any
) -> None:
    """What is posted with another signature is answered with 401, compared with nothing, and mentioned once."""
    monkeypatch.setenv("ATTENTIVE_WEBHOOK_KEY", KEY)
    listening = start("listen", "--listen", "0", "--project", shop)
    url = listening.until("Ctrl-C").partition("listening at ")[2].partition(";")[0]
    body = deliver("Tea Shop: Something new.").encode()

    def post(signed: str) -> int:
        headers = {"x-attentive-hmac-sha256": signed}
        return httpx.post(url, content=body, headers=headers, trust_env=False).status_code

    assert [post("0" * 64), post("0" * 64)] == [401, 401]
    assert post(signature(KEY, body)) == 200
    listening.until("no confirmed message explains")
    listening.interrupt()
    listening.end()
    assert listening.seen.count("no confirmed message explains") == 1
    assert listening.seen.count("a delivery was refused") == 1
