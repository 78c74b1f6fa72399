"""What streams/transport.py builds on, by the hash of its source: a new Faust must be read before it is trusted."""

import hashlib
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiokafka
import pytest
from faust.app.base import App
from faust.tables.recovery import Recovery
from faust.transport import consumer, utils
from faust.transport.drivers import aiokafka as driver

BUILT_ON = {
    "the order in which records are handed out": (utils.DefaultSchedulingStrategy.iterate, "aa1147fa5c21"),
    "records of a fetch become messages": (consumer.Consumer.getmany, "4b168d84882a"),
    "messages are delivered and gaps between offsets filled": (
        consumer.Consumer._drain_messages,
        "44a2500309e8",
    ),
    "a gap counts as acknowledged": (consumer.Consumer._add_gap, "4df2573ded7c"),
    "what may be committed": (consumer.Consumer._new_offset, "1d2c7ea89a7a"),
    "an acknowledgement is remembered": (consumer.Consumer.ack, "5fcf41cf4515"),
    "the read position after a rebalance": (consumer.Consumer.perform_seek, "0e8c130ff4b0"),
    "what a revoke forgets": (consumer.Consumer.on_partitions_revoked, "d04b7ae72c6f"),
    "a message is made of a record": (driver.Consumer._to_message, "7c24f6511b2f"),
    "the thread that fetches": (driver.Consumer._new_consumer_thread, "0870ec53dea7"),
    "the consumer of that thread": (driver.AIOKafkaConsumerThread._create_worker_consumer, "c2701bfc3e6f"),
    "a fetch in that thread": (driver.AIOKafkaConsumerThread._fetch_records, "39a2c6c79fc1"),
    "queues are cleared at a revoke": (App._on_partitions_revoked, "d5c895bbe57d"),
    "reading goes on after a rebalance": (Recovery._resume_streams, "d986a6710c1a"),
}
"""What it does for us -> the function and the first 12 digits of the SHA-256 of its source."""


@pytest.mark.parametrize("what", BUILT_ON)
def test_the_parts_of_faust_that_the_transport_builds_on_are_the_ones_that_were_read(what: str) -> None:
    function, known = BUILT_ON[what]
    assert digest(function) == known, (
        f"{function.__module__}.{function.__qualname__} changed ({what}). Read it anew: batches must stay in the order"
        " of their offsets, and no commit may pass a batch that was not acknowledged. Then run"
        " tests/streams/test_transport.py and `make faults ARGS='--runs 20'`, and put the new digest here."
    )


def test_faust_passes_over_what_was_fetched_before_a_rebalance() -> None:
    """Its compiled stream, by the file that it is compiled from."""
    source = Path(inspect.getfile(App)).parents[1] / "_cython" / "streams.pyx"
    assert hashlib.sha256(source.read_bytes()).hexdigest().startswith("0041622f4a25"), (
        "streams.pyx changed: events of an earlier generation, or taken while the flow is suspended, must be skipped"
    )


def test_aiokafka_is_a_version_that_was_tried() -> None:
    assert aiokafka.__version__.startswith("0.14."), (
        "another aiokafka: run tests/streams/test_transport.py and `make faults` with it, then widen the pin"
    )


def test_the_transport_is_found_by_its_scheme() -> None:
    from faust.transport import by_name

    from streams.transport import Transport

    assert by_name("batch") is Transport


def digest(function: Callable[..., Any]) -> str:
    return hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:12]
