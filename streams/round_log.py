"""The line of `pipeline_batches` that says what became of a batch and how long it took. Pure."""

import math
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sinks.rows import BatchRow
from streams.tally import Tally


class RoundTimes(NamedTuple):
    """When and by whom a round was made durable; `insert_ms` is shared by its batches."""

    worker: str
    finished_at: datetime
    insert_ms: float


def batch_row(tally: Tally, times: RoundTimes) -> BatchRow:
    """Sum up one batch."""
    batch = tally.batch
    lags = _lags_ms([record.timestamp for record in batch.records], times.finished_at)
    return BatchRow(
        finished_at=times.finished_at,
        worker=times.worker,
        source=batch.source,
        partition=batch.partition,
        first_offset=batch.first_offset,
        last_offset=batch.last_offset,
        records=len(batch.records),
        bytes=sum(len(record.value or b"") for record in batch.records),
        posts=tally.posts,
        repeats=tally.repeats,
        dead_letters=len(tally.rejected),
        mentions=tally.mentions,
        ai_posts=tally.ai_posts,
        classify_ms=tally.classify_ms,
        insert_ms=times.insert_ms,
        lag_ms_p50=quantile(lags, 0.50),
        lag_ms_p95=quantile(lags, 0.95),
        lag_ms_p99=quantile(lags, 0.99),
        lag_ms_max=quantile(lags, 1.00),
    )


def quantile(ordered: Sequence[float], level: float) -> float:
    """The smallest value that at least the share `level` of `ordered` does not exceed; 0 for no values."""
    if not ordered:
        return 0.0
    return ordered[max(0, math.ceil(level * len(ordered)) - 1)]


def _lags_ms(timestamps_ms: Sequence[int], finished_at: datetime) -> list[float]:
    finished_ms = finished_at.timestamp() * 1e3
    return sorted(max(0.0, finished_ms - timestamp) for timestamp in timestamps_ms if timestamp >= 0)
