"""`skillpulse doctor`."""

import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import NamedTuple

import click
from rich.filesize import decimal

from schemas.faults import Fault
from sinks.clickhouse.budget import budget
from sinks.clickhouse.client import opened
from sinks.clickhouse.installation import active_taxonomy, require_schema, rules_hold
from streams.classify import load_classifier
from streams.cli.options import home_option, json_option, print_json, print_table, settings_of
from streams.clickhouse import counting_rules, reader_address, writer_address
from streams.home import NotRunning
from streams.settings import Settings, unknown_variables
from streams.topics import Topics

_FEW_DAYS = 14
"""Days until the disk is full: the time to order and add one."""

_CENTURY = 36_525

_PACKAGES = ("skillpulse", "faust-streaming", "aiokafka", "clickhouse-connect", "chdb-core")


class Check(NamedTuple):
    """One thing looked at: `ok` is True, False, or None where there was nothing to look at."""

    name: str
    ok: bool | None
    found: str


@click.command()
@home_option
@json_option
def command(home: str | None, as_json: bool) -> None:
    """Check settings, broker, topics, database, schema and versions. Exit status 1 if something is wrong.

    Example: skillpulse doctor
    """
    settings = settings_of(home)
    shown = {name: str(value) for name, value in settings}  # secrets print as asterisks
    checks = list(_checks(settings))
    if as_json:
        print_json({"settings": shown, "checks": [check._asdict() for check in checks]})
    else:
        print_table(
            ("setting", "value"), [(f"SKILLPULSE_{name.upper()}", value) for name, value in shown.items()]
        )
        marks = {True: "ok", False: "WRONG", None: "-"}
        print_table(("check", "", "found"), [(check.name, marks[check.ok], check.found) for check in checks])
    sys.exit(1 if any(check.ok is False for check in checks) else 0)


def _checks(settings: Settings) -> Iterator[Check]:
    yield Check("versions", True, ", ".join(f"{name} {version(name)}" for name in _PACKAGES))
    unknown = unknown_variables()
    yield Check(
        "environment",
        not unknown,
        f"no such setting: {', '.join(unknown)}" if unknown else "no unknown names",
    )
    yield _check("broker", lambda: _topics(settings))
    yield _check("schema", lambda: _schema(settings))
    yield _check("rules", lambda: _rules(settings))
    yield _check("taxonomy", lambda: _taxonomy(settings))
    yield _check("readers", lambda: _readers(settings))
    yield _check("disk", lambda: _disk(settings))


def _check(name: str, look: Callable[[], str]) -> Check:
    try:
        return Check(name, True, look())
    except NotRunning as absent:
        return Check(name, None, str(absent))
    except Fault as fault:
        return Check(name, False, str(fault))


def _topics(settings: Settings) -> str:
    topics = Topics(settings)
    names = (*settings.event_topics, settings.dead_letters_topic)
    described = [
        f"{topics.source(name)} with {len(topics.describe(name).partitions)} partitions" for name in names
    ]
    return "; ".join(described)


def _schema(settings: Settings) -> str:
    with opened(writer_address(settings)._replace(database="default")) as client:
        require_schema(client, settings.database)
        return f"database {settings.database} is up to date, ClickHouse {client.server_version}"


def _rules(settings: Settings) -> str:
    rules = counting_rules(settings)
    with opened(writer_address(settings)) as client:
        holds = rules_hold(client, rules)
    return (
        f"panes of {rules.pane_seconds:,} s, markets {', '.join(rules.markets)}, repeats known for"
        f" {rules.sightings_window:,} messages, {'in force' if holds else 'nothing counted yet'}"
    )


def _taxonomy(settings: Settings) -> str:
    ours = load_classifier(settings.taxonomy).taxonomy_version
    with opened(writer_address(settings)) as client:
        theirs = active_taxonomy(client)
    if theirs not in (None, ours):
        raise Fault(f"posts are counted under {theirs}, this version has {ours}: run `skillpulse recount`")
    return f"{ours}, {'in use' if theirs else 'nothing counted yet'}"


def _readers(settings: Settings) -> str:
    address = reader_address(settings)
    with opened(address) as client:
        posts = client.query("SELECT count() FROM posts").result_rows[0][0]
    return f"{address.user} sees {posts:,} posts"


def _disk(settings: Settings) -> str:
    with opened(reader_address(settings)) as client:
        found = budget(client)
    if not found.posts:
        return f"{decimal(found.free_bytes)} free, nothing stored yet"
    said = (
        f"{decimal(found.free_bytes)} free; {found.bytes_a_post:,.0f} bytes a post:"
        f" {found.posts_bytes / found.posts:,.0f} itself, {found.panes_bytes / found.posts:,.0f} its counts by pane;"
        f" {found.posts_a_day:,.0f} posts a day"
    )
    keep = settings.keep_posts_months, settings.keep_panes_months
    if all(keep):
        return f"{said}: {decimal(int(found.after_retention(*keep)))} in all, as SKILLPULSE_KEEP_... say"
    if found.days_left < _FEW_DAYS:
        raise Fault(
            f"{said}: full in {found.days_left:,.1f} days; add disk, or set SKILLPULSE_KEEP_POSTS_MONTHS"
        )
    return said if found.days_left > _CENTURY else f"{said}: full in {found.days_left:,.0f} days"
