"""One soak: a steady load, a fault now and then, samples all along, the verdict at the end."""

import random
import sys
import time
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.audit import audit
from sinks.clickhouse.client import disconnect
from tests.faults.engines import Engines
from tests.faults.kinds import FaultKind
from tests.faults.kinds.broker import KillBroker
from tests.faults.kinds.database import KillClickHouse
from tests.faults.kinds.workers import FreezeWorker, KillWorker
from tests.faults.site import Site, Unfinished
from tests.faults.soak.load import Load, Posts
from tests.faults.soak.samples import Sample, Sampler
from tests.faults.verdict import Verdict, wrong_counts

_FAULTS: Final[tuple[type[FaultKind], ...]] = (KillWorker, KillClickHouse, FreezeWorker, KillBroker)

_SIGHTINGS: Final = {"SKILLPULSE_SIGHTINGS_WINDOW": "100000"}
"""Messages of a partition: the window is full within minutes, so that what grows after that is no window."""

_LEVEL_SECONDS: Final = 5
"""A lag of so many seconds' posts is that of a healthy worker on a busy machine: rounds and commits are under way."""

_POSTS = """
SELECT count(),
    uniqExactIf(post_id, match(post_id, '^soak-[0-9]+$') AND toUInt64OrZero(substring(post_id, 6)) < {made:UInt64})
FROM posts
"""


class Plan(NamedTuple):
    """How long and how hard. A fault strikes every `faults_every` seconds, a sample is taken every `sample_every`."""

    minutes: float
    rate: int
    faults_every: float
    sample_every: float
    seed: int
    workers: int


class Strike(NamedTuple):
    """A fault: when it struck, how long it lasted, and from its end until the lag was back at its level."""

    kind: str
    at_s: float
    lasted_s: float
    recovery_s: float


class Outcome(NamedTuple):
    """What a soak came to. `drained_s`: from the end of the load until the lag was zero."""

    sent: int
    posts: int
    posts_per_s: float
    strikes: list[Strike]
    restarts: int
    drained_s: float
    samples: list[Sample]
    verdict: Verdict


def soak(
    engines: Engines, plan: Plan, seen: Callable[[Sample], None], struck: Callable[[Strike], None]
) -> Outcome:
    """Run it; samples and strikes are shown as they come."""
    site = Site(engines, f"soak{plan.seed}", plan.workers, cached_counts=250_000, environment=_SIGHTINGS)
    try:
        for worker in site.workers:
            worker.start()
        posts = Posts(plan.seed)
        load = Load(site.sender, posts, plan.rate)
        sampler = Sampler(site, lambda: load.sent, plan.sample_every, seen)
        strikes: list[Strike] = []
        drained, unfinished = 0.0, 0
        try:
            for strike in _live(site, load, plan):
                strikes.append(strike)
                struck(strike)
            rate = load.finish()
            drained = site.wait(site.drained, "the end of the topic")
        except Unfinished as stuck:
            unfinished = 1
            rate = load.finish()
            print(stuck, file=sys.stderr)
        sampler.finish()
        for worker in site.workers:
            worker.stop()
        client = site.client()
        verdict = judge(client, posts)._replace(unfinished=unfinished)
        disconnect(client)
        return Outcome(load.sent, posts.made, rate, strikes, site.restarts, drained, sampler.samples, verdict)
    finally:
        site.close()


def _live(site: Site, load: Load, plan: Plan) -> Iterator[Strike]:
    rng = random.Random(f"faults/{plan.seed}")
    kinds = [kind for kind in _FAULTS if site.engines.kafka or not kind.needs_kafka]
    site.wait(lambda: site.committed() > 0, "the first commit")
    started = time.monotonic()
    due: list[type[FaultKind]] = []
    until, at = started + plan.minutes * 60, started + plan.faults_every
    while time.monotonic() < until:
        if at <= time.monotonic() < until - plan.faults_every / 2:
            due = due or rng.sample(kinds, len(kinds))
            yield _strike(site, load, plan.rate, due.pop()(), rng, started)
            at += plan.faults_every
        for worker in site.workers:
            worker.supervise()
        time.sleep(0.5)


def _strike(site: Site, load: Load, rate: int, kind: FaultKind, rng: random.Random, started: float) -> Strike:
    at = time.monotonic()
    kind.strike(site, rng)
    lasted = time.monotonic() - at
    level = rate * _LEVEL_SECONDS
    ends = site.ends()
    recovery = site.wait(
        lambda: site.reached(ends) and load.behind < level and 0 <= site.lag() < level, "recovery"
    )
    return Strike(kind.name, at - started, lasted, recovery)


def judge(client: Client, posts: Posts) -> Verdict:
    """What is stored against what was sent. Posts have numbers for names: ClickHouse compares millions of them."""
    [(stored, known)] = client.query(_POSTS, {"made": posts.made}).result_rows
    return Verdict(
        lost=posts.made - known,
        doubled=stored - known,
        drift=sum(day.drift for day in audit(client)),
        wrong_counts=wrong_counts(client, posts.truth),
    )
