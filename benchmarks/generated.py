"""Posts and their counts made by the engine itself: as many as a benchmark of queries wants. Every count is exact."""

from typing import Final

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.installation import (
    CategoryDimension,
    CountingRules,
    SkillDimension,
    register_rules,
    register_taxonomy,
)
from streams.classify.categories import CATEGORIES

_CHUNK: Final = 500_000
_SKILLS: Final = 999


def fill(client: Client, posts: int, days: int, end: str) -> None:
    """Posts with up to seven skills of a long-tailed distribution, evenly over `days` until `end`, and their counts."""
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
            WITH number AS n, toDateTime('{end}', 'UTC') - toUInt32({days} * 86400 * (1 - n / {posts})) - 1 AS at
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
