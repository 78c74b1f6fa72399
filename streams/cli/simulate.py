"""`skillpulse simulate`."""

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from schemas import limits
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.files import STANDARD, writing
from streams.sender import Sender
from streams.simulate import Scenario, SimulatedRecord, generate, live, load_scenario
from streams.simulate.mishaps import Mishaps
from streams.simulate.pace import paced
from streams.simulate.records import POST
from streams.simulate.scaling import inexact
from streams.simulate.spikes import parsed
from streams.simulate.summary import Tally
from streams.simulate.survey import simulated_survey
from streams.topics import Topics

Write = Callable[[SimulatedRecord], object]


class _Month(click.ParamType):
    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            month = datetime.strptime(str(value), "%Y-%m").replace(tzinfo=UTC)
        except ValueError:
            self.fail(f"{value!r} is not a month: write it as 2025-12", param, ctx)
        if not limits.EARLIEST_POSTED_AT < month <= limits.LATEST_POSTED_AT:
            self.fail(f"no post of the month before {value} would count", param, ctx)
        return month.date()


@click.command(epilog="Example: skillpulse simulate --posts 50000 --anchor 2025-12 -o posts.jsonl.zst")
@click.option("--scenario", default="november", show_default=True, help="Packaged scenario, or a TOML file.")
@click.option(
    "--posts",
    type=click.IntRange(min=1),
    help="Distinct posts: of the scenario's two months, or of the live stream before it ends. Repeats, bad"
    " records, further months and spikes come on top. Default: the scenario's own count; live: no end.",
)
@click.option("--seed", default=1, show_default=True, help="Same seed and anchor: the same bytes.")
@click.option(
    "--anchor", type=_Month(), help="The scenario plays in the last full month before this one [this month]."
)
@click.option(
    "--months",
    type=click.IntRange(2, 600),
    default=2,
    show_default=True,
    help="Months altogether: those before the calibrated two follow trend and season.",
)
@click.option(
    "--rate",
    type=click.FloatRange(0.001),
    help="Stream live: so many posts a second, posted as they are sent, until Ctrl-C or --posts.",
)
@click.option(
    "--repeats", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Share sent again."
)
@click.option("--late", type=click.FloatRange(0, 1), default=0.05, show_default=True, help="Share sent late.")
@click.option(
    "--bad", type=click.FloatRange(0, 1), default=0.002, show_default=True, help="Share of bad records."
)
@click.option(
    "--spike",
    "spikes",
    multiple=True,
    metavar="SKILL:xN@TIME[/MIN]",
    help="N times the posts for a skill or category from TIME (RFC 3339, or +10m) on, for 60 minutes or"
    " the given: Python:x3@2025-11-14T10:00:00Z/90m. N below 1 is a drop. Repeatable.",
)
@click.option(
    "--survey",
    type=click.IntRange(min=1),
    is_flag=False,
    flag_value=1_000,
    metavar="[RESPONDENTS]",
    help="Write survey answers instead of posts: of so many respondents (1,000; a multiple of 100) in each of the"
    " scenario's two months.",
)
@click.option(
    "-o", "--output", help="Write JSONL to a file (.gz, .zst) or `-` instead of sending to the topic."
)
@home_option
@json_option
def command(
    scenario: str,
    posts: int | None,
    seed: int,
    anchor: date | None,
    months: int,
    rate: float | None,
    repeats: float,
    late: float,
    bad: float,
    spikes: tuple[str, ...],
    survey: int | None,
    output: str | None,
    home: str | None,
    as_json: bool,
) -> None:
    """Write realistic job posts: a backfill of whole months, or a live stream with --rate.

    Titles and descriptions in all 37 categories, in sentences, with repeats, late posts and a few bad records.
    The scenario `november` holds two calendar months with exact counts per category; a file gets them in the
    order in which they would have been sent. Its answers to the business pulse survey come with --survey:
    85 % value digital fluency and AI literacy, 40 % plan to hire digital marketing talent within three months.
    """
    if as_json and output == STANDARD:
        raise click.UsageError("--json and -o - both want standard output: choose one")
    if rate and (anchor or months != 2):
        raise click.UsageError("--rate streams posts of now: --anchor and --months belong to a backfill")
    if rate and survey:
        raise click.UsageError("--rate streams posts: --survey writes the answers of whole months")
    now = datetime.now(UTC)
    if survey:
        tally = Tally()
        with _target(output, home, survey=True) as write:
            _run(_answers(survey, seed, anchor or now.date()), write, tally, None)
        _say(tally, as_json, "answers")
        return
    plan, mishaps = load_scenario(scenario), Mishaps(repeats, late, bad)
    injected = [parsed(spike, now) for spike in spikes]
    records: Iterable[SimulatedRecord]
    if rate:
        endless = live(plan, rate, seed, now.timestamp(), mishaps=mishaps, spikes=injected)
        records = _until(paced(endless, time.time, time.sleep), posts)
    else:
        posts = posts or plan.total
        _warn_if_small(plan, posts)
        records = generate(
            plan, posts, seed, anchor or now.date(), months=months, mishaps=mishaps, spikes=injected
        )
    tally = Tally()
    with _target(output, home) as write:
        _run(records, write, tally, None if months > 2 else posts)
    _say(tally, as_json, "posts")


def _say(tally: Tally, as_json: bool, what: str) -> None:
    if as_json:
        print_json(tally.summary())
    else:
        click.echo(tally.line(what), err=True)


def _answers(respondents: int, seed: int, anchor: date) -> Iterator[SimulatedRecord]:
    try:
        yield from simulated_survey(respondents, seed, anchor)
    except ValueError as error:
        raise click.UsageError(f"--survey: {error}") from error


def _until(records: Iterable[SimulatedRecord], posts: int | None) -> Iterator[SimulatedRecord]:
    """`records` up to and with the distinct post number `posts`, all of them if None."""
    left = posts
    for record in records:
        yield record
        if left is not None and record.kind == POST:
            left -= 1
            if not left:
                return


@contextmanager
def _target(output: str | None, home: str | None, survey: bool = False) -> Iterator[Write]:
    if output:
        with writing(output) as file:
            yield lambda record: file.write(record.value_bytes + b"\n")
        return
    settings = settings_of(home)
    topic = settings.survey_topic if survey else settings.job_posts_topic
    Topics(settings).ensure((topic,))
    with Sender(settings, topic) as sender:
        yield lambda record: sender.send(record.key, record.value_bytes)


def _run(records: Iterable[SimulatedRecord], write: Write, tally: Tally, total: int | None) -> None:
    """Write all records with a progress display on standard error; Ctrl-C ends the run in order."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("posts", total=total)
        try:
            for record in records:
                write(record)
                tally.add(record)
                if tally.posts % 500 == 0:
                    progress.update(task, completed=tally.posts)
        except KeyboardInterrupt:
            click.echo("stopped", err=True)


def _warn_if_small(scenario: Scenario, posts: int) -> None:
    growths = [
        f"{category} {'no growth from nothing' if math.isnan(got) else f'{got:+.1%}'} instead of {wanted:+.1%}"
        for category, (wanted, got) in inexact(scenario, posts).items()
    ]
    if growths:
        click.echo(
            f"note: {posts:,} posts are too few for the scenario's exact growth: {', '.join(growths)}",
            err=True,
        )
