"""Counting history anew under another taxonomy, beside the counts that are in use.

A count is a function of the first sightings before its offset. They stand in `job_posts`, so they are read anew in
the order of their offsets and counted as the pipeline counts; the log is not needed. What was interrupted goes on
where it was, and what was done twice changes nothing. The views are switched when all is counted.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from sinks.clickhouse.store import ClickHouseStore
from sinks.rows import Changes, PostRow
from streams.classify import Classifier
from streams.count_rows import add_counts, count_row
from streams.post_row import reading
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
        rows = await asyncio.to_thread(lambda: [self._read(post) for post in posts])
        panes = [pane_start(int(row.posted_at.timestamp()), self._pane_seconds) for row in rows]
        if missing := windows.touch(set(panes)):
            stored = await self._store.counts(source, partition, missing)
            windows.load(missing, map(count_row, stored))
        for row, pane in zip(rows, panes, strict=True):
            dimensions = row.category, row.ai, row.client_size, row.market
            windows.count_post(pane, row.skills, dimensions, row.offset)
        changes = Changes(dead_letters=[], posts=rows, skills=[], categories=[])
        add_counts(changes, windows.take_changes(), source, partition, version)
        return changes

    def _read(self, post: PostRow) -> PostRow:
        read = self._classifier.classify(
            post.title, post.description, post.platform_tags, post.platform_category
        )
        return post._replace(taxonomy_version=self._classifier.taxonomy_version, **reading(read))
