"""The command line of benchmarks that are told how many posts to measure with."""

import argparse
import json
from collections.abc import Callable
from typing import Any


def print_measured(measure: Callable[[int], dict[str, Any]], description: str | None, posts: int) -> None:
    """Measure with `--posts`, or so many, and print the figures as a line of JSON."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--posts", type=int, default=posts, help=f"distinct posts ({posts:,})")
    print(json.dumps(measure(parser.parse_args().posts)))
