"""What a hostile or broken client can do to the endpoint: it must refuse, and go on serving the others."""

from __future__ import annotations

import contextlib
import json
import resource
import socket
import threading
import time
import zlib
from pathlib import Path

import pytest

from sinks.embedded.limits import DEFAULT
from sinks.embedded.process import EmbeddedClickHouse
from tests.fuzz.requests import raw, resident

from .http import Http


def _raw(http: Http, request: bytes) -> bytes:
    return raw(http.endpoint, request)


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param(
            b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"a" * 100_000 + b"\r\n\r\n", id="huge header"
        ),
        pytest.param(b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 10_000 + b"\r\n", id="many headers"),
        pytest.param(b"GET /?query=" + b"a" * (2 << 20) + b" HTTP/1.1\r\n\r\n", id="huge URL"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200), id="TLS"),
        pytest.param(b"GET / HTTP/9.9\r\n\r\n", id="version"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: -5\r\n\r\n", id="negative length"
        ),
        pytest.param(
            b"POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            id="two lengths",
        ),
        pytest.param(
            b"POST /?user=skillpulse_analyst HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
            id="bad chunk",
        ),
        pytest.param(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n", id="two hosts"),
        pytest.param(b"\x00" * 5000, id="zeros"),
        pytest.param(b"GET / HTTP/1.1\r\nHost\x00: a\r\n\r\n", id="zero in a name"),
    ],
)
def test_malformed_requests_are_turned_away(http: Http, request_bytes: bytes) -> None:
    received = _raw(http, request_bytes)
    assert not received.startswith(b"HTTP/1.1 5")
    assert b"Traceback" not in received
    assert http.ok("SELECT 1") == "1"


@pytest.mark.slow
def test_ten_thousand_connections_take_no_more_than_the_allowed_ones(
    http: Http, engine: EmbeddedClickHouse
) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = min(10_000, hard - 500)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, wanted + 500)), hard))
    files, before = Path(f"/proc/{engine.pid}/fd"), resident(engine.pid)
    held: list[socket.socket] = []
    try:
        for _ in range(wanted):
            held.append(socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=30))
        refused = [connection.recv(100).startswith(b"HTTP/1.1 503") for connection in held[-100:]]
        assert all(refused)
        deadline = time.monotonic() + 20  # the last ones are being closed
        while sum("socket" in _link(file) for file in files.iterdir()) > DEFAULT.connections + 50:
            assert time.monotonic() < deadline, "connections that were turned away are kept"
            time.sleep(0.1)
        assert resident(engine.pid) - before < 200 << 20
    finally:
        for connection in held:
            connection.close()
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError, AssertionError):
            assert http.ok("SELECT 1") == "1"
            return
        assert time.monotonic() < deadline, "it does not serve any more"
        time.sleep(0.1)


def _link(file: Path) -> str:
    with contextlib.suppress(OSError):  # closed meanwhile
        return str(file.readlink())
    return ""


def test_more_connections_than_allowed_are_turned_away(http: Http) -> None:
    held: list[socket.socket] = []
    try:
        for _ in range(DEFAULT.connections + 50):
            held.append(socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=10))
        refused = 0
        for connection in held[-20:]:
            refused += connection.recv(100).startswith(b"HTTP/1.1 503")
        assert refused == 20
    finally:
        for connection in held:
            connection.close()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            if json.loads(http.send(path="/health").text)["connections"] < 10:
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.1)
    pytest.fail("closed connections are still counted")


@pytest.mark.slow
def test_clients_that_never_finish_their_head_are_closed(http: Http) -> None:
    started = time.monotonic()
    held = []
    for head in (b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A"):
        connection = socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=60)
        connection.sendall(head)
        held.append(connection)
    for connection in held:
        with contextlib.suppress(ConnectionResetError):
            assert connection.recv(1000) == b""
        connection.close()
    assert time.monotonic() - started < DEFAULT.head_seconds + 15


@pytest.mark.slow
def test_a_body_that_trickles_in_holds_no_connection(http: Http) -> None:
    head = b"POST /?user=skillpulse_analyst HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=1) as connection:
        connection.sendall(head)
        started = time.monotonic()
        while time.monotonic() - started < DEFAULT.body_seconds + 10:
            connection.sendall(b" ")
            with contextlib.suppress(TimeoutError):
                assert connection.recv(1000).startswith(b"HTTP/1.1 503")
                return
    pytest.fail("it is still waited for")


