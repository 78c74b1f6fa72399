"""A database filled by the real pipeline, and the rows that it stored, for recomputations in plain Python."""

import asyncio
import json
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import WRITER_SETTINGS, Address, connect
from sinks.clickhouse.installation import (
    CategoryDimension,
    CountingRules,
    SkillDimension,
    register_rules,
    register_source,
    register_taxonomy,
)
from sinks.clickhouse.migrate import migrate
from sinks.clickhouse.store import ClickHouseStore
from sinks.retry import Retry, RetryPolicy
from sinks.rows import Changes, DeadLetterRow, PostRow
from streams.batch import Batch
from streams.classify import Classifier
from streams.classify.categories import CATEGORIES
from streams.pipeline import Pipeline, Rules
from tests.streams.counting import count

SOURCE = "job-posts@views"
PARTITIONS = 3
FIRST = datetime(2024, 10, 1, tzinfo=UTC)
LAST = datetime(2025, 11, 20, 12, 30, tzinfo=UTC)
INGESTED = datetime.now(UTC).replace(microsecond=0)  # the log of batches forgets after 90 days
POSTS = 2500
UNFILTERED = ("feed_activity",)
FILTERS = ("category", "category_group", "client_size", "market", "ai")

_TITLES = (
    "Python developer for a Django API",
    "Python and SQL for data pipelines",
    "Logo design in Adobe Illustrator",
    "Video editing in Premiere Pro",
    "Spanish translation of contracts",
    "QA engineer for manual testing of a chatbot",
    "Build a chatbot with the OpenAI API in Python",
    "Shopify store set-up and SEO",
    "Odd jobs",
)


class LogRecord(NamedTuple):
    offset: int
    timestamp: int
    key: bytes
    value: bytes


class Filled(NamedTuple):
    """`posts` are what the pipeline stored, each once."""

    client: Client
    posts: list[PostRow]
    dead_letters: list[DeadLetterRow]
    repeats: int
    group_of: dict[str, str]
    kind_of: dict[str, str]

    def rows(self, view: str, where: str = "", **arguments: Any) -> list[dict[str, Any]]:
        """The answer of a view; filters that are not given are empty. Times may be given as datetimes."""
        result = self.client.query(f"SELECT * FROM {call(view, **arguments)} {where}")
        return list(result.named_results())

    def within(self, since: datetime, until: datetime, **filters: str) -> list[PostRow]:
        """The posts of a range under filters, in plain Python; ranges of the tests are aligned to panes."""
        return [
            post for post in self.posts if since <= post.posted_at < until and self._passes(post, filters)
        ]

    def _passes(self, post: PostRow, filters: dict[str, str]) -> bool:
        of = {
            "category": post.category,
            "category_group": self.group_of[post.category],
            "client_size": post.client_size,
            "market": post.market,
            "ai": "true" if post.ai else "false",
        }
        return all(of[name] == value for name, value in filters.items())


def call(view: str, **arguments: Any) -> str:
    """The call of a parameterised view with its arguments as literals, the five filters empty unless given."""
    filters = () if view in UNFILTERED else FILTERS
    given = {**dict.fromkeys(filters, ""), **arguments}
    return f"{view}({', '.join(f'{name} = {_literal(value)}' for name, value in given.items())})"


def _literal(value: Any) -> str:
    if isinstance(value, datetime):
        return f"'{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return str(value) if isinstance(value, int) else f"'{value}'"


