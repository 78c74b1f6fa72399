"""Counts between their forms: as the windows hold them, as the store keeps them. Pure."""

from collections.abc import Iterable

from sinks.rows import CategoryRow, Changes, SkillRow, StoredCount
from streams.windows import ALL_SKILLS, CountRow, Key


def add_counts(
    changes: Changes, counts: Iterable[CountRow], source: str, partition: int, version: str
) -> None:
    """Put changed counts of a partition among the rows to be stored."""
    for pane, key, posts, last in counts:
        origin = source, partition, version, posts, last
        if key.skill == ALL_SKILLS:
            _, category, ai, size, market = key
            changes.categories.append(CategoryRow(pane, category, ai, size, market, *origin))
        else:
            changes.skills.append(SkillRow(pane, *key, *origin))


def count_row(stored: StoredCount) -> CountRow:
    """A loaded count as the windows take it."""
    key = Key(stored.skill, stored.category, stored.ai, stored.client_size, stored.market)
    return CountRow(stored.pane_start, key, stored.posts, stored.last_offset)
