"""Requests to the embedded endpoint with bytes changed at random: it must refuse, go on, and grow no larger."""

import errno
import random
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from sinks.embedded.home import Endpoint

_SEEDS: Final = (
    b"GET /?query=SELECT+1&user=skillpulse_analyst HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    b"POST /?user=skillpulse_analyst&param_x=1 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 16\r\n\r\n"
    b"SELECT {x:UInt8}",
    b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-ClickHouse-User: skillpulse_analyst\r\n"
    b"Content-Encoding: lz4\r\nContent-Length: 3\r\n\r\nabc",
    b"POST /?user=skillpulse_analyst HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"8\r\nSELECT 1\r\n0\r\n\r\n",
    b"POST /?user=skillpulse_analyst&default_format=JSON&wait_end_of_query=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    b"Content-Length: 37\r\n\r\nSELECT skill, posts FROM skill_panes x",
)


def attack(endpoint: Endpoint, requests: int, seed: int) -> list[bytes]:
    """Send so many requests, eight at a time; returns those after which it lost its countenance."""
    chance = random.Random(seed)
    with ThreadPoolExecutor(8) as threads:
        answers = threads.map(
            lambda at: _one(endpoint, at), [chance.randrange(1 << 30) for _ in range(requests)]
        )
        return [
            request for request, answer in answers if b"Traceback" in answer or b"UNKNOWN_EXCEPTION" in answer
        ]


def resident(pid: int) -> int:
    """Resident bytes of a process."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096


def raw(endpoint: Endpoint, request: bytes, wait: float = 20) -> bytes:
    """Send bytes as they are; everything that comes back until the connection ends."""
    with socket.create_connection((endpoint.host, endpoint.port), timeout=wait) as connection:
        received = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                received += piece
        except OSError as ended:  # the server closed while more was to come
            if ended.errno not in (errno.ECONNRESET, errno.EPIPE, errno.ENOTCONN):
                raise
        return received


def _one(endpoint: Endpoint, seed: int) -> tuple[bytes, bytes]:
    mutate = random.Random(seed)
    request = bytearray(_SEEDS[seed % len(_SEEDS)])
    for _ in range(mutate.randint(1, 8)):
        at = mutate.randrange(len(request))
        request[at : at + mutate.randint(0, 3)] = mutate.randbytes(mutate.randint(0, 3))
    return bytes(request), raw(endpoint, bytes(request))
