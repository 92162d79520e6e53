"""Attentive's rate limits are kept from this side."""

import heapq
import random
import threading
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deployer.attentive import Client, User
from deployer.attentive.limits import LEAST_SHARE, SHARE, Limiter, shared_limits
from deployer.attentive.operations import (
    CREATE_SEGMENT,
    GET_ELIGIBILITIES,
    LIST_SEGMENTS,
    LIST_WEBHOOKS,
    ME,
    SUBSCRIBE,
    UPDATE_SEGMENT,
)

ANN = User(phone="+19148440001")
ROUNDING = 1e-6


class Time:
    """A clock for one thread."""

    def __init__(self, at=0.0):
        self.at = at

        self._chance = random.Random(at)

    def now(self):
        return datetime(2026, 5, 10, tzinfo=UTC)

    def random(self):
        return self._chance.random()

    def monotonic(self):
        return self.at

    def sleep(self, seconds):
        self.at += seconds


def densest(times, rate):
    """Find the shortest time in which more than ``rate`` requests stand."""
    return min((later - earlier for earlier, later in zip(times, times[rate:], strict=False)), default=1.0)


@given(rate=st.integers(1, 200), gaps=st.lists(st.floats(0, 2), max_size=300))
def test_no_second_holds_more_than_the_rate(rate, gaps):
    """However requests arrive, no window of a second holds more than the rate, and none waits without need."""
    clock = Time()
    limiter = Limiter(rate, clock)
    times = []
    for gap in gaps:
        clock.at += gap
        arrived = clock.at
        limiter.wait()
        earliest = times[-1] + 1 / (SHARE * rate) if times else 0.0
        assert clock.at <= max(arrived, earliest) + ROUNDING
        times.append(clock.at)
    assert densest(times, rate) >= 1 - ROUNDING


@given(
    steps=st.lists(
        st.tuples(st.floats(0, 0.3), st.sampled_from([None, "0", "5", "soon"]), st.sampled_from([200, 429])),
        max_size=80,
    )
)
def test_nothing_is_sent_in_the_second_after_nothing_remains(steps):
    """If an answer says that nothing remains, or 429, the next request stands a second later at least."""
    clock = Time()
    limiter = Limiter(50, clock)
    resume = 0.0
    for gap, remaining, status in steps:
        clock.at += gap
        limiter.wait()
        assert clock.at >= resume - ROUNDING
        limiter.learn(status, {"x-ratelimit-remaining": remaining} if remaining else {}, clock.at)
        if remaining == "0" or status == 429:
            resume = clock.at + 1


def test_a_lower_limit_that_attentive_announces_is_kept():
    """If an answer announces a lower limit, requests are spread to it; a higher one changes nothing."""
    clock = Time()
    limiter = Limiter(100, clock)
    sent = limiter.wait()
    limiter.learn(200, {"x-ratelimit-limit": "10"}, sent)
    limiter.learn(200, {"x-ratelimit-limit": "1000"}, sent)
    limiter.wait()
    limiter.wait()
    assert clock.at == pytest.approx((1 / 100 + 1 / 10) / SHARE)


class Shared:
    """An endpoint that counts a key by seconds, as Attentive's does, and processes that send as fast as they may.

    Each process lives by a clock of its own; answers come at once.
    """

    def __init__(self, rate, starts):
        self.rate = rate
        self.used = {}
        self.limiters = [Limiter(rate, Time(start)) for start in starts]
        self.sent = [[] for _ in starts]
        self.refused = [[] for _ in starts]

    def run(self, seconds):
        waiting = [(limiter.wait(), number) for number, limiter in enumerate(self.limiters)]
        heapq.heapify(waiting)
        while waiting:
            at, number = heapq.heappop(waiting)
            if at < seconds:
                self._answer(at, number)
                heapq.heappush(waiting, (self.limiters[number].wait(), number))
        return self

    def _answer(self, at, number):
        used = self.used.get(int(at), 0)
        refused = used >= self.rate
        self.used[int(at)] = used if refused else used + 1
        (self.refused if refused else self.sent)[number].append(at)
        left = {"x-ratelimit-limit": str(self.rate), "x-ratelimit-remaining": str(self.rate - self.used[int(at)])}
        self.limiters[number].learn(429 if refused else 200, left, at)


@pytest.mark.parametrize("rate", [10, 100, 150])
def test_a_key_used_by_nobody_else_is_used_at_its_share(rate):
    """If one process uses a key, it is never refused, never pauses, and uses the share of the limit that it may."""
    start, end = 0.05, 10
    alone = Shared(rate, [start]).run(end)
    assert alone.refused == [[]]
    assert len(alone.sent[0]) == pytest.approx((end - start) * rate * SHARE, abs=2)


