"""What signals are found in, and where they are kept."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import pyarrow as pa
from clickhouse_connect.driver.client import Client

from sinks.clickhouse.columns import arrow_table
from sinks.rows import SignalRow

Range = tuple[int, int]
"""Half-open, in seconds since the epoch."""

_TABLE: Final = "hiring_signals"

_SECOND: Final = pa.timestamp("s", tz="UTC")

_TYPES: Final[dict[str, Any]] = {
    **dict.fromkeys(SignalRow._fields, pa.float64()),
    **dict.fromkeys(("kind", "item", "direction"), pa.string()),
    **dict.fromkeys(("started_at", "ended_at", "looked_at"), _SECOND),
    "width": pa.uint32(),
    "posts": pa.uint64(),
    "baseline": pa.list_(pa.uint64()),
}
_SCHEMA: Final = pa.schema(list(_TYPES.items()))


def counts_in(client: Client, panes: str, item: str, ranges: Sequence[Range]) -> dict[str, list[int]]:
    """Posts of each `item` (a column of the view `panes`) in each of `ranges`, for all that have any."""
    sums = ", ".join(f"sumIf(posts, {_within(start, end)})" for start, end in ranges)
    anywhere = " OR ".join(f"({_within(start, end)})" for start, end in _joined(ranges))
    query = f"SELECT {item}, [{sums}] FROM {panes} WHERE {anywhere} GROUP BY {item}"
    return {str(name): list(counts) for name, counts in client.query(query).result_rows}


def known_signals(client: Client, since: int) -> list[SignalRow]:
    """Signals that last, or ended at `since` or later."""
    query = f"""
    SELECT {", ".join(SignalRow._fields)} FROM {_TABLE} FINAL
    WHERE ended_at IS NULL OR ended_at >= {{since:DateTime('UTC')}}
    """
    rows = client.query(query, {"since": datetime.fromtimestamp(since, UTC)}).result_rows
    return [SignalRow(*row) for row in rows]


def save_signals(client: Client, rows: Sequence[SignalRow]) -> None:
    """Make durable. Saving the same again changes nothing."""
    client.insert_arrow(_TABLE, arrow_table(rows, _SCHEMA))


def _within(start: int, end: int) -> str:
    return f"pane_start >= toDateTime({start}, 'UTC') AND pane_start < toDateTime({end}, 'UTC')"


def _joined(ranges: Sequence[Range]) -> list[Range]:
    """The same seconds in as few ranges as possible: each is looked up by the primary key."""
    joined: list[Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
