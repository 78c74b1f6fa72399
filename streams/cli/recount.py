"""`skillpulse recount`."""

import asyncio

import click
from rich.console import Console
from rich.filesize import decimal
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from sinks.clickhouse.installation import require_schema
from sinks.clickhouse.retention import drop_version
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import require_one_server, writer
from streams.recount_run import recount_history
from streams.settings import Settings


@click.command()
@click.option(
    "--drop",
    metavar="VERSION",
    help="Instead: drop what is stored under a version that is not in use any more.",
)
@home_option
@json_option
def command(drop: str | None, home: str | None, as_json: bool) -> None:
    """Count history anew under this version's taxonomy, beside the counts in use, then switch to it.

    Needed when the taxonomy changed. Safe to interrupt and repeat: it goes on where it was. Workers of the former
    version may go on meanwhile; they end at the switch, start workers of this version then. The former counts are kept
    until they are dropped: to go back, recount with the former version.
    Example: skillpulse recount
    """
    settings = settings_of(home)
    if drop:
        _drop(settings, drop, as_json)
        return
    columns = (TextColumn("recounting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=None)

        def show(posts: int, total: int) -> None:
            progress.update(task, completed=posts, total=total)

        done = asyncio.run(recount_history(settings, show))
    if as_json:
        print_json(done._asdict())
    elif done.former is None:
        click.echo(f"nothing to do: posts are counted under {done.version}")
    else:
        click.echo(f"{done.posts:,} posts recounted; the views read {done.version} now, before {done.former}")


def _drop(settings: Settings, version: str, as_json: bool) -> None:
    require_one_server(settings, "recount --drop")
    with writer(settings) as client, Console(stderr=True).status("dropping"):
        require_schema(client, settings.database)
        months = drop_version(client, version)
    size = sum(month.bytes for month in months)
    if as_json:
        print_json({"version": version, "bytes": size, "dropped": [month._asdict() for month in months]})
    else:
        click.echo(f"{version} dropped, {decimal(size)}")
