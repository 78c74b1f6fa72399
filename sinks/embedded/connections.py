"""Connections under watch: how many there are, and how long one may stay silent."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from .limits import Limits

_FULL = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 22\r\n\r\n"
    b"Too many connections.\n"
)


class Connection(RequestHandler):
    """One client connection; it is closed when no complete request arrives in time."""

    def __init__(self, server: Server, loop: asyncio.AbstractEventLoop, **options: Any) -> None:
        super().__init__(server, loop=loop, **options)
        self._server = server
        self._clock = loop
        self._answered = False
        self.busy_until_answered = False
        self.silent_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Admit the connection, or turn it away when the house is full."""
        self.silent_since = self._clock.time()
        if len(self._server.open) >= self._server.limits.connections:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(_FULL)
            transport.close()
            return
        self._server.open.add(self)
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        """Bytes of a turned-away client are dropped."""
        if self in self._server.open:
            super().data_received(data)

    def eof_received(self) -> None:
        """The client will send no more."""
        if self in self._server.open:
            super().eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget the connection."""
        if self in self._server.open:
            self._server.open.discard(self)
            super().connection_lost(exc)

    def begin(self) -> None:
        """A complete request head has arrived."""
        self.busy_until_answered = True

    def end(self) -> None:
        """The request is answered; from now on the connection idles."""
        self.busy_until_answered = False
        self._answered = True
        self.silent_since = self._clock.time()

    def overdue(self, now: float) -> bool:
        """Whether the client has kept quiet (or dribbled a request head) for too long."""
        allowed = (
            self._server.limits.connection_idle_seconds
            if self._answered
            else self._server.limits.head_seconds
        )
        return not self.busy_until_answered and now - self.silent_since > allowed


class Server(web.Server):
    """aiohttp's low-level server with watched connections."""

    def __init__(self, handler: Any, limits: Limits, **options: Any) -> None:
        self.limits = limits
        self.open: set[Connection] = set()
        self._options = options
        super().__init__(handler, handler_cancellation=True, **options)

    def __call__(self) -> RequestHandler:
        """A protocol for a new connection."""
        return Connection(self, self._loop, **self._options)

    async def sweep(self) -> None:
        """Close overdue connections once a second, for ever."""
        while True:
            await asyncio.sleep(1)
            now = self._loop.time()
            for connection in [connection for connection in self.open if connection.overdue(now)]:
                if connection.transport is not None:
                    connection.transport.abort()
