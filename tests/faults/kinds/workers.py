"""Faults of workers: killed, frozen, coming and going, with a clock that jumps."""

import random
import time
from datetime import timedelta
from pathlib import Path
from typing import ClassVar

from tests.faults.kinds.base import FaultKind
from tests.faults.shifted_worker import SHIFT_FILE, set_shift
from tests.faults.site import SESSION_SECONDS, Site

_BEYOND_SESSION = SESSION_SECONDS + 1.5  # the coordinator looks at sessions within a second


class KillWorker(FaultKind):
    """kill -9 at any moment, started again."""

    name = "worker killed"

    def strike(self, site: Site, rng: random.Random) -> None:
        victim = rng.choice(site.workers)
        victim.kill()
        victim.start()


class KillOneOfTwo(KillWorker):
    """kill -9 of one of two workers: its partitions go to the other and come back."""

    name = "one of two workers killed"
    workers = 2


class ComeAndGo(FaultKind):
    """Workers join two others, leave in order and die under load: rebalance upon rebalance."""

    name = "workers join and leave"
    workers = 2

    def strike(self, site: Site, rng: random.Random) -> None:
        newcomer = site.add_worker()
        newcomer.start()
        time.sleep(rng.uniform(1, 5))
        leaver = rng.choice(site.workers)
        leaver.stop() if rng.random() < 0.5 else leaver.kill()
        site.workers.remove(leaver)


class FreezeWorker(FaultKind):
    """SIGSTOP beyond the session timeout while another takes over, then thawed: a zombie writes late."""

    name = "worker frozen beyond its session"
    workers = 2

    def strike(self, site: Site, rng: random.Random) -> None:
        victim = rng.choice(site.workers)
        victim.freeze()
        time.sleep(_BEYOND_SESSION + rng.random())
        victim.thaw()


class FreezeInInsert(FreezeWorker):
    """As before, but ClickHouse is slow, so that the freeze falls into the midst of an insert."""

    name = "worker frozen in an insert"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.proxy.slow(0.05)
        site.felt(site.engines.proxy)
        time.sleep(rng.uniform(0.0, 0.5))
        super().strike(site, rng)
        site.engines.proxy.heal()


class JumpingWorkerClock(FaultKind):
    """The wall clock of the worker jumps by years while it runs, and it is killed and started there."""

    name = "clock of a worker jumps"
    module = "tests.faults.shifted_worker"
    jumps: ClassVar = (timedelta(days=-4_000), timedelta(hours=-2), timedelta(hours=2), timedelta(days=2_000))

    def environment(self, folder: Path) -> dict[str, str]:
        self._shift = folder / "clock"
        self._shift.write_text("0")
        return {SHIFT_FILE: str(self._shift)}

    def strike(self, site: Site, rng: random.Random) -> None:
        for jump in rng.sample(self.jumps, 2):
            set_shift(self._shift, jump)
            time.sleep(rng.uniform(0.5, 2))
        site.workers[0].kill()
        site.workers[0].start()
