"""A whole recount: every partition under the taxonomy of this version, then the switch."""

from collections.abc import Callable
from typing import NamedTuple

from sinks.clickhouse.client import WRITER_SETTINGS, opened
from sinks.clickhouse.installation import (
    activate_taxonomy,
    active_taxonomy,
    counted_partitions,
    write_dimensions,
)
from sinks.clickhouse.retention import carry_over
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from streams.classify import load_classifier
from streams.clickhouse import writer_address
from streams.dimensions import category_dimensions, skill_dimensions
from streams.recount import Recount
from streams.settings import Settings


class Recounted(NamedTuple):
    """What a recount did; `former` is None where nothing was to be done."""

    version: str
    former: str | None
    posts: int


async def recount_history(
    settings: Settings, show: Callable[[int, int], None] = lambda _done, _total: None
) -> Recounted:
    """Count all stored posts under this version's taxonomy and let the views read it.

    Workers of the former version may count on meanwhile: they end when the views are switched, and the workers of
    this version complete what those counted last. `show` is told after each step how many posts are done, of how many
    are stored; what it raises ends the recount, and the next one goes on from there.
    """
    classifier = load_classifier(settings.taxonomy)
    version = classifier.taxonomy_version
    address = writer_address(settings)
    with opened(address, **WRITER_SETTINGS) as client:
        former = active_taxonomy(client)
        if former in (None, version):
            return Recounted(version, None, 0)
        write_dimensions(client, version, skill_dimensions(classifier), category_dimensions())
        partitions = counted_partitions(client, former)
        total = client.query("SELECT count() FROM posts").result_rows[0][0]
    posts = 0

    def count(number: int) -> None:
        nonlocal posts
        posts += number
        show(posts, total)

    retry = Retry(RetryPolicy(give_up_after=settings.outage_minutes * 60))
    store = ClickHouseStore(address, settings.job_posts_topic, version, retry)
    recount = Recount(store, classifier, former, settings.pane_seconds, settings.cached_counts)
    try:
        for source, partition, _ in partitions:
            await recount.partition(source, partition, show=count)
    finally:
        await store.close()
    with opened(address, **WRITER_SETTINGS) as client:
        carry_over(client, former, version)
        activate_taxonomy(client, version)
    return Recounted(version, former, posts)