def test_slow_bodies_hold_no_worker_thread(http: Http) -> None:
    """More half-sent bodies than there are threads, and everyone else is still served."""
    head = (
        b"POST /?user=skillpulse_analyst HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\nSELECT 1"
    )
    held = [
        socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=10)
        for _ in range(DEFAULT.reader_threads * 3)
    ]
    try:
        for connection in held:
            connection.sendall(head)
        assert http.read("SELECT 1").text == "1\n"
        assert http.ok("SELECT 1") == "1"
    finally:
        for connection in held:
            connection.close()


def test_readers_who_take_all_their_threads_leave_the_writer_its_own(http: Http) -> None:
    slow = "SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1"
    replies: list[int] = []

    def ask() -> None:
        replies.append(http.read(slow, max_execution_time="2").code)

    readers = [threading.Thread(target=ask) for _ in range(DEFAULT.reader_threads + 2)]
    for reader in readers:
        reader.start()
    while json.loads(http.send(path="/health").text)["queries"] < DEFAULT.reader_threads:
        time.sleep(0.01)
    assert http.ok("SELECT 1") == "1"
    for reader in readers:
        reader.join()
    assert set(replies) <= {159, 202}


def test_the_query_of_a_client_that_left_is_cancelled(http: Http) -> None:
    body = b"SELECT count() FROM numbers(1000000000000) WHERE cityHash64(number) = 1"
    with socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=10) as connection:
        connection.sendall(
            b"POST /?user=skillpulse_analyst&query_id=left-1 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
        )
        while http.ok("SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'left-1'") == "0":
            time.sleep(0.01)
    deadline = time.monotonic() + 15
    while http.ok("SELECT count() FROM system.processes WHERE Settings['log_comment'] = 'left-1'") != "0":
        assert time.monotonic() < deadline, "the query runs on"
        time.sleep(0.05)


def test_a_client_that_does_not_read_gets_a_bounded_buffer(http: Http, engine: EmbeddedClickHouse) -> None:
    body = b"SELECT repeat('x', 1000) FROM numbers(900000) FORMAT TabSeparated"
    before = resident(engine.pid)
    with socket.create_connection((http.endpoint.host, http.endpoint.port), timeout=10) as connection:
        connection.sendall(
            b"POST /?user=skillpulse_analyst HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: %d\r\n\r\n%b"
            % (len(body), body)
        )
        assert connection.recv(1000).startswith(b"HTTP/1.1 200")
        assert resident(engine.pid) - before < 400 << 20  # the whole answer is 900 MB
    assert http.ok("SELECT 1") == "1"


def test_a_bomb_is_stopped_at_the_readers_limit(http: Http) -> None:
    bomb = zlib.compress(b"SELECT 1 -- " + b"x" * (300 << 20))
    reply = http.send(
        "POST", body=bomb, headers={"Content-Encoding": "deflate", "X-ClickHouse-User": "skillpulse_analyst"}
    )
    assert (reply.status, reply.code) == (413, 386)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"Sec-Fetch-Site": "cross-site"}, 403, id="image of another site"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, 403, id="another port of this machine"),
        pytest.param({"Origin": "https://evil.example"}, 403, id="form or fetch of an older browser"),
        pytest.param({"Origin": "null"}, 403, id="sandboxed frame"),
        pytest.param({"Sec-Fetch-Site": "none"}, 200, id="typed into the address bar"),
    ],
)
def test_web_pages_from_elsewhere_run_no_queries(http: Http, headers: dict[str, str], status: int) -> None:
    for method in ("GET", "POST"):
        reply = http.send(method, headers=headers, user="skillpulse_analyst", query="SELECT 'asked'")
        assert reply.status == status
        assert ("asked" in reply.text) is (status == 200)


def test_headers_of_the_answer_cannot_be_forged(http: Http) -> None:
    for name, value in (
        ("query_id", "a\r\nX-Evil: 1"),
        ("default_format", "CSV\r\nX-Evil: 1"),
        ("database", "a\r\nX-Evil: 1"),
        ("user", "a\r\nX-Evil: 1"),
    ):
        parameters = {"user": "skillpulse_analyst", "query": "SELECT 1", name: value}
        assert "x-evil" not in http.send(**parameters).headers
    assert "x-evil" not in http.write("SELECT 1 FORMAT `a\r\nX-Evil: 1`").headers


def test_a_query_cannot_forge_log_lines(http: Http, engine: EmbeddedClickHouse) -> None:
    http.write("SELECT nosuch_\n2026-01-01 00:00:00 ERROR forged")
    assert not any(
        line.startswith("2026-01-01 00:00:00 ERROR forged") for line in engine.log.read_text().splitlines()
    )
