"""The plainest counter that can be written: one dictionary of first sightings, one of counts."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, NamedTuple

from streams.classify import Classified, Classifier, load_classifier
from tests.faults.posts import Event


class Count(NamedTuple):
    """What is counted; `skill` is empty for the count of all posts of a category."""

    pane_start: int
    skill: str
    category: str
    ai: bool
    client_size: str
    market: str


@lru_cache(100_000)
def _classify(title: str, description: str, tags: tuple[str, ...], category: str) -> Classified:
    return _classifier().classify(title, description, tags, category)


@cache
def _classifier() -> Classifier:
    return load_classifier()


class Naive:
    """Counts events one after the other, as they were sent; every event must be a valid post."""

    def __init__(self) -> None:
        self.first: dict[str, dict[str, Any]] = {}
        self.counts: Counter[Count] = Counter()

    def count(self, events: Iterable[Event]) -> None:
        """Add events; an id that was seen before is passed over."""
        for event in events:
            assert event.value is not None
            post = json.loads(event.value)
            if post["post_id"] in self.first:
                continue
            self.first[post["post_id"]] = post
            self.add(post)

    def add(self, post: dict[str, Any]) -> None:
        """Count a post that was not seen before."""
        said = _classify(
            post["title"],
            post.get("description", ""),
            tuple(post.get("skills", ())),
            post.get("category", ""),
        )
        pane = int(datetime.fromisoformat(post["posted_at"]).timestamp()) // 60 * 60
        market = "US" if post.get("country") in ("US", "United States") else "other"
        size = post.get("client_size", "unknown")
        for skill in ("", *(hit.skill for hit in said.skills)):
            self.counts[Count(pane, skill, said.category, said.ai, size, market)] += 1
