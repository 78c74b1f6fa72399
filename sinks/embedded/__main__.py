"""The embedded engine's process: `python -m sinks.embedded --home DIR [--port 0]`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import os
import resource
import signal
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from aiohttp import web

from . import config
from .engine import DATABASE, Engine
from .home import CannotStart, Home
from .limits import DEFAULT
from .server import HttpInterface

HOST = "127.0.0.1"
log = logging.getLogger("sinks.embedded")


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 0 after a graceful stop, 1 with one line on stderr if it cannot start."""
    parser = argparse.ArgumentParser(
        prog="python -m sinks.embedded", description="ClickHouse's HTTP interface, embedded."
    )
    parser.add_argument(
        "--home", type=Path, required=True, help="data folder; the engine keeps HOME/clickhouse"
    )
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # A traceback for every malformed request would let anyone fill the disk.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    os.umask(0o077)
    _allow_open_files()
    try:
        return asyncio.run(serve(Home(options.home), options.port))
    except CannotStart as error:
        print(f"clickhouse (embedded): {error}", file=sys.stderr)
        return 1


async def serve(home: Home, port: int) -> int:
    """Open the folder, listen, publish the address, and serve until told to stop."""
    listener = _listen(port)
    home.claim()
    os.environ["TMPDIR"] = tempfile.tempdir = str(home.tmp)
    os.environ["TZ"] = "UTC"  # the engine's time zone, as on a server
    users = home.accounts()
    engine = _open(home)
    interface = HttpInterface(engine, users, DEFAULT)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = web.ServerRunner(interface.server, shutdown_timeout=1)
    await runner.setup()
    site = web.SockSite(runner, listener, backlog=1024)
    await site.start()
    sweeper = asyncio.create_task(interface.server.sweep())
    gc.freeze()
    home.publish(HOST, listener.getsockname()[1], users)
    log.info("listening on %s:%d, ClickHouse %s", HOST, listener.getsockname()[1], engine.version)
    await stop.wait()
    log.info("stopping")
    home.withdraw()
    await site.stop()
    if not await interface.drain():
        log.warning("statements do not end: leaving at once; tables are safe, as after a crash")
        os._exit(0)
    sweeper.cancel()
    with suppress(asyncio.CancelledError):
        await sweeper
    await runner.cleanup()
    engine.close()
    log.info("stopped")
    return 0


def _allow_open_files() -> None:
    """Take the open files the system allows: the engine keeps one per column part, clients one each."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    log.info("open files: %d, was %d", hard, soft)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not a port"
        raise CannotStart(
            f"port {port} of {HOST} cannot be used ({reason}): choose another, or 0 for a free one"
        ) from None
    return listener


def _open(home: Home) -> Engine:
    try:
        settings = config.write(home.folder, home.tmp, home.backups)
        with _stderr_kept() as said:
            os.chdir(home.folder)
            engine = Engine(home.store.name, settings.name, DEFAULT)
            engine.command(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")
    except OSError as error:
        raise CannotStart(f"cannot write to {home.folder}: {error.strerror}") from None
    except Exception as error:
        reason = next(
            (line for line in said if "Exception" in line or "rror" in line), str(error).splitlines()[0]
        )
        raise CannotStart(f"the engine cannot open {home.store}: {reason.strip()[:500]}") from None
    return engine


@contextmanager
def _stderr_kept() -> Iterator[list[str]]:
    """Collect what the engine writes to file descriptor 2: the reason of a failed start stands only there."""
    said: list[str] = []
    sys.stderr.flush()
    saved = os.dup(2)
    with tempfile.TemporaryFile() as kept:
        os.dup2(kept.fileno(), 2)
        try:
            yield said
        finally:
            os.dup2(saved, 2)
            os.close(saved)
            kept.seek(0)
            said.extend(kept.read().decode(errors="replace").splitlines())


if __name__ == "__main__":
    sys.exit(main())
