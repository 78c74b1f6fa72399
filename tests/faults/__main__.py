"""`python -m tests.faults`: seeded fault schedules over real processes; each ends in the audit."""

import json
import signal
import statistics
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import click

from tests.faults.engines import Engines
from tests.faults.kinds import KINDS, FaultKind
from tests.faults.run import Outcome, kinds_for, run
from tests.kafka.jars import KafkaMissing, class_path


@click.command()
@click.option("--runs", default=20, show_default=True, type=click.IntRange(1), help="Schedules to run.")
@click.option("--seed", default=1, show_default=True, help="Seed of the first; the others count up.")
@click.option("--posts", default=6_000, show_default=True, type=click.IntRange(100), help="Posts of a run.")
@click.option(
    "--strikes", default=0, type=click.IntRange(0), help="Strikes of a run; 0: as many as the fault says."
)
@click.option("--kind", "names", multiple=True, type=click.Choice(list(KINDS)), help="Only these faults.")
@click.option("--embedded", is_flag=True, help="The embedded broker instead of Apache Kafka.")
@click.option("--cluster", is_flag=True, help="With the faults that need three brokers.")
@click.option("--json", "as_json", is_flag=True, help="Print one last line of JSON; else a table.")
def main(
    runs: int,
    seed: int,
    posts: int,
    strikes: int,
    names: Sequence[str],
    embedded: bool,
    cluster: bool,
    as_json: bool,
) -> None:
    """Run seeded fault schedules and print what was lost, doubled or drifted. Exit status 1 unless nothing was.

    Example: python -m tests.faults --runs 20 --seed 1 --json
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the engines are stopped on the way out
    if not embedded:
        try:
            class_path()
        except KafkaMissing as reason:
            click.echo(f"with the embedded broker: {reason}", err=True)
            embedded = True
    kinds = kinds_for(kafka=not embedded, cluster=cluster and not embedded, names=names)
    if not kinds:
        raise click.ClickException("none of these faults can be tried with these engines")
    schedule = [(seed + number, kinds[number % len(kinds)]) for number in range(runs)]
    outcomes = list(_run_all(schedule, embedded, posts, strikes))
    click.echo(json.dumps(_sum_up(outcomes)) if as_json else _table(outcomes))
    sys.exit(0 if all(outcome.verdict.exact for outcome in outcomes) else 1)


def _run_all(
    schedule: Sequence[tuple[int, FaultKind]], embedded: bool, posts: int, strikes: int
) -> Iterator[Outcome]:
    """All runs, those of one number of broker nodes after the other: they share the engines."""

    def nodes(planned: tuple[int, FaultKind]) -> int:
        return 0 if embedded else planned[1].nodes

    for number, planned in groupby(sorted(schedule, key=nodes), key=nodes):
        with (
            tempfile.TemporaryDirectory(prefix="skillpulse-faults-", ignore_cleanup_errors=True) as folder,
            Engines(Path(folder), number) as engines,
        ):
            for seed, kind in planned:
                outcome = run(engines, kind, seed, posts, strikes)
                click.echo(_line(outcome))
                yield outcome


def _line(outcome: Outcome) -> str:
    verdict = ", ".join(f"{name} {value}" for name, value in outcome.verdict._asdict().items())
    recovered = " ".join(f"{seconds:.1f}" for seconds in outcome.recoveries_s)
    return (
        f"seed {outcome.seed}  {outcome.kind}: {outcome.posts} posts, {verdict};"
        f" recovered within {recovered} s; {outcome.seconds:.0f} s"
    )


def _sum_up(outcomes: Sequence[Outcome]) -> dict[str, float]:
    recoveries = [seconds for outcome in outcomes for seconds in outcome.recoveries_s]
    return {
        "runs": len(outcomes),
        "lost": sum(outcome.verdict.lost for outcome in outcomes),
        "drift": sum(sum(outcome.verdict[1:]) for outcome in outcomes),
        "median_recovery_s": round(statistics.median(recoveries or [0.0]), 1),
    }


def _table(outcomes: Sequence[Outcome]) -> str:
    by_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in outcomes:
        by_kind[outcome.kind].append(outcome)
    lines = [
        "| fault | runs | posts | lost | twice | drift | median recovery |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, of_kind in by_kind.items():
        summed = _sum_up(of_kind)
        twice = sum(outcome.verdict.doubled for outcome in of_kind)
        posts = sum(outcome.posts for outcome in of_kind)
        cells = (kind, len(of_kind), f"{posts:,}", summed["lost"], twice, summed["drift"])
        lines.append(f"| {' | '.join(map(str, cells))} | {summed['median_recovery_s']} s |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
