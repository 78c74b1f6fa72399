"""Views on 20,000,000 rows of counts, 90 days of minutes, against a plain scan of job_posts.

Every row is a real count of generated posts: the same tables, settings and views as anywhere else.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import (
    CategoryDimension,
    CountingRules,
    SkillDimension,
    register_rules,
    register_taxonomy,
)
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.rollup import refresh
from sinks.embedded.process import EmbeddedClickHouse
from streams.classify.categories import CATEGORIES

_DAYS: Final = 90
_END: Final = "2025-11-30 00:00:00"
_POSTS: Final = 5_000_000
_CHUNK: Final = 500_000
_SKILLS: Final = 999
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
    "30 days of one skill": (
        "SELECT day, sum(posts) OVER (ORDER BY day ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM"
        " (SELECT day, sum(posts) AS posts FROM skill_days"
        " WHERE skill = 'skill_10' AND day >= '2025-10-31' AND day < '2025-11-30' GROUP BY day)",
        "SELECT toDate(posted_at) AS day, count() FROM job_posts FINAL"
        " WHERE posted_at >= '2025-10-31 00:00:00' AND has(skills, 'skill_10') GROUP BY day ORDER BY day",
    ),
    "top skills of the last hour": (
        "SELECT item, sum(posts) AS posts FROM item_panes(of = 'skill', since = '2025-11-29 23:00',"
        f" until = '{_END}', {_FILTERS}) GROUP BY item ORDER BY posts DESC LIMIT 20",
        "SELECT arrayJoin(skills) AS skill, count() AS posts FROM job_posts FINAL"
        " WHERE posted_at >= '2025-11-29 23:00:00' GROUP BY skill ORDER BY posts DESC LIMIT 20",
    ),
}
"""What is asked -> the view's query, the same asked of the posts."""


def run(quick: bool) -> dict[str, Any]:
    """Milliseconds (median), rows read and the ratio to the scan, by question."""
    posts = _POSTS // 20 if quick else _POSTS
    with tempfile.TemporaryDirectory() as folder, EmbeddedClickHouse(Path(folder)) as engine:
        address = Address(engine.endpoint.url, engine.endpoint.user, engine.endpoint.password, "skillpulse")
        client = connect(address._replace(database="default"), **WRITER_SETTINGS)
        migrate(client, "skillpulse")
        _fill(client, posts)
        started = time.perf_counter()
        refresh(client, datetime(2025, 11, 30, tzinfo=UTC))
        results: dict[str, Any] = {
            "counts": client.command("SELECT count() FROM skill_demand"),
            "rollup_seconds": round(time.perf_counter() - started, 2),
        }
        time.sleep(16)  # the views trust a roll-up after fifteen seconds
        print(f"{results['counts']:,} rows of counts, rolled up in {results['rollup_seconds']} s")
        for name, (view, scan) in _QUERIES.items():
            results[name] = _compare(client, view, scan, 3 if quick else 11)
            print(
                "{:30} {:8.1f} ms, {:,} rows read; scan {:8.1f} ms: {:.1f} times as long".format(
                    name, *(results[name][key] for key in ("ms", "read_rows", "scan_ms", "ratio"))
                )
            )
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


def _fill(client: Client, posts: int) -> None:
    """Posts with up to seven skills of a long-tailed distribution, then their counts."""
    skills = [SkillDimension(f"skill_{n}", f"Skill {n}", "technical", "other") for n in range(_SKILLS)]
    register_rules(client, CountingRules(60, ["US"], 1_000_000))
    register_taxonomy(client, "bench", skills, [CategoryDimension(*c) for c in CATEGORIES.values()])
    categories = ", ".join(f"'{category}'" for category in CATEGORIES)
    for first in range(0, posts, _CHUNK):
        count = min(_CHUNK, posts - first)
        chunk = f"offset >= {first // 12} AND offset < {(first + count) // 12 + 1}"
        client.command(f"""
            INSERT INTO job_posts (posted_at, source, partition, offset, taxonomy_version, post_id, recorded_at,
                ingested_at, title, description, market, client_size, category, ai, skills)
            WITH number AS n, toDateTime('{_END}', 'UTC') - toUInt32({_DAYS} * 86400 * (1 - n / {posts})) - 1 AS at
            SELECT at, 'job-posts@bench', n % 12, intDiv(n, 12), 'bench', toString(n), at, at,
                concat('Post ', toString(n)),
                repeat(hex(sipHash64(n)), 20), if(sipHash64(n, 1) % 3 = 0, 'US', 'other'),
                ['smb', 'large', 'unknown'][1 + sipHash64(n, 2) % 3],
                [{categories}][1 + toUInt32(pow(sipHash64(n, 3) % 1000 / 1000, 2) * {len(CATEGORIES)})],
                sipHash64(n, 4) % 4 = 0,
                arrayDistinct(arrayMap(j -> concat('skill_', toString(toUInt32(
                    pow(sipHash64(n, 5 + j) % 100000 / 100000, 3) * {_SKILLS}))), range(2 + sipHash64(n, 99) % 6)))
            FROM numbers({first}, {count})
            """)
        for table, skill in (("skill_demand", "arrayJoin(skills) AS skill, "), ("category_demand", "")):
            client.command(f"""
                INSERT INTO {table} SELECT toStartOfMinute(posted_at) AS pane, {skill}category, ai, client_size, market,
                    source, partition, taxonomy_version, count(), max(offset)
                FROM job_posts WHERE {chunk} AND toUInt64(post_id) >= {first} AND toUInt64(post_id) < {first + count}
                GROUP BY ALL
                """)


if __name__ == "__main__":
    run(quick=False)
