"""The store of the pipeline: what it loads, and how it saves so that nothing is lost and nothing counted twice."""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

import pyarrow as pa
from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from sinks.clickhouse.audit import horizon
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect, disconnect
from sinks.clickhouse.columns import SCHEMAS, TABLES, arrow_table
from sinks.clickhouse.errors import fault_of
from sinks.clickhouse.installation import active_taxonomy
from sinks.retry import Retry
from sinks.rows import (
    BatchRow,
    CategoryRow,
    Changes,
    DeadLetterRow,
    PostRow,
    SkillRow,
    StoredCount,
    SurveyRow,
)

Result = TypeVar("Result")

_SIGHTINGS: Final = """
SELECT DISTINCT post_id, offset FROM job_posts
WHERE source = {source:String} AND partition = {partition:UInt16}
  AND offset >= {since:UInt64} AND offset < {before:UInt64}
UNION ALL
SELECT DISTINCT post_id, offset FROM pruned_sightings
WHERE source = {source:String} AND partition = {partition:UInt16}
  AND offset >= {since:UInt64} AND offset < {before:UInt64}
"""

_EARLIER_SIGHTINGS: Final = """
SELECT post_id FROM
(
    SELECT source, partition, offset, post_id FROM job_posts
    UNION ALL SELECT source, partition, offset, post_id FROM pruned_sightings
) AS first_sightings
INNER JOIN (SELECT source, min(first_seen_at) AS first_seen_at FROM sources GROUP BY source) AS sources USING source
WHERE partition = {partition:UInt16} AND startsWith(source, concat({topic:String}, '@')) AND source != {source:String}
GROUP BY post_id
ORDER BY max((sources.first_seen_at, source, offset)) DESC
LIMIT {window:UInt64}
"""

_STORED_UNTIL: Final = """
SELECT toUnixTimestamp(maxOrNull(pane_start)) FROM category_demand
WHERE taxonomy_version = {version:String} AND source = {source:String} AND partition = {partition:UInt16}
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

    async def sightings(self, source: str, partition: int, before: int, window: int) -> list[tuple[str, int]]:
        """First sightings that a state before offset `before` must know; see `Store.sightings`."""
        since = max(0, before - window)
        at = {"source": source, "partition": partition}
        known = await self._rows(_SIGHTINGS, {**at, "since": since, "before": before})
        if before > window:
            return [(post_id, offset) for post_id, offset in known]
        earlier = await self._rows(
            _EARLIER_SIGHTINGS, {**at, "topic": self._topic, "window": window - before}
        )
        ranked = [(post_id, -rank) for rank, (post_id,) in enumerate(earlier, 1)]
        return ranked + [(post_id, offset) for post_id, offset in known]

    async def stored_until(self, source: str, partition: int) -> int | None:
        """Start of the latest pane with a count of this partition, in seconds since the epoch."""
        rows = await self._rows(
            _STORED_UNTIL, {"version": self._version, "source": source, "partition": partition}
        )
        latest: int | None = rows[0][0]
        return latest

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

    async def _insert_rows(self, kind: type, rows: Sequence[Any]) -> None:
        await self._insert(kind, arrow_table(rows, SCHEMAS[kind]))

    async def _insert(self, kind: type, rows: pa.Table) -> None:
        if rows.num_rows:
            await self._call(
                lambda client: client.insert_arrow(TABLES[kind], rows),
                f"writing {rows.num_rows} rows of {TABLES[kind]}",
            )

    async def _call(self, action: Callable[[Client], Result], what: str) -> Result:
        def attempt() -> Result:
            try:
                if self._client is None:
                    self._client = connect(self._address, **WRITER_SETTINGS)
                return action(self._client)
            except Exception as error:
                self._disconnect()  # a connection that failed once is not trusted again
                if isinstance(error, Fault):
                    raise
                raise fault_of(error, self._address.url) from error

        loop = asyncio.get_running_loop()
        return await self._retry(lambda: loop.run_in_executor(self._thread, attempt), what)

    def _disconnect(self) -> None:
        if self._client is not None:
            disconnect(self._client)
        self._client = None
