"""The batching transport on real brokers: what is batched, what is committed, what a rebalance does."""

import asyncio
import os
import random
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import faust
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from streams.app import in_order, make_app
from streams.kafka import aiokafka_options
from streams.settings import Settings
from streams.topics import Topics

BATCH = 50


@pytest.fixture
def settings(broker_settings: Settings) -> Settings:
    made = broker_settings.model_copy(update={"batch_records": BATCH})
    Topics(made).ensure((made.job_posts_topic, made.dead_letters_topic))
    return made


async def produce(settings: Settings, topic: str, partition: int, records: int) -> None:
    async with AIOKafkaProducer(**aiokafka_options(settings), acks="all") as producer:
        for i in range(records):
            await producer.send(topic, b"%d" % i, partition=partition)


async def committed(settings: Settings, partition: int) -> int | None:
    asking = AIOKafkaConsumer(**aiokafka_options(settings), group_id=settings.group, enable_auto_commit=False)
    await asking.start()
    try:
        offset: int | None = await asking.committed(TopicPartition(settings.job_posts_topic, partition))
        return offset
    finally:
        await asking.stop()


async def until(true: Callable[[], Any], seconds: float = 60) -> Any:
    async with asyncio.timeout(seconds):
        while True:
            answer = true()
            if asyncio.iscoroutine(answer):
                answer = await answer
            if answer:
                return answer
            await asyncio.sleep(0.1)


@asynccontextmanager
async def reading(settings: Settings, *topics: str) -> AsyncIterator[tuple[faust.App, dict[str, list[Any]]]]:
    """A running app, and the events that reached its agents, by topic. Nothing is acknowledged by itself."""
    app = make_app(settings, settings.group)
    events: dict[str, list[Any]] = {topic: [] for topic in topics}
    for topic, seen in events.items():
        _collect(app, topic, seen)
    app.finalize()
    await app.start()
    try:
        yield app, events
    finally:
        await app.stop()


def _collect(app: faust.App, topic: str, seen: list[Any]) -> None:
    @app.agent(app.topic(topic, value_type=bytes), concurrency=1, name=topic)
    async def collect(stream: Any) -> None:
        async for event in stream.noack().events():
            seen.append(event)


def test_batches_are_consecutive_records_of_one_partition(settings: Settings) -> None:
    async def run() -> list[Any]:
        for partition in (0, 3):
            await produce(settings, settings.job_posts_topic, partition, 4 * BATCH + 7)
        async with reading(settings, settings.job_posts_topic) as (_, events):
            seen = events[settings.job_posts_topic]
            await until(lambda: sum(len(event.value) for event in seen) == 2 * (4 * BATCH + 7))
            return seen

    seen = asyncio.run(run())
    offsets: dict[int, list[int]] = defaultdict(list)
    for event in seen:
        assert 1 <= len(event.value) <= BATCH
        assert {record.partition for record in event.value} == {event.message.partition}
        assert event.message.offset == event.value[-1].offset
        offsets[event.message.partition] += [record.offset for record in event.value]
    assert offsets == {0: list(range(4 * BATCH + 7)), 3: list(range(4 * BATCH + 7))}
    assert max(len(event.value) for event in seen) == BATCH


def test_topics_that_are_not_batched_come_record_by_record(settings: Settings) -> None:
    other = settings.dead_letters_topic

    async def run() -> list[Any]:
        await produce(settings, other, 1, 2 * BATCH)
        async with reading(settings, other, settings.job_posts_topic) as (_, events):
            await until(lambda: len(events[other]) == 2 * BATCH)
            return events[other]

    seen = asyncio.run(run())
    assert [event.value for event in seen] == [b"%d" % i for i in range(2 * BATCH)]
    assert [event.message.offset for event in seen] == list(range(2 * BATCH))


def test_the_broker_is_asked_to_hold_a_fetch_for_a_fraction_of_a_second(settings: Settings) -> None:
    async def run() -> int:
        app = make_app(settings, settings.group)
        _collect(app, settings.job_posts_topic, [])
        app.finalize()
        await app.start()
        try:
            held: int = app.consumer._thread._ensure_consumer()._fetcher._fetch_max_wait_ms  # type: ignore[attr-defined]
            return held
        finally:
            await app.stop()

    assert asyncio.run(run()) == 200


