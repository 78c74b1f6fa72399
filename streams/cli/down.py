"""`skillpulse down`."""

import os
import signal
import time

import click

from schemas.faults import Fault
from streams.cli.options import home_option, settings_of
from streams.stack import up_pid

_STOPS_WITHIN = 90.0  # seconds: workers take up to 30, ClickHouse up to 25


@click.command()
@home_option
def command(home: str | None) -> None:
    """Stop the `skillpulse up` (or `demo`) that runs in the home folder. Data stays.

    Example: skillpulse down
    """
    settings = settings_of(home)
    pid = up_pid(settings.home)
    if pid is None:
        click.echo(f"nothing runs in {settings.home}")
        return
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + _STOPS_WITHIN
    while up_pid(settings.home) is not None:
        if time.monotonic() > deadline:
            raise Fault(
                f"process {pid} still runs after {_STOPS_WITHIN:g} s: see the logs in {settings.home}/logs"
            )
        time.sleep(0.1)
    click.echo(f"stopped process {pid}")
