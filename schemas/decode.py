"""From the bytes of a record to a valid job post, or to the reason why not. Pure."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from schemas import limits
from schemas.event import decode_event
from schemas.job_post import MAJOR_VERSION, JobPost
from schemas.rejected import RejectedEvent

_DECODER: Final = msgspec.json.Decoder(JobPost)


def decode_post(value: bytes | None, recorded_at: datetime | None) -> JobPost:
    """The job post in `value`.

    `recorded_at` is the record's own timestamp in UTC, None where the log has none. The outcome depends on
    the arguments alone. Raises RejectedEvent.
    """
    post = decode_event(_DECODER, value, MAJOR_VERSION)
    _check_time(post.posted_at, recorded_at)
    return post


def _check_time(posted_at: datetime, recorded_at: datetime | None) -> None:
    if not limits.EARLIEST_POSTED_AT <= posted_at < limits.LATEST_POSTED_AT:
        raise RejectedEvent(
            "absurd_time",
            f"posted_at {posted_at.isoformat()} is outside the years"
            f" {limits.EARLIEST_POSTED_AT.year} to {limits.LATEST_POSTED_AT.year - 1}",
        )
    if recorded_at is not None and posted_at - recorded_at > limits.MAX_AHEAD:
        raise RejectedEvent(
            "absurd_time",
            f"posted_at {posted_at.isoformat()} is more than a day after the record's own time"
            f" {recorded_at.isoformat()}",
        )


_LAST_RECORD_TIME: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1e3


def record_time(timestamp_ms: int | None) -> datetime | None:
    """A record's timestamp (milliseconds since the epoch, -1 or None where the log has none) as UTC.

    Producers choose timestamps: one that a `DateTime64` cannot hold (1900 to 2299) counts as none.
    """
    if timestamp_ms is None or not 0 <= timestamp_ms < _LAST_RECORD_TIME:
        return None
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)
