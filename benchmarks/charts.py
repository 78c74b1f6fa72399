"""The charts of docs/performance.md, drawn by Vega."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import vl_convert

_INK, _LINE, _FAINT = "#1c2430", "#0b6e69", "#d9dee5"

Points = Sequence[tuple[float, float]]


def line(file: Path, x: str, y: str, points: Points, logarithmic: bool = False) -> None:
    """Write a line through `points` with its marks; `x` and `y` name the axes, y from zero."""
    scale: dict[str, Any] = {"type": "log", "nice": False} if logarithmic else {}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": 320,
        "height": 180,
        "background": "white",
        "data": {"values": [{"x": at, "y": value} for at, value in points]},
        "mark": {"type": "line", "point": {"filled": True, "size": 45, "color": _LINE}, "color": _LINE},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "title": x, "scale": scale, "axis": {"grid": False}},
            "y": {"field": "y", "type": "quantitative", "title": y, "scale": {"zero": True}},
        },
        "config": {
            "axis": {
                "labelColor": _INK,
                "titleColor": _INK,
                "gridColor": _FAINT,
                "format": "~s",
                "tickCount": 5,
            },
            "view": {"stroke": None},
            "font": "sans-serif",
        },
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]), encoding="utf-8")
