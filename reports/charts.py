"""The charts as Vega-Lite, each for the width it is asked for. Pure."""

from collections.abc import Sequence
from datetime import date
from textwrap import fill
from typing import Any, Final, NamedTuple

from reports.section import Spec
from reports.wording import count, percent, signed

INK, FAINT = "#1c2430", "#d9dee5"
RISE, FALL, FLAT = "#0b6e69", "#b4441c", "#7b8491"
AI, REST = "#5b3fa0", "#8f98a3"

_VERDICTS: Final = {"up": "clear rise", "down": "clear fall"}
_ROW: Final = 26
"""Pixels for one line of a list."""

_FURTHER_LINE: Final = 11
"""The same for each further line of a name that is broken."""

_NARROW: Final = 500


class Line(NamedTuple):
    """One line of a list of shares."""

    name: str
    share: float
    low: float
    high: float
    label: str


def growths(rows: Sequence[tuple[str, float, float, float, str]], width: int) -> Spec:
    """Growth with its 95 % interval: rows of (name, growth, low, high, verdict) from above to below."""
    values = [
        {
            "name": name,
            "growth": growth,
            "low": low,
            "high": high,
            "verdict": _VERDICTS.get(verdict, "no clear change"),
            "label": signed(growth),
        }
        for name, growth, low, high, verdict in rows
    ]
    colour = {
        "field": "verdict",
        "type": "nominal",
        "scale": {"domain": ["clear rise", "no clear change", "clear fall"], "range": [RISE, FLAT, FALL]},
        "legend": {
            "title": None,
            "orient": "top",
            "symbolType": "circle",
            "columns": 2 if width < _NARROW else 3,
        },
    }
    reach = _scale(
        min(0.0, *(low for _, _, low, _, _ in rows)), max(high for _, _, _, high, _ in rows), width
    )
    at_zero = {"condition": {"test": "datum.value === 0", "value": INK}, "value": "#e8ebef"}
    axis = _percents("Growth over the month before") | {"gridColor": at_zero}
    x = {"field": "growth", "type": "quantitative", "axis": axis, "scale": reach}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "size": 5, "opacity": 0.28, "strokeCap": "round"},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
            "encoding": {"x": x, "color": colour},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 7, "color": INK},
            "encoding": {"x": {"field": "high", "type": "quantitative"}, "text": {"field": "label"}},
        },
    ]
    return _listed(values, layers, width)


def bars(lines: Sequence[Line], width: int, title: str, colour: str = RISE) -> Spec:
    """Shares with their margins of error, or plain where low = high."""
    values = [line._asdict() for line in lines]
    reach = _scale(0, max(line.high for line in lines), width)
    x = {"field": "share", "type": "quantitative", "axis": _shares(title), "scale": reach}
    layers: list[Spec] = [
        {"mark": {"type": "bar", "color": colour, "height": 15, "cornerRadiusEnd": 2}, "encoding": {"x": x}},
        {
            "mark": {"type": "rule", "color": INK, "size": 1.5},
            "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "text", "align": "left", "dx": 6, "color": INK},
            "encoding": {"x": {"field": "high", "type": "quantitative"}, "text": {"field": "label"}},
        },
    ]
    return _listed(values, layers, width)


def counts(rows: Sequence[tuple[str, int, int]], width: int, kinds: tuple[str, str]) -> Spec:
    """Two kinds of posts that add up to all: rows of (name, all, those of the first kind)."""
    values = [
        {"name": name, "posts": number, "kind": kinds[place], "place": place}
        for name, whole, part in rows
        for place, number in enumerate((part, whole - part))
    ]
    x = {"field": "posts", "type": "quantitative", "axis": {"title": "Posts", "format": ",d", "tickCount": 4}}
    colour = {
        "field": "kind",
        "type": "nominal",
        "scale": {"domain": list(kinds), "range": [AI, "#cfc6e6"]},
        "legend": {"title": None, "orient": "top", "symbolType": "square"},
    }
    order = {"field": "place", "type": "quantitative"}
    bar = {"mark": {"type": "bar", "height": 15}, "encoding": {"x": x, "color": colour, "order": order}}
    return _listed(values, [bar], width)


def shifts(
    rows: Sequence[tuple[str, float, float]],
    width: int,
    labels: tuple[str, str],
    title: str,
    shares: bool = True,
) -> Spec:
    """From one value to another a line: rows of (name, from, to)."""
    values = [
        {
            "name": name,
            "from": former,
            "to": latter,
            "label": percent(latter) if shares else count(int(latter)),
        }
        for name, former, latter in rows
    ]
    axis = _shares(title) if shares else {"title": title, "format": ",d", "tickCount": 4}
    reach = _scale(0, max(max(former, latter) for _, former, latter in rows), width)
    x = {"type": "quantitative", "axis": axis, "scale": reach}
    dots = [
        {
            "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
            "encoding": {
                "x": {**x, "field": field},
                "color": {
                    "datum": label,
                    "scale": {"domain": list(labels), "range": [REST, AI]},
                    "legend": {"title": None, "orient": "top", "symbolType": "circle"},
                },
            },
        }
        for field, label in zip(("from", "to"), labels, strict=True)
    ]
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "size": 3, "color": FAINT},
            "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}},
        },
        *dots,
        {
            "transform": [{"calculate": "max(datum.from, datum.to)", "as": "right"}],
            "mark": {"type": "text", "align": "left", "dx": 9, "color": AI},
            "encoding": {"x": {**x, "field": "right"}, "text": {"field": "label"}},
        },
    ]
    return _listed(values, layers, width)


