"""What happens to a round of batches, from the records to durable counts. The agent acknowledges after it."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from schemas.country import country_code
from sinks.rows import Changes
from streams.batch import Batch
from streams.classify import Classifier
from streams.count_rows import add_counts, count_row
from streams.dead_letters import DeadLetters, dead_letter_row
from streams.partition import Partition, Placed, Sifted, Sighted, count, place
from streams.post_row import post_row
from streams.round_log import RoundTimes, batch_row
from streams.sightings import Sightings
from streams.store import Store
from streams.tally import Tally
from streams.windows import Windows

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


class Pipeline:
    """Counts batches exactly. One instance a worker; `run` is never called concurrently.

    `check_source` is awaited before a round is stored; it raises if the topic is not the one that it was. Asked
    after the records were fetched, it cannot let pass any of a topic that was made anew. `complete` is awaited
    before the state of (source, partition) at an offset is loaded: until then all before it must be counted.
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
    ) -> None:
        self._store = store
        self._classifier = classifier
        self._dead_letters = dead_letters
        self._rules = rules
        self._worker = worker
        self._now = now
        self._check_source = check_source
        self._complete = complete
        self._partitions: States = {}
        self.closed_before = datetime.min.replace(tzinfo=UTC)
        """Posts from before this time count no more: see `sinks/clickhouse/retention.py`."""

    def forget(self, partitions: Iterable[int]) -> None:
        """Drop the state of partitions that were revoked."""
        revoked = set(partitions)
        self._partitions = {key: state for key, state in self._partitions.items() if key[1] not in revoked}

    async def run(self, batches: Sequence[Batch]) -> list[Tally]:
        """Make durable all that `batches` say; when it returns, they may be acknowledged."""
        return [tally for round_ in contiguous(batches) for tally in await self._run(round_)]

    async def _run(self, batches: Sequence[Batch]) -> list[Tally]:
        """One round.

        Step 1  decode, sight, classify and count, batch by batch
        Step 2  make sure that the records came from the topic that they are stored under
        Step 3  dead letters to their topic, confirmed by the broker
        Step 4  dead letters, posts, then counts to the store, confirmed by it
        Step 5  a line for each batch to the log of batches

        A round keeps the states that it began with: a partition may be revoked while it waits.
        """
        ingested_at = self._now()
        states: States = {}
        tallies = [await self._count(batch, states) for batch in batches]
        changes = self._changes(tallies, states, ingested_at)
        await self._check_source()
        await self._dead_letters.send(changes.dead_letters)
        inserting = time.perf_counter()
        await self._store.save(changes)
        times = RoundTimes(self._worker, self._now(), (time.perf_counter() - inserting) * 1e3)
        await self._store.log([batch_row(tally, times) for tally in tallies])
        for state in states.values():
            state.windows.shrink(self._rules.most_counts)
        return tallies

    async def _count(self, batch: Batch, states: States) -> Tally:
        state = await self._state(batch, states)
        started = time.perf_counter()
        sifted, placed = await asyncio.to_thread(self._read, state, batch)
        classify_ms = (time.perf_counter() - started) * 1e3
        missing = state.windows.touch({post.pane for post in placed})
        if missing:
            stored = await self._store.counts(batch.source, batch.partition, missing)
            state.windows.load(missing, map(count_row, stored))
        count(state.windows, placed)
        return Tally(batch, sifted, placed, classify_ms)

    async def _state(self, batch: Batch, states: States) -> Partition:
        """The state before `batch`: the one at hand if the log goes on there, else what the store holds."""
        key = batch.source, batch.partition
        state = states.get(key) or self._partitions.get(key)
        if state is None or not state.continues(batch):
            await self._complete(*key, batch.first_offset)
            window = self._rules.sightings_window
            known = await self._store.sightings(*key, before=batch.first_offset, window=window)
            windows = Windows(await self._store.stored_until(*key))
            state = self._partitions[key] = Partition(batch.first_offset, Sightings(window, known), windows)
        states[key] = state
        return state

    def _read(self, state: Partition, batch: Batch) -> tuple[Sifted, list[Placed]]:
        """The work of the processor, in a thread so that the event loop can answer meanwhile."""
        sifted = state.sift(batch, self.closed_before)
        return sifted, [self._classify(sighted) for sighted in sifted.posts]

    def _classify(self, sighted: Sighted) -> Placed:
        post = sighted.post
        country = country_code(post.country)
        market = country if country in self._rules.markets else OTHER_MARKET
        classified = self._classifier.classify(post.title, post.description, post.skills, post.category)
        return place(sighted, classified, self._rules.pane_seconds, market)

    def _changes(self, tallies: Sequence[Tally], states: States, ingested_at: datetime) -> Changes:
        version = self._classifier.taxonomy_version
        changes = Changes(dead_letters=[], posts=[], skills=[], categories=[])
        for batch, sifted, placed, _ in tallies:
            changes.dead_letters.extend(dead_letter_row(batch, bad, ingested_at) for bad in sifted.rejected)
            changes.posts.extend(post_row(batch, post, version, ingested_at) for post in placed)
        for (source, partition), state in states.items():
            add_counts(changes, state.windows.take_changes(), source, partition, version)
        return changes


def contiguous(batches: Sequence[Batch]) -> Iterator[list[Batch]]:
    """Split where a batch of a partition does not begin at the end of the one before it.

    Its state must then be loaded, and what came before must be durable by then.
    """
    round_: list[Batch] = []
    ends: dict[tuple[str, int], int] = {}
    for batch in batches:
        key = batch.source, batch.partition
        if ends.get(key, batch.first_offset) != batch.first_offset:
            yield round_
            round_, ends = [], {}
        round_.append(batch)
        ends[key] = batch.last_offset + 1
    if round_:
        yield round_