def test_commits_advance_with_acknowledgements_and_never_pass_a_batch_without_one(settings: Settings) -> None:
    async def run() -> list[int | None]:
        await produce(settings, settings.job_posts_topic, 1, 6 * BATCH)
        async with reading(settings, settings.job_posts_topic) as (_, events):
            seen = events[settings.job_posts_topic]
            await until(lambda: sum(len(event.value) for event in seen) == 6 * BATCH)
            assert [len(event.value) for event in seen] == [BATCH] * 6
            commits = []
            seen[0].ack()
            commits.append(await until(lambda: committed(settings, 1)))
            for later in (2, 3, 5):
                seen[later].ack()
            await asyncio.sleep(3)  # three commit intervals in which a wrong commit would be made
            commits.append(await committed(settings, 1))
            seen[1].ack()
            await until(lambda: _reaches(settings, 4 * BATCH))
            await asyncio.sleep(2)
            commits.append(await committed(settings, 1))
            seen[4].ack()
            await until(lambda: _reaches(settings, 6 * BATCH))
            commits.append(await committed(settings, 1))
            return commits

    assert asyncio.run(run()) == [BATCH, BATCH, 4 * BATCH, 6 * BATCH]


async def _reaches(settings: Settings, offset: int) -> bool:
    return (await committed(settings, 1) or 0) >= offset


def test_what_was_not_acknowledged_is_read_again_after_a_restart_and_commits_go_on(
    settings: Settings,
) -> None:
    async def run() -> tuple[list[int], int | None]:
        await produce(settings, settings.job_posts_topic, 1, 3 * BATCH)
        async with reading(settings, settings.job_posts_topic) as (_, events):
            seen = events[settings.job_posts_topic]
            await until(lambda: sum(len(event.value) for event in seen) == 3 * BATCH)
            seen[0].ack()
            await until(lambda: _reaches(settings, BATCH))
        async with reading(settings, settings.job_posts_topic) as (_, events):
            seen = events[settings.job_posts_topic]
            await until(lambda: sum(len(event.value) for event in seen) == 2 * BATCH)
            for event in seen:
                event.ack()
            await until(lambda: _reaches(settings, 3 * BATCH))
            return [record.offset for event in seen for record in event.value], await committed(settings, 1)

    offsets, at_the_end = asyncio.run(run())
    assert offsets == list(range(BATCH, 3 * BATCH))
    assert at_the_end == 3 * BATCH


def test_a_batch_that_was_counted_before_a_revoke_lets_no_commit_pass_what_was_dropped_before_it(
    settings: Settings,
) -> None:
    async def run() -> int | None:
        await produce(settings, settings.job_posts_topic, 1, 3 * BATCH)
        async with reading(settings, settings.job_posts_topic) as (_, events):
            seen = events[settings.job_posts_topic]
            await until(lambda: sum(len(event.value) for event in seen) == 3 * BATCH)
            await seen[2].app.consumer.on_partitions_revoked({seen[2].message.tp})
            seen[2].ack()
            await asyncio.sleep(3)  # three commit intervals in which a wrong commit would be made
            return await committed(settings, 1)

    assert asyncio.run(run()) is None


def test_a_batch_from_before_a_rebalance_is_passed_over_even_if_the_generation_stays(
    settings: Settings,
) -> None:
    """A follower that joins a group at rest again keeps its generation, by which Faust would tell old from new."""
    topic = settings.job_posts_topic

    async def run() -> tuple[list[int], list[tuple[int, int]]]:
        seen: list[Any] = []
        async with reading(settings, topic) as (leader, _):
            await until(leader.consumer.assignment)
            app = make_app(settings, settings.group)

            @app.agent(app.topic(topic, value_type=bytes), concurrency=1)
            async def follow(stream: Any) -> None:
                async for event, _ in in_order(stream.noack().events()):
                    seen.append(event)

            generations: list[int] = []
            app.on_partitions_assigned.connect(
                lambda *_, **__: generations.append(app.consumer_generation_id), weak=False
            )
            app.finalize()
            await app.start()
            thread = app.consumer._thread  # type: ignore[attr-defined]

            async def join_again() -> None:
                joins = len(generations)
                thread.thread_loop.call_soon_threadsafe(thread._ensure_consumer()._coordinator.request_rejoin)
                await until(lambda: len(generations) > joins)

            try:
                tp = min(await until(app.consumer.assignment))
                await (
                    join_again()
                )  # by which the group hears of the assignment: the next join tells it nothing new
                await produce(settings, topic, tp.partition, 3 * BATCH)
                await until(lambda: len(seen) == 3)
                late = seen[2]
                await join_again()
                (channel,) = app.topics._topics  # type: ignore[attr-defined]
                channel.queue.put_nowait(late)
                await until(lambda: len(seen) == 6)
                await asyncio.sleep(1)
                assert all(event is not late for event in seen[3:])
                return generations, [(event.value[0].offset, event.value[-1].offset) for event in seen]
            finally:
                await app.stop()

    generations, read = asyncio.run(run())
    assert generations[-1] == generations[-2]
    assert read == [(0, BATCH - 1), (BATCH, 2 * BATCH - 1), (2 * BATCH, 3 * BATCH - 1)] * 2


