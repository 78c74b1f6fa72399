"""`skillpulse worker`."""

import logging
import sys

import click

from streams.cli.options import home_option, settings_of
from streams.worker import Worker, run_worker


@click.command()
@home_option
def command(home: str | None) -> None:
    """Count job posts until told to stop (SIGTERM, Ctrl-C). Start several to share the partitions.

    Example: SKILLPULSE_BROKER=kafka:9092 SKILLPULSE_CLICKHOUSE=http://clickhouse:8123 skillpulse worker
    """
    settings = settings_of(home)
    logging.basicConfig(
        level=settings.log_level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    run_worker(settings, _say_started)


def _say_started(worker: Worker) -> None:
    click.echo(f"counting {worker.source}; http://127.0.0.1:{worker.web.port}/healthz", err=True)
