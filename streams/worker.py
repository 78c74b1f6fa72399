"""A worker: one process that takes its share of the partitions and counts until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

import faust
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError
from faust.types import TP

from schemas.faults import Fault
from schemas.survey import Survey, load_survey
from sinks.clickhouse.client import WRITER_SETTINGS, opened
from sinks.clickhouse.installation import (
    OtherTaxonomy,
    SurveyOption,
    former_taxonomy,
    register_rules,
    register_source,
    register_survey,
    register_taxonomy,
    require_schema,
)
from sinks.clickhouse.rollup import refresh
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy, SinkUnavailable
from streams.app import Consumption, declare_agent, make_app
from streams.brake import Brake
from streams.classify import Classifier, load_classifier
from streams.clickhouse import counting_rules, writer_address
from streams.consumer_lag import LagWatch
from streams.dead_letters import DeadLetterTopic
from streams.dimensions import category_dimensions, skill_dimensions
from streams.incarnation import Incarnation
from streams.kafka import aiokafka_options
from streams.logs import log_round
from streams.metrics import Metrics
from streams.pipeline import Pipeline, Rules
from streams.recount import Recount
from streams.settings import Settings
from streams.signal_watch import SignalWatch
from streams.signals import Rules as SignalRules
from streams.survey import SurveyPipeline, SurveyTally
from streams.tally import Tally
from streams.topics import TopicFault, Topics, consumer_group
from streams.web import Progress, Web

_log = logging.getLogger(__name__)

_STOP_WITHIN: Final = 20.0
"""Seconds for an orderly stop: a round and its inserts; what is cut off is replayed and counted once."""

_PROGRESS_CHECK: Final = 2.0
"""Seconds between looks at the worker's own progress."""

_ROLL_UP: Final = 60.0
"""Seconds between roll-ups, or ten times as long as one takes: what is not rolled up is read from its panes."""

_UNCOLLECTED: Final = 200_000
"""New objects before garbage is collected. A batch makes 60,000 and drops them without a cycle; Python's default of 700
has them looked through a hundred times a batch, for a quarter of the worker's time."""

_SOURCE_CHECK: Final = 10.0
"""Seconds between looks at the topic's id."""


class Stalled(Fault):
    """The worker makes no progress; it ends without an acknowledgement, and whoever runs it starts it again."""


