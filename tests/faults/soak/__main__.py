"""`python -m tests.faults.soak`: hours of a steady load with faults now and then."""

import json
import signal
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from tests.faults.engines import Engines, Needs, kafka_is_here
from tests.faults.soak.bounds import FEWEST, Bound, bounds
from tests.faults.soak.run import Outcome, Plan, Strike, soak
from tests.faults.soak.samples import Sample, write_csv
from tests.faults.table import heading, write_table


@click.command()
@click.option("--minutes", default=120.0, show_default=True, type=click.FloatRange(1), help="Of load.")
@click.option("--rate", default=2_000, show_default=True, type=click.IntRange(1), help="Posts a second.")
@click.option(
    "--faults-every",
    default=600.0,
    show_default=True,
    type=click.FloatRange(10),
    help="Seconds between faults.",
)
@click.option(
    "--sample-every",
    default=15.0,
    show_default=True,
    type=click.FloatRange(1),
    help="Seconds between samples.",
)
@click.option("--seed", default=1, show_default=True, help="Draws posts, faults and moments.")
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 4), help="Worker processes.")
@click.option(
    "--embedded", is_flag=True, help="The embedded broker instead of Apache Kafka; it is not killed."
)
@click.option(
    "--csv",
    "file",
    default=Path("build/soak.csv"),
    show_default=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where the samples go.",
)
@click.option(
    "--table",
    "page",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Write the results into this page.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one last line of JSON.")
def main(
    minutes: float,
    rate: int,
    faults_every: float,
    sample_every: float,
    seed: int,
    workers: int,
    embedded: bool,
    file: Path,
    page: Path | None,
    as_json: bool,
) -> None:
    """Hold a steady load and watch what grows. Exit status 1 unless all was exact, bounded and caught up.

    Example: python -m tests.faults.soak --minutes 120 --rate 2000 --faults-every 600 --json
    """
    if minutes * 60 / sample_every < FEWEST:
        raise click.UsageError(
            f"fewer than {FEWEST} samples say nothing: more --minutes, or --sample-every less"
        )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the engines are stopped on the way out
    embedded = embedded or not kafka_is_here()
    plan = Plan(minutes, rate, faults_every, sample_every, seed, workers)
    with (
        tempfile.TemporaryDirectory(prefix="skillpulse-soak-", ignore_cleanup_errors=True) as folder,
        Engines(Path(folder), Needs(0 if embedded else 1)) as engines,
    ):
        outcome = soak(
            engines,
            plan,
            lambda sample: click.echo(_sample(sample)),
            lambda strike: click.echo(_strike(strike)),
        )
    write_csv(file, outcome.samples)
    # the embedded broker keeps all records in memory: that is what it is
    judged = bounds(outcome.samples, growing=("broker",) if embedded else ())
    summary = _summary(outcome, judged)
    tables = f"{_strikes(outcome.strikes)}\n\n{_bounds(judged)}"
    click.echo(f"\n{tables}\n\nsamples: {file}")
    if page:
        write_table(page, "soak", f"{heading('soak', embedded)}\n\n{tables}\n\n    {json.dumps(summary)}")
    click.echo(json.dumps(summary) if as_json else "\n".join(f"{key}: {summary[key]}" for key in summary))
    sys.exit(0 if summary["exact"] and summary["bounded"] else 1)


def _sample(sample: Sample) -> str:
    processes = "  ".join(
        f"{name} {process.rss_mib:.0f} MiB {process.files} files"
        for name, process in sample.processes.items()
    )
    return f"{sample.at_s:7.0f} s  sent {sample.sent}  lag {sample.lag}  parts {sample.parts}  {processes}"


def _strike(strike: Strike) -> str:
    return f"{strike.kind}: lasted {strike.lasted_s:.1f} s, caught up {strike.recovery_s:.1f} s after it"


def _strikes(strikes: Sequence[Strike]) -> str:
    rows = [
        f"| {strike.kind} | {strike.at_s:.0f} | {strike.lasted_s:.1f} | {strike.recovery_s:.1f} |"
        for strike in strikes
    ]
    head = ["| fault | at, s | lasted, s | caught up after, s |", "| --- | ---: | ---: | ---: |"]
    return "\n".join(head + rows)


def _bounds(judged: Sequence[Bound]) -> str:
    rows = [
        f"| {one.name} | {one.measure} | {one.second:,.0f} | {one.last:,.0f} | {one.limit:,.0f} |"
        f" {'yes' if one.holds else 'NO'} |"
        for one in judged
    ]
    head = [
        "| what | measure | in the second quarter | in the last | limit | bounded |",
        "| --- | --- | ---: | ---: | ---: | --- |",
    ]
    return "\n".join(head + rows)


def _summary(outcome: Outcome, judged: Sequence[Bound]) -> dict[str, object]:
    recoveries = [strike.recovery_s for strike in outcome.strikes]
    verdict = outcome.verdict
    return {
        "sent": outcome.sent,
        "posts": outcome.posts,
        "posts_per_s": round(outcome.posts_per_s),
        "faults": len(outcome.strikes),
        "restarts": outcome.restarts,
        "median_recovery_s": round(statistics.median(recoveries or [0.0]), 1),
        "longest_recovery_s": round(max(recoveries, default=0.0), 1),
        "drained_s": round(outcome.drained_s, 1),
        **verdict._asdict(),
        "exact": verdict.exact,
        "bounded": all(one.holds for one in judged),
    }


if __name__ == "__main__":
    main()
