"""What a batch as one message saves: a Faust agent message by message, the batching transport, a bare consumer.

Same broker, same records of 1.2 kB, no work in the agent. The plain Faust agent gets fewer records: its rate does not
depend on their number, its patience does.
"""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import faust
from aiokafka import AIOKafkaConsumer, TopicPartition
from rich.console import Console
from rich.table import Table

from streams.embedded_broker import EmbeddedBroker
from streams.kafka import faust_options
from streams.sender import Sender
from streams.settings import Settings
from streams.topics import Topics
from streams.transport import BatchScheduler

_RECORD_BYTES = 1_200
_PARTITIONS = 4


def run(quick: bool) -> dict[str, Any]:
    """Records a second, median of the runs, and their ratios."""
    many, few, repetitions = (100_000, 10_000, 1) if quick else (400_000, 40_000, 3)
    with TemporaryDirectory() as home:
        broker = EmbeddedBroker(Path(home))
        broker.start()
        try:
            settings = Settings(home=Path(home), partitions=_PARTITIONS)
            _fill(settings, "many", many)
            _fill(settings, "few", few)
            plain = _median(repetitions, lambda i: _faust(settings, "few", few, f"plain-{i}", batched=False))
            batched = _median(
                repetitions, lambda i: _faust(settings, "many", many, f"batched-{i}", batched=True)
            )
            bare = _median(repetitions, lambda i: _bare(settings, "many", many))
        finally:
            broker.stop()
    result = {
        "plain_faust_per_second": round(plain),
        "batched_faust_per_second": round(batched),
        "bare_aiokafka_per_second": round(bare),
        "ratio_to_plain_faust": round(batched / plain, 1),
        "ratio_to_bare_aiokafka": round(batched / bare, 2),
    }
    table = Table("consumer", "records/s", "ratio to plain Faust")
    for name, rate in (
        ("Faust, message by message", plain),
        ("Faust, batches", batched),
        ("bare aiokafka", bare),
    ):
        table.add_row(name, f"{rate:,.0f}", f"{rate / plain:.1f}")
    Console().print(table)
    return result


def _median(repetitions: int, measure: Callable[[int], Coroutine[Any, Any, float]]) -> float:
    return median(asyncio.run(measure(i)) for i in range(repetitions))


def _fill(settings: Settings, topic: str, records: int) -> None:
    Topics(settings).ensure((topic,))
    value = os.urandom(_RECORD_BYTES)
    with Sender(settings, topic) as sender:
        for number in range(records):
            sender.send(str(number).encode(), value)


async def _faust(settings: Settings, topic: str, records: int, group: str, batched: bool) -> float:
    """Records a second from the assignment to the last, through an agent that only counts and acknowledges."""
    options = faust_options(settings)
    if not batched:
        options["broker"] = [url.replace("batch://", "aiokafka://") for url in options["broker"]]
    else:
        options["ConsumerScheduler"] = partial(BatchScheduler, topics=frozenset({topic}), batch_records=5_000)
    app = faust.App(
        group,
        **options,
        value_serializer="raw",
        autodiscover=False,
        topic_disable_leader=True,
        web_enabled=False,
        consumer_max_fetch_size=4 * 2**20,
        broker_rebalance_timeout=4.0,
        broker_session_timeout=6.0,
        broker_heartbeat_interval=1.0,
    )
    done = asyncio.Event()
    times: list[float] = []

    @app.agent(app.topic(topic, value_type=bytes))
    async def count(stream: Any) -> None:
        seen = 0
        async for event in stream.events():
            seen += len(event.value) if batched else 1
            if seen >= records:
                times.append(time.perf_counter())
                done.set()

    async def assigned(*_: Any, **__: Any) -> None:
        times.append(time.perf_counter())

    app.on_partitions_assigned.connect(assigned)
    app.finalize()
    await app.start()
    await asyncio.wait_for(done.wait(), 600)
    await app.stop()
    return records / (times[-1] - times[0])


async def _bare(settings: Settings, topic: str, records: int) -> float:
    consumer = AIOKafkaConsumer(
        bootstrap_servers=faust_options(settings)["broker"][0].removeprefix("batch://"),
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=4 * 2**20,
    )
    await consumer.start()
    consumer.assign([TopicPartition(topic, partition) for partition in range(_PARTITIONS)])
    seen, started = 0, time.perf_counter()
    while seen < records:
        seen += sum(map(len, (await consumer.getmany(timeout_ms=1_000)).values()))
    seconds = time.perf_counter() - started
    await consumer.stop()
    return records / seconds


if __name__ == "__main__":
    print(run(quick=False))
