"""An idiomatic Faust app: typed records, a table of ids seen, a windowed table of counts, one insert a second."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import faust

from benchmarks.peers.job import classifier, say_reading, start
from benchmarks.peers.sink import Sink, keys_of

KEEP = timedelta(days=400)
"""Windows are kept longer than the posts go back, so that no late post is lost by Faust's expiry."""


class Post(faust.Record, serializer="json", coerce=True):  # type: ignore[call-arg, misc]
    """The event as Faust decodes it."""

    post_id: str
    posted_at: datetime
    title: str
    description: str = ""
    skills: list[str] = []
    category: str = ""
    country: str = ""
    contract: str | None = None
    hourly_min: float | None = None
    hourly_max: float | None = None
    fixed_budget: float | None = None
    currency: str | None = None
    client_size: str = "unknown"
    experience_level: str = ""
    url: str = ""
    source: str = ""


job = start()
reader = classifier(job.classified)
sink = Sink(job, reader.taxonomy_version)
app = faust.App(
    job.group,
    broker=f"kafka://{job.broker}",
    topic_partitions=job.partitions,
    topic_replication_factor=1,
    consumer_auto_offset_reset="earliest",
    web_enabled=False,
    broker_session_timeout=6.0,
    broker_heartbeat_interval=1.0,
    broker_rebalance_timeout=4.0,
)
seen: Any = app.Table("seen", default=bool)
demand: Any = app.Table("demand", default=int).tumbling(60.0, expires=KEEP).relative_to_field(Post.posted_at)


@app.agent(app.topic(job.topic, value_type=Post))
async def count(stream: Any) -> None:
    begun = False
    async for event in stream.events():
        if not begun:
            begun = True
            say_reading()
        post, message = event.value, event.message
        if seen[post.post_id]:
            continue
        seen[post.post_id] = True
        said = reader.classify(post.title, post.description, post.skills, post.category)
        sink.post(post, said, message.partition, message.offset, int(message.timestamp * 1000))
        for key in keys_of(post, said, message.partition):
            name = "|".join(map(str, key[1:]))
            demand[name] += 1
            sink.count(key, demand[name].value(), message.offset)


@app.timer(1.0)
async def insert() -> None:
    await asyncio.to_thread(sink.take())


if __name__ == "__main__":
    faust.Worker(app, loglevel="WARNING").execute_from_commandline()