class Spy(ClickHouseStore):
    """The real store, which keeps what it was given."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.posts: list[PostRow] = []
        self.dead_letters: list[DeadLetterRow] = []

    async def save(self, changes: Changes) -> None:
        await super().save(changes)
        self.posts += [PostRow(**row) for row in changes.posts.to_pylist()]
        self.dead_letters += changes.dead_letters


class NoTopic:
    async def send(self, rows: Sequence[DeadLetterRow]) -> None:
        """Dead letters go to the table alone."""


async def _same_source() -> None:
    pass


def fill(address: Address, classifier: Classifier) -> Filled:
    """Migrate `address.database` and run the log of `events` through the pipeline, with a replay of its first part."""
    client = connect(address._replace(database="default"), **WRITER_SETTINGS)
    migrate(client, address.database)
    skills = [SkillDimension(s.slug, s.entry.name, s.entry.kind, s.group) for s in classifier.skills]
    register_rules(client, CountingRules(60, ["US"], 1_000_000))
    register_taxonomy(
        client, classifier.taxonomy_version, skills, [CategoryDimension(*c) for c in CATEGORIES.values()]
    )
    register_source(client, "job-posts", SOURCE)
    spy, repeats = asyncio.run(_run(address, classifier))
    return Filled(
        client,
        spy.posts,
        spy.dead_letters,
        repeats,
        {category.category: category.group for category in CATEGORIES.values()},
        {skill.skill: skill.kind for skill in skills},
    )


def pipeline(store: ClickHouseStore, classifier: Classifier, now: Callable[[], datetime]) -> Pipeline:
    rules = Rules(60, frozenset({"US"}), 1_000_000, most_counts=250_000)
    return Pipeline(store, classifier, NoTopic(), rules, "host:1", now, _same_source)


async def _run(address: Address, classifier: Classifier) -> tuple[Spy, int]:
    spy = Spy(address, "job-posts", classifier.taxonomy_version, Retry(RetryPolicy(give_up_after=10)))
    logs = _logs()
    batches = [
        Batch(SOURCE, number, log[i : i + 300])
        for number, log in enumerate(logs)
        for i in range(0, len(log), 300)
    ]
    tallies = await count(pipeline(spy, classifier, lambda: INGESTED), batches)
    replaying = ClickHouseStore(
        address, "job-posts", classifier.taxonomy_version, Retry(RetryPolicy(give_up_after=10))
    )
    await count(pipeline(replaying, classifier, lambda: INGESTED), batches[:1])  # a second worker repeats it
    await replaying.close()
    await spy.close()
    return spy, sum(tally.repeats for tally in tallies)


def _logs() -> list[list[LogRecord]]:
    logs: list[list[LogRecord]] = [[] for _ in range(PARTITIONS)]
    for key, value in events():
        log = logs[sum(key) % PARTITIONS]
        log.append(LogRecord(len(log), int(INGESTED.timestamp() * 1e3) - 2000, key, value))
    return logs


def events() -> Iterator[tuple[bytes, bytes]]:
    """Posts over fourteen months, fewer on Sundays, in no order of time; some twice, some bad."""
    chance = random.Random(7)
    seconds = int((LAST - FIRST).total_seconds())
    for number in range(POSTS):
        at = FIRST + timedelta(seconds=chance.randrange(seconds))
        if at.weekday() == 6 and chance.random() < 0.7:
            at -= timedelta(days=2)
        event = {
            "post_id": f"post-{number}",
            "posted_at": at.isoformat(),
            "title": chance.choice(_TITLES),
            "country": chance.choice(["US", "DE", ""]),
            "client_size": chance.choice(["smb", "large", "unknown"]),
            "source": chance.choice(["alpha", "beta"]),
            "currency": chance.choice(["USD", "EUR"]),
            "contract": "hourly",
            "hourly_min": float(chance.randrange(10, 40)),
            "hourly_max": float(chance.randrange(40, 90)),
        }
        if number % 3 == 0:
            event |= {"contract": "fixed", "fixed_budget": float(chance.randrange(50, 900))}
            del event["hourly_min"], event["hourly_max"]
        key, value = event["post_id"].encode(), json.dumps(event).encode()  # type: ignore[attr-defined]
        yield key, value
        if number % 50 == 0:
            yield key, value
        if number % 200 == 0:
            yield key, b"{"
