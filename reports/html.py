"""The report as one HTML page that needs nothing from outside."""

from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports.section import Chart, Report
from reports.svg import WIDTHS, drawn

_FOLDER: Final = Path(__file__).parent


def html(report: Report) -> str:
    """The whole page. Every text is escaped; only the charts, which Vega wrote, are taken as markup."""
    pages = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (_FOLDER / "report.css").read_text(encoding="utf-8")
    return pages.get_template("report.html.j2").render(report=report, draw=_draw, style=Markup(style))


def _draw(chart: Chart) -> Markup:
    return Markup("\n".join(drawn(chart, size) for size in WIDTHS))
