"""History from files: what is stored is passed over, what is new is sent, and it ends when all is counted."""

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

import msgspec
from clickhouse_connect.driver.client import Client

from streams.ingest.run import Send
from streams.sender import RecordTooLarge

_AT_ONCE: Final = 1_000
"""Posts looked up in one query."""

_BYTES_AT_ONCE: Final = 100_000
"""Bytes of their ids: twice as many where all are escaped, which a server still reads, as it does up to 256 KiB."""

_STORED: Final = (
    "SELECT post_id, toUnixTimestamp(posted_at) FROM job_posts WHERE (posted_at, post_id) IN %(posts)s"
)

_COUNTED: Final = """
SELECT partition, max(last_offset) + 1 FROM pipeline_batches WHERE source = {source:String} GROUP BY partition
"""


class _Identity(msgspec.Struct):
    post_id: str
    posted_at: datetime

    @property
    def key(self) -> tuple[str, int]:
        return self.post_id, int(self.posted_at.timestamp())


class NewPosts:
    """Sends posts that are not stored under their id and time, however long ago they were.

    The workers alone know a repeat for `SKILLPULSE_SIGHTINGS_WINDOW` messages; a file of history is longer.
    """

    def __init__(self, client: Client, send: Send) -> None:
        self._client = client
        self._send = send
        self._waiting: list[tuple[bytes, bytes]] = []
        self._bytes = 0
        self.sent = 0
        self.stored = 0
        self.too_large = 0

    def send(self, key: bytes, value: bytes) -> None:
        """Take one valid post; call `flush` after the last."""
        self._waiting.append((key, value))
        self._bytes += len(key)
        if len(self._waiting) >= _AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Send what waits and is not stored."""
        waiting, self._waiting, self._bytes = self._waiting, [], 0
        keys = [msgspec.json.decode(value, type=_Identity).key for _, value in waiting]
        stored = self._known(keys)
        for (key, value), identity in zip(waiting, keys, strict=True):
            if identity in stored:
                self.stored += 1
                continue
            try:
                self._send(key, value)
                self.sent += 1
            except RecordTooLarge:
                self.too_large += 1

    def _known(self, keys: list[tuple[str, int]]) -> set[tuple[str, int]]:
        if not keys:
            return set()
        posts = [(at, post_id) for post_id, at in keys]
        return {(post_id, at) for post_id, at in self._client.query(_STORED, {"posts": posts}).result_rows}


def wait_counted(
    client: Client,
    source: str,
    ends: Mapping[int, int],
    show: Callable[[int], None],
    sleep: Callable[[float], None] = time.sleep,
) -> None:
    """Wait until workers have made durable all before `ends` (partition -> offset); `show` gets what is left."""
    while True:
        rows = client.query(_COUNTED, {"source": source}).result_rows
        counted: dict[int, int] = {at[0]: at[1] for at in rows}
        left = sum(max(0, end - counted.get(partition, 0)) for partition, end in ends.items())
        show(left)
        if not left:
            return
        sleep(0.5)
