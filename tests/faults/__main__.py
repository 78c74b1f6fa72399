"""`python -m tests.faults`: seeded fault schedules over real processes; each ends in the audit."""

import json
import signal
import sys
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import click

from tests.faults.engines import kafka_is_here
from tests.faults.fleet import outcomes
from tests.faults.kinds import KINDS, LONG
from tests.faults.run import Outcome, Plan
from tests.faults.table import heading, sum_up, table, write_table

_FULL_SIZE = ("worker killed", "one of two workers killed", "ClickHouse and worker killed", *LONG)
_FULL_POSTS, _FULL_STRIKES = 100_000, 20


@click.command()
@click.option("--runs", default=28, show_default=True, type=click.IntRange(1), help="Schedules to run.")
@click.option("--seed", default=1, show_default=True, help="Seed of the first; the others count up.")
@click.option("--posts", default=3_000, show_default=True, type=click.IntRange(100), help="Posts of a run.")
@click.option(
    "--strikes", default=0, type=click.IntRange(0), help="Strikes of a run; 0: as many as the fault says."
)
@click.option("--kind", "names", multiple=True, type=click.Choice([*KINDS, *LONG]), help="Only these faults.")
@click.option(
    "--full-size",
    is_flag=True,
    help="Instead: 20 kills over 100,000 posts, three ways; Kafka away for minutes.",
)
@click.option("--embedded", is_flag=True, help="The embedded broker instead of Apache Kafka.")
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1, 16), help="Runs at a time.")
@click.option("--json", "as_json", is_flag=True, help="Print one last line of JSON; else a table.")
@click.option(
    "--table",
    "page",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Write the table of results into this page.",
)
def main(
    runs: int,
    seed: int,
    posts: int,
    strikes: int,
    names: Sequence[str],
    full_size: bool,
    embedded: bool,
    jobs: int,
    as_json: bool,
    page: Path | None,
) -> None:
    """Run seeded fault schedules and print what was lost, doubled or drifted. Exit status 1 unless nothing was.

    Example: python -m tests.faults --runs 200 --seed 1 --jobs 2 --json
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the engines are stopped on the way out
    embedded = embedded or not kafka_is_here()
    if full_size:
        names, runs, posts, strikes = _FULL_SIZE, len(_FULL_SIZE), _FULL_POSTS, _FULL_STRIKES
    kinds = _possible(names or [*KINDS], embedded)
    if not kinds:
        raise click.ClickException("none of these faults can be tried with these engines")
    plans = [
        # a fault that lasts for minutes strikes as often as it says, whatever the others do
        Plan(kind, seed + number, posts, 0 if kind in LONG else strikes)
        for number, kind in enumerate(islice(cycle(kinds), runs))
    ]
    done = []
    for outcome in outcomes(plans, min(jobs, runs), embedded):
        done.append(outcome)
        click.echo(f"[{len(done)}/{runs}] {_line(outcome)}")
    if page:
        write_table(
            page, "full size" if full_size else "schedules", f"{heading('faults', embedded)}\n\n{table(done)}"
        )
    click.echo(_json(done) if as_json else table(done))
    sys.exit(0 if all(outcome.verdict.exact for outcome in done) else 1)


def _possible(names: Sequence[str], embedded: bool) -> list[str]:
    """Those of `names` that can be tried; says why the others cannot."""
    possible = []
    for name in names:
        kind = (KINDS | LONG)[name]()
        missing = "it needs Apache Kafka" if embedded and kind.needs_kafka else kind.missing()
        if missing:
            click.echo(f"not tried: {name}: {missing}", err=True)
        else:
            possible.append(name)
    return possible


def _line(outcome: Outcome) -> str:
    verdict = ", ".join(f"{name} {value}" for name, value in outcome.verdict._asdict().items())
    recovered = " ".join(f"{seconds:.1f}" for seconds in outcome.recoveries_s)
    return (
        f"seed {outcome.plan.seed}  {outcome.plan.kind}: {outcome.counted} posts, {verdict};"
        f" recovered within {recovered} s; {outcome.seconds:.0f} s"
    )


def _json(done: Sequence[Outcome]) -> str:
    sums = sum_up(done)
    return json.dumps(
        {
            "runs": sums.runs,
            "lost": sums.lost,
            "drift": sums.drift + sums.twice + sums.unfinished,
            "median_recovery_s": sums.median_recovery_s,
        }
    )


if __name__ == "__main__":
    main()
