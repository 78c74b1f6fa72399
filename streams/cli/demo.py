"""`skillpulse demo`."""

import signal
import sys
import threading
import time
from contextlib import ExitStack
from datetime import UTC, datetime

import click
from clickhouse_connect.driver.client import Client
from rich.console import Console
from rich.live import Live
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sinks.clickhouse.client import opened
from streams.cli.ending import on_end
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.clickhouse import reader_address
from streams.demo import Feeder, Summary, send_survey, summarise, totals, wait_counted, wait_survey
from streams.demo_mark import start_afresh
from streams.demo_posts import DemoPosts
from streams.demo_screen import Screen
from streams.settings import Settings
from streams.simulate.pace import paced
from streams.stack import Stack, claim, running

_POSTS = 60_000
"""Distinct posts of two months: enough for exact growth figures, counted within half a minute on two cores."""


@click.command()
@home_option
@json_option
@click.option(
    "--once", is_flag=True, help="Count the full months, audit and end: the same numbers at any time."
)
@click.option(
    "--posts",
    default=_POSTS,
    show_default=True,
    type=click.IntRange(1),
    help="Distinct posts of the last two full months; the days since then, and --months, come on top.",
)
@click.option("--seed", default=1, show_default=True, help="Same seed, same posts.")
@click.option(
    "--anchor", type=click.DateTime(["%Y-%m"]), help="Month after the full months [default: this one]."
)
@click.option(
    "--months",
    default=2,
    show_default=True,
    type=click.IntRange(2, 60),
    help="Full months altogether; 14 make a year over year.",
)
@click.option(
    "--rate",
    default=0.2,
    show_default=True,
    type=click.FloatRange(0.001),
    help="Live posts a second in the waves of hiring that come on top of the usual pace.",
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Worker processes.")
def command(
    home: str | None,
    as_json: bool,
    once: bool,
    posts: int,
    seed: int,
    anchor: datetime | None,
    months: int,
    rate: float,
    workers: int,
) -> None:
    """Show everything at work: months of posts up to now counted exactly, then live ones, here and on the board.

    Live posts keep the pace of the history; for 20 minutes of every hour a wave of hiring comes on top, which becomes
    a signal. Starts the embedded stack in the home folder, which a former demo's data leave. Ctrl-C stops all.
    Example: skillpulse demo --once --posts 20000 --json
    """
    settings = settings_of(home)
    say = Console(stderr=True)
    claim(settings.home)
    if start_afresh(settings.home):
        say.print(f"removed the data of the former demo in {settings.home}")
    stopping = threading.Event()
    on_end(lambda _: stopping.set(), signal.SIGINT)
    stack = Stack(
        settings, workers, say=lambda line: say.print(line, markup=False, highlight=False), board=not once
    )
    with ExitStack() as ending:
        with say.status("starting broker, ClickHouse and worker"):
            ending.enter_context(running(stack))
        client = ending.enter_context(opened(reader_address(settings)))
        now = datetime.now(UTC)
        month = (anchor or now).date().replace(day=1)
        answers = send_survey(settings, seed, month)
        made = DemoPosts(posts, seed, month, months, now.timestamp())
        feeder = Feeder(settings, made.full_months() if once else made.history())
        expected = made.in_full_months if once else made.in_history
        summary = _backfill(client, feeder, expected, say, stopping)
        wait_survey(client, answers, stopping)
        if once or stopping.is_set():
            _report(summary, as_json)
            sys.exit(1 if summary.drift else 0)
        say.print(_sentence(summary))
        feeder = Feeder(settings, paced(made.live(rate), time.time, stopping.wait))
        _stream(settings, client, stack.board_url(), feeder, say, stopping)


def _backfill(client: Client, feeder: Feeder, posts: int, say: Console, stopping: threading.Event) -> Summary:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=say) as progress:
        sent_bar, counted_bar = (progress.add_task(name, total=posts) for name in ("sent   ", "counted"))

        def show(sent: int, counted: int) -> None:
            progress.update(sent_bar, completed=sent, total=max(posts, sent))
            progress.update(counted_bar, completed=counted, total=max(posts, sent))

        feeder.start()
        seconds = wait_counted(client, feeder, show, stopping)
    with say.status("auditing: recomputing every count from the posts"):
        return summarise(client, feeder.sent, seconds)


def _report(summary: Summary, as_json: bool) -> None:
    if as_json:
        print_json(summary._asdict())
    else:
        click.echo(_sentence(summary))


def _sentence(summary: Summary) -> str:
    return (
        f"{summary.posts_in:,} records in, {summary.posts:,} posts, {summary.repeats:,} repeats,"
        f" {summary.dead_letters:,} dead letters, {summary.mentions:,} mentions of skills,"
        f" {summary.posts_per_second:,.0f} posts/s, drift {summary.drift}"
    )


def _stream(
    settings: Settings, client: Client, board: str, feeder: Feeder, say: Console, stopping: threading.Event
) -> None:
    feeder.start()
    before, screen = totals(client).records, Screen(client, settings, board)
    with Live(console=say, refresh_per_second=4, transient=True) as display:
        while not stopping.wait(1.0) and feeder.sending:
            display.update(screen.draw(before + feeder.sent))
    say.print("stopping")
    feeder.stop()
