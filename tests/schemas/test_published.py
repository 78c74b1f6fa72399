import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from schemas import limits
from schemas.decode import decode_post
from schemas.published import EVENTS, FOLDER, rendered
from schemas.rejected import RejectedEvent

VALIDATOR = Draft202012Validator(json.loads(rendered("job_post.v1.json")))
NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.mark.parametrize("name", EVENTS)
def test_the_committed_schema_is_the_generated_one(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == rendered(name), "run python -m schemas"


@pytest.mark.parametrize("name", EVENTS)
def test_the_schema_is_a_valid_schema(name: str) -> None:
    Draft202012Validator.check_schema(json.loads(rendered(name)))


def accepts(post: Any) -> bool:
    try:
        decode_post(json.dumps(post).encode(), NOW)
    except RejectedEvent:
        return False
    return True


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
short_texts = texts | st.sampled_from(
    ["x" * limits.MAX_TAG, "é" * limits.MAX_TAG, "x" * (limits.MAX_TAG + 1)]
)
times = st.datetimes(
    min_value=datetime(2000, 1, 2), max_value=datetime(2026, 11, 22), timezones=st.just(UTC)
).map(datetime.isoformat)
pay = st.none() | st.floats(0, limits.MAX_PAY) | st.integers(0, 1000)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
good = st.fixed_dictionaries(
    {
        "post_id": st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=20),
        "posted_at": times,
        "title": texts.filter(bool),
    },
    optional={
        "description": texts,
        "skills": st.lists(texts, max_size=4),
        "category": texts,
        "country": texts,
        "contract": st.sampled_from(["hourly", "fixed", None]),
        "hourly_min": pay,
        "hourly_max": pay,
        "fixed_budget": pay,
        "currency": st.sampled_from(["USD", "EUR", None]),
        "client_size": st.sampled_from(["smb", "large", "unknown"]),
        "experience_level": texts,
        "url": texts,
        "source": texts,
        "schema_version": st.sampled_from(["1", "1.4", 1]),
        "a field of tomorrow": anything,
    },
)
FIELDS = sorted(VALIDATOR.schema["properties"])
near_misses = st.sampled_from(
    ["", " ", "usd", "USD\n", "1\n", "1.x", "weekly", "2024-01-01", "2024-01-01T00:00:00"]
    + ["x" * n for n in (limits.MAX_POST_ID + 1, limits.MAX_TITLE, limits.MAX_TITLE + 1, limits.MAX_URL + 1)]
    + [-1, -0.5, limits.MAX_PAY * 2, 1.5, True, None, [], {}, [1], [""] * (limits.MAX_TAGS + 1)]
)


@given(good)
def test_schema_and_decoder_both_take_good_posts(post: dict[str, Any]) -> None:
    assert VALIDATOR.is_valid(post)
    assert accepts(post)


@given(good, st.sampled_from(FIELDS), anything | near_misses | short_texts)
def test_schema_and_decoder_agree_on_any_change_of_one_field(
    post: dict[str, Any], field: str, value: Any
) -> None:
    post[field] = value
    assert VALIDATOR.is_valid(post) == accepts(post)


@given(good, st.sampled_from(FIELDS))
def test_schema_and_decoder_agree_on_what_may_be_left_out(post: dict[str, Any], field: str) -> None:
    post.pop(field, None)
    assert VALIDATOR.is_valid(post) == accepts(post)


@given(anything)
def test_schema_and_decoder_agree_that_anything_else_is_no_post(value: Any) -> None:
    assert VALIDATOR.is_valid(value) == accepts(value)


@pytest.mark.parametrize(
    ("written", "good_time"),
    [
        pytest.param("2024-05-01T10:00:00Z", True, id="UTC"),
        pytest.param("2024-05-01t10:00:00.123456789z", True, id="nanoseconds, lower case"),
        pytest.param("2024-05-01 10:00:00+05:30", True, id="space and offset"),
        pytest.param("2024-05-01T10:00:00+0530", True, id="offset without a colon"),
        pytest.param("2024-05-01T10:00:00", False, id="no time zone"),
        pytest.param("2024-05-01T10:00Z", False, id="no seconds"),
        pytest.param("2024-05-01", False, id="date"),
        pytest.param("01/05/2024 10:00:00Z", False, id="other order"),
        pytest.param("2024-05-01T10:00:00Z\n", False, id="line break"),
    ],
)
def test_schema_and_decoder_agree_on_times(written: str, good_time: bool) -> None:
    post = {"post_id": "a", "title": "t", "posted_at": written}
    assert VALIDATOR.is_valid(post) is accepts(post) is good_time


def test_a_false_calendar_date_needs_the_decoder() -> None:
    """The schema cannot know calendars; what passes it here still ends as a rejection, never as a count."""
    assert not accepts({"post_id": "a", "title": "t", "posted_at": "2024-02-30T10:00:00Z"})
