"""What the demo shows in the terminal while posts stream in."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from clickhouse_connect.driver.client import Client
from rich.console import Group
from rich.table import Table
from rich.text import Text

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

_LATENESS: Final = """
SELECT quantile(0.5)(lag_ms_p50), max(lag_ms_p99) FROM pipeline_batches WHERE finished_at > now() - INTERVAL 10 SECOND
"""


def screen(client: Client, settings: Settings, sent: int, seconds: float) -> Group:
    """The state of things now: `sent` records so far, `seconds` since the stream began."""
    found = totals(client)
    median, worst = client.query(_LATENESS).result_rows[0]
    tables = Table.grid(padding=(0, 4))
    tables.add_row(
        _ranking("skills in demand, last hour", client.query(_TOP_HOUR).result_rows),
        _ranking("skills in demand, last full month", client.query(_TOP_MONTH).result_rows),
    )
    lines = (
        f"{found.posts:,} posts, {found.repeats:,} repeats, {found.dead_letters:,} dead letters,"
        f" {found.mentions:,} mentions of skills",
        f"behind the log: {max(0, sent - found.records):,} records; from record to queryable:"
        f" {median or 0:,.0f} ms (median), {worst or 0:,.0f} ms (worst of 100)",
        "",
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
