"""The inserts of the peers: the rows that skillpulse writes, into tables like its own, as fast as the client can."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from benchmarks.peers.job import Job, market_of, pane_of
from schemas.job_post import JobPost
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from streams.classify import Classified

_TYPES = {
    "String": pa.string(),
    "Bool": pa.bool_(),
    "UInt16": pa.uint16(),
    "UInt32": pa.uint32(),
    "UInt64": pa.uint64(),
    "Int32": pa.int32(),
    "Float32": pa.float32(),
    "Float64": pa.float64(),
    "DateTime('UTC')": pa.timestamp("s", "UTC"),
    "DateTime64(3, 'UTC')": pa.timestamp("ms", "UTC"),
}

TABLES = ("job_posts", "skill_demand", "category_demand")

Row = tuple[Any, ...]
"""The values of a table's columns, in its order."""

Key = tuple[int, str, str, bool, str, str, int]
"""(pane, skill, category, ai, client size, market, partition); the skill is empty in the count of all posts."""


def keys_of(post: JobPost, said: Classified, partition: int) -> Iterable[Key]:
    """Every count that a post belongs to."""
    pane, market = pane_of(int(post.posted_at.timestamp())), market_of(post.country)
    for skill in ("", *(hit.skill for hit in said.skills)):
        yield pane, skill, said.category, said.ai, post.client_size, market, partition


def _arrow_type(kind: str) -> Any:
    """The Arrow type of a ClickHouse type."""
    outer, _, inner = kind.partition("(")
    if outer in ("LowCardinality", "Nullable"):
        return _arrow_type(inner[:-1])
    return pa.list_(_arrow_type(inner[:-1])) if outer == "Array" else _TYPES[kind]


class Sink:
    """Gathers posts and changed counts, writes both: no retries, nothing learnt from what is stored."""

    def __init__(self, job: Job, taxonomy_version: str) -> None:
        address = Address(job.clickhouse, job.user, job.password, job.database)
        self._client = connect(address, **WRITER_SETTINGS)
        self._schemas = {table: self._schema(table) for table in TABLES}
        self._source = f"{job.topic}@plain"
        self._version = taxonomy_version
        self._posts: list[Row] = []
        self._changed: dict[Key, tuple[int, int]] = {}

    def post(self, post: JobPost, said: Classified, partition: int, offset: int, timestamp: int) -> None:
        """Keep the row of a post."""
        hits = said.skills
        self._posts.append(
            (
                post.posted_at,
                self._source,
                partition,
                offset,
                self._version,
                post.post_id,
                datetime.fromtimestamp(timestamp / 1000, UTC),
                datetime.now(UTC),
                post.source,
                post.title,
                post.description,
                post.url,
                post.skills,
                post.category,
                post.country,
                market_of(post.country),
                post.contract or "",
                post.hourly_min,
                post.hourly_max,
                post.fixed_budget,
                post.currency or "",
                post.client_size,
                post.experience_level,
                said.category,
                said.category_score,
                said.runner_up,
                said.ai,
                tuple(hit.text for hit in said.ai_evidence),
                tuple(hit.skill for hit in hits),
                tuple(hit.text for hit in hits),
                tuple(hit.start for hit in hits),
                tuple(hit.rule for hit in hits),
            )
        )

    def count(self, key: Key, posts: int, offset: int) -> None:
        """Keep the newest number of a count."""
        self._changed[key] = posts, offset

    def take(self) -> Callable[[], None]:
        """The insert of what was gathered since the last call, to be run anywhere."""
        posts, changed = self._posts, self._changed
        self._posts, self._changed = [], {}
        return lambda: self._write(posts, changed)

    def _write(self, posts: list[Row], changed: dict[Key, tuple[int, int]]) -> None:
        skills: list[Row] = []
        categories: list[Row] = []
        for (pane, skill, category, ai, size, market, partition), (number, offset) in changed.items():
            row = category, ai, size, market, self._source, partition, self._version, number, offset
            if skill:
                skills.append((pane, skill, *row))
            else:
                categories.append((pane, *row))
        for table, rows in zip(TABLES, (posts, skills, categories), strict=True):
            self._insert(table, rows)

    def _insert(self, table: str, rows: list[Row]) -> None:
        if rows:
            schema = self._schemas[table]
            columns = zip(zip(*rows, strict=True), schema.types, strict=True)
            arrays = [pa.array(values, kind) for values, kind in columns]
            self._client.insert_arrow(table, pa.Table.from_arrays(arrays, schema=schema))

    def _schema(self, table: str) -> Any:
        described = self._client.query(f"DESCRIBE TABLE {table}").result_rows
        return pa.schema([(name, _arrow_type(kind)) for name, kind, *_ in described])
