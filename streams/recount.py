"""Counting history anew under another taxonomy, beside the counts that are in use.

A count is a function of the first sightings before its offset. They stand in `job_posts`, so they are read anew in
the order of their offsets and counted as the pipeline counts; the log is not needed. What was interrupted goes on
where it was, and what was done twice changes nothing. The views are switched when all is counted.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
import pyarrow as pa

from sinks.clickhouse.columns import column_table
from sinks.clickhouse.store import ClickHouseStore
from sinks.rows import Changes, PostRow
from streams.classify import Classified, Classifier
from streams.count_rows import count_tables, stored_counts
from streams.keys import Dimensions, Keys, panes_of
from streams.post_table import reading
from streams.windows import Windows, pane_start

_AT_ONCE: Final = 5_000
"""Posts of one step: half a second of work, 15 MB of texts."""

_END_OF_LOG: Final = 2**63 - 1
"""An offset that no partition reaches."""


class Recount:
    """Recounts partitions from the posts of `former` into the version of `classifier`.

    `store` must be of the new version. `most_counts` as in `streams.pipeline.Rules`.
    """

    def __init__(
        self, store: ClickHouseStore, classifier: Classifier, former: str, pane_seconds: int, most_counts: int
    ) -> None:
        self._store = store
        self._classifier = classifier
        self._former = former
        self._pane_seconds = pane_seconds
        self._most_counts = most_counts
        self._keys = Keys()

    async def partition(
        self,
        source: str,
        partition: int,
        before: int = _END_OF_LOG,
        show: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Count the posts before offset `before` that are not counted yet; `show` gets the number of each step."""
        since = await self._store.recounted(source, partition)
        windows = Windows(await self._store.stored_until(source, partition))
        while posts := await self._store.former_posts(
            self._former, source, partition, since, before, _AT_ONCE
        ):
            changes = await self._step(windows, posts)
            await self._store.save(changes)
            since = posts[-1].offset + 1
            await self._store.record_recount(source, partition, since)
            windows.shrink(self._most_counts)
            show(len(posts))

    async def _step(self, windows: Windows, posts: Sequence[PostRow]) -> Changes:
        source, partition = posts[0].source, posts[0].partition
        version = self._classifier.taxonomy_version
        said = await asyncio.to_thread(self._classify, posts)
        rows = self._rows(posts, said)
        times = np.array([int(post.posted_at.timestamp()) for post in posts], np.int64)
        keys, of_post = self._keys.of_posts(
            pane_start(times, self._pane_seconds),
            [[hit.skill for hit in one.skills] for one in said],
            [
                Dimensions(one.category, one.ai, post.client_size, post.market)
                for one, post in zip(said, posts, strict=True)
            ],
        )
        if missing := windows.touch(np.unique(panes_of(keys)).tolist()):
            stored = await self._store.counts(source, partition, missing)
            windows.load(missing, stored_counts(stored, self._keys))
        windows.count(keys, np.array([post.offset for post in posts], np.int64)[of_post])
        counts = count_tables(windows.take_changes(), self._keys, source, partition, version)
        return Changes([], rows, *counts)

    def _classify(self, posts: Sequence[PostRow]) -> list[Classified]:
        classify = self._classifier.classify
        return [
            classify(post.title, post.description, post.platform_tags, post.platform_category)
            for post in posts
        ]

    def _rows(self, posts: Sequence[PostRow], said: Sequence[Classified]) -> pa.Table:
        """The posts as rows, read anew."""
        columns: dict[str, Any] = dict(zip(PostRow._fields, zip(*posts, strict=True), strict=True))
        version = {"taxonomy_version": self._classifier.taxonomy_version}
        return column_table(PostRow, columns | reading(said), version, len(posts))
