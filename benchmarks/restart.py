"""How long a worker takes to be ready when 10 million posts are stored, and what memory it needs for them.

    python -m benchmarks.restart [--posts N]

Ready means that it counts: the time runs from the start of the process until posts that waited in every partition are
counted, so it includes loading the first sightings. Measured twice: with the topic that the stored posts came from,
as with Kafka; and with one that was made anew, as after a restart of the embedded broker.
"""

import time
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from clickhouse_connect.driver.client import Client
from confluent_kafka import Consumer, Producer, TopicPartition
from rich.console import Console
from rich.table import Table

from benchmarks.contestant import ContestantFailed, command_of
from benchmarks.posts_option import print_measured
from benchmarks.track import Track, running
from streams.classify import load_classifier
from streams.kafka import librdkafka_options
from streams.sender import Sender
from streams.settings import Settings
from streams.simulate import live, load_scenario
from streams.simulate.mishaps import Mishaps
from streams.topics import Topics, consumer_group

_PARTITIONS = 12
_POSTS = 10_000_000
_CHUNK = 1_000_000
_DAYS = 365
_SKILLS_A_POST = 4
_WAITING = 1_200
"""New posts that wait for the worker: about a hundred in each partition."""

_PATIENCE = 300.0

_STORE_POSTS = """
INSERT INTO job_posts (posted_at, source, partition, offset, taxonomy_version, post_id, recorded_at, ingested_at,
    title, description, market, client_size, category, skills)
WITH number AS n, now() - toUInt32({days} * 86400 * (1 - n / {posts})) - 60 AS at,
    (SELECT groupArray(skill) FROM skills) AS names, (SELECT groupArray(category) FROM categories) AS classes
SELECT at, '{source}', n % {partitions}, intDiv(n, {partitions}), '{version}', lower(hex(sipHash128(n))), at, at,
    concat('Post ', toString(n)), '', if(sipHash64(n, 1) % 3 = 0, 'US', 'other'), 'unknown',
    classes[1 + sipHash64(n, 2) % length(classes)],
    arrayDistinct(arrayMap(j -> names[1 + sipHash64(n, 2 + j) % length(names)], range(1, {skills} + 1)))
FROM numbers({first}, {count})
"""

_STORE_COUNTS = """
INSERT INTO {table} SELECT toStartOfMinute(posted_at), {skill}category, ai, client_size, market, source, partition,
    taxonomy_version, count(), max(offset)
FROM job_posts WHERE posted_at >= now() - INTERVAL {oldest} DAY AND posted_at < now() - INTERVAL {newest} DAY
GROUP BY ALL
"""

_REACHED = """
SELECT partition, max(last_offset) FROM category_demand
WHERE source = {source:String} AND pane_start >= now() - INTERVAL 1 HOUR GROUP BY partition
"""


def run(quick: bool) -> dict[str, Any]:
    """Seconds until ready and peak memory, for the same topic and for a new one."""
    return measure(_POSTS // 10 if quick else _POSTS)


def measure(posts: int) -> dict[str, Any]:
    """The same with so many posts stored."""
    with running(_PARTITIONS) as track:
        settings = track.settings("job-posts-restart", "restart")
        topics = Topics(settings)
        topics.ensure(settings.event_topics)
        with track.database(settings) as client:
            _store(client, topics.source(settings.job_posts_topic), posts)
            _fill_topic(settings, topics, posts // _PARTITIONS)
            same = _ready(track, settings, client, "same")
            track.restart_broker()
            topics = Topics(settings)
            topics.ensure(settings.event_topics)
            new = _ready(track, settings, client, "new")
    table = Table(f"{posts:,} posts stored", "ready after s", "worker's peak MB")
    table.add_row("the same topic", *map(str, same.values()))
    table.add_row("a topic made anew", *map(str, new.values()))
    Console().print(table)
    return {"posts": posts, "same_topic": same, "new_topic": new}


def _store(client: Client, source: str, posts: int) -> None:
    version = load_classifier().taxonomy_version
    for first in range(0, posts, _CHUNK):
        client.command(
            _STORE_POSTS.format(
                days=_DAYS,
                posts=posts,
                source=source,
                partitions=_PARTITIONS,
                version=version,
                skills=_SKILLS_A_POST,
                first=first,
                count=min(_CHUNK, posts - first),
            )
        )
    for newest in range(0, _DAYS + 1, 40):
        span = {"oldest": newest + 40, "newest": newest}
        client.command(
            _STORE_COUNTS.format(table="skill_demand", skill="arrayJoin(skills) AS skill, ", **span)
        )
        client.command(_STORE_COUNTS.format(table="category_demand", skill="", **span))


def _fill_topic(settings: Settings, topics: Topics, offset: int) -> None:
    """Let every partition end before `offset`, and the group have acknowledged all of it."""
    topic = settings.job_posts_topic
    producer = Producer(
        librdkafka_options(settings)
        | {"linger.ms": 50, "compression.type": "lz4", "queue.buffering.max.messages": 0}
    )
    for number in range(offset * _PARTITIONS):
        producer.produce(topic, b"-", partition=number % _PARTITIONS)
        if number % 50_000 == 0:
            producer.flush()
    producer.flush()
    group = consumer_group(settings, *(topics.source(name) for name in settings.event_topics))
    committing = Consumer(librdkafka_options(settings) | {"group.id": group})
    ends = [TopicPartition(topic, partition, offset) for partition in range(_PARTITIONS)]
    committing.commit(offsets=ends, asynchronous=False)
    committing.close()


def _ready(track: Track, settings: Settings, client: Client, name: str) -> dict[str, float]:
    ends = _send(settings)
    source = Topics(settings).source(settings.job_posts_topic)
    started = time.monotonic()
    with track.processes(f"worker-{name}", command_of(settings, "streams", "worker")) as (worker,):
        while True:
            reached = {row[0]: row[1] for row in client.query(_REACHED, {"source": source}).result_rows}
            if all(reached.get(partition, -1) >= end for partition, end in ends.items()):
                break
            worker.require_running()
            if time.monotonic() - started > _PATIENCE:
                raise ContestantFailed(f"not ready after {_PATIENCE:g} s: see {worker.log}")
            time.sleep(0.1)
        seconds = time.monotonic() - started
        worker.measure()
    return {"ready_seconds": round(seconds, 1), "peak_mb": round(worker.peak_mb)}


def _send(settings: Settings) -> dict[int, int]:
    """New posts for every partition; returns the last offset of each."""
    topic, now = settings.job_posts_topic, datetime.now(UTC).timestamp()
    posts = live(load_scenario("november"), 100.0, int(now), now - 30, mishaps=Mishaps(0, 0, 0))
    with Sender(settings, topic) as sender:
        for record in islice(posts, _WAITING):
            sender.send(record.key, record.value_bytes)
    looking = Consumer(librdkafka_options(settings) | {"group.id": "benchmark"})
    ends = {
        partition: looking.get_watermark_offsets(TopicPartition(topic, partition))[1] - 1
        for partition in range(_PARTITIONS)
    }
    looking.close()
    return ends


if __name__ == "__main__":
    print_measured(measure, __doc__, _POSTS)
