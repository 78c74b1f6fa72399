"""From the bytes of a record to a valid event, or to the reason why not. Pure."""

from datetime import UTC, datetime
from typing import Final

import msgspec

from schemas import limits
from schemas.job_post import MAJOR_VERSION, JobPost

MAX_DETAIL: Final = 500
"""A reason may quote the record; it travels in a header of the dead letter, which must fit where the record did."""


class RejectedPost(Exception):
    """The bytes are not a job post that can be counted.

    The agent reacts by writing the record to the dead letters with `code` and `detail`; it never retries.
    `code` is one of REASONS; `detail` is one sentence for a person, of at most MAX_DETAIL characters.
    """

    def __init__(self, code: str, detail: str) -> None:
        detail = detail if len(detail) <= MAX_DETAIL else f"{detail[: MAX_DETAIL - 4]} ..."
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


REASONS: Final = {
    "empty": "The record has no value (a tombstone or an empty message).",
    "not_utf8": "The bytes are not UTF-8 text.",
    "not_json": "The text is not one JSON document.",
    "invalid": "The JSON does not fit the schema of a job post.",
    "unknown_version": "The major schema version is not known to this worker.",
    "absurd_time": "posted_at lies outside the years of job posts, or ahead of the record's own time.",
    "key_mismatch": "The record's key is not the post's id, so repeats could reach another partition.",
}
"""Every reason code with its meaning; also the COMMENT of the column `dead_letters.reason`."""

_DECODER: Final = msgspec.json.Decoder(JobPost)


class _Version(msgspec.Struct):
    schema_version: str | float = str(MAJOR_VERSION)


_VERSION_DECODER: Final = msgspec.json.Decoder(_Version)


def decode_post(value: bytes | None, recorded_at: datetime | None) -> JobPost:
    """The job post in `value`.

    `recorded_at` is the record's own timestamp in UTC, None where the log has none. The outcome depends on
    the arguments alone. Raises RejectedPost.
    """
    if not value:
        raise RejectedPost("empty", "the record has no value")
    try:
        post = _DECODER.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _reason(value, error) from error
    _check_time(post.posted_at, recorded_at)
    return post


def _check_time(posted_at: datetime, recorded_at: datetime | None) -> None:
    if not limits.EARLIEST_POSTED_AT <= posted_at < limits.LATEST_POSTED_AT:
        raise RejectedPost(
            "absurd_time",
            f"posted_at {posted_at.isoformat()} is outside the years"
            f" {limits.EARLIEST_POSTED_AT.year} to {limits.LATEST_POSTED_AT.year - 1}",
        )
    if recorded_at is not None and posted_at - recorded_at > limits.MAX_AHEAD:
        raise RejectedPost(
            "absurd_time",
            f"posted_at {posted_at.isoformat()} is more than a day after the record's own time"
            f" {recorded_at.isoformat()}",
        )


def _reason(value: bytes, error: Exception) -> RejectedPost:
    """Why `value` did not decode: the version first, since another version may differ in every field."""
    try:
        value.decode()
    except UnicodeDecodeError as bad:
        return RejectedPost("not_utf8", f"byte {bad.start} is not valid UTF-8")
    try:
        _check_version(_VERSION_DECODER.decode(value).schema_version)
    except RejectedPost as unknown:
        return unknown
    except (msgspec.DecodeError, RecursionError):
        pass
    if isinstance(error, RecursionError):
        return RejectedPost("not_json", "nested too deeply to be a job post")
    code = "invalid" if isinstance(error, msgspec.ValidationError) else "not_json"
    return RejectedPost(code, str(error))


def _check_version(version: str | float) -> None:
    if str(version).partition(".")[0] != str(MAJOR_VERSION):
        raise RejectedPost(
            "unknown_version", f"schema_version {version!r}: this worker knows version {MAJOR_VERSION}"
        )


_LAST_RECORD_TIME: Final = datetime(2200, 1, 1, tzinfo=UTC).timestamp() * 1e3


def record_time(timestamp_ms: int | None) -> datetime | None:
    """A record's timestamp (milliseconds since the epoch, -1 or None where the log has none) as UTC.

    Producers choose timestamps: one that a `DateTime64` cannot hold (1900 to 2299) counts as none.
    """
    if timestamp_ms is None or not 0 <= timestamp_ms < _LAST_RECORD_TIME:
        return None
    return datetime.fromtimestamp(timestamp_ms / 1000, UTC)
