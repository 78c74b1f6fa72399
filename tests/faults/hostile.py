"""Records that are no posts, in all the ways in which producers and attackers get it wrong."""

import json
import random
from collections.abc import Iterator
from typing import Any, Final

from tests.faults.posts import Event

_POST: Final[dict[str, Any]] = {
    "post_id": "x",
    "posted_at": "2026-11-01T12:00:00Z",
    "title": "Python developer",
}
_SQL: Final = "'; DROP TABLE job_posts; --"
_HTML: Final = "<script>alert(1)</script>"
_FIELDS: Final = (
    "title",
    "description",
    "category",
    "country",
    "experience_level",
    "url",
    "source",
    "skills",
)


def hostile_events(count: int, rng: random.Random, largest: int) -> Iterator[Event]:
    """`count` records, none of which may be counted; texts of up to `largest` bytes, in one of each kind."""
    values = _kinds(rng, largest)
    while len(values) < count:
        values += _kinds(rng, 2_000)
    for number, value in enumerate(values[:count]):
        yield Event(b"x" if value is None or b'"x"' in value else f"h{number}".encode(), value)


def odd_but_good(rng: random.Random) -> Iterator[Event]:
    """Posts full of SQL, HTML, control characters and foreign scripts, which are to be counted all the same."""
    texts = (
        _SQL,
        _HTML,
        "\0\t\r\n\x1b[31m",
        "Ünïcödé 漢字 עברית 🧑‍💻",
        "{{7*7}} ${jndi:ldap://x} %s %n",
        "a" * 200,
    )
    for number, text in enumerate(texts * 10):
        post_id = f"odd-{number}-{rng.randrange(10**9)}-{text[:20]}"
        post = _POST | {field: text for field in _FIELDS if field != "skills"}
        post |= {"post_id": post_id, "skills": [text, text], "client_size": "unknown"}
        yield Event(post_id.encode(), json.dumps(post).encode())


def _kinds(rng: random.Random, largest: int) -> list[bytes | None]:
    whole = json.dumps(_POST).encode()
    wrong_types = [
        {field: value}
        for field in ("post_id", "posted_at", "title", "description", "category", "country", "client_size")
        for value in (7, None, [], {}, True, [_SQL], {"a": _HTML})
    ]
    wrong_values: list[dict[str, Any]] = [
        {"post_id": ""},
        {"post_id": "  "},
        {"post_id": "y" * 201},
        {"title": ""},
        {"title": "t" * 1_025},
        {"description": "d" * 65_537},
        {"skills": ["s"] * 101},
        {"skills": _SQL},
        {"contract": _SQL},
        {"client_size": _HTML},
        {"currency": _SQL},
        {"hourly_min": -1},
        {"hourly_min": "12"},
        {"fixed_budget": 1e300},
        {"schema_version": "2.0"},
        {"schema_version": "9" * (largest - 200)},
        {"schema_version": _SQL},
        *({"posted_at": time} for time in _TIMES),
        *({field: "b" * max(largest - 300, 66_000)} for field in _FIELDS),  # past every limit
    ]
    return [
        None,
        b"",
        b" ",
        b"null",
        b"[]",
        b"17",
        b'"x"',
        b"NaN",
        b"{",
        whole[: rng.randrange(2, len(whole) - 1)],
        whole + whole,
        whole + b"garbage",
        whole.replace(b'"', b"'"),
        b"\xef\xbb\xbf" + whole,
        json.dumps(_POST).encode("utf-16"),
        json.dumps(_POST).encode("utf-32"),
        whole.replace(b"Python", b"\xff\xfe\xc0"),
        whole.replace(b"Python", b"\\ud800"),
        whole.replace(b"Python", b"\x00"),
        rng.randbytes(500),
        b"[" * 50_000,
        b'{"a":' * 20_000,
        whole[:-1] + b',"deep":' + b"[" * 20_000 + b"]" * 20_000 + b"}",
        _SQL.encode(),
        _HTML.encode(),
        b"x" * (largest - 100),
        whole.replace(b'"x"', b'"another id than the key"'),
        *(json.dumps(_POST | wrong).encode() for wrong in (*wrong_types, *wrong_values)),
    ]


_TIMES: Final = (
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "1970-01-01T00:00:00Z",
    "2099-01-01T00:00:00Z",
    "2026-11-01T12:00:00",
    "2026-13-01T12:00:00Z",
    "2026-02-30T12:00:00Z",
    "yesterday",
    "1793534400",
    "",
    _SQL,
)
