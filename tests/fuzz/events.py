"""Events with fields and bytes changed at random, half of them between good posts; a plain oracle says what each is."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

from schemas.decode import decode_post
from schemas.rejected import RejectedEvent
from tests.faults.posts import Event, Mix, posts

_VALUES: Final[tuple[Any, ...]] = (
    None,
    True,
    -1,
    10**400,
    1e308,
    "",
    " ",
    "\0",
    "\ud800",
    "a" * 3_000,
    "2026-02-30T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "2026-01-01T00:00:00",
    "'; DROP TABLE job_posts; --",
    "<img src=x onerror=alert(1)>",
    [],
    [["x"]],
    {"a": {}},
    ["x"] * 200,
)
_FIELDS: Final = (
    "post_id",
    "posted_at",
    "title",
    "description",
    "skills",
    "country",
    "client_size",
    "hourly_min",
)


def fuzzed(count: int, rng: random.Random) -> Iterator[Event]:
    """`count` events, every other one changed."""
    for number, event in enumerate(posts(count, rng, Mix(repeats=0.05, late=0.05))):
        yield event if number % 2 else _changed(event, rng)


def expected(events: list[Event]) -> tuple[set[str], int]:
    """Ids of the posts that must count, and how many records must be rejected."""
    ids, rejected, now = set(), 0, datetime.now(UTC)
    for event in events:
        try:
            post = decode_post(event.value, now)
        except RejectedEvent:
            rejected += 1
            continue
        if event.key == post.post_id.encode():
            ids.add(post.post_id)
        else:
            rejected += 1
    return ids, rejected


def _changed(event: Event, rng: random.Random) -> Event:
    assert event.value is not None
    kind = rng.randrange(4)
    if kind == 0:  # a field
        post = json.loads(event.value) | {rng.choice(_FIELDS): rng.choice(_VALUES)}
        value = json.dumps(post).encode()
        key = str(post["post_id"]).encode("utf-8", "replace") if rng.random() < 0.8 else event.key
        return Event(key, value)
    value = bytearray(event.value)
    if kind == 1:  # cut off
        return event._replace(value=bytes(value[: rng.randrange(len(value))]))
    for _ in range(rng.randint(1, 6)):  # bytes
        at = rng.randrange(len(value))
        value[at : at + rng.randint(0, 3)] = rng.randbytes(rng.randint(0, 3))
    return event._replace(
        value=bytes(value), key=event.key if kind == 2 else rng.choice([None, b"", b"\xff"])
    )
