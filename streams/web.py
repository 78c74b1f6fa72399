"""The worker's own pages on loopback: /healthz (it makes progress), /readyz (it counts), /metrics for Prometheus."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from aiohttp import web
from faust.types import TP
from prometheus_client import generate_latest

from sinks.retry import Retry
from streams.metrics import Metrics
from streams.tally import Outcome

_STALLED_AFTER: Final = 120.0
"""Seconds without progress while records wait: a round takes two, a rebalance sixty at the most."""


class Progress:
    """How far a worker is, and whether it moves, each partition by itself: what liveness means."""

    def __init__(
        self, metrics: Metrics, retry: Retry, consumer: Any, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._metrics = metrics
        self._retry = retry
        self._consumer = consumer
        self._clock = clock
        self._next: dict[TP, int] = {}
        self._measured: Mapping[TP, tuple[int, int]] = {}
        self._moved: dict[TP, float] = {}
        self._prepared = clock()

    def report(self, topic: str, outcomes: Sequence[Outcome]) -> None:
        """A round was made durable."""
        for outcome in outcomes:
            tp = TP(topic, outcome.batch.partition)
            self._next[tp] = outcome.batch.last_offset + 1
            self._moved[tp] = self._clock()

    def prepared(self) -> None:
        """State was loaded: no round yet, but the worker moves. After a start that comes before the first round."""
        self._prepared = self._clock()

    def measured(self, offsets: Mapping[TP, tuple[int, int]]) -> None:
        """What the broker said of the assigned partitions: the offset to go on at, and where the log ends."""
        self._measured = offsets

    def state(self) -> Mapping[str, Any]:
        """`alive` with what it was concluded from; `ready` while it has partitions and waits for nothing.

        Asked every few seconds: time counts from when something began to wait that the worker could do.
        """
        now, lags = self._clock(), self._lags()
        self._moved = {
            tp: self._moved.get(tp, now) if behind and not self._retry.waiting_for else now
            for tp, behind in lags.items()
        }
        lag, idle = sum(lags.values()), now - max(self._prepared, min(self._moved.values(), default=now))
        self._metrics.lag_records.set(lag)
        self._metrics.progress_seconds.set(idle)
        self._metrics.sink_waiting.set(bool(self._retry.waiting_for))
        return {
            "alive": idle < _STALLED_AFTER,
            "ready": bool(self._consumer().assignment()) and not self._retry.waiting_for,
            "lag": lag,
            "idle_seconds": round(idle, 1),
            "waiting_for": self._retry.waiting_for,
        }

    def durable(self) -> Mapping[TP, int]:
        """Offset after the last durable record of each assigned partition of which any was read."""
        assigned = self._consumer().assignment()
        self._next = {tp: offset for tp, offset in self._next.items() if tp in assigned}
        return self._next

    def _lags(self) -> Mapping[TP, int]:
        """Records that wait, by partition; where none was read yet, or is fetched any more, by the broker's word."""
        consumer, durable = self._consumer(), self.durable()
        lags = {}
        for tp in consumer.assignment():
            offset, end = self._measured.get(tp, (0, 0))
            if tp in durable:
                offset, end = max(offset, durable[tp]), max(end, consumer.highwater(tp))
            lags[tp] = max(0, end - offset)
        return lags


class Web:
    """The pages of one worker; `port` is known once it has started."""

    def __init__(self, progress: Progress, metrics: Metrics, port: int) -> None:
        self._progress = progress
        self._metrics = metrics
        self.port = port
        pages = web.Application()
        pages.add_routes(
            [
                web.get("/healthz", self._healthz),
                web.get("/readyz", self._readyz),
                web.get("/metrics", self._expose),
            ]
        )
        self._runner = web.AppRunner(pages, access_log=None)

    async def start(self) -> None:
        """Listen on loopback, on the given port or a free one."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close all connections."""
        await self._runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        state = self._progress.state()
        return web.json_response(state, status=200 if state["alive"] else 503)

    async def _readyz(self, _: web.Request) -> web.Response:
        state = self._progress.state()
        return web.json_response(state, status=200 if state["ready"] else 503)

    async def _expose(self, _: web.Request) -> web.Response:
        self._progress.state()
        return web.Response(
            body=generate_latest(self._metrics.registry), content_type="text/plain", charset="utf-8"
        )
