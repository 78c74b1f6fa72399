"""An answer of ClickHouse's that was cut off is a fault to try again after, never a result with fewer rows."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from sinks.clickhouse.client import Address, connect, disconnect
from sinks.clickhouse.errors import RETRIABLE, fault_of
from sinks.retry import SinkRefused, SinkUnavailable
from tests.conftest import Server
from tests.faults.kinds.database import FatalErrors
from tests.faults.proxy import Proxy

ROWS = 50_000


@pytest.fixture
def proxy(clickhouse: Server) -> Iterator[Proxy]:
    target = urlsplit(clickhouse.url)
    made = Proxy((str(target.hostname), target.port or 8123))
    yield made
    made.close()


def rows_through(proxy: Proxy, clickhouse: Server) -> int:
    """How many of ROWS rows arrive."""
    client = connect(Address(proxy.url, clickhouse.user, clickhouse.password, "default"))
    try:
        return len(client.query(f"SELECT number, toString(number) FROM numbers({ROWS})").result_rows)
    except Exception as error:
        raise fault_of(error, proxy.url) from error
    finally:
        disconnect(client)


def fault_through(proxy: Proxy, clickhouse: Server) -> type[Exception]:
    with pytest.raises((SinkUnavailable, SinkRefused)) as fault:
        rows_through(proxy, clickhouse)
    return fault.type


@pytest.mark.parametrize("after", [*range(0, 1_200, 60), 20_000, 300_000])
def test_no_cut_answer_is_taken_for_a_result(clickhouse: Server, proxy: Proxy, after: int) -> None:
    client = connect(Address(proxy.url, clickhouse.user, clickhouse.password, "default"))
    proxy.cut_answers(after)
    try:
        with pytest.raises(Exception) as raised:  # noqa: PT011 - which one it is, fault_of decides
            client.query(f"SELECT number, toString(number) FROM numbers({ROWS})")
        assert isinstance(fault_of(raised.value, proxy.url), SinkUnavailable)
    finally:
        disconnect(client)


@pytest.mark.parametrize("status", ["502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"])
def test_a_gateways_page_is_worth_another_try(clickhouse: Server, proxy: Proxy, status: str) -> None:
    proxy.gateway(status)
    assert fault_through(proxy, clickhouse) is SinkUnavailable


@pytest.mark.parametrize(("code", "name"), [*RETRIABLE.items()])
def test_retriable_codes_are_worth_another_try(
    clickhouse: Server, proxy: Proxy, code: int, name: str
) -> None:
    proxy.answer(code, name)
    assert fault_through(proxy, clickhouse) is SinkUnavailable


@pytest.mark.parametrize(("code", "name"), FatalErrors.codes)
def test_other_codes_are_not(clickhouse: Server, proxy: Proxy, code: int, name: str) -> None:
    proxy.answer(code, name)
    assert fault_through(proxy, clickhouse) is SinkRefused


def test_all_rows_arrive_through_a_healthy_proxy(clickhouse: Server, proxy: Proxy) -> None:
    assert rows_through(proxy, clickhouse) == ROWS
