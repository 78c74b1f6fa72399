"""The limit of each stage: what it takes by itself, in one thread where nothing else is done, on the same posts."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from aiokafka import AIOKafkaConsumer
from clickhouse_connect.driver.client import Client

from benchmarks.course import Course
from schemas.decode import decode_post
from sinks.clickhouse.columns import TABLES
from sinks.rows import CategoryRow, PostRow, SkillRow
from streams.app import FETCH_BYTES
from streams.batch import Batch
from streams.classify import load_classifier
from streams.count_rows import count_tables
from streams.kafka import bootstrap_servers
from streams.keys import Dimensions, Keys
from streams.partition import Sighted
from streams.post_table import post_table
from streams.settings import Settings
from streams.sightings import Sightings
from streams.windows import Windows, pane_start


class _Record(NamedTuple):
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None


class _Stopwatch:
    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def time(self, stage: str, clock: Callable[[], float] = time.process_time) -> Iterator[None]:
        """Add the time of the block to a stage's: that of the processor, unless the clock says another."""
        started = clock()
        yield
        self.seconds[stage] += clock() - started


def stages_alone(course: Course, settings: Settings, client: Client) -> dict[str, float]:
    """Microseconds a post by stage, as in `benchmarks/budget.py`; `client` is of an empty database.

    Waiting for ClickHouse is inserting one batch after the other, by the clock; all else is processor time.
    """
    watch = _Stopwatch()
    with watch.time("fetch"):
        asyncio.run(_fetch(settings, course.records))
    records = [_Record(offset, -1, None, value) for offset, value in enumerate(course.values)]
    size = settings.batch_records
    batches = [Batch("alone@1", 0, records[at : at + size]) for at in range(0, len(records), size)]
    for tables in _counted(batches, settings, watch):
        with watch.time("wait for ClickHouse", time.perf_counter):
            for kind, table in zip((PostRow, SkillRow, CategoryRow), tables, strict=True):
                client.insert_arrow(TABLES[kind], table)
    return {stage: round(spent / course.posts * 1e6, 1) for stage, spent in watch.seconds.items()}


async def _fetch(settings: Settings, records: int) -> None:
    consumer = AIOKafkaConsumer(
        settings.job_posts_topic,
        bootstrap_servers=bootstrap_servers(settings),
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    await consumer.start()
    while records > 0:
        records -= sum(map(len, (await consumer.getmany(timeout_ms=1_000)).values()))
    await consumer.stop()


def _counted(
    batches: Sequence[Batch], settings: Settings, watch: _Stopwatch
) -> Iterator[tuple[pa.Table, ...]]:
    """What the pipeline does with batches, step by step; gives the tables to insert of each."""
    classifier, keys = load_classifier(settings.taxonomy), Keys()
    sightings, windows = Sightings(settings.sightings_window), Windows(None)
    version, now = classifier.taxonomy_version, datetime.now(UTC)
    for batch in batches:
        with watch.time("decode"):
            posts = [Sighted(record, decode_post(record.value, None)) for record in batch.records]
        with watch.time("sightings"):
            sightings.recall([post.post_id for _, post in posts], batch.first_offset)
            posts = [
                sighted for sighted in posts if sightings.first(sighted.post.post_id, sighted.record.offset)
            ]
        with watch.time("classify"):
            said = [
                classifier.classify(post.title, post.description, post.skills, post.category)
                for _, post in posts
            ]
        with watch.time("window"):
            times = np.array([int(post.posted_at.timestamp()) for _, post in posts], np.int64)
            of = [
                Dimensions(one.category, one.ai, post.client_size, "other")
                for one, (_, post) in zip(said, posts, strict=True)
            ]
            skills = [[hit.skill for hit in one.skills] for one in said]
            packed, of_post = keys.of_posts(pane_start(times, settings.pane_seconds), skills, of)
            windows.count(packed, np.array([record.offset for record, _ in posts], np.int64)[of_post])
        with watch.time("prepare"):
            rows = post_table(batch, posts, said, ["other"] * len(posts), version, now)
            tables = rows, *count_tables(windows.take_changes(), keys, batch.source, batch.partition, version)
        windows.shrink(settings.cached_counts)
        yield tables
