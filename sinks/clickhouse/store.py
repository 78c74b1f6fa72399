"""The store of the pipeline: what it loads, and how it saves so that nothing is lost and nothing counted twice."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import numpy as np
import pyarrow as pa
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from numpy.typing import NDArray

from schemas.faults import Fault
from sinks.clickhouse.audit import horizon
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect, disconnect
from sinks.clickhouse.columns import SCHEMAS, TABLES, arrow_table
from sinks.clickhouse.errors import NOT_ENOUGH_SPACE, fault_of
from sinks.clickhouse.installation import active_taxonomy
from sinks.clickhouse.mend import mend
from sinks.retry import Retry
from sinks.rows import (
    BEFORE_THE_LOG,
    BatchRow,
    CategoryRow,
    Changes,
    DeadLetterRow,
    PostRow,
    SkillRow,
    StoredCount,
    StoredSightings,
    SurveyRow,
)

Result = TypeVar("Result")

_log = logging.getLogger(__name__)

_FULL_BEFORE: Final = timedelta(minutes=1)
"""A merge may meet the end of the disk before an insert does; clocks may differ."""

_DIGEST: Final = """SHA256(post_id) AS digest,
    reinterpretAsUInt64(substring(digest, 1, 8)) AS first, reinterpretAsUInt64(substring(digest, 9, 8)) AS second"""
"""What posts are known by: `streams/sightings.py`."""

_FIRST_SIGHTINGS: Final = """(
    SELECT source, partition, offset, post_id FROM job_posts
    UNION ALL SELECT source, partition, offset, post_id FROM pruned_sightings
) AS first_sightings"""

_SIGHTINGS: Final = f"""
WITH {_DIGEST}
SELECT first, second, offset FROM {_FIRST_SIGHTINGS}
WHERE source = {{source:String}} AND partition = {{partition:UInt16}}
  AND offset >= {{since:UInt64}} AND offset < {{before:UInt64}}
"""

_EARLIER_SIGHTINGS: Final = f"""
WITH {_DIGEST}
SELECT first, second FROM {_FIRST_SIGHTINGS}
INNER JOIN (
    SELECT source, row_number() OVER (ORDER BY min(first_seen_at), source) AS age FROM sources GROUP BY source
) AS sources USING source
WHERE partition = {{partition:UInt16}} AND startsWith(source, concat({{topic:String}}, '@'))
  AND source != {{source:String}}
ORDER BY age DESC, offset DESC
LIMIT 1 BY first, second
LIMIT {{window:UInt64}}
"""

_STORED_UNTIL: Final = """
SELECT toUnixTimestamp(pane_start) FROM category_demand
WHERE taxonomy_version = {version:String} AND source = {source:String} AND partition = {partition:UInt16}
ORDER BY pane_start DESC LIMIT 1
"""

_COUNTS: Final = """
WITH panes AS (SELECT toDateTime(arrayJoin([{panes}]), 'UTC'))
SELECT toUnixTimestamp(pane_start), '' AS skill, category, ai, client_size, market, posts, last_offset
FROM category_demand FINAL
WHERE taxonomy_version = {{version:String}} AND source = {{source:String}} AND partition = {{partition:UInt16}}
  AND pane_start IN panes
UNION ALL
SELECT toUnixTimestamp(pane_start), skill, category, ai, client_size, market, posts, last_offset
FROM skill_demand FINAL
WHERE taxonomy_version = {{version:String}} AND source = {{source:String}} AND partition = {{partition:UInt16}}
  AND pane_start IN panes
"""

_FORMER_POSTS: Final = f"""
SELECT {", ".join(PostRow._fields)} FROM job_posts FINAL
WHERE taxonomy_version = {{version:String}} AND source = {{source:String}} AND partition = {{partition:UInt16}}
  AND offset >= {{since:UInt64}} AND offset < {{before:UInt64}}
