"""What a peer is told: where broker and ClickHouse are, what to read, and how to read a post."""

import json
import sys
import time
from collections.abc import Sequence
from typing import NamedTuple

from streams.classify import Classified, Classifier, load_classifier
from streams.classify.classified import TAG, Hit

PANE_SECONDS = 60


class Job(NamedTuple):
    """One run of one peer, handed over as JSON on its command line."""

    broker: str
    topic: str
    partitions: int
    group: str
    clickhouse: str
    user: str
    password: str
    database: str
    classified: bool
    """Whether posts are read by the classifier; else their own tags and category are counted as they are."""


class AsGiven:
    """In place of the classifier where classification is left out: the platform's tags and category, unread."""

    def __init__(self, taxonomy_version: str) -> None:
        self.taxonomy_version = taxonomy_version

    def classify(
        self, title: str, description: str, tags: Sequence[str] = (), category: str = ""
    ) -> Classified:
        """The tags as skills, each once."""
        hits = tuple(Hit(tag, tag, -1, -1, TAG) for tag in dict.fromkeys(tags))
        return Classified(hits, category, 1.0, "", False, ())


def classifier(classified: bool) -> Classifier | AsGiven:
    """The classifier of skillpulse, or the one that does nothing."""
    real = load_classifier()
    return real if classified else AsGiven(real.taxonomy_version)


def pane_of(seconds: int) -> int:
    """Start of the minute that holds a moment."""
    return seconds - seconds % PANE_SECONDS


def market_of(country: str) -> str:
    """The one market that is counted by its code."""
    return "US" if country in ("US", "USA", "United States") else "other"


def start() -> Job:
    """The job of this process."""
    return Job(**json.loads(sys.argv.pop()))


def say_reading() -> None:
    """Say when the first record is at hand; the benchmark looks for this line in the log."""
    print(f"reading begins at {time.time()}", file=sys.__stderr__, flush=True)
