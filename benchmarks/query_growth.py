"""How the time of the boards' questions grows with the rows of counts, up to 100 million. Median milliseconds."""

from typing import Any

from rich.console import Console
from rich.table import Table

from benchmarks import queries

_TIMES = 5


def run(quick: bool) -> dict[str, Any]:
    """`points`: rows of counts, and milliseconds by question."""
    points = [
        _point(rows) for rows in ((100_000, 1_000_000) if quick else (1_000_000, 10_000_000, 100_000_000))
    ]
    table = Table(*points[0])
    for point in points:
        table.add_row(*(f"{value:,}" for value in point.values()))
    Console().print(table)
    return {"points": points}


def _point(rows: int) -> dict[str, float]:
    measured = queries.measure(rows, _TIMES)
    asked = {name: figures for name, figures in measured.items() if isinstance(figures, dict)}
    return {"rows of counts": measured["counts"]} | {
        f"{name}, ms": round(figures["ms"], 1) for name, figures in asked.items()
    }


if __name__ == "__main__":
    run(quick=False)
