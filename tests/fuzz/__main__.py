"""`python -m tests.fuzz`: many fuzzed events and requests; exit status 1 if anything gave way."""

import json
import sys
import tempfile
from pathlib import Path

import click

from tests.faults.engines import Engines, Needs
from tests.fuzz.run import run


@click.command()
@click.option("--events", default=100_000, show_default=True)
@click.option("--requests", default=10_000, show_default=True)
@click.option("--seed", default=1, show_default=True)
def main(events: int, requests: int, seed: int) -> None:
    """Send them, on the embedded engines, and print one line of JSON."""
    with tempfile.TemporaryDirectory() as folder, Engines(Path(folder), Needs(nodes=0)) as engines:
        done = run(engines, events, requests, seed)
    click.echo(json.dumps({**done._asdict(), "whole": done.whole}))
    sys.exit(0 if done.whole else 1)


if __name__ == "__main__":
    main()
