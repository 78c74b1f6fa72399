"""`skillpulse rollup`."""

from datetime import UTC, datetime

import click

from sinks.clickhouse.client import WRITER_SETTINGS, opened
from sinks.clickhouse.installation import require_schema
from sinks.clickhouse.rollup import refresh
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import writer_address


@click.command()
@home_option
@json_option
def command(home: str | None, as_json: bool) -> None:
    """Add up the days whose counts changed, so that long ranges stay quick. Workers do it by themselves.

    No figure depends on it: views read what is not rolled up from the exact counts. Example: skillpulse rollup
    """
    settings = settings_of(home)
    with opened(writer_address(settings)._replace(database="default"), **WRITER_SETTINGS) as client:
        require_schema(client, settings.database)
        rolled = refresh(client, datetime.now(UTC))
    if as_json:
        print_json(rolled._asdict())
    else:
        click.echo(f"{rolled.days} days added up in {rolled.months} months")