class Worker:
    """Everything a worker is made of. `run` returns when it was asked to stop, or raises the fault that ended it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.metrics = Metrics()
        self.topics = Topics(settings)
        self.classifier = load_classifier(settings.taxonomy)
        policy = RetryPolicy(give_up_after=settings.outage_minutes * 60)
        self.retry = Retry(policy)
        self.survey = load_survey(settings.survey_file)
        self.topics.ensure((*settings.event_topics, settings.dead_letters_topic, settings.signals_topic))
        self.job_posts, self.responses = (
            Incarnation(self.topics, topic, self.retry) for topic in settings.event_topics
        )
        self._former = _register(settings, (self.job_posts, self.responses), self.classifier, self.survey)
        address = writer_address(settings)
        self.store = ClickHouseStore(
            address, settings.job_posts_topic, self.classifier.taxonomy_version, self.retry
        )
        self._stopping = asyncio.Event()
        self._fault: BaseException | None = None

    def stop(self) -> None:
        """Ask for an orderly stop."""
        self._stopping.set()

    def fail(self, fault: BaseException) -> None:
        """Stop because of `fault`, without an acknowledgement of what is under way."""
        self._fault = self._fault or fault
        self._stopping.set()

    async def run(self, on_started: Callable[[], None] = lambda: None) -> None:
        """Count until asked to stop."""
        gc.freeze()  # the taxonomy lives as long as we do: half a million objects that no collection need look at
        gc.set_threshold(_UNCOLLECTED)
        producer = AIOKafkaProducer(**aiokafka_options(self.settings), acks="all", max_request_size=2**26)
        await producer.start()
        app = make_app(
            self.settings, consumer_group(self.settings, self.job_posts.source, self.responses.source)
        )
        self.progress = Progress(self.metrics, self.retry, lambda: app.consumer)
        self.web = Web(self.progress, self.metrics, self.settings.web_port)
        pipeline = self._declare_agents(app, producer)
        app.finalize()
        signals = self._signal_watch(app, producer).run()
        others = (
            self._watch_source(),
            self._watch_progress(app),
            self._watch_installation(pipeline),
            self._roll_up(),
            self._lag_watch().run(lambda: app.consumer),
        )
        watches = [asyncio.create_task(watch) for watch in (*others, signals)]
        for watch in watches:
            watch.add_done_callback(self._watch_ended)
        try:
            pipeline.closed_before = await self.store.closed_before()
            await app.start()
            await self.web.start()
            on_started()
            await self._stopping.wait()
        finally:
            for watch in watches:
                watch.cancel()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(app.stop(), _STOP_WITHIN)
            await self.web.stop()
            await producer.stop()
            await self.store.close()
        if self._fault is not None:
            raise self._fault

    def _watch_ended(self, watch: "asyncio.Task[None]") -> None:
        if not watch.cancelled() and (fault := watch.exception()):
            self.fail(fault)

    def _declare_agents(self, app: faust.App, producer: AIOKafkaProducer) -> Pipeline:
        settings = self.settings
        brake = Brake(settings.dead_letter_share, settings.dead_letter_pause)
        dead_letters = DeadLetterTopic(producer, settings.dead_letters_topic, self.retry)
        pipeline = self._pipeline(dead_letters)
        posts = Consumption(pipeline, self.job_posts.source, brake, self._report_posts)
        declare_agent(app, self.job_posts.topic, posts, pipeline.forget, self.fail)
        survey = SurveyPipeline(self.store, self.survey, dead_letters, _now, self.responses.confirm)
        responses = Consumption(survey, self.responses.source, brake, self._report_responses)
        declare_agent(app, self.responses.topic, responses, lambda _: None, self.fail)
        return pipeline

    def _report_posts(self, tallies: list[Tally]) -> None:
        self.metrics.count(tallies)
        self.progress.report(self.job_posts.topic, tallies)
        log_round(_log, self.job_posts.topic, tallies)

    def _report_responses(self, tallies: list[SurveyTally]) -> None:
        self.metrics.count_responses(tallies)
        self.progress.report(self.responses.topic, tallies)
        log_round(_log, self.responses.topic, tallies)

    def _pipeline(self, dead_letters: DeadLetterTopic) -> Pipeline:
        settings = self.settings
        return Pipeline(
            self.store,
            self.classifier,
            dead_letters,
            Rules(
                settings.pane_seconds,
                frozenset(settings.markets),
                settings.sightings_window,
                settings.cached_counts,
            ),
            worker=_name(),
            now=_now,
            check_source=self.job_posts.confirm,
            complete=self._complete,
            loaded=self.progress.prepared,
        )

    async def _complete(self, source: str, partition: int, before: int) -> None:
        """Count what a worker of the former taxonomy counted last, after the recount had passed."""
        if self._former is not None:
            rules = self.settings
            recount = Recount(
                self.store, self.classifier, self._former, rules.pane_seconds, rules.cached_counts
            )
            await recount.partition(source, partition, before, show=lambda _: self.progress.prepared())

    def _signal_watch(self, app: faust.App, producer: AIOKafkaProducer) -> SignalWatch:
        settings = self.settings
        first = TP(self.job_posts.topic, 0)

        async def announce(key: bytes, value: bytes) -> None:
            try:
                await producer.send_and_wait(settings.signals_topic, value, key)
            except KafkaError as error:
                raise SinkUnavailable(f"topic {settings.signals_topic} takes no signal: {error!r}") from error

        return SignalWatch(
            writer_address(settings),
            SignalRules(
                settings.signal_false_alarms,
                settings.signal_min_posts,
                settings.signal_min_ratio,
                settings.signal_cooldown_minutes * 60,
            ),
            settings.pane_seconds,
            owns=lambda: bool(app.started) and first in app.consumer.assignment(),
            announce=announce,
            now=_now,
        )

    def _lag_watch(self) -> LagWatch:
        sources = {read.topic: read.source for read in (self.job_posts, self.responses)}
        progress = self.progress
        return LagWatch(
            writer_address(self.settings), _name(), sources, progress.durable, progress.measured, _now
        )

    async def _watch_progress(self, app: faust.App) -> None:
        """A consumer that broke or stands still is not mended from within: end, and be started again."""
        while True:
            await asyncio.sleep(_PROGRESS_CHECK)
            if app.crashed:
                self.fail(Stalled(f"Faust stopped: {app.crash_reason!r}"))
            elif app.started and not self.progress.state()["alive"]:
                self.fail(Stalled("no progress though records wait: the consumer stands still"))

    async def _watch_installation(self, pipeline: Pipeline) -> None:
        """Months may be closed. Counts of a taxonomy that is not in use any more help nobody."""
        while True:
            await asyncio.sleep(_SOURCE_CHECK)
            pipeline.closed_before = await self.store.closed_before()
            active = await self.store.active_taxonomy()
            if active != self.classifier.taxonomy_version:
                self.fail(
                    OtherTaxonomy(
                        f"the taxonomy in use is {active} now: start a worker of the version that has it"
                    )
                )

    async def _roll_up(self) -> None:
        """Keep the daily roll-up up to date, in a thread and with a client of its own."""
        pause = _ROLL_UP
        while True:
            await asyncio.sleep(pause)
            started = time.monotonic()
            try:
                await asyncio.to_thread(_refresh_rollup, self.settings)
            except Fault as fault:
                _log.warning("daily roll-up: %s", fault)
            pause = max(_ROLL_UP, 10 * (time.monotonic() - started))

    async def _watch_source(self) -> None:
        while True:
            await asyncio.sleep(_SOURCE_CHECK)
            try:
                await self.job_posts.check()
                await self.responses.check()
            except TopicFault as fault:
                self.fail(fault)
            except Fault as fault:
                _log.warning("cannot look at the topic: %s", fault)


def run_worker(settings: Settings, on_started: Callable[[Worker], None] = lambda _: None) -> None:
    """Run a worker in this process until SIGTERM or SIGINT. Raises the fault that ended it."""

    async def main() -> None:
        worker = Worker(settings)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, worker.stop)
        await worker.run(lambda: on_started(worker))

    asyncio.run(main())


def _name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def _now() -> datetime:
    return datetime.now(UTC)


def _refresh_rollup(settings: Settings) -> None:
    with opened(writer_address(settings), **WRITER_SETTINGS) as client:
        refresh(client, _now())


def _register(
    settings: Settings, read: Sequence[Incarnation], classifier: Classifier, survey: Survey
) -> str | None:
    """Make the installation ready for this worker; returns the taxonomy version that was in use before ours."""
    address = writer_address(settings)
    with opened(address._replace(database="default"), **WRITER_SETTINGS) as client:
        require_schema(client, settings.database)
        register_rules(client, counting_rules(settings))
        version = classifier.taxonomy_version
        register_taxonomy(client, version, skill_dimensions(classifier), category_dimensions())
        for incarnation in read:
            register_source(client, incarnation.topic, incarnation.source)
        register_survey(client, _options(survey))
        return former_taxonomy(client, version)


def _options(survey: Survey) -> list[SurveyOption]:
    return [
        SurveyOption(slug, answer, question.text, label, question.several, position)
        for slug, question in survey.items()
        for position, (answer, label) in enumerate(question.answers.items(), start=1)
    ]
