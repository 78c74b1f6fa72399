"""One run: a seed draws the load and the moments, a fault strikes, the verdict compares."""

import random
import sys
import time
import traceback
from collections.abc import Iterator
from typing import NamedTuple

from sinks.clickhouse.client import disconnect
from tests.faults.engines import Engines
from tests.faults.kinds import KINDS, LONG, FaultKind
from tests.faults.posts import posts
from tests.faults.site import Site, Unfinished
from tests.faults.verdict import Verdict, judge

_ENDLESS = 10**9


class Plan(NamedTuple):
    """A run to be done: `posts` to be sent in all, `strikes` or as many as the fault says."""

    kind: str
    seed: int
    posts: int
    strikes: int = 0

    def fault(self) -> FaultKind:
        """A fresh fault of this kind."""
        return (KINDS | LONG)[self.kind]()


class Outcome(NamedTuple):
    """What a run came to. `recoveries_s`: from each strike's end until all that was sent by then is acknowledged."""

    plan: Plan
    sent: int
    counted: int
    verdict: Verdict
    recoveries_s: list[float]
    seconds: float


def run(engines: Engines, plan: Plan) -> Outcome:
    """A share of the posts waits in the topic, one share is sent during each strike."""
    started = time.monotonic()
    kind = plan.fault()
    rng = random.Random(f"{plan.kind}/{plan.seed}")  # of the moments; the posts have one of their own
    site = Site(
        engines,
        f"s{plan.seed}",
        kind.workers,
        cached_counts=rng.choice((500, 5_000, 250_000)),
        behind_proxy=kind.behind_proxy,
        environment=kind.environment(engines.folder),
        module=kind.module,
    )
    recoveries: list[float] = []
    unfinished = 0
    try:
        try:
            for recovery in _live(site, kind, rng, plan):
                recoveries.append(recovery)
        except Unfinished as stuck:
            unfinished = 1
            print(f"seed {plan.seed}  {plan.kind}: {stuck}", file=sys.stderr)
        for worker in site.workers:
            worker.stop()
        client = site.client()
        verdict = judge(client, site.naive)._replace(unfinished=unfinished)
        if not verdict.exact:
            said = (f"seed {plan.seed}  {plan.kind}: {site.positions()}", *(w.words() for w in site.workers))
            print("\n".join(said), file=sys.stderr)
        disconnect(client)
    finally:
        engines.proxy.heal()
        for proxy in engines.broker_proxies:
            proxy.heal()
        site.close()
    seconds = time.monotonic() - started
    return Outcome(plan, site.sent, len(site.naive.first), verdict, recoveries, seconds)


def broken(plan: Plan) -> Outcome:
    """The outcome of a run that an error of the harness ended; prints the error."""
    print(f"seed {plan.seed}  {plan.kind}:", file=sys.stderr)
    traceback.print_exc()
    return Outcome(plan, 0, 0, Verdict(0, 0, 0, 0, unfinished=1), [], 0.0)


def _live(site: Site, kind: FaultKind, rng: random.Random, plan: Plan) -> Iterator[float]:
    """Send all posts and strike; yields the seconds of each recovery. Raises Unfinished."""
    strikes = plan.strikes or kind.strikes
    stream = posts(_ENDLESS, random.Random(f"posts/{plan.seed}"), kind.mix)
    share = plan.posts // (strikes + 1)
    for worker in site.workers:
        worker.start()
    site.send([next(stream) for _ in range(plan.posts - strikes * share)])
    site.wait(lambda: site.committed() > 0, "the first commit")
    for _ in range(strikes):
        events = [next(stream) for _ in range(share)]
        if not kind.under_load:
            site.send(events)
            yield _strike(site, kind, rng)
            continue
        feed = site.feed(events, more=stream, rate=max(50, share // 3))
        try:
            yield _strike(site, kind, rng)
        finally:
            feed.finish()
    site.wait(site.drained, "the end of the topic")


def _strike(site: Site, kind: FaultKind, rng: random.Random) -> float:
    time.sleep(rng.uniform(0.0, 2.0))
    kind.strike(site, rng)
    struck = time.monotonic()
    ends = site.ends()
    site.wait(lambda: site.reached(ends), "recovery")
    return time.monotonic() - struck
