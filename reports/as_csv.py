"""The figures as one tidy table: a figure a line."""

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from reports.figures import Figures

HEAD: Final = ("month", "market", "section", "item", "figure", "value")
_ITEM: Final = ("item", "skill", "category", "question_id", "reason", "day", "month")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def as_csv(figures: Figures) -> str:
    """RFC 4180 with a header. A text that a spreadsheet would run as a formula begins with an apostrophe."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(HEAD)
    month = f"{figures.period.month:%Y-%m}"
    for section, value in msgspec.to_builtins(figures).items():
        for item, figure, cell in _cells(value):
            writer.writerow([month, figures.market, section, _safe(item), figure, _safe(cell)])
    return file.getvalue()


def _cells(value: Any) -> Iterator[tuple[str, str, Any]]:
    """(item, figure, value) of every figure in a section: a plain value, an object or a list of objects."""
    if isinstance(value, list | tuple):
        for row in value:
            yield from _row(row)
    elif isinstance(value, dict):
        yield from _row(value)
    else:
        yield "", "", value


def _row(row: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    keys = [key for key in _ITEM if key in row]
    item = " ".join(str(row[key]) for key in (*keys, *(["answer"] if "answer" in row else [])))
    for figure, value in row.items():
        if isinstance(value, list):
            yield from ((f"{item} {name}".strip(), key, cell) for name, key, cell in _cells(value))
        elif figure not in keys:
            yield item, figure, "" if value is None else value


def _safe(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
