"""`skillpulse backfill`."""

import sys

import click
from rich.console import Console

from schemas.faults import Fault
from streams.backfill import NewPosts, wait_counted
from streams.cli.ingest import display, say_bad, utc_now
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import reader
from streams.ingest.formats import FORMATS, reader_for
from streams.ingest.mapping import load_mapping, mapping_names
from streams.ingest.parse import parser
from streams.ingest.report import Report
from streams.ingest.run import ingest
from streams.positions import Positions
from streams.sender import Sender
from streams.settings import Settings
from streams.topics import Topics


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE...]")
@click.option(
    "--topic", is_flag=True, help="Let workers read the topics again from their start; stop them first."
)
@click.option("--format", "form", type=click.Choice(list(FORMATS)), help="As in ingest.")
@click.option("--mapping", metavar="NAME|FILE", help=f"As in ingest: {', '.join(mapping_names())} or a file.")
@click.option("--no-wait", is_flag=True, help="Do not wait until workers have counted what was sent.")
@home_option
@json_option
def command(
    files: tuple[str, ...],
    topic: bool,
    form: str | None,
    mapping: str | None,
    no_wait: bool,
    home: str | None,
    as_json: bool,
) -> None:
    """Bring history in, from FILES or from the start of the topic. However often it is done, a post counts once.

    Where `ingest` sends all posts and returns, this passes over those that are stored, whenever that was, and waits
    for the workers. With --topic nothing is sent: positions are moved, for a database that was lost or made anew.
    Example: skillpulse backfill 2024-*.jsonl.zst
    """
    if topic == bool(files):
        raise click.UsageError("name files, or --topic")
    settings = settings_of(home)
    if topic:
        records = _rewind(settings)
        print_json({"records": records}) if as_json else click.echo(
            f"workers read {records:,} records again: start them"
        )
        return
    for name in files:
        reader_for(name, form)
    report = Report()
    parse = parser(load_mapping(mapping) if mapping else None, utc_now)
    Topics(settings).ensure((settings.job_posts_topic,))
    source = Topics(settings).source(settings.job_posts_topic)
    with reader(settings) as client:
        with Sender(settings, settings.job_posts_topic) as sender, display(files) as advance:
            new = NewPosts(client, sender.send)
            ingest(files, form, parse, new.send, False, report, advance)
            new.flush()
        if not no_wait:
            with Console(stderr=True).status("counting") as status:
                wait_counted(
                    client, source, sender.ends, lambda left: status.update(f"counting: {left:,} left")
                )
    say_bad(report)
    summary = {"rows": report.rows, "sent": new.sent, "stored": new.stored, "too_large": new.too_large}
    summary |= {"rejected": report.rejected, "unreadable": report.unreadable}
    if as_json:
        print_json(summary)
    else:
        click.echo(", ".join(f"{number:,} {word.replace('_', ' ')}" for word, number in summary.items()))
    sys.exit(1 if report.bad or new.too_large else 0)


def _rewind(settings: Settings) -> int:
    """Move all positions to the first record that the topics hold; returns how many there are of job posts."""
    if not settings.broker:
        raise Fault("the embedded broker keeps no records when it stops: backfill from files")
    positions = Positions(settings)
    for name in settings.event_topics:
        there = positions.of(name)
        positions.move(name, {number: at.first for number, at in there.items()})
    return sum(at.end - at.first for at in positions.of(settings.job_posts_topic).values())
