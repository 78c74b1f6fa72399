"""`skillpulse backup`."""

from datetime import UTC, datetime

import click
from rich.console import Console
from rich.filesize import decimal

from sinks.clickhouse.backup import backup
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import require_one_server, writer


@click.command()
@click.argument("name", default="")
@click.option("--base", metavar="NAME", help="An earlier backup: write only what is not in it; keep both.")
@home_option
@json_option
def command(name: str, base: str | None, home: str | None, as_json: bool) -> None:
    """Back the database up under NAME (default: the time), on the disk `backups` of ClickHouse. Workers may go on.

    The disk of the embedded engine is the folder `backups` of the home; copy what is in it to another machine.
    Example: skillpulse backup sunday -- then, on other days: skillpulse backup monday --base sunday
    """
    settings = settings_of(home)
    require_one_server(settings, "backup")
    name = name or f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    with writer(settings) as client, Console(stderr=True).status("backing up") as status:
        size = backup(
            client, settings.database, name, base, lambda done: status.update(f"backing up: {decimal(done)}")
        )
    if as_json:
        print_json({"name": name, "database": settings.database, "bytes": size})
    else:
        click.echo(f"database {settings.database} is in the backup {name}, {decimal(size)}")