ORDER BY offset LIMIT {{limit:UInt32}}
"""

_RECOUNTED: Final = """
SELECT max(next_offset) FROM recounts
WHERE taxonomy_version = {version:String} AND source = {source:String} AND partition = {partition:UInt16}
"""


class ClickHouseStore:
    """Loads and saves through one client in a thread of its own, so that the event loop goes on.

    Every call is tried again by `retry` while ClickHouse is away. Raises SinkUnavailable when it stays away,
    SinkRefused when it says that we are wrong.
    """

    def __init__(self, address: Address, topic: str, taxonomy_version: str, retry: Retry) -> None:
        self._address = address
        self._topic = topic
        self._version = taxonomy_version
        self._retry = retry
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="clickhouse")
        self._client: Client | None = None
        self._full_since: datetime | None = None

    async def sightings(self, source: str, partition: int, before: int, window: int) -> StoredSightings:
        """First sightings that a state before offset `before` must know; see `Store.sightings`."""
        at = {"source": source, "partition": partition}
        first, second, offsets = await self._numbers(
            _SIGHTINGS, 3, {**at, "since": max(0, before - window), "before": before}
        )
        known = StoredSightings(first, second, offsets.astype(np.int64))
        if before > window:
            return known
        first, second = await self._numbers(
            _EARLIER_SIGHTINGS, 2, {**at, "topic": self._topic, "window": window - before}
        )
        return known.joined(StoredSightings(first, second, BEFORE_THE_LOG - np.arange(len(first))))

    async def stored_until(self, source: str, partition: int) -> int | None:
        """Start of the latest pane with a count of this partition, in seconds since the epoch."""
        rows = await self._rows(
            _STORED_UNTIL, {"version": self._version, "source": source, "partition": partition}
        )
        return rows[0][0] if rows else None

    async def counts(self, source: str, partition: int, panes: Sequence[int]) -> list[StoredCount]:
        """The counts of a partition in `panes`."""
        query = _COUNTS.format(panes=",".join(map(str, panes)))
        at = {"version": self._version, "source": source, "partition": partition}
        return [StoredCount(*row) for row in await self._rows(query, at)]

    async def save(self, changes: Changes) -> None:
        """Make durable. Saving the same again changes nothing.

        Step 1  dead letters, which nothing depends on
        Step 2  posts, of which the counts can be recomputed
        Step 3  counts by skill, then by category: the latter say how far a partition has come
        """
        await self._insert_rows(DeadLetterRow, changes.dead_letters)
        await self._insert(PostRow, changes.posts)
        await self._insert(SkillRow, changes.skills)
        await self._insert(CategoryRow, changes.categories)

    async def former_posts(
        self, version: str, source: str, partition: int, since: int, before: int, limit: int
    ) -> list[PostRow]:
        """Posts of a partition as another taxonomy version read them, by offset, `since <= offset < before`."""
        at = {"version": version, "source": source, "partition": partition}
        rows = await self._rows(_FORMER_POSTS, {**at, "since": since, "before": before, "limit": limit})
        return [PostRow(*row) for row in rows]

    async def recounted(self, source: str, partition: int) -> int:
        """The offset before which all posts are counted under our version by recounts."""
        at = {"version": self._version, "source": source, "partition": partition}
        offset: int = (await self._rows(_RECOUNTED, at))[0][0]
        return offset

    async def record_recount(self, source: str, partition: int, next_offset: int) -> None:
        """Remember that all before `next_offset` is counted under our version."""
        row = [self._version, source, partition, next_offset, datetime.now(UTC)]
        columns = ["taxonomy_version", "source", "partition", "next_offset", "recorded_at"]
        await self._call(
            lambda client: client.insert("recounts", [row], column_names=columns), "recording a recount"
        )

    async def active_taxonomy(self) -> str | None:
        """The version that the views read."""
        return await self._call(active_taxonomy, "looking at the taxonomy in use")

    async def closed_before(self) -> datetime:
        """Posts from before this time count no more."""
        day = await self._call(lambda client: horizon(client, "closed"), "looking at closed months")
        return datetime(day.year, day.month, day.day, tzinfo=UTC)

    async def save_responses(self, dead_letters: Sequence[DeadLetterRow], rows: Sequence[SurveyRow]) -> None:
        """Make durable what a round of survey responses says. Saving the same again changes nothing."""
        await self._insert_rows(DeadLetterRow, dead_letters)
        await self._insert_rows(SurveyRow, rows)

    async def log(self, batches: Sequence[BatchRow]) -> None:
        """Append to `pipeline_batches`."""
        await self._insert_rows(BatchRow, batches)

    async def close(self) -> None:
        """End the thread and the connection."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._disconnect)
        self._thread.shutdown(wait=False)

    async def _rows(self, query: str, parameters: dict[str, Any]) -> Sequence[Sequence[Any]]:
        return await self._call(
            lambda client: client.query(query, parameters=parameters, tz_mode="aware").result_rows, "reading"
        )

    async def _numbers(self, query: str, columns: int, parameters: dict[str, Any]) -> NDArray[np.uint64]:
        """The result's columns, all UInt64, as the rows of an array."""
        found = await self._call(lambda client: client.query_np(query, parameters=parameters), "reading")
        return found.reshape(-1, columns).astype(np.uint64, copy=False).T

    async def _insert_rows(self, kind: type, rows: Sequence[Any]) -> None:
        await self._insert(kind, arrow_table(rows, SCHEMAS[kind]))

    async def _insert(self, kind: type, rows: pa.Table) -> None:
        def write(client: Client) -> None:
            client.insert_arrow(TABLES[kind], rows)
            self._mend(client)

        if rows.num_rows:
            await self._call(write, f"writing {rows.num_rows} rows of {TABLES[kind]}")

    def _mend(self, client: Client) -> None:
        """After a full disk, as soon as there is room again: put aside what it broke."""
        if self._full_since is not None:
            since, self._full_since = self._full_since, None
            try:
                mend(client, since)
            except ClickHouseError as error:
                _log.error("parts that the full disk broke are not mended, see docs/runbook.md: %s", error)

    async def _call(self, action: Callable[[Client], Result], what: str) -> Result:
        def attempt() -> Result:
            try:
                if self._client is None:
                    self._client = connect(self._address, **WRITER_SETTINGS)
                return action(self._client)
            except Exception as error:
                self._disconnect()  # a connection that failed once is not trusted again
                if getattr(error, "code", None) == NOT_ENOUGH_SPACE:
                    self._full_since = self._full_since or datetime.now(UTC) - _FULL_BEFORE
                if isinstance(error, Fault):
                    raise
                raise fault_of(error, self._address.url) from error

        loop = asyncio.get_running_loop()
        return await self._retry(lambda: loop.run_in_executor(self._thread, attempt), what)

    def _disconnect(self) -> None:
        if self._client is not None:
            disconnect(self._client)
        self._client = None
