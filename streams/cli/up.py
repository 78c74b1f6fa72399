"""`skillpulse up`."""

import signal
import threading
from contextlib import suppress

import click

from streams.cli.ending import on_end
from streams.cli.options import home_option, settings_of
from streams.demo_mark import adopt
from streams.stack import Stack, Stopped, claim, running


@click.command()
@home_option
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Worker processes.")
def command(home: str | None, workers: int) -> None:
    """Run broker, ClickHouse, workers and the board here until Ctrl-C or `skillpulse down`.

    What the settings name a server for is not started. Example: skillpulse up --workers 2
    """
    settings = settings_of(home)
    claim(settings.home)
    adopt(settings.home)
    stopping = threading.Event()
    on_end(lambda _: stopping.set(), signal.SIGINT)
    stack = Stack(settings, workers, say=click.echo, board=True, stopping=stopping)
    with suppress(Stopped), running(stack):
        click.echo(
            "ready. Send posts with `skillpulse ingest FILE...`, look with `skillpulse sql`, stop with Ctrl-C."
        )
        stack.watch(stopping.wait)
        click.echo("stopping")
