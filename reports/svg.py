"""A chart as SVG that stands inside a page: drawn by Vega, named for screen readers, free of links."""

import re
from html import escape
from typing import Final

import vl_convert

from reports.section import Chart

WIDTHS: Final = {"wide": 760, "narrow": 330}
"""Pixels on a desk and on a telephone: a chart that is only shrunk could not be read there."""

_OPENING: Final = re.compile(r"<svg [^>]*?\bwidth=\"([\d.]+)\" height=\"([\d.]+)\"[^>]*>")


def drawn(chart: Chart, size: str) -> str:
    """The chart's `<svg>` element in one of WIDTHS, with title and description."""
    svg = vl_convert.vegalite_to_svg(chart.draw(WIDTHS[size]), allowed_base_urls=[])
    opening = _OPENING.match(svg)
    if not opening:
        raise ValueError(f"chart {chart.key}: Vega drew no SVG")
    width, height = opening.groups()
    key = f"{chart.key}-{size}"
    return (
        f'<svg class="{size}" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img"'
        f' aria-labelledby="{key}-title {key}-text"><title id="{key}-title">{escape(chart.title)}</title>'
        f'<desc id="{key}-text">{escape(chart.text)}</desc>{svg[opening.end() :]}'
    )
