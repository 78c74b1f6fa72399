"""The truth: every count of a run, by the plainest counter that can be written, and how far a result is from it."""

from collections import Counter
from collections.abc import Iterable

from clickhouse_connect.driver.client import Client

from benchmarks.peers.job import AsGiven, classifier, market_of, pane_of
from schemas.decode import decode_post
from streams.classify import Classifier

Count = tuple[int, str, str, bool, str, str]
"""(pane, skill or nothing for all posts, category, ai, client size, market)."""

_COUNTED = """
SELECT toUnixTimestamp(pane_start), skill, category, ai, client_size, market, posts FROM skill_panes
UNION ALL
SELECT toUnixTimestamp(pane_start), '', category, ai, client_size, market, posts FROM category_panes
"""


def true_counts(values: Iterable[bytes], classified: bool = True) -> Counter[Count]:
    """Count each post_id once, in the order in which it was sent."""
    reader: Classifier | AsGiven = classifier(classified)
    seen: set[str] = set()
    counts: Counter[Count] = Counter()
    for value in values:
        post = decode_post(value, None)
        if post.post_id in seen:
            continue
        seen.add(post.post_id)
        said = reader.classify(post.title, post.description, post.skills, post.category)
        pane = pane_of(int(post.posted_at.timestamp()))
        for skill in ("", *(hit.skill for hit in said.skills)):
            counts[pane, skill, said.category, said.ai, post.client_size, market_of(post.country)] += 1
    return counts


def stored_counts(client: Client) -> Counter[Count]:
    """The same counts as the views show them."""
    return Counter({tuple(row[:6]): row[6] for row in client.query(_COUNTED).result_rows})


def drift(found: Counter[Count], true: Counter[Count]) -> int:
    """The sum of what is missing or too much, over all counts."""
    return sum(abs(found[key] - true[key]) for key in found.keys() | true.keys())


def posts_of(counts: Counter[Count]) -> int:
    """All posts."""
    return sum(number for (_, skill, *_), number in counts.items() if not skill)


def unread(counts: Counter[Count]) -> Counter[Count]:
    """Only what is known of a post without reading it: its pane, its client's size and market."""
    found: Counter[Count] = Counter()
    for (pane, skill, _, _, size, market), number in counts.items():
        if not skill:
            found[pane, "", "", False, size, market] += number
    return found
