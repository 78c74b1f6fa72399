"""The kinds of panels that the boards use."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from dashboards.builder.field import field_config
from dashboards.builder.query import DATASOURCE, TABLE, TIME_SERIES, Json, sql, target

FULL: Final = 24
"""Columns of Grafana's grid."""


@dataclass(frozen=True)
class Panel:
    """A panel without its place: `key` is unique on its board and makes its id; `width` in columns of 24."""

    key: str
    type: str
    title: str
    description: str
    width: int
    targets: Sequence[Json] = ()
    field_config: Json = field(default_factory=lambda: {"defaults": {}, "overrides": []})
    options: Json = field(default_factory=dict)
    interval: str | None = None
    links: Sequence[Json] = ()
    since: str | None = None
    """How far the panel looks back, in place of the range of the board: `1y`."""

    def json(self, number: int, x: int, y: int, height: int) -> Json:
        """The panel at its place; `number` is its id."""
        body: Json = {
            "id": number,
            "type": self.type,
            "title": self.title,
            "description": self.description,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": height},
            "fieldConfig": self.field_config,
            "options": self.options,
            "links": list(self.links),
        }
        if self.targets:
            body |= {"datasource": DATASOURCE, "targets": list(self.targets)}
        if self.interval:
            body["interval"] = self.interval
        if self.since:
            body["timeFrom"] = self.since
        return body


def text(key: str, title: str, description: str, markdown: str, width: int = FULL) -> Panel:
    """Words: markdown with paragraphs, lists, emphasis, code and links."""
    return Panel(
        key, "text", title, description, width, options={"mode": "markdown", "content": sql(markdown)}
    )


def stat(
    key: str,
    title: str,
    description: str,
    query: str,
    unit: str,
    *,
    width: int = 4,
    series: bool = False,
    reduce: str = "lastNotNull",
    links: Sequence[Json] = (),
    interval: str | None = None,
    **shown: Any,
) -> Panel:
    """One number; with `series` its course as a sparkline, `reduce` says which number of it stands there."""
    return Panel(
        key,
        "stat",
        title,
        description,
        width,
        [target("A", query, TIME_SERIES if series else TABLE)],
        field_config(unit, by_threshold=True, **shown),
        {
            "colorMode": "value",
            "graphMode": "area" if series else "none",
            "justifyMode": "auto",
            "textMode": "value",
            "orientation": "auto",
            # without a pattern Grafana takes numbers alone
            "reduceOptions": {
                "calcs": [reduce],
                "fields": "/.*/" if unit == "string" else "",
                "values": False,
            },
        },
        interval,
        links,
    )


def timeseries(
    key: str,
    title: str,
    description: str,
    query: str,
    unit: str,
    *,
    width: int = 12,
    interval: str | None = None,
    stacked: bool = False,
    bars: bool = False,
    legend: bool = True,
    links: Sequence[Json] = (),
    since: str | None = None,
    **shown: Any,
) -> Panel:
    """Lines or bars over time."""
    custom = {
        "drawStyle": "bars" if bars else "line",
        "lineWidth": 1 if bars else 2,
        "fillOpacity": 60 if bars else 20 if stacked else 8,
        "showPoints": "never",
        "spanNulls": True,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
    }
    return Panel(
        key,
        "timeseries",
        title,
        description,
        width,
        [target("A", query, TIME_SERIES)],
        field_config(unit, custom=custom, **shown),
        {
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": legend, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "desc"},
        },
        interval,
        links,
        since,
    )


def table(
    key: str,
    title: str,
    description: str,
    query: str,
    unit: str = "short",
    *,
    width: int = 12,
    links: Sequence[Json] = (),
    since: str | None = None,
    **shown: Any,
) -> Panel:
    """Rows and columns."""
    custom = {"align": "auto", "cellOptions": {"type": "auto"}, "filterable": False}
    return Panel(
        key,
        "table",
        title,
        description,
        width,
        [target("A", query, TABLE)],
        field_config(unit, custom=custom, **shown),
        {"showHeader": True, "cellHeight": "sm", "footer": {"show": False, "reducer": [], "fields": ""}},
        None,
        links,
        since,
    )


def bargauge(
    key: str, title: str, description: str, query: str, unit: str, *, width: int = 12, **shown: Any
) -> Panel:
    """One bar a row: the first column names it, the first number is its length."""
    return Panel(
        key,
        "bargauge",
        title,
        description,
        width,
        [target("A", query, TABLE)],
        field_config(unit, **shown),
        {
            "displayMode": "basic",
            "orientation": "horizontal",
            "showUnfilled": True,
            "valueMode": "text",
            "namePlacement": "left",
            "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": True},
        },
    )


def barchart(
    key: str, title: str, description: str, query: str, unit: str, x: str, *, width: int = 12, **shown: Any
) -> Panel:
    """Bars side by side for each value of the column `x`."""
    custom = {"fillOpacity": 80, "lineWidth": 1}
    return Panel(
        key,
        "barchart",
        title,
        description,
        width,
        [target("A", query, TABLE)],
        field_config(unit, custom=custom, **shown),
        {
            "xField": x,
            "orientation": "horizontal",
            "stacking": "none",
            "showValue": "auto",
            "barWidth": 0.9,
            "groupWidth": 0.7,
            "xTickLabelRotation": 0,
            "legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
            "tooltip": {"mode": "multi", "sort": "none"},
        },
    )
