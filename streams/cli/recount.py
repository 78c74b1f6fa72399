"""`skillpulse recount`."""

import asyncio

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import reader
from streams.recount_run import recount_history


@click.command()
@home_option
@json_option
def command(home: str | None, as_json: bool) -> None:
    """Count history anew under this version's taxonomy, beside the counts in use, then switch to it.

    Needed when the taxonomy changed. Safe to interrupt and repeat: it goes on where it was. Workers of the former
    version may go on meanwhile; they end at the switch, start workers of this version then.
    Example: skillpulse recount
    """
    settings = settings_of(home)
    with reader(settings) as client:
        total = client.query("SELECT count() FROM posts").result_rows[0][0]
        columns = (TextColumn("recounting"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
            task = progress.add_task("", total=total)
            done = asyncio.run(recount_history(settings, lambda number: progress.advance(task, number)))
    if as_json:
        print_json(done._asdict())
    elif done.former is None:
        click.echo(f"nothing to do: posts are counted under {done.version}")
    else:
        click.echo(f"{done.posts:,} posts recounted; the views read {done.version} now, before {done.former}")
