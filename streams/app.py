"""The Faust app and its agents, whose body reads like the way of an event."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from functools import partial
from itertools import islice
from typing import Any, Final, Generic, NamedTuple, Protocol, TypeVar

import faust

from streams.batch import Batch, contiguous
from streams.brake import Brake
from streams.home import make_home
from streams.kafka import faust_options
from streams.rounds import rounds
from streams.settings import Settings
from streams.tally import Outcome
from streams.transport import BatchScheduler

_log = logging.getLogger(__name__)

_ROUND_RECORDS: Final = 10_000
"""Records of one round: 80,000 rows of counts. One is read while another is saved: twice that is in memory."""

_ROUND_BYTES: Final = 64 * 2**20
"""Bytes of one round: 10,000 records of 6 kB. Records may be as large as the broker allows, memory is bounded."""

_LINGER: Final = 0.5
"""Seconds from one round to the next: at most two inserts a second and table, posts visible well within two seconds."""

_WAITING_BATCHES: Final = 8
"""Batches that wait for the agent; the consumer pauses beyond that, so memory is bounded."""

FETCH_BYTES: Final = 4 * 2**20
"""Bytes fetched of a partition at once: some 3,000 posts, enough to make the work per batch vanish."""


Round = TypeVar("Round")
Done = TypeVar("Done", bound=Outcome)


class Pipeline(Protocol[Round, Done]):
    """What makes the batches of one topic durable: `streams/pipeline.py`, `streams/survey.py`."""

    async def read(self, batches: Sequence[Batch], saved: Callable[[], Awaitable[None]]) -> Round:
        """Decide what `batches` change; `saved` returns when all rounds before are saved."""

    async def save(self, round_: Round) -> list[Done]:
        """Make durable what was read; when it returns, the batches may be acknowledged."""


class Taken(NamedTuple):
    """A batch that may be counted, as Faust's event, and the offset at which its partition goes on with it."""

    event: Any
    since: int


class Consumption(Generic[Round, Done]):
    """An agent's work: rounds of batches through its pipeline, acknowledged in order.

    One round is read while the one before is saved:

        read          1     2     3     4
        save                1     2     3     4
        acknowledge             1     2     3     4
    """

    def __init__(
        self,
        pipeline: Pipeline[Round, Done],
        source: str,
        brake: Brake,
        report: Callable[[list[Done]], None],
    ) -> None:
        self._pipeline = pipeline
        self._source = source
        self._brake = brake
        self._report = report
        self._saving: asyncio.Task[None] | None = None

    async def consume(self, stream: Any) -> None:
        """Run until the stream ends. Any exception is a fault that nobody here can mend."""
        await self.run(rounds(in_order(stream.noack().events()), _records, _ROUND_RECORDS, _LINGER))

    async def run(self, rounds_of_events: AsyncIterator[Sequence[Taken]]) -> None:
        """Make round after round durable and acknowledge it."""
        try:
            async with asyncio.TaskGroup() as tasks:
                async for taken in rounds_of_events:
                    batches = [
                        Batch(self._source, event.message.partition, event.value, since)
                        for event, since in taken
                    ]
                    unacknowledged = (event for event, _ in taken)
                    for part in contiguous(batches):
                        round_ = await self._pipeline.read(part, self._saved)
                        await self._saved()
                        save = self._save(round_, list(islice(unacknowledged, len(part))))
                        self._saving = tasks.create_task(save)
        except ExceptionGroup as faults:
            raise faults.exceptions[0] from faults

    async def _saved(self) -> None:
        if self._saving is not None:
            await self._saving

    async def _save(self, round_: Round, events: Sequence[Any]) -> None:
        outcomes = await self._pipeline.save(round_)
        for event in events:
            event.ack()
        self._report(outcomes)
        if hold := self._brake.hold(outcomes):
            _log.error("most records are bad: holding for %g s; see `skillpulse dead-letters list`", hold)
            await asyncio.sleep(hold)


def make_app(settings: Settings, group: str) -> faust.App:
    """A Faust app of consumer group `group`, as exactness wants it: each setting unlike Faust's default says why."""
    outage = settings.outage_minutes * 60
    make_home(settings.home)
    return faust.App(
        group,
        **faust_options(settings),
        ConsumerScheduler=partial(
            BatchScheduler, topics=frozenset(settings.event_topics), batch_records=settings.batch_records
        ),
        value_serializer="raw",  # the pipeline decodes, so that bad bytes become dead letters
        key_serializer="raw",
        autodiscover=False,
        datadir=settings.home / "faust",  # nothing of ours is in it, but Faust wants one
        consumer_auto_offset_reset="earliest",  # `latest` would lose what came before the first start
        consumer_max_fetch_size=FETCH_BYTES,
        consumer_metadata_max_age_ms=10_000,  # partitions that are added are read within seconds, not minutes
        stream_buffer_maxsize=_WAITING_BATCHES,
        stream_wait_empty=False,  # a revoke need not wait: what is replayed is harmless
        broker_commit_interval=1.0,
        broker_max_poll_interval=outage
        + 300,  # fetching pauses while the store is away; that is no reason to leave
        stream_processing_timeout=outage + 300,
        broker_commit_livelock_soft_timeout=outage + 300,
        topic_disable_leader=True,
        topic_allow_declare=False,  # topics are made by streams/topics.py, with the right partitions
        web_enabled=False,
        **_membership(settings),
    )


def _membership(settings: Settings) -> dict[str, Any]:
    """How a worker belongs to its group; the embedded broker lets each join wait half of the session."""
    session, rebalance = (
        (settings.session_seconds, 3 * settings.session_seconds) if settings.broker else (4.0, 4.0)
    )
    return {
        "broker_session_timeout": session,
        "broker_heartbeat_interval": min(session / 6, 1.0),  # so soon a worker hears of a rebalance
        "broker_rebalance_timeout": rebalance,
        "broker_request_timeout": max(90.0, rebalance + 10),  # a join is answered when all have joined
    }


def declare_agent(
    app: faust.App,
    topic: str,
    consumption: Consumption[Any, Any],
    forget: Callable[[set[int]], None],
    fail: Callable[[BaseException], None],
) -> None:
    """Put the agent of `topic` on `app`. `forget` is told of revoked partitions, `fail` what ended it."""

    @app.agent(app.topic(topic, value_type=bytes), concurrency=1, name=topic)
    async def consume(stream: Any) -> None:
        try:
            await consumption.consume(stream)
        except Exception as error:
            fail(error)
            await asyncio.Event().wait()  # an agent that returns would be started again: wait to be stopped

    async def revoked(_app: Any, partitions: set[Any], **_: Any) -> None:
        forget({tp.partition for tp in partitions if tp.topic == topic})

    app.on_partitions_revoked.connect(revoked)  # type: ignore[arg-type]  # Faust names the argument, its type does not


async def in_order(events: AsyncIterator[Any]) -> AsyncIterator[Taken]:
    """The events whose batch is the next of its partition; one that outlived a revoke is passed over."""
    async for event in events:
        since = event.app.consumer.take(event.message)
        if since is not None:
            yield Taken(event, since)
        else:
            tp, records = event.message.tp, event.value
            _log.info(
                "%s %d: passed over %d to %d, which will be read again",
                *tp,
                records[0].offset,
                records[-1].offset,
            )


def _records(taken: Taken) -> int:
    """The size of a batch in records, or in so many bytes that a round has as many places for."""
    records = taken.event.value
    size = sum(len(record.value or b"") for record in records)
    return max(len(records), size * _ROUND_RECORDS // _ROUND_BYTES)
