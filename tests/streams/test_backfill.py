from typing import Any, cast

import msgspec
import pytest
from clickhouse_connect.driver.binding import finalize_query
from clickhouse_connect.driver.client import Client

from schemas.limits import MAX_POST_ID
from streams.backfill import NewPosts

_READ_BY_A_SERVER = 262_144
"""Bytes of a query: the default of `max_query_size`."""


class Asked:
    """A client that knows no post, and remembers how many bytes it was asked with."""

    result_rows = ()

    def __init__(self) -> None:
        self.sizes: list[int] = []

    def query(self, query: str, parameters: dict[str, Any]) -> "Asked":
        self.sizes.append(len(finalize_query(query, parameters).encode()))
        return self


@pytest.mark.parametrize("letter", ["x", "ü", "😀", "'", "\\", "\0"])
def test_a_server_reads_the_question_for_posts_with_the_longest_ids(letter: str) -> None:
    client, sent = Asked(), []
    new = NewPosts(cast(Client, client), lambda key, _: sent.append(key))
    ids = [f"{number:04d}".ljust(MAX_POST_ID, letter) for number in range(2_500)]
    for post_id in ids:
        post = {"post_id": post_id, "posted_at": "2025-11-03T10:00:00Z"}
        new.send(post_id.encode(), msgspec.json.encode(post))
    new.flush()
    assert sent == [post_id.encode() for post_id in ids]
    assert max(client.sizes) < _READ_BY_A_SERVER
