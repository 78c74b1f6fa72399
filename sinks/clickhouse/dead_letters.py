"""Dead letters as they are stored: found by filters, marked when sent again, dropped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

_POSITION = "concat(':', source, ':', toString(partition), ':', toString(offset))"


class Filter(NamedTuple):
    """Which dead letters: all conditions that are given must hold."""

    reason: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    position: str | None = None
    """`partition:offset`, or `source:partition:offset` where a topic was made anew."""
    pending: bool = True
    """Only those that were not sent again."""

    def where(self) -> tuple[str, dict[str, Any]]:
        """The condition in SQL, with its parameters."""
        conditions, values = ["1"], dict[str, Any]()
        if self.reason:
            conditions.append("reason = {reason:String}")
            values["reason"] = self.reason
        if self.since:
            conditions.append("rejected_at >= {since:DateTime64(3)}")
            values["since"] = self.since
        if self.until:
            conditions.append("rejected_at < {until:DateTime64(3)}")
            values["until"] = self.until
        if self.position:
            conditions.append(f"endsWith({_POSITION}, {{position:String}})")
            values["position"] = f":{self.position}"
        if self.pending:
            conditions.append("replayed_at IS NULL")
        return " AND ".join(conditions), values


Place = tuple[str, int, int]
"""(source, partition, offset): which letter it is."""

_AT = "(source, partition, offset) IN %(places)s"


class Letter(NamedTuple):
    """One dead letter; key and value are the bytes of the record."""

    source: str
    partition: int
    offset: int
    rejected_at: datetime
    reason: str
    detail: str
    record_key: bytes
    record_value: bytes

    @property
    def position(self) -> str:
        """Where the record stood: `source:partition:offset`."""
        return f"{self.source}:{self.partition}:{self.offset}"


def topic_of(source: str) -> str:
    """The topic that carried the records of `source`: its name without the incarnation."""
    return source.rpartition("@")[0]


def letters(client: Client, chosen: Filter, limit: int) -> list[Letter]:
    """The newest `limit` of the chosen."""
    condition, values = chosen.where()
    query = (
        f"SELECT {', '.join(Letter._fields)} FROM dead_letters FINAL WHERE {condition}"
        f" ORDER BY rejected_at DESC, source, partition, offset LIMIT {limit}"
    )
    return _letters(client, query, values)


def places(client: Client, chosen: Filter) -> list[Place]:
    """Where the chosen stand, in the order of the log."""
    condition, values = chosen.where()
    query = (
        f"SELECT source, partition, offset FROM dead_letters FINAL WHERE {condition}"
        " ORDER BY source, partition, offset"
    )
    return [
        (source, partition, offset) for source, partition, offset in client.query(query, values).result_rows
    ]


def letters_at(client: Client, at: Sequence[Place]) -> list[Letter]:
    """The letters that stand there, in the order of the log."""
    query = (
        f"SELECT {', '.join(Letter._fields)} FROM dead_letters FINAL WHERE {_AT}"
        " ORDER BY source, partition, offset"
    )
    return _letters(client, query, {"places": list(at)})


def _letters(client: Client, query: str, values: dict[str, Any]) -> list[Letter]:
    as_bytes: dict[str, str | dict[str, str]] = {"record_key": "bytes", "record_value": "bytes"}
    return [Letter(*row) for row in client.query(query, values, column_formats=as_bytes).result_rows]


def counts(client: Client, chosen: Filter) -> list[tuple[str, int, datetime, datetime]]:
    """(reason, number, first, last) of the chosen, most frequent first."""
    condition, values = chosen.where()
    query = (
        "SELECT reason, count() AS letters, min(rejected_at), max(rejected_at)"
        f" FROM dead_letters FINAL WHERE {condition} GROUP BY reason ORDER BY letters DESC, reason"
    )
    return [
        (reason, number, first, last)
        for reason, number, first, last in client.query(query, values).result_rows
    ]


def mark_replayed(client: Client, at: Sequence[Place]) -> None:
    """Remember that the letters there were sent again: their rows are stored once more, with the time."""
    if at:
        client.command(
            "INSERT INTO dead_letters SELECT * REPLACE (toNullable(now64(3, 'UTC')) AS replayed_at)"
            f" FROM dead_letters FINAL WHERE {_AT}",
            {"places": list(at)},
        )


def drop(client: Client, chosen: Filter) -> None:
    """Delete the chosen for good."""
    condition, values = chosen.where()
    client.command(f"DELETE FROM dead_letters WHERE {condition}", values)
