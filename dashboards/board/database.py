"""Queries over ClickHouse's HTTP interface as the read-only user."""

import json
import re
import ssl
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import aiohttp

from schemas.faults import Fault
from sinks.clickhouse.client import Address

_SECONDS: Final = 30.0
"""The longest a panel may take: the limit of the embedded engine's readers."""

_WRAPPED: Final = re.compile(r"(?:Nullable|LowCardinality)\((.*)\)")


class QueryFailed(Fault):
    """ClickHouse did not answer or refused; shown in the panel in place of the drawing."""


class Answer(NamedTuple):
    """Columns as (name, `time`, `number` or `text`), rows, seconds it took and rows that were read.

    A time is milliseconds since the epoch.
    """

    columns: list[tuple[str, str]]
    rows: list[list[Any]]
    seconds: float
    rows_read: int


class Database:
    """One ClickHouse, for the life of the page's server."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._tls = ssl.create_default_context(cafile=address.ca_file) if address.ca_file else None
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Make ready."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_SECONDS + 10))

    async def close(self) -> None:
        """Close all connections."""
        if self._session:
            await self._session.close()

    async def ask(self, sql: str) -> Answer:
        """Run one query. Raises QueryFailed."""
        assert self._session is not None
        headers = {"X-ClickHouse-User": self._address.user, "X-ClickHouse-Key": self._address.password}
        where = {"database": self._address.database, "default_format": "JSONCompact"}
        try:
            async with self._session.post(
                self._address.url, params=where, headers=headers, data=sql.encode(), ssl=self._tls or True
            ) as response:
                body = await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise QueryFailed(f"ClickHouse does not answer: {error or type(error).__name__}") from error
        if response.status != 200:
            raise QueryFailed(body.decode("utf-8", "replace")[:2000].strip())
        try:
            return _answer(json.loads(body))
        except (ValueError, LookupError, TypeError) as error:
            raise QueryFailed(
                "what came is no whole answer of ClickHouse: it broke off, or another server answers"
            ) from error


def _answer(found: dict[str, Any]) -> Answer:
    types = [(column["name"], column["type"]) for column in found["meta"]]
    kinds = [_kind(of) for _, of in types]
    rows = [[_value(cell, kind) for cell, kind in zip(row, kinds, strict=True)] for row in found["data"]]
    statistics = found["statistics"]
    columns = [(name, kind) for (name, _), kind in zip(types, kinds, strict=True)]
    return Answer(columns, rows, statistics["elapsed"], statistics["rows_read"])


def _kind(of: str) -> str:
    while wrapped := _WRAPPED.fullmatch(of):
        of = wrapped[1]
    if of.startswith("Date"):
        return "time"
    return "number" if of.startswith(("Int", "UInt", "Float", "Decimal")) else "text"


def _value(cell: Any, kind: str) -> Any:
    if cell is None:
        return None
    if kind == "time":
        return round(datetime.fromisoformat(cell).replace(tzinfo=UTC).timestamp() * 1000)
    if kind == "number":
        return float(cell) if isinstance(cell, str) else cell
    return ", ".join(map(str, cell)) if isinstance(cell, list) else str(cell)
