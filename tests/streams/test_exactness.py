"""The law of the project: totals equal a naive counter's after any schedule of crashes, replays and zombies.

The log, the batches and the faults are drawn by hypothesis; decoding, sightings, classification, windows, pipeline
and the agent's loop are the real ones.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.app import Consumption, Taken
from streams.brake import Brake
from streams.classify import load_classifier
from streams.pipeline import Pipeline, Rules
from tests.streams.memory_store import Crash, MemoryStore, StoredKey

SOURCE, PARTITION, PANE = "job-posts@1", 3, 60
WINDOW = 20
START = 1_760_000_000
TITLES = (
    "Python developer for Django",
    "Logo design in Adobe Illustrator",
    "Spanish translation",
    "Odd jobs",
)


class LogRecord(NamedTuple):
    offset: int
    timestamp: int
    key: bytes
    value: bytes


class Event(NamedTuple):
    """What one record says: which post, which title, how many panes late, whether it is rubbish."""

    post: int
    title: int
    pane: int
    bad: bool


class Step(NamedTuple):
    """A worker handles some rounds of batches; perhaps it dies after some rows, perhaps before it commits."""

    zombie: int | None  # a worker that may have lost the partition; None for its owner
    rounds: tuple[
        tuple[int, ...], ...
    ]  # sizes of the batches of each; 0: assigned anew, goes on at the commit
    slow: tuple[bool, ...]  # which saves are still under way when the next round is read
    rows_until_crash: int | None
    commits: bool


class Takeover(NamedTuple):
    """A rebalance gives the partition to a worker; the former owner may go on as a zombie."""

    worker: int
    notices: bool  # whether the new owner was told of a revocation before, and dropped its state


EVENTS = st.lists(
    st.builds(
        Event, st.integers(0, 12), st.integers(0, 3), st.integers(0, 5), st.sampled_from([False] * 9 + [True])
    ),
    min_size=40,  # a short log is over before a schedule can harm it
    max_size=80,
)
STEPS = st.builds(
    Step,
    st.sampled_from([None, None, None, 0, 1, 2]),
    st.lists(st.lists(st.integers(0, 6), min_size=1, max_size=3).map(tuple), min_size=1, max_size=3).map(
        tuple
    ),
    st.tuples(st.booleans(), st.booleans(), st.booleans()),
    st.one_of(st.none(), st.none(), st.integers(0, 60)),
    st.sampled_from([True, True, False]),
)
SCHEDULES = st.lists(
    st.one_of(STEPS, STEPS, st.builds(Takeover, st.integers(0, 2), st.booleans())), min_size=6, max_size=20
)
HOLES = st.sets(st.integers(0, 80), max_size=8)


@pytest.fixture(scope="module")
def classifier():
    return load_classifier()


def log_of(events: Sequence[Event], holes: set[int]) -> list[LogRecord]:
    """The log: offsets rise, with holes as compaction and transaction markers leave them."""
    offsets = (offset for offset in range(len(events) + len(holes) + 1) if offset not in holes)
    return [
        LogRecord(offset, START * 1000, f"post-{e.post}".encode(), _value(e))
        for offset, e in zip(offsets, events, strict=False)
    ]


def _value(event: Event) -> bytes:
    if event.bad:
        return b'{"post_id": '
    posted_at = datetime.fromtimestamp(START + PANE * event.pane, UTC).isoformat()
    return json.dumps(
        {"post_id": f"post-{event.post}", "title": TITLES[event.title], "posted_at": posted_at}
    ).encode()


def naive(log: Sequence[LogRecord], classifier) -> tuple[set[int], Counter[StoredKey]]:
    """Offsets of first sightings and the count of every key, by the plainest code that can be written."""
    first: dict[str, int] = {}
    counted: set[int] = set()
    counts: Counter[StoredKey] = Counter()
    for record in log:
        try:
            post = json.loads(record.value)
        except ValueError:
            continue
        seen = first.get(post["post_id"])
        if seen is not None and record.offset - seen <= WINDOW:
            continue
        first[post["post_id"]] = record.offset
        counted.add(record.offset)
        pane = int(datetime.fromisoformat(post["posted_at"]).timestamp()) // PANE * PANE
        said = classifier.classify(post["title"], "")
        for skill in ("", *(hit.skill for hit in said.skills)):
            counts[StoredKey(SOURCE, PARTITION, pane, skill, said.category, said.ai, "unknown", "other")] += 1
    return counted, counts


class Delivery:
    """What the agent sees of a batch: as Faust's event, which takes the acknowledgement."""

    def __init__(self, records: Sequence[LogRecord], end: int, before: "Delivery | None") -> None:
        self.message = SimpleNamespace(partition=PARTITION)
        self.value = records
        self.end = end  # index into the log
        self.acknowledged = False
        self._before = before

    def ack(self) -> None:
        assert self._before is None or self._before.acknowledged, "acknowledged out of order"
        self.acknowledged = True