def days(rows: Sequence[tuple[date, int, float | None]], width: int, month: date) -> Spec:
    """Posts a day with their seven-day mean; the report's month stands out."""
    values = [
        {"day": day.isoformat(), "posts": posts, "mean": mean, "now": day >= month}
        for day, posts, mean in rows
    ]
    x = {
        "field": "day",
        "type": "temporal",
        "timeUnit": "utcyearmonthdate",
        "axis": {"title": None, "format": "%-d %b", "tickCount": 4 if width < _NARROW else 8, "grid": False},
    }
    y = {"type": "quantitative", "axis": {"title": "Posts a day", "format": ",d", "tickCount": 4}}
    shade = {"condition": {"test": "datum.now", "value": "#7fb9b5"}, "value": "#cdd5dd"}
    return {
        **_frame(width, values),
        "height": 190,
        "encoding": {"x": x},
        "layer": [
            {
                "mark": {"type": "bar", "width": {"band": 0.75}},
                "encoding": {"y": {**y, "field": "posts"}, "color": shade},
            },
            {
                "mark": {"type": "line", "color": INK, "strokeWidth": 2},
                "encoding": {"y": {**y, "field": "mean"}},
            },
        ],
    }


def seasons(rows: Sequence[tuple[str, date, float]], width: int, years: tuple[str, str], last: date) -> Spec:
    """Posts a day by month, this season over last year's, one small chart an item."""
    values = [
        {
            "name": name,
            "month": month.isoformat(),
            "at": _season_place(month, last),
            "mean": mean,
            "year": year,
        }
        for name, month, mean in rows
        if (year := years[1] if _months_back(month, last) < 12 else years[0])
        and _months_back(month, last) < 24
    ]
    names = list(dict.fromkeys(str(value["name"]) for value in values))
    columns = 1 if width < _NARROW else 2
    return {
        **_frame(width, values, fit=False),
        "columns": columns,
        "spacing": 26,
        "facet": {
            "field": "name",
            "type": "nominal",
            "sort": names,
            "header": {"title": None, "labelFontWeight": "bold", "labelAnchor": "start", "labelFontSize": 13},
        },
        "spec": {
            "width": (width - 80 * columns) // columns,
            "height": 110,
            "mark": {"type": "line", "point": {"size": 22}, "strokeWidth": 2},
            "encoding": {
                "x": {
                    "field": "at",
                    "type": "ordinal",
                    "axis": {
                        "title": None,
                        "labelAngle": 0,
                        "labelExpr": "slice(datum.label, 3, 4)",
                        "grid": False,
                    },
                    "sort": "ascending",
                },
                "y": {
                    "field": "mean",
                    "type": "quantitative",
                    "scale": {"zero": False},
                    "axis": {"title": None, "tickCount": 3},
                },
                "color": {
                    "field": "year",
                    "type": "nominal",
                    "scale": {"domain": list(years), "range": [REST, RISE]},
                    "legend": {"title": None, "orient": "top", "columns": columns, "offset": 20},
                },
            },
        },
        "resolve": {"scale": {"y": "independent"}},
    }


def _months_back(month: date, last: date) -> int:
    return (last.year - month.year) * 12 + last.month - month.month


def _season_place(month: date, last: date) -> str:
    """`07 Aug`: the place within the twelve months that end with `last`, and the month's short name."""
    return f"{11 - _months_back(month, last) % 12:02} {month:%b}"


def _scale(low: float, high: float, width: int) -> dict[str, Any]:
    """From `low` to so far beyond `high` that the label behind a mark has room."""
    room = 0.42 if width < _NARROW else 0.14
    return {"domain": [low, high + (high - low) * room], "nice": False, "clamp": True}


def _percents(title: str) -> dict[str, Any]:
    return {"title": title, "format": ".0%", "tickCount": 4}


def _shares(title: str) -> dict[str, Any]:
    """No share is above 100 %, though the room for labels may reach beyond it."""
    return {**_percents(title), "labelExpr": "datum.value > 1.001 ? '' : datum.label"}


def _listed(values: list[dict[str, Any]], layers: list[Spec], width: int) -> Spec:
    """A list from above to below: names on the left, marks on the right."""
    narrow = width < _NARROW
    values = [{**value, "name": fill(value["name"], 18)} for value in values] if narrow else values
    names = list(dict.fromkeys(value["name"] for value in values))
    y = {
        "field": "name",
        "type": "nominal",
        "sort": names,
        "axis": {
            "title": None,
            "grid": False,
            "ticks": False,
            "domain": False,
            "labelLimit": 240,
            "labelPadding": 8,
            "labelExpr": "split(datum.label, '\\n')",
        },
    }
    return {
        **_frame(width, values),
        "height": (_ROW + _FURTHER_LINE * max(name.count("\n") for name in names)) * len(names),
        "encoding": {"y": y},
        "layer": layers,
    }


def _frame(width: int, values: list[dict[str, Any]], fit: bool = True) -> Spec:
    font = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"
    small = 11 if width < _NARROW else 12
    text = {"labelFont": font, "titleFont": font, "labelFontSize": small, "titleFontSize": small}
    frame: Spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "data": {"values": values},
        "background": None,
        "padding": {"left": 4, "right": 4, "top": 4, "bottom": 4},
        "config": {
            "aria": False,
            "font": font,
            "view": {"stroke": None},
            "text": {"font": font, "fontSize": small},
            "axis": {
                **text,
                "labelColor": INK,
                "titleColor": "#4b5563",
                "titleFontWeight": "normal",
                "gridColor": "#e8ebef",
                "domainColor": FAINT,
                "tickColor": FAINT,
            },
            "legend": {
                **text,
                "labelColor": INK,
                "symbolStrokeWidth": 0,
                "symbolOpacity": 1,
                "offset": 6,
                "columnPadding": 20,
                "labelLimit": 300,
            },
            "header": {"labelFont": font, "labelColor": INK},
        },
    }
    if fit:
        frame |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    return frame
