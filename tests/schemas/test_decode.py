import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import limits
from schemas.decode import decode_post, record_time
from schemas.rejected import MAX_DETAIL, REASONS, RejectedEvent

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
POST = {"post_id": "p1", "posted_at": "2026-11-22T11:59:00Z", "title": "Python developer"}


def encoded(**changes: Any) -> bytes:
    return json.dumps(POST | changes).encode()


def test_a_minimal_post() -> None:
    post = decode_post(encoded(), NOW)
    assert (post.post_id, post.title, post.skills, post.client_size) == (
        "p1",
        "Python developer",
        (),
        "unknown",
    )
    assert post.posted_at == datetime(2026, 11, 22, 11, 59, tzinfo=UTC)


def test_unknown_fields_are_kept_out() -> None:
    assert decode_post(encoded(nested={"a": [1, {"b": None}]}), NOW) == decode_post(encoded(), NOW)


@pytest.mark.parametrize("version", ["1", "1.7", 1, 1.7])
def test_known_versions(version: str | float) -> None:
    assert decode_post(encoded(schema_version=version), NOW).title


@pytest.mark.parametrize(
    ("value", "code", "says"),
    [
        pytest.param(None, "empty", "no value", id="tombstone"),
        pytest.param(b"", "empty", "no value", id="no bytes"),
        pytest.param(b'{"title": "caf\xe9"}', "not_utf8", "byte 14", id="latin-1"),
        pytest.param("{}".encode("utf-16"), "not_utf8", "byte 0", id="utf-16"),
        pytest.param(encoded()[:-9], "not_json", "truncated", id="truncated"),
        pytest.param(encoded() + encoded(), "not_json", "trailing", id="two documents"),
        pytest.param(b"\xef\xbb\xbf" + encoded(), "not_json", "byte 0", id="byte order mark"),
        pytest.param(b'{"title": "\\ud800 cut off"}', "not_json", "surrogate", id="half a character"),
        pytest.param(b"post_id,title", "not_json", "malformed", id="csv"),
        pytest.param(b'{"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "not_json", "deeply", id="deep"),
        pytest.param(b"[1]", "invalid", "Expected `object`", id="a list"),
        pytest.param(b'"text"', "invalid", "Expected `object`", id="a text"),
        pytest.param(b"{}", "invalid", "post_id", id="nothing in it"),
        pytest.param(encoded(post_id=""), "invalid", "$.post_id", id="empty id"),
        pytest.param(encoded(post_id=" \t"), "invalid", "$.post_id", id="blank id"),
        pytest.param(encoded(post_id=7), "invalid", "$.post_id", id="a number as id"),
        pytest.param(encoded(title=None), "invalid", "$.title", id="no title"),
        pytest.param(encoded(title="x" * (limits.MAX_TITLE + 1)), "invalid", "$.title", id="long title"),
        pytest.param(
            encoded(description="x" * (limits.MAX_DESCRIPTION + 1)),
            "invalid",
            "$.description",
            id="long text",
        ),
        pytest.param(encoded(skills=["x"] * (limits.MAX_TAGS + 1)), "invalid", "$.skills", id="many tags"),
        pytest.param(encoded(skills=["x" * (limits.MAX_TAG + 1)]), "invalid", "$.skills[", id="long tag"),
        pytest.param(encoded(skills="python, sql"), "invalid", "$.skills", id="tags in one text"),
        pytest.param(encoded(url="x" * (limits.MAX_URL + 1)), "invalid", "$.url", id="long url"),
        pytest.param(encoded(contract="weekly"), "invalid", "$.contract", id="contract"),
        pytest.param(encoded(client_size="tiny"), "invalid", "$.client_size", id="client size"),
        pytest.param(encoded(hourly_min="25"), "invalid", "$.hourly_min", id="pay as text"),
        pytest.param(encoded(hourly_min=-1), "invalid", "$.hourly_min", id="negative pay"),
        pytest.param(encoded(fixed_budget=2e9), "invalid", "$.fixed_budget", id="absurd pay"),
        pytest.param(encoded(currency="usd"), "invalid", "$.currency", id="currency"),
        pytest.param(encoded(posted_at="yesterday"), "invalid", "$.posted_at", id="not a time"),
        pytest.param(encoded(posted_at="2026-11-22T10:00:00"), "invalid", "$.posted_at", id="no time zone"),
        pytest.param(encoded(posted_at=1_700_000_000), "invalid", "$.posted_at", id="epoch seconds"),
        pytest.param(encoded(posted_at="2026-02-30T10:00:00Z"), "invalid", "$.posted_at", id="30 February"),
        pytest.param(encoded(schema_version="2"), "unknown_version", "version 1", id="version 2"),
        pytest.param(encoded(schema_version=0), "unknown_version", "version 1", id="version 0"),
        pytest.param(encoded(schema_version=2.5), "unknown_version", "2.5", id="version as a number"),
        pytest.param(
            b'{"schema_version": "2", "job": {}}', "unknown_version", "'2'", id="version 2, other fields"
        ),
        pytest.param(encoded(schema_version="1.x"), "invalid", "$.schema_version", id="a broken minor"),
        pytest.param(encoded(posted_at="0001-01-01T00:00:00+05:00"), "absurd_time", "2000", id="year 1"),
        pytest.param(encoded(posted_at="1999-12-31T23:59:59Z"), "absurd_time", "2000", id="1999"),
        pytest.param(encoded(posted_at="9999-12-31T23:59:59-05:00"), "absurd_time", "2099", id="year 9999"),
        pytest.param(encoded(posted_at="2026-11-23T12:00:01Z"), "absurd_time", "a day after", id="tomorrow"),
    ],
)
def test_rejections(value: bytes | None, code: str, says: str) -> None:
    with pytest.raises(RejectedEvent) as rejected:
        decode_post(value, NOW)
    assert rejected.value.code == code
    assert code in REASONS
    assert says in rejected.value.detail
    assert len(rejected.value.detail.splitlines()) == 1


@pytest.mark.parametrize(
    "posted_at",
    [
        pytest.param("2000-01-01T00:00:00Z", id="first moment"),
        pytest.param("1999-12-31T23:00:00-02:00", id="1999 by its own clock, 2000 in UTC"),
        pytest.param("2026-11-23T12:00:00Z", id="exactly a day ahead"),
    ],
)
def test_the_borders_of_time_are_inside(posted_at: str) -> None:
    assert decode_post(encoded(posted_at=posted_at), NOW)


def test_without_a_record_time_only_the_years_are_checked() -> None:
    assert decode_post(encoded(posted_at="2090-01-01T00:00:00Z"), None)


@given(st.binary(max_size=200))
def test_bytes_never_do_worse_than_a_rejection(value: bytes) -> None:
    with pytest.raises(RejectedEvent):
        decode_post(value, NOW)


@given(st.integers(0, 300))
def test_a_cut_post_is_rejected_wherever_it_is_cut(at: int) -> None:
    with pytest.raises(RejectedEvent):
        decode_post(encoded(description="ü" * 60)[: min(at, len(encoded()) - 1)], NOW)


@pytest.mark.parametrize(
    ("milliseconds", "expected"),
    [
        pytest.param(0, datetime(1970, 1, 1, tzinfo=UTC), id="epoch"),
        pytest.param(1_500, datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=1.5), id="fraction"),
        pytest.param(-1, None, id="Kafka's no timestamp"),
        pytest.param(None, None, id="none"),
        pytest.param(10**18, None, id="beyond calendars"),
    ],
)
def test_record_time(milliseconds: int | None, expected: datetime | None) -> None:
    assert record_time(milliseconds) == expected


def test_a_reason_stays_short_whatever_it_quotes():
    value = json.dumps({"schema_version": "9" * 900_000}).encode()
    with pytest.raises(RejectedEvent) as rejected:
        decode_post(value, None)
    assert rejected.value.code == "unknown_version"
    assert len(rejected.value.detail) <= MAX_DETAIL


@pytest.mark.parametrize("timestamp_ms", [253402300799999, 2**63 - 1])
def test_a_record_time_beyond_all_calendars_is_none(timestamp_ms):
    assert record_time(timestamp_ms) is None


def test_a_record_time_at_the_end_of_the_calendar_can_be_compared():
    post = json.dumps({"post_id": "a", "title": "b", "posted_at": "2026-01-01T00:00:00Z"}).encode()
    assert decode_post(post, datetime(9999, 12, 31, 23, 59, tzinfo=UTC)).post_id == "a"