class Cluster:
    """Three workers over one partition, one of which owns it."""

    def __init__(self, log: Sequence[LogRecord], classifier, most_counts: int) -> None:
        self.log = log
        self.store = MemoryStore()
        self._classifier = classifier
        self._most_counts = most_counts
        self.owner = 0
        self.committed = 0  # index into the log
        self.pipelines = [self._start() for _ in range(3)]
        self.positions = [0, 0, 0]

    def _start(self) -> Pipeline:
        async def same_source() -> None:
            return

        rules = Rules(PANE, frozenset({"US"}), WINDOW, self._most_counts)
        return Pipeline(
            self.store,
            self._classifier,
            self.store,
            rules,
            "worker",
            lambda: datetime.now(UTC),
            same_source,
        )

    async def take(self, takeover: Takeover) -> None:
        worker = takeover.worker
        if takeover.notices:
            self.pipelines[worker].forget({PARTITION})
        self.owner = worker
        self.positions[worker] = self.committed

    async def step(self, step: Step) -> None:
        worker = self.owner if step.zombie is None else step.zombie
        agent = Consumption(self.pipelines[worker], SOURCE, Brake(1, 0), lambda _: None)
        self.store.rows_until_crash, self.store.slow = step.rows_until_crash, iter(step.slow)
        delivered: list[Delivery] = []
        crashed = False
        try:
            await agent.run(self._deliver(worker, step.rounds, delivered))
        except Crash:
            crashed = True
        self.store.rows_until_crash = None
        acknowledged = [delivery.end for delivery in delivered if delivery.acknowledged]
        assert crashed or len(acknowledged) == len(delivered)
        if step.commits and step.zombie is None and acknowledged:
            self.committed = acknowledged[-1]
        if crashed:
            self.pipelines[worker] = self._start()
            self.positions[worker] = self.committed

    async def _deliver(
        self, worker: int, sizes_of_rounds: Sequence[Sequence[int]], delivered: list[Delivery]
    ) -> AsyncIterator[list[Taken]]:
        for sizes in sizes_of_rounds:
            taken = []
            for size in sizes:
                at = self.positions[worker] if size else self.committed
                records = self.log[at : at + size]
                self.positions[worker] = at + len(records)
                if records:
                    before = delivered[-1] if delivered else None
                    delivered.append(Delivery(records, self.positions[worker], before))
                    follows = before is not None and before.end == at
                    since = before.value[-1].offset + 1 if before and follows else records[0].offset
                    taken.append(Taken(delivered[-1], since))
            if taken:
                yield taken

    async def finish(self) -> None:
        await self.take(Takeover(self.owner, notices=False))
        while self.positions[self.owner] < len(self.log):
            await self.step(Step(None, ((7, 5), (6,)), (True,), None, commits=True))


@settings(max_examples=100, deadline=None)
@given(events=EVENTS, holes=HOLES, schedule=SCHEDULES, most_counts=st.sampled_from([0, 3, 1_000]))
def test_totals_equal_a_naive_counters_after_any_schedule(classifier, events, holes, schedule, most_counts):
    log = log_of(events, holes)
    cluster = Cluster(log, classifier, most_counts)

    async def live() -> None:
        for action in schedule:
            await (cluster.take(action) if isinstance(action, Takeover) else cluster.step(action))
        await cluster.finish()

    asyncio.run(live())
    counted, counts = naive(log, classifier)
    assert {offset for _, _, offset in cluster.store.posts} == counted
    assert {key: posts for key, (_, posts) in cluster.store.stored.items()} == counts
    assert {offset for _, _, offset in cluster.store.dead_letters} == {
        record.offset for record, event in zip(log, events, strict=True) if event.bad
    }


@settings(max_examples=50, deadline=None)
@given(events=EVENTS, sizes=st.lists(st.integers(1, 9), min_size=1))
def test_batch_borders_do_not_matter(classifier, events, sizes):
    log = log_of(events, set())
    cluster = Cluster(log, classifier, 1_000)

    async def live() -> None:
        for size in sizes:
            await cluster.step(Step(None, ((size,),), (), None, commits=True))
        await cluster.finish()

    asyncio.run(live())
    assert {key: posts for key, (_, posts) in cluster.store.stored.items()} == naive(log, classifier)[1]


def test_marks_of_transactions_between_batches_do_not_make_the_state_be_loaded_again(classifier):
    """A producer with transactions leaves a mark after each: between most batches that are fetched."""
    holes = set(range(3, 40, 4))
    log = log_of([Event(post % 20, 0, post % 4, False) for post in range(30)], holes)
    cluster = Cluster(log, classifier, 1_000)
    asyncio.run(cluster.step(Step(None, ((3,) * 5, (3,) * 5), (), None, commits=True)))
    assert cluster.store.loaded == 1
    assert {offset for _, _, offset in cluster.store.posts} == naive(log, classifier)[0]
