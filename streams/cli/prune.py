"""`skillpulse prune`."""

from datetime import UTC, datetime

import click
from rich.console import Console
from rich.filesize import decimal

from sinks.clickhouse.installation import require_schema
from sinks.clickhouse.retention import Keep, Month, plan, prune
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import require_one_server, writer


@click.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
@home_option
@json_option
def command(dry_run: bool, home: str | None, as_json: bool) -> None:
    """Drop what is older than SKILLPULSE_KEEP_... say, by whole months. Run it daily.

    By default all posts and counts are kept. A month is closed first; a day later its posts are audited and dropped.
    Figures by day stay for ever. Example: SKILLPULSE_KEEP_POSTS_MONTHS=13 skillpulse prune --dry-run
    """
    settings = settings_of(home)
    require_one_server(settings, "prune")
    keep = Keep(settings.keep_posts_months, settings.keep_panes_months, settings.keep_logs_days)
    now = datetime.now(UTC)
    with writer(settings) as client, Console(stderr=True).status("pruning") as status:
        require_schema(client, settings.database)
        done = plan(client, keep, now) if dry_run else prune(client, keep, now, status.update)
    if as_json:
        months = {
            "drop": [month._asdict() for month in done.drop],
            "merge": [month._asdict() for month in done.merge],
        }
        print_json({**done._asdict(), **months})
        return
    would = "would be " if dry_run else ""
    if done.close:
        click.echo(f"posts from before {done.close} {would or 'are '}rejected from now on")
    _say(done.drop, f"posts {would}dropped")
    _say(done.merge, f"panes {would}merged into days")
    if not (done.close or done.drop or done.merge):
        click.echo("nothing to do")


def _say(months: list[Month], what: str) -> None:
    for month in months:
        click.echo(f"{month.first:%Y-%m} {month.table} ({month.version}): {what}, {decimal(month.bytes)}")
