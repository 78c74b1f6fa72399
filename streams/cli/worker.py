"""`skillpulse worker`."""

import logging
import os
import re
import sys

import click

from schemas.faults import Fault
from streams.cli.options import home_option, settings_of
from streams.home import write_address
from streams.logs import set_up
from streams.worker import Worker, run_worker

_log = logging.getLogger(__name__)

_NAME = re.compile(r"\w[\w.-]*")


def _file_name(ctx: click.Context, param: click.Parameter, value: str) -> str:
    if value and not _NAME.fullmatch(value):
        raise click.BadParameter(f"{value!r} is no name: letters, digits, `.`, `_` and `-`")
    return value


@click.command()
@home_option
@click.option(
    "--name",
    default="",
    callback=_file_name,
    help="Say in the home folder, under this name, where /healthz is.",
)
def command(home: str | None, name: str) -> None:
    """Count job posts until told to stop (SIGTERM, Ctrl-C). Start several to share the partitions.

    Example: SKILLPULSE_BROKER=kafka:9092 SKILLPULSE_CLICKHOUSE=http://clickhouse:8123 skillpulse worker
    """
    settings = settings_of(home)
    set_up(settings.log_level, settings.log_format)

    def say_started(worker: Worker) -> None:
        _log.info("counting %s; http://127.0.0.1:%d/healthz", worker.job_posts.source, worker.web.port)
        if name:
            write_address(
                settings.home, name, {"host": "127.0.0.1", "port": worker.web.port, "pid": os.getpid()}
            )

    try:
        run_worker(settings, say_started)
    except Fault as fault:
        if settings.log_format == "text":
            raise
        _log.critical("%s", fault)  # a collector reads objects, and this is the line that matters most
        sys.exit(fault.exit_status)
