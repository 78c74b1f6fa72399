"""Consumer lag for the boards: the broker is asked where the log ends, and the answer stored beside what is durable."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from faust.types import TP

from sinks.clickhouse.client import WRITER_SETTINGS, Address, opened
from sinks.rows import LagRow

_log = logging.getLogger(__name__)

EVERY: Final = 10.0
"""Seconds between measurements: the boards' finest step."""


class LagWatch:
    """Measures the partitions of one worker. `sources` names the incarnation of each topic that it reads.

    `durable` says the offset after the last durable record of each partition that records were read of;
    `measured` is told of each partition the offset to go on at, and where the log ends.
    """

    def __init__(
        self,
        address: Address,
        worker: str,
        sources: Mapping[str, str],
        durable: Callable[[], Mapping[TP, int]],
        measured: Callable[[Mapping[TP, tuple[int, int]]], None],
        now: Callable[[], datetime],
    ) -> None:
        self._address = address
        self._worker = worker
        self._sources = sources
        self._durable = durable
        self._measured = measured
        self._now = now

    async def run(self, consumer: Callable[[], Any]) -> None:
        """Measure until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            try:
                if rows := await self.measure(consumer()):
                    await asyncio.to_thread(self._save, rows)
            except Exception as error:  # whatever it is: counting must not end for want of a measurement
                _log.warning("consumer lag is not known: %r", error)

    async def measure(self, consumer: Any) -> list[LagRow]:
        """One row for each partition that is assigned to this worker."""
        assigned = [tp for tp in consumer.assignment() if tp.topic in self._sources]
        if not assigned:
            return []
        offsets = await self._offsets(consumer, assigned)
        self._measured(offsets)
        measured_at = self._now()
        return [
            LagRow(measured_at, self._worker, self._sources[tp.topic], tp.partition, *offset_and_end)
            for tp, offset_and_end in offsets.items()
        ]

    async def _offsets(self, consumer: Any, assigned: list[TP]) -> dict[TP, tuple[int, int]]:
        ends = await consumer.highwaters(*assigned)
        begins = await consumer.earliest_offsets(*assigned)
        durable, offsets = self._durable(), {}
        for tp in sorted(assigned):
            # what was committed before this worker came, and nothing below where the log begins
            read = max(durable.get(tp, 0), consumer._committed_offset.get(tp) or 0)
            offset = max(read, begins[tp])
            # the embedded broker says the first offset of the last batch, plus one: what was fetched knows better
            end = max(ends[tp], consumer.highwater(tp))
            if read and offset < end and consumer.idle and await consumer.position(tp) >= end:
                offset = end  # all is fetched and nothing came of it: these are no records, but a transaction's marks
            offsets[tp] = offset, end
        return offsets

    def _save(self, rows: list[LagRow]) -> None:
        with opened(self._address, **WRITER_SETTINGS) as client:
            client.insert("lag_samples", rows, column_names=LagRow._fields)
