"""Records that no worker can count: what broken producers really send. Pure."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

import msgspec

from schemas import limits
from streams.simulate.phrases import draw


def _changed(**changes: Any) -> Callable[[bytes], bytes]:
    return lambda value: msgspec.json.encode(msgspec.json.decode(value) | changes)


_WAYS: Final[tuple[Callable[[bytes], bytes], ...]] = (
    lambda value: value[: len(value) * 2 // 3],
    lambda value: value.replace(b'"title":"', b'"title":"caf\xe9 ', 1),
    lambda value: value.replace(b'"title":', b'"headline":', 1),
    lambda value: b"[" + value + b"]",
    _changed(posted_at="yesterday"),
    _changed(posted_at="2024-05-01 10:00:00"),
    _changed(posted_at="0001-01-01T00:00:00Z"),
    _changed(schema_version="2.0"),
    _changed(post_id=""),
    _changed(hourly_min=-5),
    _changed(skills="Python, SQL"),
    _changed(title="x" * (limits.MAX_TITLE + 1)),
)
"""One broken form each of: truncated, not UTF-8, a field missing or of another type, out of the limits."""


def broken(value: bytes, random: Random) -> bytes:
    """The good post `value`, broken in one of the ways above."""
    return draw(_WAYS, random)(value)