def test_what_is_read_again_is_handed_out_whatever_was_read_before(settings: Settings) -> None:
    """Faust remembers the last offset that it read, also if it was read before the rebalance."""

    async def run() -> list[int]:
        async with reading(settings, settings.job_posts_topic) as (app, events):
            seen = events[settings.job_posts_topic]
            await until(app.consumer.assignment)
            await until(lambda: app.consumer.flow_active)
            for tp in app.consumer.assignment():
                app.consumer._read_offset[tp] = 10 * BATCH  # type: ignore[attr-defined]
            await produce(settings, settings.job_posts_topic, 1, 2 * BATCH)
            await until(lambda: len(seen) == 2)
            return [record.offset for event in seen for record in event.value]

    assert asyncio.run(run()) == list(range(2 * BATCH))


def test_what_is_dropped_before_the_first_commit_is_read_again(settings: Settings) -> None:
    """Faust drops what was fetched while its flow was suspended, and seeks to the commit, which is not there yet."""

    async def run() -> list[int]:
        async with reading(settings, settings.job_posts_topic) as (app, events):
            seen, consumer = events[settings.job_posts_topic], app.consumer
            await until(consumer.assignment)
            await until(lambda: consumer.flow_active)
            fetch, dropped = consumer._getmany, []  # type: ignore[attr-defined]

            async def drop(*args: Any, **kwargs: Any) -> Any:
                if records := await fetch(*args, **kwargs):
                    if not dropped:
                        consumer.flow_active = False
                        asyncio.get_running_loop().call_later(0.5, consumer.resume_flow)
                    dropped.append(records)
                return records

            consumer._getmany = drop  # type: ignore[attr-defined]
            await produce(settings, settings.job_posts_topic, 1, 2 * BATCH)
            await until(lambda: sum(len(event.value) for event in seen) >= 2 * BATCH)
            assert dropped
            return [record.offset for event in seen for record in event.value]

    assert asyncio.run(run()) == list(range(2 * BATCH))


def test_a_backlog_after_a_rebalance_is_not_called_a_stream_that_stands_still(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    """Faust takes the time since the worker started for the time since anything moved."""

    async def run() -> None:
        async with reading(settings, settings.job_posts_topic) as (app, events):
            await until(app.consumer.assignment)
            await produce(settings, settings.job_posts_topic, 1, 2 * BATCH)
            await until(lambda: len(events[settings.job_posts_topic]) == 2)
            thread = app.consumer._thread  # type: ignore[attr-defined]
            thread.time_started -= 10_000
            tp = next(tp for tp in app.consumer.assignment() if tp.partition == 1)
            thread.held().state_value(tp).highwater += 1_000
            app.consumer.verify_event_path(time.monotonic(), tp)

    asyncio.run(run())
    assert "possible explanations" not in caplog.text


@contextmanager
def reader(settings: Settings, path: Path) -> Iterator[subprocess.Popen[bytes]]:
    values = settings.model_dump(
        include={"home", "broker", "group", "job_posts_topic", "batch_records", "session_seconds"}
    )
    own = {f"SKILLPULSE_{name.upper()}": str(value) for name, value in values.items()}
    with path.with_suffix(".log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.streams.batch_reader", str(path)],
            env={**os.environ, **own},
            stderr=log,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_two_workers_that_come_and_go_read_every_record_and_commit_the_end(
    settings: Settings, tmp_path: Path
) -> None:
    """One joins, one leaves by kill -9, one comes back: all offsets are read, replays start at a commit."""
    records, order = 6_000, random.Random(7)
    files = [tmp_path / f"{i}.txt" for i in range(3)]

    async def feed(part: int) -> None:
        await asyncio.gather(
            *(produce(settings, settings.job_posts_topic, p, records // 12 * (part + 1)) for p in range(4))
        )

    def lines() -> list[tuple[int, int, int]]:
        texts = [file.read_text() for file in files if file.exists()]
        rows = [line.split() for text in texts for line in text.splitlines() if line.count(" ") == 2]
        return [(int(p), int(first), int(last)) for p, first, last in rows]

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 90
        while len({(p, o) for p, first, last in lines() for o in range(first, last + 1)}) < count:
            assert time.monotonic() < deadline, "the workers do not come to the end"
            time.sleep(0.2)

    with reader(settings, files[0]) as first:
        asyncio.run(feed(0))
        wait_for(order.randrange(500, 2_000))
        with reader(settings, files[1]):
            asyncio.run(feed(1))
            wait_for(order.randrange(3_000, 5_000))
            first.kill()
            with reader(settings, files[2]):
                asyncio.run(feed(2))
                wait_for(4 * records // 12 * 6)
                ends = records // 12 * 6
                asyncio.run(until(lambda: _all_committed(settings, ends)))
    for partition in range(4):
        mine = {o for p, first_, last in lines() if p == partition for o in range(first_, last + 1)}
        assert mine == set(range(ends))


async def _all_committed(settings: Settings, offset: int) -> bool:
    return [await committed(settings, partition) for partition in range(4)] == [offset] * 4
