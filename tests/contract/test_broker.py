"""What skillpulse needs of a broker, asked of every broker that it runs on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from confluent_kafka.admin import AdminClient

from streams.kafka import BrokerUnavailable, aiokafka_options, librdkafka_options
from streams.settings import Settings
from streams.topics import TopicFault, Topics


@pytest.fixture
def topics(broker_settings: Settings) -> Topics:
    made = Topics(broker_settings)
    made.ensure((broker_settings.job_posts_topic, broker_settings.dead_letters_topic))
    return made


def delete(settings: Settings, topic: str) -> None:
    admin = AdminClient(librdkafka_options(settings))
    admin.delete_topics([topic])[topic].result(30)


@asynccontextmanager
async def consumer(settings: Settings) -> AsyncIterator[AIOKafkaConsumer]:
    made = AIOKafkaConsumer(
        settings.job_posts_topic,
        **aiokafka_options(settings),
        group_id=settings.group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        session_timeout_ms=6_000,
        rebalance_timeout_ms=4_000,
        heartbeat_interval_ms=500,
        metadata_max_age_ms=1_000,
    )
    await made.start()
    try:
        yield made
    finally:
        await made.stop()


async def produce(settings: Settings, values: dict[int, list[bytes]]) -> None:
    async with AIOKafkaProducer(**aiokafka_options(settings), acks="all") as producer:
        for partition, sent in values.items():
            for value in sent:
                await producer.send(settings.job_posts_topic, value, key=b"k", partition=partition)


async def read(from_: AIOKafkaConsumer, records: int) -> list[tuple[int, int, bytes]]:
    got: list[tuple[int, int, bytes]] = []
    async with asyncio.timeout(60):
        while len(got) < records:
            for fetched in (await from_.getmany(timeout_ms=500)).values():
                got += [(record.partition, record.offset, record.value) for record in fetched]
    return got


def test_topics_are_made_with_the_partitions_of_the_settings_and_only_once(
    topics: Topics, broker_settings: Settings
) -> None:
    for name in (broker_settings.job_posts_topic, broker_settings.dead_letters_topic):
        assert len(topics.describe(name).partitions) == 4
    before = topics.source(broker_settings.job_posts_topic)
    topics.ensure((broker_settings.job_posts_topic,))
    assert topics.source(broker_settings.job_posts_topic) == before
    assert before.startswith(f"{broker_settings.job_posts_topic}@")


def test_a_topic_made_anew_is_another_source(topics: Topics, broker_settings: Settings) -> None:
    topic = broker_settings.job_posts_topic
    first = topics.source(topic)
    delete(broker_settings, topic)
    for _ in range(100):  # a deletion is not seen everywhere at once
        try:
            topics.ensure((topic,))
            if (second := topics.source(topic)) != first:
                break
        except (TopicFault, BrokerUnavailable):
            pass
    assert second != first


def test_a_missing_topic_is_named(broker_settings: Settings) -> None:
    with pytest.raises(TopicFault, match="nowhere is not there"):
        Topics(broker_settings).describe("nowhere")


@pytest.mark.usefixtures("topics")
def test_records_come_back_as_they_were_in_the_order_of_their_offsets(broker_settings: Settings) -> None:
    sent = {partition: [f"{partition}-{i}".encode() for i in range(500)] for partition in range(4)}

    async def run() -> list[tuple[int, int, bytes]]:
        await produce(broker_settings, sent)
        async with consumer(broker_settings) as reading:
            return await read(reading, 2_000)

    got = asyncio.run(run())
    for partition, values in sent.items():
        mine = [(offset, value) for of, offset, value in got if of == partition]
        assert mine == list(enumerate(values))


@pytest.mark.usefixtures("topics")
def test_a_group_goes_on_at_what_it_committed(broker_settings: Settings) -> None:
    at = TopicPartition(broker_settings.job_posts_topic, 2)

    async def run() -> tuple[int | None, list[tuple[int, int, bytes]]]:
        await produce(broker_settings, {2: [b"%d" % i for i in range(10)]})
        async with consumer(broker_settings) as first:
            await read(first, 10)
            await first.commit({at: 7})
        async with consumer(broker_settings) as second:
            return await second.committed(at), await read(second, 3)

    committed, rest = asyncio.run(run())
    assert committed == 7
    assert [offset for _, offset, _ in rest] == [7, 8, 9]


@pytest.mark.usefixtures("topics")
def test_two_members_of_a_group_share_the_partitions_and_one_inherits_them(broker_settings: Settings) -> None:
    async def shares(*members: AIOKafkaConsumer) -> list[int]:
        async with asyncio.timeout(60):
            while True:
                for member in members:
                    await member.getmany(timeout_ms=100)
                numbers = [len(member.assignment()) for member in members]
                if sum(numbers) == 4 and all(numbers):
                    return numbers

    async def run() -> tuple[list[int], list[int]]:
        async with consumer(broker_settings) as first:
            async with consumer(broker_settings) as second:
                both = await shares(first, second)
            return both, await shares(first)

    both, alone = asyncio.run(run())
    assert both == [2, 2]
    assert alone == [4]
