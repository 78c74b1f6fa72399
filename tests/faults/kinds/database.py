"""Faults of ClickHouse: killed, away, slow, cut off, full, and all that it may answer."""

import errno
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from sinks.clickhouse.errors import RETRIABLE
from tests.faults.engines import cannot_mount
from tests.faults.kinds.base import FaultKind
from tests.faults.site import Site, Unfinished


class KillClickHouse(FaultKind):
    """kill -9 of the database, away for some seconds, started again with its data."""

    name = "ClickHouse killed"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.clickhouse.kill()
        time.sleep(rng.uniform(0, 3))
        site.engines.restart_clickhouse()


class KillBoth(FaultKind):
    """Database and worker die together."""

    name = "ClickHouse and worker killed"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.clickhouse.kill()
        site.workers[0].kill()
        site.workers[0].start()
        time.sleep(rng.uniform(0, 3))
        site.engines.restart_clickhouse()


class RefuseClickHouse(FaultKind):
    """Connections to ClickHouse are refused or hang for seconds."""

    name = "ClickHouse refuses or hangs"

    def strike(self, site: Site, rng: random.Random) -> None:
        proxy = site.engines.proxy
        rng.choice((proxy.refuse, proxy.hang))()
        site.felt(proxy)
        time.sleep(rng.uniform(0, 4))
        proxy.heal()


class SlowClickHouse(FaultKind):
    """ClickHouse takes and gives in small pieces."""

    name = "ClickHouse slow"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.proxy.slow(rng.uniform(0.01, 0.05))
        site.felt(site.engines.proxy)
        time.sleep(rng.uniform(1, 4))
        site.engines.proxy.heal()


class CutInserts(FaultKind):
    """Connections are cut in the midst of inserts, and after inserts whose answer never arrives."""

    name = "inserts cut"

    def strike(self, site: Site, rng: random.Random) -> None:
        proxy = site.engines.proxy
        for _ in range(3):
            cut = rng.choice((proxy.cut_requests, proxy.cut_answers))
            cut(rng.randrange(rng.choice((1_000, 300_000))))
            site.felt(proxy)
            time.sleep(rng.uniform(0, 0.5))
        proxy.heal()


class GatewayErrors(FaultKind):
    """A gateway before ClickHouse answers with pages of its own."""

    name = "gateway errors"

    def strike(self, site: Site, rng: random.Random) -> None:
        proxy = site.engines.proxy
        proxy.gateway(rng.choice(("502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout")))
        site.felt(proxy, times=rng.randrange(1, 4))
        proxy.heal()


class _Deck:
    """Error codes, shuffled: each is dealt once before any is dealt again."""

    def __init__(self, codes: Sequence[tuple[int, str]]) -> None:
        self._codes = list(codes)
        self._left: list[tuple[int, str]] = []

    def deal(self, count: int, rng: random.Random) -> list[tuple[int, str]]:
        """The next `count` of them."""
        if len(self._left) < count:
            self._left += rng.sample(self._codes, len(self._codes))
        dealt, self._left = self._left[:count], self._left[count:]
        return dealt


class RetriableErrors(FaultKind):
    """ClickHouse answers with errors that pass: the worker waits, and never ends because of one."""

    name = "retriable errors"
    at_once: ClassVar = 5  # more would only make the pauses between tries long

    def __init__(self) -> None:
        self._deck = _Deck([*RETRIABLE.items()])

    def strike(self, site: Site, rng: random.Random) -> None:
        proxy, before = site.engines.proxy, site.restarts
        dealt = self._deck.deal(self.at_once, rng)
        proxy.answer_in_turn(dealt)
        site.felt(proxy, times=len(dealt))
        proxy.heal()
        if site.restarts > before:
            raise Unfinished(f"a worker ended because of an error that passes: one of {dealt}")


class FatalErrors(FaultKind):
    """ClickHouse says that we are wrong: the worker ends without an acknowledgement, and is started again."""

    name = "fatal errors"
    codes: ClassVar = (
        (16, "NO_SUCH_COLUMN_IN_TABLE"),
        (27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED"),
        (33, "CANNOT_READ_ALL_DATA"),
        (36, "BAD_ARGUMENTS"),
        (43, "ILLEGAL_TYPE_OF_ARGUMENT"),
        (46, "UNKNOWN_FUNCTION"),
        (47, "UNKNOWN_IDENTIFIER"),
        (48, "NOT_IMPLEMENTED"),
        (49, "LOGICAL_ERROR"),
        (53, "TYPE_MISMATCH"),
        (60, "UNKNOWN_TABLE"),
        (62, "SYNTAX_ERROR"),
        (73, "UNKNOWN_FORMAT"),
        (81, "UNKNOWN_DATABASE"),
        (115, "UNKNOWN_SETTING"),
        (117, "INCORRECT_DATA"),
        (131, "TOO_LARGE_STRING_SIZE"),
        (192, "UNKNOWN_USER"),
        (193, "WRONG_PASSWORD"),
        (349, "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN"),
        (469, "VIOLATED_CONSTRAINT"),
        (497, "ACCESS_DENIED"),
        (516, "AUTHENTICATION_FAILED"),
    )

    def __init__(self) -> None:
        self._deck = _Deck(self.codes)

    def strike(self, site: Site, rng: random.Random) -> None:
        before = site.restarts
        site.engines.proxy.answer(*self._deck.deal(1, rng)[0])
        site.wait(lambda: site.restarts > before, "a worker that ends")
        site.engines.proxy.heal()


class FullDisk(FaultKind):
    """The disk of ClickHouse's data is full for seconds; then there is room again."""

    name = "disk of ClickHouse full"
    small_disk = True

    def missing(self) -> str:
        return cannot_mount()

    def strike(self, site: Site, rng: random.Random) -> None:
        ballast, before = site.engines.disk / "ballast", site.restarts
        fill(ballast)
        site.wait(
            lambda: any("trying again" in worker.words() for worker in site.workers), "the fault to be felt"
        )
        time.sleep(rng.uniform(0, 4))
        ballast.unlink()
        if site.restarts > before:
            raise Unfinished("a worker ended because of a full disk")


def fill(ballast: Path) -> None:
    """Write until the disk is full."""
    piece = bytes(1 << 20)
    with ballast.open("wb", buffering=0) as file:
        while piece:
            try:
                file.write(piece)
            except OSError as full:
                assert full.errno == errno.ENOSPC
                piece = piece[: len(piece) // 2]  # down to the last byte
