"""A whole dashboard: rows of panels laid out on the grid, variables, annotations, links to the other boards."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from dashboards.builder.panel import FULL, Panel
from dashboards.builder.query import DATASOURCE, TABLE, Json, sql

SCHEMA_VERSION: Final = 42
TAG: Final = "skillpulse"


@dataclass(frozen=True)
class Row:
    """Panels side by side; their widths add up to 24. A title makes a heading above them."""

    height: int
    panels: Sequence[Panel]
    title: str = ""


@dataclass(frozen=True)
class Board:
    """A dashboard. `since` is the start of its time range (now-6h), `refresh` how often it is read anew."""

    uid: str
    title: str
    description: str
    since: str
    refresh: str
    rows: Sequence[Row]
    variables: Sequence[Json]
    annotations: Sequence[Json] = field(default_factory=tuple)

    def json(self) -> Json:
        """The classic JSON model."""
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": [TAG],
            "schemaVersion": SCHEMA_VERSION,
            "version": 1,
            "editable": True,
            "graphTooltip": 1,
            "timezone": "utc",
            "time": {"from": self.since, "to": "now"},
            "refresh": self.refresh,
            "timepicker": {},
            "templating": {"list": list(self.variables)},
            "annotations": {"list": list(self.annotations)},
            "links": [_board_links()],
            "panels": self._panels(),
        }

    def _panels(self) -> list[Json]:
        placed: list[Json] = []
        y = 0
        for row in self.rows:
            if row.title:
                placed.append(_heading(row.title, y))
                y += 1
            x = 0
            for panel in row.panels:
                placed.append(panel.json(number(panel.key), x, y, row.height))
                x += panel.width
            if x != FULL:
                raise ValueError(
                    f"{self.uid}: the row of {row.panels[0].key} is {x} columns wide, not {FULL}"
                )
            y += row.height
        return placed


def number(key: str) -> int:
    """The id of a panel: that of its key, so that links stay right when panels are moved."""
    return zlib.crc32(key.encode()) & 0x7FFFFFFF


def written(model: Json) -> str:
    """The file of a dashboard."""
    return json.dumps(model, indent=2, ensure_ascii=False) + "\n"


def annotation(name: str, color: str, query: str) -> Json:
    """Marks over time from a query that gives `time`, `text` and, as wished, `title` and `tags`."""
    return {
        "name": name,
        "enable": True,
        "hide": False,
        "iconColor": color,
        "datasource": DATASOURCE,
        "target": {
            "refId": "Anno",
            "editorType": "sql",
            "format": TABLE,
            "queryType": "table",
            "rawSql": sql(query),
        },
    }


def _heading(title: str, y: int) -> Json:
    place = {"x": 0, "y": y, "w": FULL, "h": 1}
    return {
        "id": number(f"row {title}"),
        "type": "row",
        "title": title,
        "collapsed": False,
        "gridPos": place,
        "panels": [],
    }


def _board_links() -> Json:
    return {
        "title": "Boards",
        "type": "dashboards",
        "tags": [TAG],
        "asDropdown": False,
        "includeVars": False,
        "keepTime": False,
        "targetBlank": False,
        "icon": "external link",
        "tooltip": "",
        "url": "",
    }
