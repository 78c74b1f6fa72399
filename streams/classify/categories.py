"""The fixed 37 categories in 11 groups, read from categories.tsv beside this file."""

import csv
from pathlib import Path
from typing import Final, NamedTuple


class Category(NamedTuple):
    """One category: its slug, its group and what it covers, in one line."""

    category: str
    group: str
    covers: str


def _read() -> dict[str, Category]:
    with (Path(__file__).parent / "categories.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t")
        return {row["category"]: Category(row["category"], row["group"], row["covers"]) for row in rows}


CATEGORIES: Final = _read()
"""Slug -> category, in the order of the file."""

GROUPS: Final = tuple(dict.fromkeys(category.group for category in CATEGORIES.values()))
"""The groups, in the order of the file."""

OTHER: Final = "other"
"""The category of a post that gives no evidence for any of the others."""
