"""What commands share: the settings, output as JSON or as a table."""

import json
from collections.abc import Callable, Sequence
from typing import Any, Final, TypeVar

import click
from rich.console import Console
from rich.table import Table

from streams.settings import Settings, load_settings

Command = TypeVar("Command", bound=Callable[..., Any])

_WIDEST: Final = 10_000
"""Columns of a table that no terminal shows."""


def home_option(command: Command) -> Command:
    """`--home`, for commands that may have to find or start the embedded engines."""
    return click.option(
        "--home", type=click.Path(file_okay=False), help="Folder of the embedded engines [SKILLPULSE_HOME]."
    )(command)


def json_option(command: Command) -> Command:
    """`--json`, for commands that a program may read."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def settings_of(home: str | None) -> Settings:
    """The settings, with `--home` above the environment."""
    return load_settings(**({"home": home} if home else {}))


def print_json(value: Any) -> None:
    """One line of JSON on standard output; times and other types as text."""
    click.echo(json.dumps(value, default=str, ensure_ascii=False))


def print_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None) -> None:
    """A table for people; content is never read as markup."""
    table = Table(title=title, title_justify="left")
    numeric = [
        bool(rows) and all(isinstance(row[i], int | float | None) for row in rows)
        for i in range(len(columns))
    ]
    for at, (column, right) in enumerate(zip(columns, numeric, strict=True)):
        table.add_column(column, justify="right" if right else "left", overflow="fold", no_wrap=at == 0)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = _WIDEST  # a file or a pipe has no edge to fold a cell at
    console.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.4g}" if abs(value) < 1000 else f"{value:,.1f}"
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    return str(value)
