"""`skillpulse migrate`."""

import click

from sinks.clickhouse.client import WRITER_SETTINGS, opened
from sinks.clickhouse.migrate import migrate
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import writer_address


@click.command()
@home_option
@json_option
def command(home: str | None, as_json: bool) -> None:
    """Bring the database to this version's schema. Safe to repeat.

    Example: skillpulse migrate
    """
    settings = settings_of(home)
    with opened(writer_address(settings)._replace(database="default"), **WRITER_SETTINGS) as client:
        applied = migrate(client, settings.database, settings.clickhouse_cluster)
    if as_json:
        print_json({"database": settings.database, "applied": applied})
    elif applied:
        click.echo(f"database {settings.database}: applied {', '.join(applied)}")
    else:
        click.echo(f"database {settings.database}: nothing to do")
