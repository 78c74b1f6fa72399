"""Whether a home holds a demo's data, which the next demo may remove, or somebody's own, which nobody may."""

import shutil
from pathlib import Path
from typing import Final

from schemas.faults import Fault
from streams.home import make_home

_MARK: Final = "this-is-a-demo"


class NotADemo(Fault):
    """The home holds data that no demo made."""


def start_afresh(home: Path) -> bool:
    """Make `home` an empty demo's; says whether data of a former demo were removed. Raises NotADemo."""
    stored = (home / "clickhouse").exists()
    if stored and not (home / _MARK).exists():
        raise NotADemo(f"{home} holds data that no demo made: give the demo another folder with --home")
    if stored:
        shutil.rmtree(home / "clickhouse")
    make_home(home)
    (home / _MARK).touch()
    return stored


def adopt(home: Path) -> None:
    """From now on the data in `home` are somebody's own."""
    (home / _MARK).unlink(missing_ok=True)
