"""A Quix Streams app with the same decoder, classifier and inserts: ids seen in its state, counts in its sink."""

from tempfile import TemporaryDirectory
from typing import Any

from quixstreams import Application, State
from quixstreams.models import JSONDeserializer
from quixstreams.sinks import BatchingSink, SinkBatch

from benchmarks.peers.job import classifier, say_reading, start
from benchmarks.peers.sink import Key, Sink, keys_of
from schemas.decode import decode_post


class Counts(BatchingSink):
    """Counts in memory, written with the posts at each checkpoint."""

    def __init__(self, sink: Sink) -> None:
        super().__init__()
        self._sink = sink
        self._counts: dict[Key, int] = {}

    def write(self, batch: SinkBatch) -> None:
        """Count one partition's part of a checkpoint."""
        for item in batch:
            post, said = item.value
            self._sink.post(post, said, batch._partition, item.offset, item.timestamp)
            for key in keys_of(post, said, batch._partition):
                self._counts[key] = number = self._counts.get(key, 0) + 1
                self._sink.count(key, number, item.offset)

    def flush(self) -> None:
        """All partitions in one insert a table."""
        super().flush()
        self._sink.take()()


def first_sighting(_post: Any, state: State) -> bool:
    """Whether this key was not met before."""
    if state.exists("seen"):
        return False
    state.set("seen", True)
    return True


def main(state: str) -> None:
    job = start()
    reader = classifier(job.classified)
    app = Application(
        broker_address=job.broker,
        consumer_group=job.group,
        auto_offset_reset="earliest",
        commit_interval=1.0,
        state_dir=state,
        loglevel="WARNING",
        consumer_extra_config={"session.timeout.ms": 6000, "heartbeat.interval.ms": 1000},  # joins sooner
    )
    begun = False

    def read(post: Any) -> Any:
        nonlocal begun
        if not begun:
            begun = True
            say_reading()
        return post, reader.classify(post.title, post.description, post.skills, post.category)

    values = JSONDeserializer(loads=lambda value: decode_post(value, None))
    posts = app.dataframe(app.topic(job.topic, value_deserializer=values))
    posts.filter(first_sighting, stateful=True).apply(read).sink(Counts(Sink(job, reader.taxonomy_version)))
    app.run()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        main(folder)
