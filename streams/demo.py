"""The demo: a scenario through the whole pipeline, then live posts, watched in the terminal."""

import threading
import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final, NamedTuple

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.audit import audit
from streams.sender import Sender
from streams.settings import Settings
from streams.simulate import SimulatedRecord
from streams.simulate.records import POST
from streams.simulate.survey import simulated_survey

_RESPONDENTS: Final = 1_000
"""Respondents of the survey a month: a margin of error of about three points, as such surveys have."""

_COUNTED: Final = """
SELECT sum(last_offset + 1), min(started), max(finished) FROM
(
    SELECT max(last_offset) AS last_offset, min(finished_at) AS started, max(finished_at) AS finished
    FROM pipeline_batches GROUP BY source, partition
)
"""

_TOTALS: Final = """
SELECT sum(posts), sum(repeats), sum(dead_letters), sum(mentions) FROM pipeline_batches
"""


class Totals(NamedTuple):
    """What the pipeline has made of the records so far."""

    records: int
    posts: int
    repeats: int
    dead_letters: int
    mentions: int


def totals(client: Client) -> Totals:
    """Read them from the log of batches."""
    records = client.query(_COUNTED).result_rows[0][0]
    return Totals(records, *client.query(_TOTALS).result_rows[0])


class Feeder:
    """Sends records in a thread of its own; `sent` grows, `failed` holds what ended it."""

    def __init__(self, settings: Settings, records: Iterable[SimulatedRecord]) -> None:
        self._settings = settings
        self._records = records
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feeder", daemon=True)
        self.sent = 0
        self.failed: BaseException | None = None

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    @property
    def sending(self) -> bool:
        """Whether there is more to send. Raises what made the thread fail."""
        if self.failed:
            raise self.failed
        return self._thread.is_alive()

    def stop(self) -> None:
        """Send no more; what was sent is confirmed before this returns."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            with Sender(self._settings, self._settings.job_posts_topic) as sender:
                for record in self._records:
                    if self._stopping.is_set():
                        break
                    sender.send(record.key, record.value_bytes)
                    self.sent += 1
        except BaseException as error:
            self.failed = error


def send_survey(settings: Settings, seed: int, anchor: date) -> int:
    """Send the scenario's survey of the same two months; returns the number of answers that count."""
    counting = 0
    with Sender(settings, settings.survey_topic) as sender:
        for record in simulated_survey(_RESPONDENTS, seed, anchor):
            sender.send(record.key, record.value_bytes)
            counting += record.kind == POST
    return counting


def wait_survey(client: Client, answers: int, stopping: threading.Event) -> None:
    """Wait until so many answers are stored, or until `stopping`."""
    while client.query("SELECT count() FROM survey_answers").result_rows[0][0] < answers:
        if stopping.wait(0.2):
            return


class Summary(NamedTuple):
    """The last line of `demo --once --json`."""

    posts_in: int
    posts: int
    repeats: int
    dead_letters: int
    mentions: int
    posts_per_second: float
    drift: int


def wait_counted(
    client: Client, feeder: Feeder, show: Callable[[int, int], None], stopping: threading.Event
) -> float:
    """Wait until all that `feeder` sends is counted, or until `stopping`; returns the seconds.

    `show` gets the numbers of records (sent, counted).
    """
    started = time.monotonic()
    while True:
        sending, sent = feeder.sending, feeder.sent
        counted = totals(client).records
        show(sent, counted)
        if not sending and counted >= feeder.sent:
            return time.monotonic() - started
        if stopping.wait(0.2):
            feeder.stop()
            return time.monotonic() - started


def summarise(client: Client, sent: int, seconds: float) -> Summary:
    """Totals, speed and the audit."""
    found = totals(client)
    drift = sum(day.drift for day in audit(client))
    return Summary(
        sent, found.posts, found.repeats, found.dead_letters, found.mentions, round(sent / seconds, 1), drift
    )
