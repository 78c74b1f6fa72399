"""The rows that the pipeline stores: one class a table, one field a column, in the order of the table.

Their meaning stands in the COMMENTs of `sinks/clickhouse/migrations`; a test compares both.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


class PostRow(NamedTuple):
    """A row of `job_posts`."""

    posted_at: datetime
    source: str
    partition: int
    offset: int
    taxonomy_version: str
    post_id: str
    recorded_at: datetime
    ingested_at: datetime
    feed: str
    title: str
    description: str
    url: str
    platform_tags: tuple[str, ...]
    platform_category: str
    country: str
    market: str
    contract: str
    hourly_min: float | None
    hourly_max: float | None
    fixed_budget: float | None
    currency: str
    client_size: str
    experience_level: str
    category: str
    category_score: float
    runner_up: str
    ai: bool
    ai_evidence: tuple[str, ...]
    skills: tuple[str, ...]
    skill_texts: tuple[str, ...]
    skill_starts: tuple[int, ...]
    skill_rules: tuple[str, ...]


class CategoryRow(NamedTuple):
    """A row of `category_demand`; `pane_start` in seconds since the epoch."""

    pane_start: int
    category: str
    ai: bool
    client_size: str
    market: str
    source: str
    partition: int
    taxonomy_version: str
    posts: int
    last_offset: int


class SkillRow(NamedTuple):
    """A row of `skill_demand`; `pane_start` in seconds since the epoch."""

    pane_start: int
    skill: str
    category: str
    ai: bool
    client_size: str
    market: str
    source: str
    partition: int
    taxonomy_version: str
    posts: int
    last_offset: int


class DeadLetterRow(NamedTuple):
    """A row of `dead_letters`."""

    source: str
    partition: int
    offset: int
    recorded_at: datetime
    rejected_at: datetime
    reason: str
    detail: str
    record_key: bytes
    record_value: bytes


class SurveyRow(NamedTuple):
    """A row of `survey_responses`."""

    survey_month: date
    question_id: str
    respondent_id: str
    source: str
    partition: int
    offset: int
    recorded_at: datetime
    ingested_at: datetime
    answers: tuple[str, ...]
    weight: float
    client_size: str


class SignalRow(NamedTuple):
    """A row of `hiring_signals`; `ended_at` is None while the signal lasts."""

    started_at: datetime
    kind: str
    item: str
    width: int
    direction: str
    ended_at: datetime | None
    posts: int
    baseline: Sequence[int]
    expected: float
    rest_growth: float
    p_value: float
    p_limit: float
    looked_at: datetime


class BatchRow(NamedTuple):
    """A row of `pipeline_batches`."""

    finished_at: datetime
    worker: str
    source: str
    partition: int
    first_offset: int
    last_offset: int
    records: int
    bytes: int
    posts: int
    repeats: int
    dead_letters: int
    mentions: int
    ai_posts: int
    classify_ms: float
    insert_ms: float
    lag_ms_p50: float
    lag_ms_p95: float
    lag_ms_p99: float
    lag_ms_max: float


class LagRow(NamedTuple):
    """A row of `lag_samples`."""

    measured_at: datetime
    worker: str
    source: str
    partition: int
    next_offset: int
    end_offset: int


class Changes(NamedTuple):
    """All that one round of batches changes; tables have the columns of the row classes."""

    dead_letters: Sequence[DeadLetterRow]
    posts: pa.Table
    skills: pa.Table
    categories: pa.Table


BEFORE_THE_LOG: Final = -1
"""Offset given to the last sighting of the topic's earlier incarnations; the one before it has -2, and so on.

So they are forgotten one after the other, and state loaded at any offset knows the same of them.
"""


class StoredSightings(NamedTuple):
    """First sightings as columns, in any order.

    The first and the second 8 bytes of the SHA-256 of `post_id`, and the offset.
    """

    first: NDArray[np.uint64]
    second: NDArray[np.uint64]
    offsets: NDArray[np.int64]

    def at(self, places: NDArray[np.intp]) -> "StoredSightings":
        """Those at `places`, in that order."""
        return StoredSightings(self.first[places], self.second[places], self.offsets[places])

    def joined(self, others: "StoredSightings") -> "StoredSightings":
        """These and others."""
        return StoredSightings(
            np.concatenate((self.first, others.first)),
            np.concatenate((self.second, others.second)),
            np.concatenate((self.offsets, others.offsets)),
        )


class StoredCount(NamedTuple):
    """A count as it is loaded; `skill` is empty for the count of all posts of the category."""

    pane_start: int
    skill: str
    category: str
    ai: bool
    client_size: str
    market: str
    posts: int
    last_offset: int
