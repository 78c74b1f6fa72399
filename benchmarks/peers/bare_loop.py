"""A bare aiokafka loop with the same decoder, classifier and inserts: the limit of Python here.

It starts from nothing, trusts every record and forgets everything in a crash: state in two dictionaries, one insert
after each fetch, a commit after the insert.
"""

import asyncio

from aiokafka import AIOKafkaConsumer, ConsumerRecord

from benchmarks.peers.job import classifier, say_reading, start
from benchmarks.peers.sink import Key, Sink, keys_of
from schemas.decode import decode_post

ROUND_RECORDS = 20_000
FETCH_BYTES = 4 * 2**20


async def main() -> None:
    job = start()
    reader = classifier(job.classified)
    sink = Sink(job, reader.taxonomy_version)
    seen: set[str] = set()
    counts: dict[Key, int] = {}

    def take(record: ConsumerRecord) -> None:
        post = decode_post(record.value, None)
        if post.post_id in seen:
            return
        seen.add(post.post_id)
        said = reader.classify(post.title, post.description, post.skills, post.category)
        sink.post(post, said, record.partition, record.offset, record.timestamp)
        for key in keys_of(post, said, record.partition):
            counts[key] = number = counts.get(key, 0) + 1
            sink.count(key, number, record.offset)

    consumer = AIOKafkaConsumer(
        job.topic,
        bootstrap_servers=job.broker,
        group_id=job.group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=FETCH_BYTES,
    )
    await consumer.start()
    begun = False
    while True:
        fetched = await consumer.getmany(timeout_ms=500, max_records=ROUND_RECORDS)
        if fetched and not begun:
            begun = True
            say_reading()
        for records in fetched.values():
            for record in records:
                take(record)
        if fetched:
            await asyncio.to_thread(sink.take())
            await consumer.commit()


if __name__ == "__main__":
    asyncio.run(main())
