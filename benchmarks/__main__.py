"""`python -m benchmarks [--only NAME] [--quick] [--json]`: run benchmarks, print tables, ratios first."""

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.machine import describe

_HERE = Path(__file__).parent
_NAMES = sorted(
    file.stem for file in _HERE.glob("*.py") if "\ndef run(quick: bool)" in file.read_text(encoding="utf-8")
)
"""A benchmark is a module beside this one with `run(quick: bool) -> dict`."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=_NAMES, action="append", help="run this one; repeatable")
    parser.add_argument("--quick", action="store_true", help="fewer posts and repetitions")
    parser.add_argument("--json", action="store_true", help="end in one line of JSON")
    arguments = parser.parse_args()
    print(describe(), flush=True)
    results: dict[str, Any] = {}
    for name in arguments.only or _NAMES:
        print(
            f"\n== {name}: {(import_module(f'benchmarks.{name}').__doc__ or '').splitlines()[0]}", flush=True
        )
        results[name] = import_module(f"benchmarks.{name}").run(arguments.quick)
    if arguments.json:
        only = next(iter(results.values())) if len(results) == 1 else results
        print(json.dumps(only, default=str))


if __name__ == "__main__":
    main()
