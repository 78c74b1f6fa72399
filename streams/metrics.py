"""The worker's metrics: a typed catalogue, exposed in Prometheus' text format at /metrics."""

from collections.abc import Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from streams.survey import SurveyTally
from streams.tally import Outcome, Tally


class Metrics:
    """All metrics of one worker; each is defined once, here, with its meaning."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry, "namespace": "skillpulse"}
        self.records = Counter("records", "Records of job posts read and made durable.", **own)
        self.posts = Counter("posts", "First sightings: posts counted.", **own)
        self.repeats = Counter("repeats", "Records whose post was seen before.", **own)
        self.responses = Counter("survey_responses", "Answers to the survey made durable.", **own)
        self.mentions = Counter("mentions", "Skills asked for, summed over posts.", **own)
        self.dead_letters = Counter("dead_letters", "Records rejected, by reason.", ["reason"], **own)
        self.batches = Counter("batches", "Batches of one partition made durable.", **own)
        self.batch_records = Histogram(
            "batch_records", "Records of a batch.", buckets=(1, 10, 100, 500, 1_000, 2_000, 5_000), **own
        )
        self.classify_seconds = Counter("classify_seconds", "Seconds spent decoding and classifying.", **own)
        self.lag_records = Gauge(
            "lag_records", "Records between what is durable and the end of the log.", **own
        )
        self.progress_seconds = Gauge(
            "progress_seconds", "Seconds that records wait since a round was made durable.", **own
        )
        self.sink_waiting = Gauge(
            "sink_waiting", "1 while a sink is away and the worker waits for it.", **own
        )

    def count(self, tallies: Sequence[Tally]) -> None:
        """Add what became of a round of job posts."""
        for tally in tallies:
            self.batches.inc()
            self.batch_records.observe(len(tally.batch.records))
            self.records.inc(len(tally.batch.records))
            self.posts.inc(tally.posts)
            self.repeats.inc(tally.repeats)
            self.mentions.inc(tally.mentions)
            self.classify_seconds.inc(tally.classify_ms / 1e3)
        self._count_rejected(tallies)

    def count_responses(self, tallies: Sequence[SurveyTally]) -> None:
        """Add what became of a round of survey responses."""
        self.responses.inc(sum(len(tally.rows) for tally in tallies))
        self._count_rejected(tallies)

    def _count_rejected(self, outcomes: Sequence[Outcome]) -> None:
        for outcome in outcomes:
            for rejected in outcome.rejected:
                self.dead_letters.labels(rejected.code).inc()