@given(rate=st.sampled_from([10, 100, 150]), starts=st.lists(st.floats(0, 3), min_size=2, max_size=6))
def test_processes_share_a_key(rate, starts):
    """However many processes use one key, few of their requests are refused and each of them gets on."""
    together = Shared(rate, starts).run(12)
    done, refused = sum(map(len, together.sent)), sum(map(len, together.refused))
    assert done >= 12 * rate / 3
    assert refused <= 12 * 2 * len(starts)
    for sent, start in zip(together.sent, starts, strict=True):
        assert len(sent) >= (12 - start) / 4


def test_what_others_used_is_left_to_them_for_a_while():
    """If less remains than our own requests explain, so much is left to others, then the whole limit is used again."""
    clock = Time()
    limiter = Limiter(100, clock)
    sent = limiter.wait()
    limiter.learn(200, {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "59"}, sent)
    limiter.wait()
    begun = clock.at
    limiter.wait()
    assert clock.at - begun == pytest.approx(1 / (100 * SHARE - 40))
    clock.at += 2
    limiter.wait()
    begun = clock.at
    limiter.wait()
    assert clock.at - begun == pytest.approx(1 / (100 * SHARE))


def test_nobody_starves():
    """If others use the whole limit, an eighth of it is used all the same."""
    clock = Time()
    limiter = Limiter(100, clock)
    limiter.learn(200, {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "1"}, limiter.wait())
    limiter.wait()
    begun = clock.at
    limiter.wait()
    assert clock.at - begun == pytest.approx(1 / (100 * LEAST_SHARE))


def test_a_late_answer_tells_nothing_about_others():
    """If an answer comes late, our own requests of that time aren't known any more, and nothing is concluded."""
    clock = Time()
    limiter = Limiter(100, clock)
    sent = limiter.wait()
    clock.at += 0.6
    limiter.learn(200, {"x-ratelimit-limit": "100", "x-ratelimit-remaining": "1"}, sent)
    limiter.wait()
    begun = clock.at
    limiter.wait()
    assert clock.at - begun == pytest.approx(1 / (100 * SHARE))


def test_retry_after_stops_every_thread_of_the_endpoint(serve, connect, say, clock):
    """If an answer says 429 and how long to wait, every call to the endpoint waits as long, not only that one."""
    server = serve(say(429, headers={"retry-after": "9"}), say(200, {"webhooks": []}))
    client, other = connect(server), connect(server)
    client.webhooks()
    assert clock.elapsed >= 9
    limiter = other._caller._limits.limiter(LIST_WEBHOOKS)
    assert limiter is client._caller._limits.limiter(LIST_WEBHOOKS)
    assert limiter._resume == pytest.approx(9)


def test_threads_share_one_limit(clock):
    """If many threads ask at once, their slots are as far apart as those of one."""
    limiter = Limiter(10, clock)
    threads = [threading.Thread(target=limiter.wait) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert clock.elapsed >= 2.9 - ROUNDING


def test_limits_are_by_endpoint(clock):
    """Subscribing has a limit of its own, segments share one, others stand alone."""
    limits = shared_limits("k", "https://a.example", clock)
    assert limits.limiter(LIST_SEGMENTS) is limits.limiter(CREATE_SEGMENT) is limits.limiter(UPDATE_SEGMENT)
    assert limits.limiter(SUBSCRIBE) is not limits.limiter(GET_ELIGIBILITIES)
    assert limits.limiter(ME) is limits.limiter(ME)


def test_limits_are_by_key(clock):
    """Clients with one key share the limits, another key has its own."""
    one = shared_limits("k", "https://a.example", clock)
    assert shared_limits("k", "https://a.example", clock) is one
    assert shared_limits("other", "https://a.example", clock) is not one


@pytest.mark.parametrize(
    ("call", "body", "interval"),
    [
        (lambda c: c.webhooks(), {"webhooks": []}, 1 / 150),
        (lambda c: c.subscribe(ANN, sign_up_source_id="1"), {"subscriptionResponses": []}, 1 / 10),
        (lambda c: c.segment("x"), {"externalId": "x", "name": "x"}, 1 / 100),
    ],
)
def test_calls_wait_for_their_limit(call, body, interval, serve, connect, say, clock):
    """Calls of two clients with one key are spread over the second by Attentive's published limit."""
    server = serve(say(200, body))
    clients = [connect(server), connect(server)]
    for number in range(6):
        call(clients[number % 2])
    assert clock.elapsed == pytest.approx(5 * interval / SHARE)


def test_remaining_zero_pauses_the_endpoint(serve, connect, say, clock):
    """If nothing remains of the limit, the next call to the endpoint waits a second."""
    server = serve(say(200, {"webhooks": []}, {"x-ratelimit-remaining": "0"}), say(200, {"webhooks": []}))
    client = connect(server)
    client.webhooks()
    client.webhooks()
    assert clock.elapsed == pytest.approx(1)


def test_the_system_clock_is_shared_between_clients():
    """Clients that live by the machine's clock share the limits of their key."""
    with Client("shared") as one, Client("shared") as two:
        assert one._caller._limits is two._caller._limits
