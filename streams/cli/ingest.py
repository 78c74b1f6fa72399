"""`skillpulse ingest`."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeElapsedColumn

from schemas.survey import load_survey
from streams.cli.options import home_option, json_option, print_json, settings_of
from streams.files import STANDARD
from streams.ingest.formats import FORMATS, reader_for
from streams.ingest.mapping import load_mapping, mapping_names
from streams.ingest.parse import parser
from streams.ingest.report import Report
from streams.ingest.run import Progress as Advance
from streams.ingest.run import ingest
from streams.ingest.survey import survey_parser
from streams.sender import Sender
from streams.topics import Topics


@click.command(epilog="Example: skillpulse ingest posts.jsonl.zst -- or: ... | skillpulse ingest -")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format", "form", type=click.Choice(list(FORMATS)), help="Default: by the file's ending; -: jsonl."
)
@click.option(
    "--mapping",
    metavar="NAME|FILE",
    help="How foreign columns become our fields: a TOML file, or one of " + ", ".join(mapping_names()) + ".",
)
@click.option(
    "--survey", is_flag=True, help="FILES hold answers to the business pulse survey, not job posts."
)
@click.option("--dry-run", is_flag=True, help="Send nothing: show what would be rejected, where and why.")
@click.option("--send-invalid", is_flag=True, help="Send invalid posts, too: the worker dead-letters them.")
@click.option("--allow-rejects", is_flag=True, help="Exit with status 0 even if rows were bad.")
@home_option
@json_option
def command(
    files: tuple[str, ...],
    form: str | None,
    mapping: str | None,
    survey: bool,
    dry_run: bool,
    send_invalid: bool,
    allow_rejects: bool,
    home: str | None,
    as_json: bool,
) -> None:
    """Send the job posts in FILES to the topic: JSONL, JSON, CSV or Parquet, plain, .gz or .zst, `-` for stdin.

    Posts in our own format need no --mapping. Each row is validated first: rows that cannot be read and posts
    that do not fit the schema are not sent but counted and shown with file, line and reason, and the exit
    status is 1. Sending a file again does no harm: a post counts once, by its post_id.

    With --survey the rows are answers to the business pulse survey: survey_month, respondent_id, question_id,
    answers (in CSV separated by |), weight, client_size. The last answer of a respondent counts.
    """
    for name in files:
        reader_for(name, form)  # a mistyped ending is said before anything is sent
    settings = settings_of(home)
    if survey and mapping:
        raise click.UsageError("--mapping is for job posts: survey answers have their own columns")
    if survey:
        topic, parse = settings.survey_topic, survey_parser(load_survey(settings.survey_file), utc_now)
    else:
        topic, parse = settings.job_posts_topic, parser(load_mapping(mapping) if mapping else None, utc_now)
    if not dry_run:
        Topics(settings).ensure((topic,))
    report = Report()
    try:
        with nullcontext() if dry_run else Sender(settings, topic) as sender, display(files) as advance:
            ingest(files, form, parse, sender.send if sender else None, send_invalid, report, advance)
    finally:  # a file that breaks off, too, leaves a summary of what was done
        _show(report, dry_run)
    if as_json:
        print_json(report.summary())
    if report.bad and not allow_rejects:
        sys.exit(1)


def utc_now() -> datetime:
    """The time that rows are compared with."""
    return datetime.now(UTC)


@contextmanager
def display(files: tuple[str, ...]) -> Iterator[Advance]:
    """A bar per file over its bytes, on standard error, gone at the end."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        tasks = {
            name: progress.add_task(name, total=_size(name), start=False) for name in dict.fromkeys(files)
        }

        def advance(name: str, position: int) -> None:
            progress.start_task(tasks[name])
            progress.update(tasks[name], completed=position)

        yield advance


def _size(name: str) -> int | None:
    path = Path(name)
    return path.stat().st_size if name != STANDARD and path.is_file() else None


def say_bad(report: Report) -> None:
    """Why rows were bad, with examples, on standard error."""
    for reason, number in report.bad.most_common():
        click.echo(f"{reason}: {number:,}", err=True)
        for example in report.examples[reason]:
            click.echo(f"  {example.place}: {example.detail}", err=True)


def _show(report: Report, dry_run: bool) -> None:
    say_bad(report)
    found = report.summary()
    done = f"{report.posts:,} would be sent" if dry_run else f"{report.sent:,} sent"
    click.echo(
        f"{report.rows:,} rows: {done}, {report.rejected:,} rejected, {report.unreadable:,} unreadable,"
        f" in {found['seconds']:.1f} s ({found['rows_per_second']:,} rows a second)",
        err=True,
    )
