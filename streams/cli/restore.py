"""`skillpulse restore`."""

import sys

import click
from rich.console import Console
from rich.filesize import decimal

from schemas.faults import Fault
from sinks.clickhouse.audit import audit
from sinks.clickhouse.backup import Resume, restore
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import require_one_server, writer
from streams.positions import Positions
from streams.settings import Settings


@click.command()
@click.argument("name")
@home_option
@json_option
def command(name: str, home: str | None, as_json: bool) -> None:
    """Put the backup NAME into an empty database, audit it, and let workers go on where it ends. Stop them first.

    The embedded engine finds NAME in the folder `backups` of the home. Exit status 1 if the audit finds a drift.
    Example: skillpulse restore sunday --home restored
    """
    settings = settings_of(home)
    require_one_server(settings, "restore")
    with writer(settings, new=True) as client, Console(stderr=True).status("restoring") as status:
        resume = restore(
            client, settings.database, name, lambda done: status.update(f"restoring: {decimal(done)}")
        )
        position = _go_on(settings, resume)  # before the audit, which may be interrupted
        status.update("auditing")
        days = list(audit(client))
    posts, drift = sum(day.posts for day in days), sum(day.drift for day in days)
    if as_json:
        print_json({"name": name, "posts": posts, "drift": drift, "position": position})
    else:
        click.echo(f"{posts:,} posts restored, drift {drift:,}; {position}")
    sys.exit(1 if drift else 0)


def _go_on(settings: Settings, resume: Resume) -> str:
    """Send the workers back to where the backup ends; says where that is."""
    if not settings.broker:
        return "the embedded broker keeps no posts: send again what came after the backup"
    try:
        return _move(settings, resume)
    except Fault as fault:
        raise Fault(
            f"the database is restored, but workers would go on behind it ({fault});"
            " run `skillpulse backfill --topic` before you start them"
        ) from fault


def _move(settings: Settings, resume: Resume) -> str:
    positions = Positions(settings)
    behind = lost = 0
    for topic, source in positions.sources.items():
        there = positions.of(topic)
        wanted = {number: resume.get((source, number), 0) for number in there}
        to = {number: max(there[number].first, offset) for number, offset in wanted.items()}
        positions.move(topic, to)
        behind += sum(there[number].end - offset for number, offset in to.items())
        lost += sum(to[number] - offset for number, offset in wanted.items() if offset)
    gone = (
        f"; {lost:,} records after the backup are not in the topic any more: send them again" if lost else ""
    )
    return f"workers read {behind:,} records again{gone}"
