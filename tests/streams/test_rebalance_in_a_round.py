"""A partition may be revoked at any await of a round: what was counted must not be forgotten with it."""

import asyncio
from datetime import UTC, datetime

import pytest

from streams.batch import Batch
from streams.pipeline import Pipeline, Rules
from tests.streams.counting import count
from tests.streams.memory_store import MemoryStore
from tests.streams.test_exactness import PANE, PARTITION, SOURCE, WINDOW, Event, classifier, log_of, naive

__all__ = ["classifier"]

# The store holds a later pane from the start, so that each batch must load its panes: an await in every batch.
EVENTS = [Event(0, 0, 9, False), *(Event(post % 6, post % 3, post % 4, False) for post in range(30))]


class RevokingStore(MemoryStore):
    """Calls `revoke` whenever counts are loaded: a rebalance in the midst of a round."""

    revoke = staticmethod(lambda: None)

    async def counts(self, source, partition, panes):
        self.revoke()
        return await super().counts(source, partition, panes)


async def same_source() -> None:
    return


@pytest.mark.parametrize("most_counts", [0, 1_000])
def test_a_revoke_in_the_midst_of_a_round_loses_nothing(classifier, most_counts):  # noqa: F811 - a fixture
    log, store = log_of(EVENTS, set()), RevokingStore()
    rules = Rules(PANE, frozenset({"US"}), WINDOW, most_counts)
    pipeline = Pipeline(store, classifier, store, rules, "worker", lambda: datetime.now(UTC), same_source)

    async def live() -> None:
        await count(pipeline, [Batch(SOURCE, PARTITION, log[:1])])
        store.revoke = lambda: pipeline.forget({PARTITION})
        await count(pipeline, [Batch(SOURCE, PARTITION, log[at : at + 5]) for at in range(1, len(log), 5)])

    asyncio.run(live())
    counted, counts = naive(log, classifier)
    assert {offset for _, _, offset in store.posts} == counted
    assert {key: posts for key, (_, posts) in store.stored.items()} == counts


def test_records_of_a_topic_that_was_made_anew_are_not_stored(classifier):  # noqa: F811 - a fixture
    class Replaced(Exception):
        pass

    async def replaced() -> None:
        raise Replaced

    store = MemoryStore()
    rules = Rules(PANE, frozenset({"US"}), WINDOW, 1_000)
    pipeline = Pipeline(store, classifier, store, rules, "worker", lambda: datetime.now(UTC), replaced)
    with pytest.raises(Replaced):
        asyncio.run(count(pipeline, [Batch(SOURCE, PARTITION, log_of(EVENTS, set()))]))
    assert not store.posts
    assert not store.stored
