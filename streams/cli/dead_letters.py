"""`skillpulse dead-letters`: what could not be counted, and what to do about it."""

import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final, TypeVar

import click
from clickhouse_connect.driver.client import Client

from schemas.faults import Fault
from schemas.rejected import REASONS
from sinks.clickhouse import dead_letters as stored
from sinks.clickhouse.client import WRITER_SETTINGS, opened
from sinks.clickhouse.dead_letters import Filter, Letter, Place, topic_of
from streams.cli.options import home_option, json_option, print_json, print_table, settings_of
from streams.clickhouse import reader, writer_address
from streams.sender import RecordTooLarge, Sender
from streams.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_SHOWN = 200
"""Characters of a value in a list; `show` prints it whole."""

_AT_ONCE: Final = 100
"""Letters that are read, sent and marked together: 100 MB where each is as large as a record may be."""

_POSITION: Final = re.compile(r"(.*:)?\d+:\d+")


def _position(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is not None and not _POSITION.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no position: `skillpulse dead-letters list` shows them")
    return value


def _filters(command: Command) -> Command:
    moment = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])
    for option in (
        click.option(
            "--reason", type=click.Choice(sorted(REASONS)), help="Only those rejected for this reason."
        ),
        click.option("--since", type=moment, help="Rejected at or after this time, UTC."),
        click.option("--until", type=moment, help="Rejected before this time, UTC."),
        click.option(
            "--position",
            metavar="PARTITION:OFFSET",
            callback=_position,
            help="Only the record that stood there.",
        ),
        click.option("--all", "everything", is_flag=True, help="Also those that were sent again."),
    ):
        command = option(command)
    return command


def _chosen(
    reason: str | None, since: datetime | None, until: datetime | None, position: str | None, everything: bool
) -> Filter:
    since, until = (moment and moment.replace(tzinfo=UTC) for moment in (since, until))
    return Filter(reason, since, until, position, pending=not everything)


@click.group()
def command() -> None:
    """Rejected records: list, show, replay after a fix, drop.

    Example: skillpulse dead-letters list --reason invalid
    """


@command.command(name="list")
@_filters
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1), help="Newest so many.")
@home_option
@json_option
def list_(limit: int, home: str | None, as_json: bool, **filters: Any) -> None:
    """Count dead letters by reason and list the newest.

    Example: skillpulse dead-letters list --since 2025-11-03
    """
    chosen = _chosen(**filters)
    with reader(settings_of(home)) as client:
        counts, letters = stored.counts(client, chosen), stored.letters(client, chosen, limit)
    if as_json:
        for letter in letters:
            print_json(_readable(letter))
        return
    print_table(
        ("reason", "letters", "last", "meaning"),
        [(reason, number, f"{last:%F %T}", REASONS.get(reason, "")) for reason, number, _, last in counts],
    )
    print_table(
        ("position", "rejected at", "detail", "value"),
        [
            (each.position, each.rejected_at, each.detail, _text(each.record_value)[:_SHOWN])
            for each in letters
        ],
    )


@command.command()
@click.argument("position", metavar="PARTITION:OFFSET", callback=_position)
@home_option
def show(position: str, home: str | None) -> None:
    """Print one dead letter whole, as JSON.

    Example: skillpulse dead-letters show 3:1042
    """
    with reader(settings_of(home)) as client:
        found = stored.letters(client, Filter(position=position, pending=False), limit=10)
    if not found:
        raise Fault(f"no dead letter at {position}: `skillpulse dead-letters list` shows positions")
    for letter in found:
        print_json(_readable(letter))


@command.command()
@_filters
@click.option("--dry-run", is_flag=True, help="Say how many would be sent.")
@home_option
def replay(dry_run: bool, home: str | None, **filters: Any) -> None:
    """Send records to their topic again, after what made them bad is mended.

    Key, value and bytes are as they were; the original position stands in the header `replayed-from`. What is
    rejected again becomes a new dead letter. Example: skillpulse dead-letters replay --reason unknown_version
    """
    settings = settings_of(home)
    with opened(writer_address(settings), **WRITER_SETTINGS) as client:
        places = stored.places(client, _before_now(_chosen(**filters)))
        if dry_run:
            click.echo(f"{len(places):,} dead letters would be sent again")
            return
        sent = sum(
            _send(settings, client, source, list(there)) for source, there in groupby(places, itemgetter(0))
        )
    click.echo(f"{sent:,} dead letters were sent again")
    sys.exit(0 if sent == len(places) else 1)


def _send(settings: Settings, client: Client, source: str, places: Sequence[Place]) -> int:
    """Send these letters of one source; each is marked when the broker has it. Returns how many it took."""
    sent = 0
    with Sender(settings, topic_of(source)) as sender:
        for first in range(0, len(places), _AT_ONCE):
            at = places[first : first + _AT_ONCE]
            confirmed = [
                (letter.source, letter.partition, letter.offset)
                for letter in stored.letters_at(client, at)
                if _taken(sender, letter)
            ]
            sender.flush()
            stored.mark_replayed(client, confirmed)
            sent += len(confirmed)
    return sent


def _taken(sender: Sender, letter: Letter) -> bool:
    try:
        sender.send(letter.record_key, letter.record_value, [("replayed-from", letter.position.encode())])
    except RecordTooLarge as fault:
        click.echo(f"not sent: {letter.position}: {fault}", err=True)
        return False
    return True


def _before_now(chosen: Filter) -> Filter:
    """Without what is rejected from now on: nobody has seen it yet, and a replay would meet its own letters."""
    now = datetime.now(UTC)
    return chosen._replace(until=min(chosen.until or now, now))


@command.command()
@_filters
@click.option("--yes", is_flag=True, help="Do not ask.")
@home_option
def drop(yes: bool, home: str | None, **filters: Any) -> None:
    """Delete dead letters for good.

    Example: skillpulse dead-letters drop --reason not_json --until 2025-11-01
    """
    chosen = _before_now(_chosen(**filters))
    with opened(writer_address(settings_of(home)), **WRITER_SETTINGS) as client:
        total = sum(number for _, number, _, _ in stored.counts(client, chosen))
        if not yes:
            click.confirm(f"delete {total:,} dead letters for good?", abort=True)
        stored.drop(client, chosen)
    click.echo(f"{total:,} dead letters deleted")


def _readable(letter: Letter) -> dict[str, Any]:
    texts = {"record_key": _text(letter.record_key), "record_value": _text(letter.record_value)}
    return {"position": letter.position, **letter._asdict(), **texts}


def _text(value: bytes) -> str:
    """The bytes as text; what is not UTF-8 shows as escapes, and so do control characters."""
    shown = value.decode(errors="backslashreplace")
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in shown)
