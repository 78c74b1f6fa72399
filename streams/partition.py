"""The state of one partition, and how a batch changes it. Pure: what the store holds is handed in."""

from datetime import datetime
from typing import NamedTuple

from schemas.decode import decode_post, record_time
from schemas.job_post import JobPost
from schemas.rejected import RejectedEvent
from streams.batch import Batch, Record
from streams.sightings import Sightings
from streams.windows import Windows


class Sighted(NamedTuple):
    """A first sighting: a post that counts."""

    record: Record
    post: JobPost


class Rejected(NamedTuple):
    """A record that cannot be counted, and why, as in RejectedEvent.

    Not the exception itself: its traceback holds the batch, which would stay in memory until garbage is collected.
    """

    record: Record
    code: str
    detail: str


class Sifted(NamedTuple):
    """A batch after decoding and sighting."""

    posts: list[Sighted]
    rejected: list[Rejected]
    repeats: int


class Partition:
    """What must be known of a partition to go on at `next_offset`: a function of the log before it.

    A batch that does not begin there (a rebalance, a replay) makes the state stale: `continues` says so, and a new
    state is loaded from the store, which holds all that was acknowledged.
    """

    def __init__(self, next_offset: int, sightings: Sightings, windows: Windows) -> None:
        self.next_offset = next_offset
        self.sightings = sightings
        self.windows = windows

    def continues(self, batch: Batch) -> bool:
        """Whether `batch` begins where this state ends."""
        return batch.begins == self.next_offset

    def sift(self, batch: Batch, closed_before: datetime) -> Sifted:
        """Decode the records and tell first sightings from repeats.

        Of months before `closed_before` posts are not kept: whether a post of theirs is a repeat cannot be told.
        """
        read = [_read(record) for record in batch.records]
        self.sightings.recall(
            [post.post_id for post in read if isinstance(post, JobPost)], batch.first_offset
        )
        sifted = Sifted([], [], 0)
        repeats = 0
        for record, post in zip(batch.records, read, strict=True):
            if isinstance(post, Rejected):
                sifted.rejected.append(post)
            elif post.posted_at < closed_before and not self.sightings.known(post.post_id, record.offset):
                too_old = f"posts from before {closed_before:%F} count no more"
                sifted.rejected.append(Rejected(record, "closed_month", too_old))
            elif self.sightings.first(post.post_id, record.offset):
                sifted.posts.append(Sighted(record, post))
            else:
                repeats += 1
        self.next_offset = batch.last_offset + 1
        return sifted._replace(repeats=repeats)


def _read(record: Record) -> JobPost | Rejected:
    try:
        post = decode_post(record.value, record_time(record.timestamp))
    except RejectedEvent as reason:
        return Rejected(record, reason.code, reason.detail)
    if record.key != post.post_id.encode():
        return Rejected(
            record,
            "key_mismatch",
            "the record's key is not its post_id: send it with key = post_id, so that repeats meet in one partition",
        )
    return post
