"""`skillpulse board`."""

import asyncio
import os
import signal
from collections.abc import Callable

import click

from dashboards.board.server import BoardServer
from streams.cli.options import home_option, settings_of
from streams.clickhouse import reader_address
from streams.home import write_address


@click.command()
@home_option
@click.option("--port", type=click.IntRange(0, 65_535), help="Port on loopback [SKILLPULSE_BOARD_PORT].")
@click.option("--name", default="", hidden=True, help="Say in the home folder, under this name, where it is.")
def command(home: str | None, port: int | None, name: str) -> None:
    """Show the Grafana dashboards in the browser without Grafana: a viewer on loopback, until Ctrl-C.

    Reads as the read-only user. `up` and `demo` start it, too. Example: skillpulse board --port 8090
    """
    settings = settings_of(home)
    server = BoardServer(reader_address(settings), settings.board_port if port is None else port)

    def say_started() -> None:
        click.echo(f"board: {server.url}")
        if name:
            write_address(settings.home, name, {"host": "127.0.0.1", "port": server.port, "pid": os.getpid()})

    asyncio.run(_serve(server, say_started))


async def _serve(server: BoardServer, say_started: Callable[[], None]) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    try:
        await server.start()
        say_started()
        await stopping.wait()
    finally:
        await server.stop()
