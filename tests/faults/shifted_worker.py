"""`skillpulse worker` whose wall clock is wrong by as many seconds as a file says, from one moment to the next.

`python -m tests.faults.shifted_worker worker`, the file named by the variable SHIFT_FILE. All Python code of the
process sees the wrong clock; the monotonic clock goes on, as on a machine whose time is set. (libfaketime would shift
librdkafka's clock, too, but not the calls by which that waits for it: it then waits for years.)
"""

import os
import time
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from types import ModuleType
from typing import Self

from sinks.clickhouse import installation, store
from streams import worker
from streams.cli import main

SHIFT_FILE = "SKILLPULSE_FAULTS_CLOCK"
_CLOCKS: tuple[ModuleType, ...] = (worker, installation, store)
"""The modules of skillpulse that look at the clock."""


def set_shift(file: Path, shift: timedelta) -> None:
    """Let clocks that follow `file` jump; in one step, since they look at it at any time."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str(shift.total_seconds()))
    fresh.replace(file)


def shift_clock(file: Path) -> None:
    """Let this process's wall clock follow `file`."""
    true_time = time.time

    def shifted() -> float:
        return true_time() + float(file.read_text())

    class Shifted(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(shifted(), tz)

    time.time = shifted
    for module in _CLOCKS:
        vars(module)["datetime"] = Shifted


if __name__ == "__main__":
    shift_clock(Path(os.environ[SHIFT_FILE]))
    main()
