"""The table of results, as it stands in docs/reliability.md."""

import os
import re
import shlex
import statistics
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tests.faults.run import Outcome
from tests.kafka.jars import KAFKA_VERSION

_HEAD = "| fault | runs | strikes | sent | counted | lost | twice | drift | median recovery, s | longest, s |"


class Sums(NamedTuple):
    """Of some outcomes. `drift` sums what the audit found and the differences from the naive counter's numbers."""

    runs: int
    strikes: int
    sent: int
    counted: int
    lost: int
    twice: int
    drift: int
    median_recovery_s: float
    longest_recovery_s: float
    unfinished: int


def sum_up(outcomes: Sequence[Outcome]) -> Sums:
    """Add up."""
    recoveries = [seconds for outcome in outcomes for seconds in outcome.recoveries_s]
    verdicts = [outcome.verdict for outcome in outcomes]
    return Sums(
        runs=len(outcomes),
        strikes=len(recoveries),
        sent=sum(outcome.sent for outcome in outcomes),
        counted=sum(outcome.counted for outcome in outcomes),
        lost=sum(verdict.lost for verdict in verdicts),
        twice=sum(verdict.doubled for verdict in verdicts),
        drift=sum(verdict.drift + verdict.wrong_counts for verdict in verdicts),
        median_recovery_s=round(statistics.median(recoveries or [0.0]), 1),
        longest_recovery_s=round(max(recoveries, default=0.0), 1),
        unfinished=sum(verdict.unfinished for verdict in verdicts),
    )


def table(outcomes: Sequence[Outcome]) -> str:
    """A row for each fault, in the order of the first run of each, and one for all."""
    kinds = dict.fromkeys(outcome.plan.kind for outcome in sorted(outcomes, key=lambda one: one.plan.seed))
    rows = [_row(kind, [outcome for outcome in outcomes if outcome.plan.kind == kind]) for kind in kinds]
    rule = "| --- " + "| ---: " * (_HEAD.count("|") - 2) + "|"
    return "\n".join([_HEAD, rule, *rows, _row("all", outcomes)])


def heading(target: str, embedded: bool) -> str:
    """The command that is running, for a page, and what it runs on."""
    broker = "the embedded broker" if embedded else f"Apache Kafka {KAFKA_VERSION}"
    arguments = shlex.join(sys.argv[1:]).replace('"', '\\"')
    return (
        f'    make {target} ARGS="{arguments}"\n\n'
        f"On {broker} and the embedded ClickHouse, {os.cpu_count()} processors, {date.today():%d %B %Y}:"
    )


def write_table(page: Path, block: str, text: str) -> None:
    """Put `text` between the marks of `block` on a Markdown page. Raises ValueError if they are not there."""
    marks = f"<!-- {block}: begin -->", f"<!-- {block}: end -->"
    place = re.compile(f"({re.escape(marks[0])}\n).*?({re.escape(marks[1])})", re.DOTALL)
    written, found = place.subn(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", page.read_text())
    if found != 1:
        raise ValueError(f"{page} has no place for the table: a line {marks[0]} and a line {marks[1]}")
    page.write_text(written)


def _row(name: str, outcomes: Sequence[Outcome]) -> str:
    *numbers, unfinished = sum_up(outcomes)
    note = f" ({unfinished} unfinished)" if unfinished else ""
    cells = [f"{number:,}" if isinstance(number, int) else f"{number:.1f}" for number in numbers]
    return f"| {name}{note} | {' | '.join(cells)} |"
