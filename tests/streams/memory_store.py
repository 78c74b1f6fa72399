"""A store in memory with ReplacingMergeTree's rules, which can crash in the midst of a save."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
import pyarrow as pa

from sinks.rows import (
    BatchRow,
    CategoryRow,
    Changes,
    DeadLetterRow,
    PostRow,
    SkillRow,
    StoredCount,
    StoredSightings,
)
from streams.sightings import digests

_SLOW = 0.008
"""Seconds; a round of the tests is read within 5 ms."""

Row = TypeVar("Row", PostRow, SkillRow, CategoryRow)


def rows_of(kind: type[Row], table: pa.Table) -> list[Row]:
    """The rows of a table of that class."""
    return [kind(**row) for row in table.to_pylist()]


class Crash(Exception):
    """The process died: some rows were written, the rest was not."""


class StoredKey(NamedTuple):
    source: str
    partition: int
    pane_start: int
    skill: str
    category: str
    ai: bool
    client_size: str
    market: str


class MemoryStore:
    """Implements `streams.store.Store` and `streams.dead_letters.DeadLetters`.

    `rows_until_crash` rows are still written, then Crash is raised; None never crashes. `slow` says of each save to
    come whether it takes longer than it takes to read the next round.
    """

    def __init__(self) -> None:
        self.posts: dict[tuple[str, int, int], PostRow] = {}
        self.stored: dict[StoredKey, tuple[int, int]] = {}  # last_offset, posts
        self.dead_letters: dict[tuple[str, int, int], DeadLetterRow] = {}
        self.batches: list[BatchRow] = []
        self.loaded = 0  # states
        self.rows_until_crash: int | None = None
        self.slow: Iterator[bool] = iter(())

    async def sightings(self, source: str, partition: int, before: int, window: int) -> StoredSightings:
        self.loaded += 1
        rows = [
            row
            for row in self.posts.values()
            if (row.source, row.partition) == (source, partition) and before - window <= row.offset < before
        ]
        offsets = np.array([row.offset for row in rows], np.int64)
        return StoredSightings(*digests([row.post_id for row in rows]), offsets)

    async def stored_until(self, source: str, partition: int) -> int | None:
        panes = [key.pane_start for key in self.stored if key[:2] == (source, partition) and not key.skill]
        return max(panes, default=None)

    async def counts(self, source: str, partition: int, panes: Sequence[int]) -> list[StoredCount]:
        return [
            StoredCount(*key[2:], posts, last_offset)
            for key, (last_offset, posts) in self.stored.items()
            if key[:2] == (source, partition) and key.pane_start in panes
        ]

    async def save(self, changes: Changes) -> None:
        await asyncio.sleep(_SLOW if next(self.slow, False) else 0)
        for row in (
            *changes.dead_letters,
            *rows_of(PostRow, changes.posts),
            *rows_of(SkillRow, changes.skills),
            *rows_of(CategoryRow, changes.categories),
        ):
            if self.rows_until_crash is not None:
                if self.rows_until_crash == 0:
                    raise Crash
                self.rows_until_crash -= 1
            self._write(row)

    async def log(self, batches: Sequence[BatchRow]) -> None:
        self.batches.extend(batches)

    async def send(self, rows: Sequence[DeadLetterRow]) -> None:
        """Dead letters to their topic: nothing to keep here."""

    def _write(self, row: DeadLetterRow | PostRow | SkillRow | CategoryRow) -> None:
        if isinstance(row, DeadLetterRow):
            self.dead_letters[row.source, row.partition, row.offset] = row
        elif isinstance(row, PostRow):
            position = row.source, row.partition, row.offset
            stored = self.posts.setdefault(position, row)
            assert stored.post_id == row.post_id, "one position, two posts"
        else:
            self._write_count(row)

    def _write_count(self, row: SkillRow | CategoryRow) -> None:
        skill = row.skill if isinstance(row, SkillRow) else ""
        key = StoredKey(
            row.source,
            row.partition,
            row.pane_start,
            skill,
            row.category,
            row.ai,
            row.client_size,
            row.market,
        )
        stored = self.stored.get(key, (-1, 0))
        if stored[0] == row.last_offset:
            assert stored[1] == row.posts, "one version, two values: which of them a merge keeps is chance"
        self.stored[key] = max(stored, (row.last_offset, row.posts))
