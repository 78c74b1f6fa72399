"""The parts that a report consists of, whatever format it is written in."""

from collections.abc import Callable
from typing import Any, NamedTuple

Spec = dict[str, Any]
"""A Vega-Lite chart."""


class Table(NamedTuple):
    """Rows of printed cells; the first column names the row, the `texts` columns hold words, all else numbers."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    texts: tuple[int, ...] = (0,)


class Chart(NamedTuple):
    """A chart: `draw` gives it for a width in pixels. `text` says what it shows to those who do not see it."""

    key: str
    title: str
    text: str
    draw: Callable[[int], Spec]


class Section(NamedTuple):
    """Sentences first, then charts, then the counts behind them."""

    key: str
    title: str
    sentences: tuple[str, ...]
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


class Report(NamedTuple):
    """A report in words: what HTML and Markdown print."""

    title: str
    standfirst: str
    warnings: tuple[str, ...]
    headlines: tuple[str, ...]
    sections: tuple[Section, ...]
