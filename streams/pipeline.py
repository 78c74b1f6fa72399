"""What happens to a round of batches, from the records to durable counts. The agent acknowledges after it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from schemas.country import country_code
from sinks.rows import Changes
from streams.batch import Batch
from streams.classify import Classifier
from streams.count_rows import count_tables, stored_counts
from streams.dead_letters import DeadLetters, dead_letter_row
from streams.keys import Dimensions, Keys, PackedKeys, panes_of
from streams.partition import Partition
from streams.post_table import post_table
from streams.round_log import RoundTimes, batch_row
from streams.sightings import Sightings
from streams.store import Store
from streams.tally import Tally
from streams.windows import Windows, pane_start

OTHER_MARKET = "other"

States = dict[tuple[str, int], Partition]
"""The state of each partition, by source and number."""


async def _counted_already(_source: str, _partition: int, _before: int) -> None:
    """Where there never was another taxonomy, what was acknowledged is counted."""


class Rules(NamedTuple):
    """What decides how posts are counted; the same for all workers of an installation."""

    pane_seconds: int
    markets: frozenset[str]
    sightings_window: int
    most_counts: int
    """Counts that a partition keeps in memory between rounds; others are loaded when touched."""


class ReadBatch(NamedTuple):
    """A batch after decoding, sighting and classifying: its posts as rows, and the keys that they count under."""

    tally: Tally
    posts: pa.Table
    keys: PackedKeys
    offsets: NDArray[np.int64]
    """Of the post that counts, one for each key."""


class Round(NamedTuple):
    """Batches that are counted in memory, and what the store must hold before they may be acknowledged."""

    tallies: list[Tally]
    changes: Changes


class Pipeline:
    """Counts batches exactly. One instance a worker.

    A round is read, then saved; the next may be read while it is being saved, so that processor and store work at
    once. Rounds are saved one after the other in the order in which they were read, and neither method is called
    again after one of them failed: the state in memory is ahead of the store then.

    `check_source` is awaited before a round is stored; it raises if the topic is not the one that it was. Asked
    after the records were fetched, it cannot let pass any of a topic that was made anew. `complete` is awaited
    before the state of (source, partition) at an offset is loaded: until then all before it must be counted.
    `loaded` is called whenever the state of a partition was loaded.
    """

    def __init__(
        self,
        store: Store,
        classifier: Classifier,
        dead_letters: DeadLetters,
        rules: Rules,
        worker: str,
        now: Callable[[], datetime],
        check_source: Callable[[], Awaitable[None]],
        complete: Callable[[str, int, int], Awaitable[None]] = _counted_already,
        loaded: Callable[[], None] = lambda: None,
    ) -> None:
        self._store = store
        self._classifier = classifier
        self._dead_letters = dead_letters
        self._rules = rules
        self._worker = worker
        self._now = now
        self._check_source = check_source
        self._complete = complete
        self._loaded = loaded
        self._keys = Keys()
        self._partitions: States = {}
        self.closed_before = datetime.min.replace(tzinfo=UTC)
        """Posts from before this time count no more: see `sinks/clickhouse/retention.py`."""

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop the state of partitions that were revoked."""
        revoked = set(partitions)
        self._partitions = {key: state for key, state in self._partitions.items() if key[1] not in revoked}

    async def read(self, batches: Sequence[Batch], saved: Callable[[], Awaitable[None]]) -> Round:
        """Count `batches` in memory, each of a partition beginning where the one before it ended.

        `saved` is awaited before state is loaded from the store: until then all rounds before must be saved.

        Step 1  decode, sight and classify, batch by batch
        Step 2  count, after the counts that the store holds of the panes were loaded

        A round keeps the states that it began with: a partition may be revoked while it is read.
        """
        ingested_at = self._now()
        states: States = {}
        read = []
        for batch in batches:
            state = await self._state(batch, states, saved)
            posts = await asyncio.to_thread(self._read, state, batch, ingested_at)
            await self._count(state, posts)
            read.append(posts)
        changes = await asyncio.to_thread(self._changes, read, states, ingested_at)
        return Round([batch.tally for batch in read], changes)

    async def save(self, round_: Round) -> list[Tally]:
        """Make durable what was read; when it returns, the batches may be acknowledged.

        Step 1  make sure that the records came from the topic that they are stored under
        Step 2  dead letters to their topic, confirmed by the broker
        Step 3  dead letters, posts, then counts to the store, confirmed by it
        Step 4  a line for each batch to the log of batches
        """
        tallies, changes = round_
        await self._check_source()
        await self._dead_letters.send(changes.dead_letters)
        inserting = time.perf_counter()
        await self._store.save(changes)
        times = RoundTimes(self._worker, self._now(), (time.perf_counter() - inserting) * 1e3)
        await self._store.log([batch_row(tally, times) for tally in tallies])
        return tallies

    async def _state(self, batch: Batch, states: States, saved: Callable[[], Awaitable[None]]) -> Partition:
        """The state before `batch`: the one at hand if the log goes on there, else what the store holds."""
        key = batch.source, batch.partition
        if key in states:
            return states[key]
        state = self._partitions.get(key)
        if state is None or not state.continues(batch):
            await saved()
            await self._complete(*key, batch.begins)
            window = self._rules.sightings_window
            known = await self._store.sightings(*key, before=batch.begins, window=window)
            sightings = await asyncio.to_thread(Sightings, window, known)  # which sorts them
            windows = Windows(await self._store.stored_until(*key))
            state = self._partitions[key] = Partition(batch.begins, sightings, windows)
            self._loaded()
        state.windows.shrink(self._rules.most_counts)
        states[key] = state
        return state

    def _read(self, state: Partition, batch: Batch, ingested_at: datetime) -> ReadBatch:
        """The work of the processor, in a thread so that the event loop can answer meanwhile."""
        started = time.perf_counter()
        posts, rejected, repeats = state.sift(batch, self.closed_before)
        classify = self._classifier.classify
        said = [classify(post.title, post.description, post.skills, post.category) for _, post in posts]
        markets = [self._market(post.country) for _, post in posts]
        version = self._classifier.taxonomy_version
        rows = post_table(batch, posts, said, markets, version, ingested_at)
        times = np.array([int(post.posted_at.timestamp()) for _, post in posts], np.int64)
        keys, of_post = self._keys.of_posts(
            pane_start(times, self._rules.pane_seconds),
            [[hit.skill for hit in one.skills] for one in said],
            [
                Dimensions(one.category, one.ai, post.client_size, market)
                for one, (_, post), market in zip(said, posts, markets, strict=True)
            ],
        )
        offsets = np.array([record.offset for record, _ in posts], np.int64)[of_post]
        mentions, ai_posts = len(keys) - len(posts), sum(one.ai for one in said)
        classify_ms = (time.perf_counter() - started) * 1e3
        tally = Tally(batch, rejected, len(posts), repeats, mentions, ai_posts, classify_ms)
        return ReadBatch(tally, rows, keys, offsets)

    def _market(self, country: str) -> str:
        code = country_code(country)
        return code if code in self._rules.markets else OTHER_MARKET

    async def _count(self, state: Partition, read: ReadBatch) -> None:
        missing = state.windows.touch(np.unique(panes_of(read.keys)).tolist())
        if missing:
            batch = read.tally.batch
            stored = await self._store.counts(batch.source, batch.partition, missing)
            state.windows.load(missing, stored_counts(stored, self._keys))
        state.windows.count(read.keys, read.offsets)

    def _changes(self, read: Sequence[ReadBatch], states: States, ingested_at: datetime) -> Changes:
        version = self._classifier.taxonomy_version
        counts = [
            count_tables(state.windows.take_changes(), self._keys, source, partition, version)
            for (source, partition), state in states.items()
        ]
        return Changes(
            [dead_letter_row(tally.batch, bad, ingested_at) for tally, *_ in read for bad in tally.rejected],
            pa.concat_tables(batch.posts for batch in read),
            *(pa.concat_tables(tables) for tables in zip(*counts, strict=True)),
        )
