"""Clients of ClickHouse's HTTP interface: the same for the server and for the embedded engine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import clickhouse_connect
from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError
from clickhouse_connect.driver.httputil import get_pool_manager_options
from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import ProtocolError

from sinks.clickhouse.cluster import SETTINGS as CLUSTER_SETTINGS
from sinks.clickhouse.errors import fault_of
from sinks.retry import SinkRefused

_CONNECT_SECONDS: Final = 10
_ANSWER_SECONDS: Final = 300
"""The longest query of ours is the audit of a year, which takes a minute on two cores."""

WRITER_SETTINGS: Final = {
    "async_insert": 0,  # we batch ourselves and acknowledge what is written, not what is queued
    "insert_deduplicate": 0,  # rows are idempotent by their keys; a block that looks the same need not be
    "max_partitions_per_insert_block": 0,  # late posts may fall into any month since 2000
    "date_time_input_format": "best_effort",
}
"""Said with every request of a writer, since defaults differ between versions and installations."""


class Address(NamedTuple):
    """Where ClickHouse is and who we are there."""

    url: str
    user: str
    password: str
    database: str
    ca_file: Path | None = None
    cluster: str = ""
    """Set for who writes to a cluster: what is confirmed must be there for every later reader."""


class WholeAnswers(PoolManager):
    """Connections whose answers say where they end; an answer that does not was cut off in its headers.

    Python's HTTP client takes the end of the stream for the end of the headers, and clickhouse-connect an answer
    without a body for a result without rows: counts would be loaded as empty, and be counted from zero.
    """

    def __init__(self, ca_file: Path | None) -> None:
        super().__init__(**get_pool_manager_options(ca_cert=str(ca_file) if ca_file else None))

    def urlopen(self, method: str, url: str, redirect: bool = True, **options: Any) -> BaseHTTPResponse:  # type: ignore[override]  # a narrower signature than urllib3's union
        """Raises ProtocolError for an answer without an end, which clickhouse-connect makes an OperationalError."""
        answer = super().urlopen(method, url, redirect, **options)
        if "Content-Length" not in answer.headers and "Transfer-Encoding" not in answer.headers:
            answer.close()
            raise ProtocolError("the answer was cut off in its headers")
        return answer


@contextmanager
def opened(address: Address, **settings: Any) -> Iterator[Client]:
    """A client that is closed at the end, whose failures are faults: SinkUnavailable or SinkRefused."""
    client = connect(address, **settings)
    try:
        yield client
    except (ClickHouseError, OSError) as error:
        raise fault_of(error, address.url) from error
    finally:
        disconnect(client)


def disconnect(client: Client) -> None:
    """Close the client and its connections, which `close` alone leaves to the pool."""
    client.close_connections()
    client.close()


def connect(address: Address, **settings: Any) -> Client:
    """A client, for use in one thread at a time. Raises SinkUnavailable or SinkRefused."""
    parts = urlsplit(address.url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise SinkRefused(
            f"{address.url!r} is not an address of ClickHouse: http://host:8123 or https://host:8443"
        )
    secure = parts.scheme == "https"
    try:
        return clickhouse_connect.get_client(
            host=parts.hostname,
            port=parts.port or (8443 if secure else 8123),
            secure=secure,
            username=address.user,
            password=address.password,
            database=address.database,
            pool_mgr=WholeAnswers(address.ca_file),
            connect_timeout=_CONNECT_SECONDS,
            send_receive_timeout=_ANSWER_SECONDS,
            query_retries=0,  # Retry decides
            autogenerate_session_id=False,  # a session would forbid two queries at once
            settings=CLUSTER_SETTINGS | settings if address.cluster else settings,
        )
    except Exception as error:
        raise fault_of(error, address.url) from error
