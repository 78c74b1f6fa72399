"""Counts between their forms: as the windows hold them, as the store keeps them. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from sinks.clickhouse.columns import column_table
from sinks.rows import CategoryRow, SkillRow, StoredCount
from streams.keys import Dimensions, Keys, of_all_skills
from streams.windows import Counts


def count_tables(
    counts: Counts, keys: Keys, source: str, partition: int, version: str
) -> tuple[pa.Table, pa.Table]:
    """The rows of `skill_demand` and of `category_demand` that changed counts of a partition become."""
    denominators = of_all_skills(counts.keys)
    origin = {"source": source, "partition": partition, "taxonomy_version": version}
    return (
        _table(SkillRow, counts.at(~denominators), keys, origin),
        _table(CategoryRow, counts.at(denominators), keys, origin),
    )


def _table(kind: type, counts: Counts, keys: Keys, origin: dict[str, Any]) -> pa.Table:
    columns = keys.columns(counts.keys) | {"posts": counts.posts, "last_offset": counts.last_offsets}
    return column_table(kind, columns, origin, len(counts.keys))


def stored_counts(rows: Sequence[StoredCount], keys: Keys) -> Counts:
    """Loaded counts as the windows take them."""
    dimensions = [Dimensions(row.category, row.ai, row.client_size, row.market) for row in rows]
    panes, posts, last_offsets = (
        np.array([getattr(row, field) for row in rows], np.int64)
        for field in ("pane_start", "posts", "last_offset")
    )
    packed = keys.pack(panes, [row.skill for row in rows], dimensions)
    return Counts(packed, posts, last_offsets).at(np.argsort(packed))
