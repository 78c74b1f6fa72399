"""A proxy between worker and ClickHouse that fails in the ways in which networks and servers fail."""

import asyncio
import contextlib
import ssl
import threading
from collections.abc import Awaitable, Callable, Sequence

Relay = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


_SWITCHED_SECONDS = 60.0


class Proxy:
    """Listens on loopback in a thread of its own, with TLS if told so; passes on until told to fail."""

    def __init__(self, target: tuple[str, int], tls: ssl.SSLContext | None = None) -> None:
        self._target = target
        self._tls = tls
        self._behave: Relay = self._relay
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result()
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.hits = 0

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def heal(self) -> None:
        """Pass everything on, both ways."""
        self._switch(self._relay)

    def refuse(self) -> None:
        """Close every connection at once."""
        self._switch(self._refuse)

    def hang(self) -> None:
        """Read requests, answer nothing, until the next change."""
        self._switch(self._hang)

    def slow(self, pause: float) -> None:
        """Pass on in pieces of 16 kB, `pause` seconds apart."""
        self._switch(lambda reader, writer: self._relay(reader, writer, pause=pause, piece=16_384))

    def cut_requests(self, after: int) -> None:
        """Close when `after` bytes of requests were passed on: in the midst of an insert."""
        self._switch(lambda reader, writer: self._relay(reader, writer, most=after))

    def answer(self, code: int, name: str) -> None:
        """Answer every request with this error of ClickHouse's."""
        self._switch(lambda reader, writer: self._error(reader, writer, code, name))

    def answer_in_turn(self, errors: Sequence[tuple[int, str]]) -> None:
        """Answer each connection with the next of these errors, all further ones with the last."""
        left = list(errors)

        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._error(reader, writer, *(left.pop(0) if len(left) > 1 else left[0]))

        self._switch(answer)

    def gateway(self, status: str) -> None:
        """Answer as a gateway does whose server is away: a page that is not ClickHouse's."""
        page = "<html>the upstream is away</html>"
        self._switch(lambda reader, writer: self._answer(reader, writer, status, "", page))

    def cut_answers(self, after: int) -> None:
        """Close when `after` bytes of answers were passed on."""
        self._switch(lambda reader, writer: self._relay(reader, writer, most_answered=after))

    def close(self) -> None:
        """End it."""
        self._switch(self._refuse)
        asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        return await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=self._tls)

    async def _shut(self) -> None:
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _switch(self, behave: Relay) -> None:
        async def switch() -> None:
            self._behave = behave
            for writer in list(self._open):
                writer.transport.abort()

        asyncio.run_coroutine_threadsafe(switch(), self._loop).result(_SWITCHED_SECONDS)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        if self._behave != self._relay:
            self.hits += 1
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):  # cut, or the proxy ends
                await self._behave(reader, writer)
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _refuse(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    async def _hang(self, reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        while await reader.read(65_536):
            pass

    async def _error(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, code: int, name: str
    ) -> None:
        body = f"Code: {code}. DB::Exception: Injected. ({name}) (version 25.8.1.1 (official build))\n"
        header = f"X-ClickHouse-Exception-Code: {code}\r\n"
        await self._answer(reader, writer, "500 Error", header, body)

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, status: str, header: str, body: str
    ) -> None:
        head = (
            f"HTTP/1.1 {status}\r\nConnection: close\r\nContent-Type: text/plain\r\n{header}"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        await reader.read(65_536)
        with contextlib.suppress(TimeoutError):
            while await asyncio.wait_for(reader.read(65_536), 0.1):
                pass
        writer.write(f"{head}{body}".encode())
        await writer.drain()
        await asyncio.sleep(0.05)

    async def _relay(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pause: float = 0.0,
        piece: int = 1 << 20,
        most: int | None = None,
        most_answered: int | None = None,
    ) -> None:
        upstream_reader, upstream = await asyncio.open_connection(*self._target)
        self._open.add(upstream)

        async def requests() -> None:
            left = most
            while chunk := await reader.read(piece if left is None else min(piece, left)):
                upstream.write(chunk)
                await upstream.drain()
                if left is not None and (left := left - len(chunk)) <= 0:
                    return
                await asyncio.sleep(pause)

        async def responses() -> None:
            left = most_answered
            while chunk := await upstream_reader.read(piece):
                writer.write(chunk if left is None else chunk[:left])
                await writer.drain()
                if left is not None and (left := left - len(chunk)) <= 0:
                    await asyncio.sleep(0.02)  # what was passed on arrives before the connection is reset
                    return

        ways = [asyncio.create_task(requests()), asyncio.create_task(responses())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            self._open.discard(upstream)
            upstream.transport.abort()
