"""Writes docs/performance.md and its charts: measures what it is asked to, keeps the figures, renders all it has.

python -m benchmarks.page [--only NAME] [--quick] [--render] [--note TEXT]
"""

import argparse
import json
from importlib import import_module
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from benchmarks.charts import line
from benchmarks.growth import SERIES
from benchmarks.machine import describe

PARTS = ("pipeline", "budget", "freshness", "million", "restart", "growth", "query_growth")

_HERE = Path(__file__).parent
_DOCS = _HERE.parent / "docs"
_CHARTS = _DOCS / "performance"
_RESULTS = _CHARTS / "results.json"

Results = dict[str, dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this one; repeatable")
    parser.add_argument("--quick", action="store_true", help="fewer posts and repetitions")
    parser.add_argument("--render", action="store_true", help="measure nothing, write the page anew")
    parser.add_argument("--note", default="", help="what a reader should know of the machine's state")
    arguments = parser.parse_args()
    results: Results = json.loads(_RESULTS.read_text()) if _RESULTS.exists() else {}
    for name in () if arguments.render else arguments.only or PARTS:
        print(f"\n== {name}", flush=True)
        figures = import_module(f"benchmarks.{name}").run(arguments.quick)
        results[name] = {
            "machine": describe(),
            "quick": arguments.quick,
            "note": arguments.note,
            "figures": figures,
        }
        _CHARTS.mkdir(exist_ok=True)
        _RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    render(results)


def render(results: Results) -> None:
    """Write the page and the charts of what was measured."""
    environment = Environment(
        loader=FileSystemLoader(_HERE),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "table": _table,
        "pairs": _pairs,
        "stages": lambda figures: [
            {"stage": name, "µs a post": value, "alone": figures["alone"].get(name, "")}
            for name, value in figures["stages"].items()
        ],
        "restarts": lambda figures: [
            {"posts_stored": figures["posts"], "topic": name.removesuffix("_topic"), **figures[name]}
            for name in ("same_topic", "new_topic")
        ],
    }
    page = environment.get_template("performance.md.j2").render(
        results={name: results.get(name) for name in PARTS}
    )
    (_DOCS / "performance.md").write_text(page, encoding="utf-8")
    _draw(results)


def _table(rows: list[dict[str, Any]]) -> str:
    """Rows of the same keys as a table in Markdown, the first column to the left."""
    heads = [name.replace("_", " ").replace(" mb", " MB") for name in rows[0]]
    cells = [
        [f"{value:,}" if isinstance(value, int | float) else str(value) for value in row.values()]
        for row in rows
    ]
    rule = ["---", *("---:" for _ in heads[1:])]
    return "\n".join(f"| {' | '.join(line)} |" for line in (heads, rule, *cells))


def _pairs(figures: dict[str, Any]) -> list[dict[str, Any]]:
    flat = {name: value for name, value in figures.items() if not isinstance(value, dict | list)}
    stages = {f"µs a post: {name}": value for name, value in figures["stages"].items()}
    return [{"what": name.replace("_", " "), "figure": value} for name, value in (flat | stages).items()]


def _draw(results: Results) -> None:
    if "growth" in results:
        for name, points in results["growth"]["figures"].items():
            rates = [(point["at"], point["posts_per_second"]) for point in points]
            line(
                _CHARTS / f"{name}.svg", SERIES[name].what, "posts a second", rates, SERIES[name].logarithmic
            )
    if "query_growth" in results:
        points = results["query_growth"]["figures"]["points"]
        rows, *questions = points[0]
        for number, question in enumerate(questions, 1):
            times = [(point[rows], point[question]) for point in points]
            line(_CHARTS / f"question-{number}.svg", rows, question, times, logarithmic=True)
    if "million" in results:
        memory = results["million"]["figures"]["memory"]
        line(
            _CHARTS / "memory.svg", "seconds", "memory of the worker, MB", [tuple(point) for point in memory]
        )


if __name__ == "__main__":
    main()
