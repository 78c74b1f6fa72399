"""Every panel of every board over a year of posts: milliseconds and rows read, alone and as a page loads them.

A million generated posts up to now, rolled up, the logs of a busy pipeline as long as they are kept, and the time range
in which each board opens.
"""

import asyncio
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from benchmarks.generated import fill
from dashboards.board.database import Database
from dashboards.board.library import Library
from dashboards.board.times import moment
from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.rollup import refresh
from sinks.embedded.process import EmbeddedClickHouse

_AT_ONCE: Final = 4
"""As many queries as the board's server runs at once."""

_LOGS: Final = (
    """
    INSERT INTO pipeline_batches SELECT now64(3) - number * 5, concat('host:', toString(number % 4)), 'job-posts@bench',
        number % 12, number * 100, number * 100 + 99, 100, 100000, 90, 9, 1, 300, 20, 10 + number % 20,
        40 + number % 50, 300, 600 + number % 100, 700 + number % 100, 900 FROM numbers(90 * 17280)
    """,
    """
    INSERT INTO lag_samples SELECT now64(3) - intDiv(number, 12) * 10, concat('host:', toString(number % 4)),
        'job-posts@bench', number % 12, 1000000 - number, 1000000 - number + number % 7 FROM numbers(14 * 8640 * 12)
    """,
    """
    INSERT INTO dead_letters
        (source, partition, offset, recorded_at, rejected_at, reason, detail, record_key, record_value)
    SELECT 'job-posts@bench', number % 12, number, now64(3) - number * 120, now64(3) - number * 120,
        ['invalid', 'not_json', 'empty'][1 + number % 3], 'title is missing', toString(number), repeat('x', 300)
    FROM numbers(90 * 720)
    """,
    """
    INSERT INTO hiring_signals SELECT now() - number * 1800, 'skill', concat('skill_', toString(number % 300)), 3600,
        'spike', now() - number * 1800 + 900, 30, [9, 10, 11, 10], 10, 1, 1e-8, 1e-6, now() FROM numbers(365 * 48)
    """,
)
"""A batch each five seconds, a look at the lag each ten, a dead letter each two minutes, a signal each half hour."""


def run(quick: bool) -> dict[str, Any]:
    """By board: `load_seconds` (median) of all its panels together, and of each panel `ms` and `read_rows`."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedClickHouse(Path(folder)) as engine:
        address = Address(engine.endpoint.url, engine.endpoint.user, engine.endpoint.password, "skillpulse")
        client = connect(address._replace(database="default"), **WRITER_SETTINGS)
        migrate(client, "skillpulse")
        now = datetime.now(UTC)
        fill(client, 100_000 if quick else 1_000_000, 365, f"{now:%Y-%m-%d %H:%M:%S}")
        refresh(client, now)
        for log in _LOGS:
            client.command(log)
        client.close()
        time.sleep(16)  # the views trust a roll-up after fifteen seconds
        reader = address._replace(user=engine.endpoint.analyst, password=engine.endpoint.analyst_password)
        return asyncio.run(_boards(reader, now, 1 if quick else 5))


async def _boards(address: Address, now: datetime, times: int) -> dict[str, Any]:
    database, library = Database(address), Library()
    await database.open()
    results: dict[str, Any] = {}
    try:
        for board in library.titles():
            queries = _queries(library, board["uid"], now)
            panels = {title: await _measured(database, sql, times) for title, sql in queries.items()}
            loads = [await _loaded(database, list(queries.values())) for _ in range(times)]
            results[board["title"]] = {"load_seconds": statistics.median(loads), "panels": panels}
            _show(board["title"], results[board["title"]])
    finally:
        await database.close()
    return results


def _queries(library: Library, uid: str, now: datetime) -> dict[str, str]:
    """The queries of a board as it opens: everything let through, the last whole month, the commonest skill."""
    model = library.board(uid)
    last_month = (now.year * 12 + now.month - 2) % 12 + 1
    month = f"{now.year - (now.month == 1)}-{last_month:02}-01"
    chosen = {"month": [month], "window": ["86400"], "skill": ["skill_0"]}
    chosen |= dict.fromkeys(("kind", "group", "category", "size", "ai"), ["$__all"])
    at = now.timestamp()
    opens = model["time"]["from"]
    return {
        panel["title"]: library.panel_query(uid, panel["id"], _since(panel, opens, at), int(at), chosen)
        for panel in model["panels"]
        if panel.get("targets")
    }


def _since(panel: dict[str, Any], opens: str, now: float) -> int:
    """Start of a panel's range: its own where it has one, else that of its board."""
    return moment(f"now-{panel['timeFrom']}" if "timeFrom" in panel else opens, now)


async def _measured(database: Database, sql: str, times: int) -> dict[str, float]:
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        answer = await database.ask(sql)
        seconds.append(time.perf_counter() - started)
    return {"ms": statistics.median(seconds) * 1e3, "read_rows": answer.rows_read}


async def _loaded(database: Database, queries: list[str]) -> float:
    """Seconds until all panels are answered."""
    turns = asyncio.Semaphore(_AT_ONCE)

    async def ask(sql: str) -> None:
        async with turns:
            await database.ask(sql)

    started = time.perf_counter()
    await asyncio.gather(*map(ask, queries))
    return time.perf_counter() - started


def _show(title: str, result: dict[str, Any]) -> None:
    print(f"{title}: all panels within {result['load_seconds']:.2f} s")
    for name, panel in result["panels"].items():
        print(f"  {name[:60]:60} {panel['ms']:7.0f} ms {panel['read_rows']:>12,} rows read")


if __name__ == "__main__":
    run(quick=False)
