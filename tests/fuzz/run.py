"""Fuzzed events through a real worker, fuzzed requests to a real endpoint, and what came of it."""

import random
import uuid
from typing import NamedTuple

from sinks.clickhouse.audit import audit
from tests.faults.engines import Engines
from tests.faults.site import Site
from tests.fuzz.events import expected, fuzzed
from tests.fuzz.requests import attack, resident

_AT_ONCE = 5_000
_WARM = 500
"""Requests before memory is measured: the first ones of each kind load code."""


class Fuzzed(NamedTuple):
    """All wrong numbers are 0 if nothing gave way; `grown` in bytes of resident memory."""

    events: int
    counted: int
    rejected: int
    wrong_posts: int
    wrong_rejected: int
    drift: int
    restarts: int
    requests: int
    wrong_answers: int
    endpoint_grown: int

    @property
    def whole(self) -> bool:
        """Whether nothing gave way."""
        wrong = self.wrong_posts, self.wrong_rejected, self.drift, self.restarts, self.wrong_answers
        return not any(wrong) and self.endpoint_grown < 300 << 20


def run(engines: Engines, events: int, requests: int, seed: int) -> Fuzzed:
    """Do it; everything follows from `seed`."""
    rng = random.Random(seed)
    site = Site(engines, f"fuzz-{uuid.uuid4().hex[:8]}", workers=1)
    try:
        site.workers[0].start()
        everything = list(fuzzed(events, rng))
        for at in range(0, events, _AT_ONCE):
            site.send(everything[at : at + _AT_ONCE], counted=False)
        site.wait(site.drained, "the end of the topic")
        ids, rejected = expected(everything)
        with site.client() as client:
            stored = {row[0] for row in client.query("SELECT post_id FROM posts").result_rows}
            posts = client.query("SELECT count() FROM posts").result_rows[0][0]
            letters = client.query("SELECT count() FROM dead_letters FINAL").result_rows[0][0]
            drift = sum(day.drift for day in audit(client))
        restarts = site.workers[0].restarts
    finally:
        site.close()
    endpoint = engines.clickhouse.endpoint
    attack(endpoint, _WARM, seed)
    before = resident(engines.clickhouse.pid)
    wrong = len(attack(endpoint, requests, seed + 1))
    return Fuzzed(
        events,
        posts,
        letters,
        len(stored ^ ids) + posts - len(stored),
        abs(letters - rejected),
        drift,
        restarts,
        requests,
        wrong,
        resident(engines.clickhouse.pid) - before,
    )
