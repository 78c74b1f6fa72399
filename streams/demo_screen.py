"""What the demo shows in the terminal while posts stream in."""

import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from clickhouse_connect.driver.client import Client
from rich.console import Group
from rich.table import Table
from rich.text import Text

from sinks.clickhouse.audit import audit_range
from streams.demo import totals
from streams.settings import Settings

_TOP_HOUR: Final = """
SELECT name, sum(posts) AS demand FROM skill_panes INNER JOIN skills USING skill
WHERE pane_start >= now() - INTERVAL 1 HOUR GROUP BY name ORDER BY demand DESC, name LIMIT 10
"""

_TOP_MONTH: Final = """
SELECT name, sum(posts) AS demand FROM skill_panes INNER JOIN skills USING skill
WHERE toStartOfMonth(pane_start) = toStartOfMonth(now() - INTERVAL 1 MONTH)
GROUP BY name ORDER BY demand DESC, name LIMIT 10
"""

_RECENT: Final = """
SELECT sum(records) / 10, quantile(0.5)(lag_ms_p50), max(lag_ms_p99)
FROM pipeline_batches WHERE finished_at > now() - INTERVAL 10 SECOND
"""

_AUDIT_EVERY: Final = 15.0
"""Seconds between audits of the current day; one takes a tenth of a second."""


class Screen:
    """Draws the state of things; remembers the last audit. `board` is the address of the board."""

    def __init__(self, client: Client, settings: Settings, board: str) -> None:
        self._board = board
        self._client = client
        self._settings = settings
        self._audited = -_AUDIT_EVERY
        self._verdict = ""

    def draw(self, sent: int) -> Group:
        """What is to be seen now, after `sent` records."""
        if time.monotonic() - self._audited >= _AUDIT_EVERY:
            self._audited, self._verdict = time.monotonic(), _audit_today(self._client)
        return _screen(self._client, self._settings, self._board, sent, self._verdict)


def _audit_today(client: Client) -> str:
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    days = audit_range(client, today, today + timedelta(days=1))
    posts, drift = sum(day.posts for day in days), sum(day.drift for day in days)
    return f"audit of today at {datetime.now(UTC):%H:%M:%S} UTC: {posts:,} posts recounted, drift {drift}"


def _screen(client: Client, settings: Settings, board: str, sent: int, verdict: str) -> Group:
    found = totals(client)
    rate, median, worst = client.query(_RECENT).result_rows[0]
    tables = Table.grid(padding=(0, 4))
    tables.add_row(
        _ranking("skills in demand, last hour", client.query(_TOP_HOUR).result_rows),
        _ranking("skills in demand, last full month", client.query(_TOP_MONTH).result_rows),
    )
    lines = (
        f"{found.posts:,} posts, {found.repeats:,} repeats, {found.dead_letters:,} dead letters,"
        f" {found.mentions:,} mentions of skills",
        f"{rate or 0:,.0f} records/s; behind the log: {max(0, sent - found.records):,}; from record to queryable:"
        f" {median or 0:,.0f} ms (median), {worst or 0:,.0f} ms (worst of 100)",
        verdict,
        "",
        f"Dashboards in the browser: {board}",
        f"Look further, in another shell: skillpulse audit --home {settings.home}",
        f"  skillpulse sql --home {settings.home} 'SELECT title, category, skills FROM posts ORDER BY posted_at DESC"
        " LIMIT 5'",
        "Ctrl-C stops everything; the data stay until the next demo.",
    )
    return Group(tables, *(Text(line) for line in lines))


def _ranking(title: str, rows: Iterable[Sequence[Any]]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("skill")
    table.add_column("posts", justify="right")
    for name, posts in rows:
        table.add_row(Text(name), f"{posts:,}")
    return table
