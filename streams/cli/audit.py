"""`skillpulse audit`."""

import sys

import click
from rich.console import Console

from sinks.clickhouse.audit import EVER, audit, horizon
from sinks.clickhouse.installation import require_schema
from streams.cli.options import home_option, json_option, print_json, print_table, settings_of
from streams.clickhouse import reader


@click.command()
@home_option
@json_option
@click.option("--all", "every_day", is_flag=True, help="Print days without drift, too.")
def command(home: str | None, as_json: bool, every_day: bool) -> None:
    """Recompute every count from the posts and print the drift per day: it is 0. Exit status 1 if it is not.

    Example: skillpulse audit
    """
    settings = settings_of(home)
    with reader(settings) as client, Console(stderr=True).status("auditing") as status:
        require_schema(client, settings.database)
        days = list(audit(client, lambda month: status.update(f"auditing {month:%Y-%m}")))
        since = horizon(client, "posts")
    posts, mentions = sum(day.posts for day in days), sum(day.mentions for day in days)
    drift = sum(day.drift for day in days)
    if as_json:
        bad = [{"day": day.day.isoformat(), "drift": day.drift} for day in days if day.drift or every_day]
        print_json(
            {
                "posts": posts,
                "mentions": mentions,
                "days": len(days),
                "drift": drift,
                "drift_by_day": bad,
                "compared_since": None if since == EVER else since,
            }
        )
    else:
        shown = [day for day in days if day.drift or every_day]
        if shown:
            print_table(shown[0]._fields, shown)
        click.echo(f"{posts:,} posts, {mentions:,} mentions of skills, {len(days):,} days: drift {drift:,}")
        if since != EVER:
            click.echo(f"days before {since} are not compared: their posts are not kept, their counts are")
    sys.exit(1 if drift else 0)
