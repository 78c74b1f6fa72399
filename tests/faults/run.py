"""One run: a seed draws the load and the moments, a fault strikes, the verdict compares."""

import random
import time
from collections.abc import Sequence
from typing import NamedTuple

from tests.faults.engines import Engines
from tests.faults.kinds import KINDS, FaultKind
from tests.faults.posts import posts
from tests.faults.site import Site
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


def run(engines: Engines, kind: FaultKind, seed: int, load: int) -> Outcome:
    """`load` posts, half of them waiting in the topic, the others sent while the fault strikes."""
    started = time.monotonic()
    rng = random.Random(f"{kind.name}/{seed}")
    site = Site(engines, f"s{seed}", kind.workers, cached_counts=rng.choice((500, 5_000, 250_000)))
    try:
        events = list(posts(load, rng, kind.mix))
        site.send(events[: load // 2])
        for worker in site.workers:
            worker.start()
        site.wait(lambda: site.committed() > 0, _START_SECONDS, "the first commit")
        feed = site.feed(events[load // 2 :], a_second=max(200, load // 10))
        if not kind.under_load:
            feed.join()
        recoveries = [_strike(site, kind, rng) for _ in range(kind.strikes)]
        feed.join()
        site.wait(site.drained, _DRAIN_SECONDS, "the end of the topic")
        for worker in site.workers:
            worker.stop()
        with site.client() as client:
            verdict = judge(client, site.naive)
        seconds = time.monotonic() - started
        return Outcome(kind.name, seed, len(site.naive.first), verdict, recoveries, seconds)
    finally:
        engines.proxy.heal()
        site.close()


def _strike(site: Site, kind: FaultKind, rng: random.Random) -> float:
    time.sleep(rng.uniform(0.0, 2.0))
    kind.strike(site, rng)
    struck = time.monotonic()
    before = site.committed()
    site.wait(lambda: site.drained() or site.committed() > before >= 0, _RECOVER_SECONDS, "recovery")
    return time.monotonic() - struck


def kinds_for(kafka: bool, cluster: bool, names: Sequence[str] = ()) -> list[FaultKind]:
    """The faults that can be tried with these engines; all or those of `names`."""
    return [
        kind()
        for name, kind in KINDS.items()
        if (not names or name in names) and (kafka or not kind.needs_kafka) and (cluster or kind.nodes == 1)
    ]
