"""How values are shown: units, thresholds, texts for values, links, exceptions for single columns."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from dashboards.builder.query import Json

GREEN: Final = "green"
YELLOW: Final = "orange"
RED: Final = "red"
BLUE: Final = "blue"
GREY: Final = "text"


def steps(base: str, *higher: tuple[float, str]) -> Json:
    """Thresholds: `base` below the first of `higher`, then from each value on its colour."""
    listed: list[Json] = [{"color": base, "value": None}]
    return {"mode": "absolute", "steps": listed + [{"color": color, "value": at} for at, color in higher]}


def says(texts: Mapping[str, tuple[str, str]]) -> list[Json]:
    """Texts and colours in place of values."""
    options = {
        value: {"text": text, "color": color, "index": at}
        for at, (value, (text, color)) in enumerate(texts.items())
    }
    return [{"type": "value", "options": options}]


def link(title: str, url: str, *, new: bool = False) -> Json:
    """A link from a value or a panel."""
    return {"title": title, "url": url, "targetBlank": new}


def column(name: str, **properties: Any) -> Json:
    """An exception for one column or series: `unit=...`, `custom__width=...` (two underscores are a dot)."""
    listed = [{"id": key.replace("__", "."), "value": value} for key, value in properties.items()]
    return {"matcher": {"id": "byName", "options": name}, "properties": listed}


def fixed(color: str) -> Json:
    """One colour, whatever the value."""
    return {"mode": "fixed", "fixedColor": color}


def field_config(
    unit: str,
    *,
    thresholds: Json | None = None,
    by_threshold: bool = False,
    decimals: int | None = None,
    low: float | None = None,
    high: float | None = None,
    empty: str = "",
    name: str = "",
    mappings: Sequence[Json] = (),
    links: Sequence[Json] = (),
    custom: Json | None = None,
    overrides: Sequence[Json] = (),
) -> Json:
    """The fieldConfig of a panel. `empty` stands there when nothing was found; `name` is what a series is called."""
    optional = {
        "decimals": decimals,
        "min": low,
        "max": high,
        "noValue": empty or None,
        "displayName": name or None,
    }
    return {
        "defaults": {
            "unit": unit,
            "color": {"mode": "thresholds" if by_threshold else "palette-classic"},
            "thresholds": thresholds or steps(GREEN),
            "mappings": list(mappings),
            "links": list(links),
            "custom": custom or {},
            **{name: value for name, value in optional.items() if value is not None},
        },
        "overrides": list(overrides),
    }
