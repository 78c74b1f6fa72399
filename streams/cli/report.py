"""`skillpulse report`."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Final

import click
from rich.console import Console

from reports.as_csv import as_csv
from reports.as_json import as_json
from reports.compose import compose
from reports.figures import Figures
from reports.html import html
from reports.markdown import markdown
from reports.read import read_figures
from streams.cli.options import home_option, settings_of
from streams.clickhouse import reader
from streams.files import STANDARD, bare_name, writing

_WRITERS: Final[dict[str, Callable[[Figures], str]]] = {
    "html": lambda figures: html(compose(figures)),
    "md": lambda figures: markdown(compose(figures)),
    "json": lambda figures: as_json(figures, compose(figures)),
    "csv": as_csv,
}


@click.command(epilog="Example: skillpulse report --month 2025-11 -o november.html")
@click.option(
    "--month", type=click.DateTime(["%Y-%m"]), help="As 2025-11 [default: the last full month with posts]."
)
@click.option(
    "--market", default="all", show_default=True, help="A market of the settings, `other` or `all`."
)
@click.option(
    "--format", "form", type=click.Choice(list(_WRITERS)), help="[default: by the ending of FILE, else md]"
)
@click.option(
    "-o", "--output", default=STANDARD, metavar="FILE", help="Where to write; `-` is standard output."
)
@home_option
def command(month: datetime | None, market: str, form: str | None, output: str, home: str | None) -> None:
    """Write the monthly hiring report: findings in sentences, charts, and the counts behind each figure.

    A running month is compared with the same part of the month before and marked.
    """
    wanted = date(month.year, month.month, 1) if month else None
    with reader(settings_of(home)) as client, Console(stderr=True).status("reading the figures"):
        figures = read_figures(client, wanted, _market(market), datetime.now(UTC))
    text = _WRITERS[form or format_of(output)](figures)
    with writing(output) as file:
        file.write(text.encode())


def _market(name: str) -> str:
    if name == "all":
        return ""
    if name != "other" and not re.fullmatch(r"[A-Za-z]{2}", name):
        raise click.BadParameter(
            f"{name!r}: give a country code such as US, `other` or `all`", param_hint="--market"
        )
    return name if name == "other" else name.upper()


def format_of(output: str) -> str:
    """The format that the ending of the file `output` says: `november.html.gz` is HTML; else Markdown."""
    ending = bare_name(output).rpartition(".")[2]
    return {"html": "html", "htm": "html", "json": "json", "csv": "csv"}.get(ending, "md")
