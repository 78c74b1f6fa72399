"""Faults of what is sent: order, repeats, poison, clocks of producers; a worker is killed meanwhile."""

import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from tests.faults.hostile import hostile_events
from tests.faults.kinds.base import FaultKind
from tests.faults.kinds.workers import KillWorker
from tests.faults.posts import Event, Mix, posts
from tests.faults.site import Site


class ShuffledYear(KillWorker):
    """Posts of a whole year in random order, into panes long evicted."""

    name = "a year in random order"
    mix = Mix(shuffled_year=True)


class ManyRepeats(KillWorker):
    """One record in ten repeats a post that was sent before, some of them edited."""

    name = "10 % repeats"
    mix = Mix(repeats=0.10)


class PoisonedBatch(FaultKind):
    """Hundreds of hostile records at once, in the midst of posts; the worker is killed over them."""

    name = "poisoned batch"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.send(hostile_events(400, rng, largest=200_000), counted=False)
        time.sleep(rng.uniform(0, 2))
        site.workers[0].kill()
        site.workers[0].start()


class JumpingProducerClocks(FaultKind):
    """Record timestamps jump: hours back, an hour ahead; the worker is killed over them."""

    name = "clocks of producers jump"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.send(self._jumping(500, rng))
        site.workers[0].kill()
        site.workers[0].start()

    def _jumping(self, count: int, rng: random.Random) -> Iterator[Event]:
        now = datetime.now(UTC)
        for event in posts(count, rng, Mix(repeats=0.0, late=1.0), name=f"jump{rng.randrange(10**9)}"):
            shift = rng.choice(
                (timedelta(0), timedelta(minutes=50), timedelta(hours=-5), timedelta(hours=-17))
            )
            # posts of the last six hours stay within the day ahead that is allowed
            yield event._replace(timestamp=int((now + shift).timestamp() * 1e3))
