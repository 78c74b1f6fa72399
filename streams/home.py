"""The folder of the embedded engines, `SKILLPULSE_HOME`: where they say how to reach them.

    .skillpulse/broker.json        host, port and process of the embedded broker, while it runs
    .skillpulse/clickhouse.json    the same of the embedded ClickHouse, with the writer's token; mode 0600
    .skillpulse/clickhouse/        its data
    .skillpulse/logs/              what broker, ClickHouse and workers wrote

The folder is for its owner alone: errors in the logs may quote what posts say.
Two homes can run side by side, since ports are chosen free.
"""

import json
import os
import socket
from pathlib import Path
from typing import Any

from schemas.faults import Fault


class NoHome(Fault):
    """The folder cannot be made or written. Name another one."""


class NotRunning(Fault):
    """Nothing answers at the address that a home names, or it names none. Start it with `skillpulse up`."""


def make_home(home: Path) -> None:
    """Make the folder, if it is not there, for this user alone. Raises NoHome."""
    advice = "name another folder with --home or SKILLPULSE_HOME"
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise NoHome(f"the home {home} cannot be made ({error.strerror}): {advice}") from error
    if not os.access(home, os.W_OK | os.X_OK):
        raise NoHome(f"the home {home} cannot be written: {advice}")


def write_address(home: Path, name: str, address: Any) -> None:
    """Say in `home` how to reach `name`; readable by this user alone, seen whole or not at all."""
    make_home(home)
    scratch = home / f".{name}.json.{os.getpid()}"
    scratch.touch(mode=0o600)
    scratch.write_text(json.dumps(address))
    scratch.replace(home / f"{name}.json")


def read_address(home: Path, name: str) -> dict[str, Any]:
    """How to reach `name`. Raises NotRunning if it does not answer on its port."""
    advice = (
        f"no embedded {name} runs in {home}: start it with `skillpulse up`, or name a server in the settings"
    )
    try:
        address: dict[str, Any] = json.loads((home / f"{name}.json").read_text())
        with socket.create_connection((address["host"], address["port"]), timeout=2):
            return address
    except (OSError, ValueError, KeyError) as error:
        raise NotRunning(advice) from error


def forget_address(home: Path, name: str) -> None:
    """Take back what `write_address` said."""
    (home / f"{name}.json").unlink(missing_ok=True)


def free_port() -> int:
    """A TCP port on loopback that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
