"""The rows of `job_posts` that counted posts become, column by column. Pure."""

from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa

from schemas.country import country_code
from schemas.decode import record_time
from sinks.clickhouse.columns import column_table
from sinks.rows import PostRow
from streams.batch import Batch
from streams.classify import Classified
from streams.partition import Sighted

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a record where the log has none."""

_AS_GIVEN: Final = (
    "post_id",
    "posted_at",
    "title",
    "description",
    "url",
    "hourly_min",
    "hourly_max",
    "fixed_budget",
    "client_size",
    "experience_level",
)
"""Fields of the event that are columns of the same name."""


def post_table(
    batch: Batch,
    sighted: Sequence[Sighted],
    classified: Sequence[Classified],
    markets: Sequence[str],
    taxonomy_version: str,
    ingested_at: datetime,
) -> pa.Table:
    """All that is kept of the first sightings of a batch; what was read of each post stands beside it."""
    posts = [post for _, post in sighted]
    columns = {
        **{name: list(map(attrgetter(name), posts)) for name in _AS_GIVEN},
        "offset": [record.offset for record, _ in sighted],
        "recorded_at": [record_time(record.timestamp) or EPOCH for record, _ in sighted],
        "feed": [post.source for post in posts],
        "platform_tags": [post.skills for post in posts],
        "platform_category": [post.category for post in posts],
        "country": [country_code(post.country) for post in posts],
        "market": markets,
        "contract": [post.contract or "" for post in posts],
        "currency": [post.currency or "" for post in posts],
        **reading(classified),
    }
    same = {
        "source": batch.source,
        "partition": batch.partition,
        "taxonomy_version": taxonomy_version,
        "ingested_at": ingested_at,
    }
    return column_table(PostRow, columns, same, len(posts))


def reading(classified: Sequence[Classified]) -> dict[str, Any]:
    """The columns that say how posts were read: all that another taxonomy may read otherwise."""
    return {
        "category": [said.category for said in classified],
        "category_score": [said.category_score for said in classified],
        "runner_up": [said.runner_up for said in classified],
        "ai": [said.ai for said in classified],
        "ai_evidence": [[hit.text for hit in said.ai_evidence] for said in classified],
        "skills": [[hit.skill for hit in said.skills] for said in classified],
        "skill_texts": [[hit.text for hit in said.skills] for said in classified],
        "skill_starts": [[hit.start for hit in said.skills] for said in classified],
        "skill_rules": [[hit.rule for hit in said.skills] for said in classified],
    }
