"""Consumer lag: what is measured, and that a worker measures it at the broker whatever it is busy with."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from clickhouse_connect.driver.client import Client
from faust.types import TP

from sinks.clickhouse.client import Address
from streams.consumer_lag import LagWatch
from streams.sender import Sender
from tests.conftest import Server
from tests.streams.live_worker import live_settings, live_worker, wait

NOW = datetime(2025, 11, 20, tzinfo=UTC)


class Log:
    """A consumer of partitions of which each begins, ends and was committed somewhere."""

    def __init__(
        self,
        begins: int,
        ends: int,
        committed: int | None,
        topic: str = "posts",
        fetched: int = 0,
        idle: bool = True,
    ) -> None:
        self._tp = TP(topic, 3)
        self._begins, self._ends, self._committed_offset = begins, ends, {self._tp: committed}
        self._fetched, self.idle = fetched, idle

    def assignment(self) -> set[TP]:
        return {self._tp}

    async def highwaters(self, *partitions: TP) -> Mapping[TP, int]:
        return dict.fromkeys(partitions, self._ends)

    def highwater(self, tp: TP) -> int:
        return 0

    async def position(self, tp: TP) -> int:
        return self._fetched

    async def earliest_offsets(self, *partitions: TP) -> Mapping[TP, int]:
        return dict.fromkeys(partitions, self._begins)


@pytest.mark.parametrize(
    ("log", "durable", "offsets"),
    [
        pytest.param(Log(0, 50, None), None, (0, 50), id="nothing read yet"),
        pytest.param(Log(20, 50, None), None, (20, 50), id="the log begins later"),
        pytest.param(Log(0, 50, 30), None, (30, 50), id="read by a worker before"),
        pytest.param(Log(0, 50, 30), 45, (45, 50), id="durable, not committed yet"),
        pytest.param(Log(20, 50, 10), None, (20, 50), id="what was never read is gone"),
        pytest.param(Log(0, 50, 30, fetched=50, idle=False), 49, (49, 50), id="fetched, not durable"),
        pytest.param(Log(0, 50, 30, fetched=50), 49, (50, 50), id="a transaction's mark at the end"),
        pytest.param(Log(0, 50, 49, fetched=50), None, (50, 50), id="such a mark after what was committed"),
    ],
)
def test_what_is_durable(log: Log, durable: int | None, offsets: tuple[int, int]) -> None:
    known = {} if durable is None else {TP("posts", 3): durable}
    told: list[Mapping[TP, tuple[int, int]]] = []
    watch = LagWatch(
        Address("", "", "", ""), "host:1", {"posts": "posts@1"}, lambda: known, told.append, lambda: NOW
    )
    assert asyncio.run(watch.measure(log)) == [(NOW, "host:1", "posts@1", 3, *offsets)]
    assert told == [{TP("posts", 3): offsets}]


def test_other_topics_are_left_out() -> None:
    watch = LagWatch(
        Address("", "", "", ""), "host:1", {"posts": "posts@1"}, dict, lambda _: None, lambda: NOW
    )
    assert asyncio.run(watch.measure(Log(0, 5, 0, topic="changelog"))) == []


@pytest.mark.slow
def test_a_worker_that_holds_says_what_waits(tmp_path: Path, tansu: str, embedded_clickhouse: Server) -> None:
    settings = live_settings(tmp_path, tansu, embedded_clickhouse, "lag_live")
    settings = settings.model_copy(update={"dead_letter_pause": 15.0})
    with live_worker(settings) as (worker, client):
        assert waiting(client) is None
        send_rubbish(settings, 400)
        wait(worker, lambda: client.query("SELECT count() FROM dead_letters").first_row == (400,))
        send_rubbish(settings, 300)  # the brake holds now: these stay in the log
        wait(worker, lambda: waiting(client) == 300)
        wait(worker, lambda: waiting(client) == 0)
        most = client.query(
            "SELECT max(waiting), argMax(most, waiting) FROM"
            " consumer_lag_series(step = 10, since = now() - INTERVAL 1 HOUR, until = now() + INTERVAL 1 HOUR)"
        ).first_row
        assert most[0] == 300
        assert 0 < most[1] <= 300
        ends = client.query("SELECT sum(end_offset), sum(next_offset) FROM consumer_lag").first_row
        assert ends == (700, 700)


def send_rubbish(settings, number: int) -> None:
    with Sender(settings, settings.job_posts_topic) as sender:
        for key in range(number):
            sender.send(str(key).encode(), b"{")


def waiting(client: Client) -> int | None:
    """Records that wait, None before anything was measured."""
    partitions, records = client.query("SELECT count(), sum(waiting) FROM consumer_lag").first_row
    return records if partitions else None
