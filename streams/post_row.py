"""The row of `job_posts` that a counted post becomes. Pure."""

from datetime import UTC, datetime
from typing import Any

from schemas.country import country_code
from schemas.decode import record_time
from sinks.rows import PostRow
from streams.batch import Batch
from streams.classify import Classified
from streams.partition import Placed

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def post_row(batch: Batch, placed: Placed, taxonomy_version: str, ingested_at: datetime) -> PostRow:
    """All that is kept of one post."""
    (record, post), classified, _, market = placed
    return PostRow(
        posted_at=post.posted_at,
        source=batch.source,
        partition=batch.partition,
        offset=record.offset,
        taxonomy_version=taxonomy_version,
        post_id=post.post_id,
        recorded_at=record_time(record.timestamp) or EPOCH,
        ingested_at=ingested_at,
        feed=post.source,
        title=post.title,
        description=post.description,
        url=post.url,
        platform_tags=post.skills,
        platform_category=post.category,
        country=country_code(post.country),
        market=market,
        contract=post.contract or "",
        hourly_min=post.hourly_min,
        hourly_max=post.hourly_max,
        fixed_budget=post.fixed_budget,
        currency=post.currency or "",
        client_size=post.client_size,
        experience_level=post.experience_level,
        **reading(classified),
    )


def reading(classified: Classified) -> dict[str, Any]:
    """The columns that say how the post was read: all that another taxonomy may read otherwise."""
    hits = classified.skills
    return {
        "category": classified.category,
        "category_score": classified.category_score,
        "runner_up": classified.runner_up,
        "ai": classified.ai,
        "ai_evidence": tuple(hit.text for hit in classified.ai_evidence),
        "skills": tuple(hit.skill for hit in hits),
        "skill_texts": tuple(hit.text for hit in hits),
        "skill_starts": tuple(hit.start for hit in hits),
        "skill_rules": tuple(hit.rule for hit in hits),
    }
