"""Views on 20,000,000 rows of counts, 90 days of minutes, against a plain scan of job_posts.

Every row is a real count of generated posts: the same tables, settings and views as anywhere else.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from clickhouse_connect.driver.client import Client

from benchmarks.generated import fill
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.rollup import refresh
from sinks.embedded.process import EmbeddedClickHouse

_DAYS: Final = 90
_END: Final = "2025-11-30 00:00:00"
_ROWS_PER_POST: Final = 22 / 5
"""Rows of skill_demand that a generated post makes: measured."""

_FILTERS: Final = "category = '', category_group = '', client_size = '', market = '', ai = ''"

_QUERIES: Final = {
    "top growth, month over month": (
        f"SELECT * FROM growth(of = 'skill', month = '2025-11-01', as_of = '{_END}', min_base = 30, {_FILTERS})"
        " WHERE enough ORDER BY rank LIMIT 20",
        "SELECT arrayJoin(skills) AS skill, countIf(posted_at >= '2025-11-01 00:00:00') AS now,"
        " countIf(posted_at < '2025-11-01 00:00:00') AS before FROM job_posts FINAL"
        " WHERE posted_at >= '2025-10-01 00:00:00' GROUP BY skill HAVING before >= 30"
        " ORDER BY now / before DESC LIMIT 20",
    ),
    "30 days of one skill, by day": (
        "SELECT * FROM demand_series(of = 'skill', items = ['skill_10'], since = '2025-10-31', until = '2025-11-30',"
        f" {_FILTERS})",
        "SELECT toDate(posted_at) AS day, count() FROM job_posts FINAL"
        " WHERE posted_at >= '2025-10-25 00:00:00' AND has(skills, 'skill_10') GROUP BY day ORDER BY day",
    ),
    "30 days of one skill, rolling week": (
        "SELECT * FROM rolling_demand(of = 'skill', items = ['skill_10'], width = 604800, step = 86400,"
        f" since = '2025-10-31', until = '2025-11-30', {_FILTERS})",
        "SELECT toDate(posted_at) AS day, count() FROM job_posts FINAL"
        " WHERE posted_at >= '2025-10-24 00:00:00' AND has(skills, 'skill_10') GROUP BY day ORDER BY day",
    ),
    "top skills of the last hour": (
        f"SELECT * FROM demand(of = 'skill', since = '2025-11-29 23:00', until = '{_END}', {_FILTERS})"
        " ORDER BY rank LIMIT 20",
        "SELECT arrayJoin(skills) AS skill, count() AS posts FROM job_posts FINAL"
        " WHERE posted_at >= '2025-11-29 23:00:00' GROUP BY skill ORDER BY posts DESC LIMIT 20",
    ),
}
"""What is asked -> the view's query, the same asked of the posts."""


def run(quick: bool) -> dict[str, Any]:
    """Milliseconds (median), rows read and the ratio to the scan, by question."""
    return _shown(measure(1_000_000 if quick else 22_000_000, 3 if quick else 11))


def _shown(results: dict[str, Any]) -> dict[str, Any]:
    print(f"{results['counts']:,} rows of counts, rolled up in {results['rollup_seconds']} s")
    for name in _QUERIES:
        print(
            "{:35} {:8.1f} ms, {:,} rows read; scan {:8.1f} ms: {:.1f} times as long".format(
                name, *(results[name][key] for key in ("ms", "read_rows", "scan_ms", "ratio"))
            )
        )
    return results


def measure(rows: int, times: int, home: Path | None = None) -> dict[str, Any]:
    """Ask every question `times` times of an engine of its own with about `rows` counts by skill.

    `home` is kept, and filled where it is empty; without it the counts are made and thrown away.
    `counts`: rows there are; `rollup_seconds`; by question `ms` (median), `read_rows`, `scan_ms`, `ratio`.
    """
    with tempfile.TemporaryDirectory() as folder, EmbeddedClickHouse(home or Path(folder)) as engine:
        address = Address(engine.endpoint.url, engine.endpoint.user, engine.endpoint.password, "skillpulse")
        client = connect(address._replace(database="default"), **WRITER_SETTINGS)
        migrate(client, "skillpulse")
        if not client.command("SELECT count() FROM job_posts"):
            fill(client, round(rows / _ROWS_PER_POST), _DAYS, _END)
        started = time.perf_counter()
        refresh(client, datetime(2025, 11, 30, tzinfo=UTC))
        results: dict[str, Any] = {
            "counts": client.command("SELECT count() FROM skill_demand"),
            "rollup_seconds": round(time.perf_counter() - started, 2),
        }
        for name, (view, scan) in _QUERIES.items():
            results[name] = _compare(client, view, scan, times)
        client.close()
    return results


def _compare(client: Client, view: str, scan: str, times: int) -> dict[str, Any]:
    rows = int(client.query(view).summary["read_rows"])
    ms, scan_ms = (
        _median(lambda: client.query(view), times),
        _median(lambda: client.query(scan), min(times, 3)),
    )
    return {"ms": ms, "read_rows": rows, "scan_ms": scan_ms, "ratio": scan_ms / ms}


def _median(action: Callable[[], object], times: int) -> float:
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        action()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1e3


def main() -> None:
    """Measure any number of rows, or those of a home that was filled before."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.queries", description=__doc__)
    parser.add_argument("--rows", type=int, default=22_000_000, help="counts by skill, about")
    parser.add_argument("--times", type=int, default=11, help="how often each question is asked")
    parser.add_argument("--home", type=Path, help="folder that keeps the counts for the next time")
    options = parser.parse_args()
    _shown(measure(options.rows, options.times, options.home))


if __name__ == "__main__":
    main()
