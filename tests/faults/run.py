"""One run: a seed draws the load and the moments, a fault strikes, the verdict compares."""

import random
import sys
import time
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tests.faults.engines import Engines
from tests.faults.kinds import KINDS, FaultKind
from tests.faults.posts import posts
from tests.faults.site import Site, Unfinished
from tests.faults.verdict import Verdict, judge

_START_SECONDS = 90.0
_RECOVER_SECONDS = 120.0
_DRAIN_SECONDS = 240.0


class Outcome(NamedTuple):
    """What a run came to. `recoveries_s`: from the end of each strike to the next commit."""

    kind: str
    seed: int
    posts: int
    verdict: Verdict
    recoveries_s: list[float]
    seconds: float


def run(engines: Engines, kind: FaultKind, seed: int, load: int, strikes: int = 0) -> Outcome:
    """`load` posts: a share waits in the topic, one share is sent during each of its `strikes`, or the kind's."""
    strikes = strikes or kind.strikes
    started = time.monotonic()
    rng = random.Random(f"{kind.name}/{seed}")
    site = Site(engines, f"s{seed}", kind.workers, cached_counts=rng.choice((500, 5_000, 250_000)))
    recoveries: list[float] = []
    unfinished = 0
    try:
        try:
            for recovery in _live(site, kind, rng, load, strikes):
                recoveries.append(recovery)
        except Unfinished as stuck:
            unfinished = 1
            print(f"seed {seed}  {kind.name}: {stuck}", file=sys.stderr)
        for worker in site.workers:
            worker.stop()
        with site.client() as client:
            verdict = judge(client, site.naive)._replace(unfinished=unfinished)
        seconds = time.monotonic() - started
        return Outcome(kind.name, seed, len(site.naive.first), verdict, recoveries, seconds)
    finally:
        engines.proxy.heal()
        site.close()


def _live(site: Site, kind: FaultKind, rng: random.Random, load: int, strikes: int) -> Iterator[float]:
    """Send all posts and strike; yields the seconds of each recovery. Raises Unfinished."""
    events = list(posts(load, rng, kind.mix))
    share = load // (strikes + 1)
    site.send(events[:share])
    for worker in site.workers:
        worker.start()
    site.wait(lambda: site.committed() > 0, _START_SECONDS, "the first commit")
    for strike in range(1, strikes + 1):
        upto = share * (strike + 1) if strike < strikes else load
        feed = site.feed(events[share * strike : upto], a_second=max(50, share // 4))
        if not kind.under_load:
            feed.join()
        yield _strike(site, kind, rng)
        feed.join()
    site.wait(site.drained, _DRAIN_SECONDS, "the end of the topic")


def _strike(site: Site, kind: FaultKind, rng: random.Random) -> float:
    time.sleep(rng.uniform(0.0, 3.0))
    kind.strike(site, rng)
    struck = time.monotonic()
    before = site.committed()
    while before < 0:  # a broker that was restarted says it a little later
        before = site.committed()
    site.wait(lambda: site.committed() > before >= 0, _RECOVER_SECONDS, "recovery")
    return time.monotonic() - struck


def kinds_for(kafka: bool, cluster: bool, names: Sequence[str] = ()) -> list[FaultKind]:
    """The faults that can be tried with these engines; all or those of `names`."""
    return [
        kind()
        for name, kind in KINDS.items()
        if (not names or name in names) and (kafka or not kind.needs_kafka) and (cluster or kind.nodes == 1)
    ]
