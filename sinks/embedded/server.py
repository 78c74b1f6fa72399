"""ClickHouse's HTTP interface on loopback: from a request to a job in a worker thread and back."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import BinaryIO, cast

from aiohttp import BodyPartReader, HttpVersion11, web
from multidict import MultiDict

from . import compression
from .answer import Answer, error_response
from .auth import Account, Role, authenticate, credentials
from .connections import Connection, Server
from .engine import Engine, Job
from .errors import (
    BAD_ARGUMENTS,
    NOT_IMPLEMENTED,
    QUERY_IS_TOO_LARGE,
    SOCKET_TIMEOUT,
    TOO_MANY_SIMULTANEOUS_QUERIES,
    UNKNOWN_EXCEPTION,
    ClickHouseError,
)
from .limits import Limits
from .pipes import AnswerPipe, BodyPipe
from .request import parse

log = logging.getLogger(__name__)

_LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
_SMALL_BODY = 8 << 20  # bodies up to this are read before a worker thread is taken


class HttpInterface:
    """Answers requests against one engine; owns the worker threads."""

    def __init__(self, engine: Engine, accounts: Mapping[str, Account], limits: Limits) -> None:
        self._engine = engine
        self._accounts = accounts
        self._limits = limits
        self._threads = {
            Role.READER: ThreadPoolExecutor(limits.reader_threads, "reader"),
            Role.WRITER: ThreadPoolExecutor(limits.writer_threads, "writer"),
        }
        self._free = {
            Role.READER: asyncio.Semaphore(limits.reader_threads),
            Role.WRITER: asyncio.Semaphore(limits.writer_threads),
        }
        self._running: dict[str, asyncio.Future[None]] = {}
        self._started = time.monotonic()
        self.server = Server(
            self.handle,
            limits,
            access_log=None,
            auto_decompress=False,
            max_line_size=limits.uri_bytes,
            max_field_size=limits.header_bytes,
            keepalive_timeout=limits.connection_idle_seconds,
        )

    async def handle(self, http: web.BaseRequest) -> web.StreamResponse:
        """One request; never raises but for a cancelled connection."""
        connection = cast(Connection, http.protocol)
        connection.begin()
        try:
            return await self._route(cast(web.Request, http))
        except ClickHouseError as error:
            return error_response(error, self._engine.version)
        except (ConnectionError, TimeoutError):
            raise
        except Exception:
            log.exception("request failed")
            return error_response(
                ClickHouseError(UNKNOWN_EXCEPTION, "The embedded engine's interface failed: see its log."),
                self._engine.version,
            )
        finally:
            connection.end()

    async def drain(self) -> bool:
        """Let running statements end, then kill what is left; False when some do not even end then."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=self._limits.stop_seconds)
        if self._running:
            await asyncio.to_thread(self._engine.kill)
            await asyncio.wait(self._running.values(), timeout=self._limits.stop_seconds)
        for threads in self._threads.values():
            threads.shutdown(wait=False, cancel_futures=True)
        return not self._running

    async def _route(self, http: web.Request) -> web.StreamResponse:
        host = http.headers.get("Host", "")
        name = host if host.endswith("]") else host.rsplit(":", 1)[0] if ":" in host else host
        if name.lower() not in _LOCAL_NAMES:  # a web page whose name points to this machine (DNS rebinding)
            return web.Response(status=403, text="This address answers to 127.0.0.1 and localhost only.\n")
        if _asked_by_another_page(http.headers):
            return web.Response(status=403, text="Web pages from elsewhere get no answer here.\n")
        if http.method not in ("GET", "HEAD", "POST"):
            return web.Response(status=405, text="Use GET or POST.\n", headers={"Allow": "GET, HEAD, POST"})
        if http.path in ("/ping", "/replicas_status") or (
            http.path == "/" and not http.query and http.method != "POST"
        ):
            return web.Response(
                text="Ok.\n", headers={"X-ClickHouse-Server-Display-Name": "skillpulse-embedded"}
            )
        if http.path == "/health":
            return await self._health()
        if http.path != "/":
            return web.Response(
                status=404, text=f"There is no handle {http.path}\nUse / or /ping for health checks.\n"
            )
        return await self._query(http)

    async def _health(self) -> web.Response:
        try:
            async with asyncio.timeout(5):
                alive = await asyncio.to_thread(self._engine.alive)
        except (ClickHouseError, TimeoutError):
            alive = False
        shown = {
            "status": "ok" if alive else "failing",
            "version": self._engine.version,
            "uptime_seconds": round(time.monotonic() - self._started, 1),
            "queries": len(self._running),
            "connections": len(self.server.open),
        }
        return web.Response(
            status=200 if alive else 503, text=json.dumps(shown) + "\n", content_type="application/json"
        )

    async def _query(self, http: web.Request) -> web.StreamResponse:
        url = _single(http.query)
        user, password = credentials(http.headers, url)
        account = authenticate(self._accounts, user, password)
        await _welcome(http)
        multipart = http.content_type == "multipart/form-data"
        if multipart:
            url = {**url, **await self._form(http)}
        request = parse(http.headers, url)
        if request.query_id in self._running:
            raise ClickHouseError(BAD_ARGUMENTS, f"Query with id = {request.query_id} is already running.")
        body = (
            cast(BinaryIO, io.BytesIO())
            if multipart or http.method != "POST"
            else await self._body(http, account)
        )
        encoding = compression.accepted(http.headers.get("Accept-Encoding", "")) if request.compress else None
        hold = self._limits.whole_bytes if request.whole else self._limits.first_bytes
        pipe = AnswerPipe(asyncio.get_running_loop(), hold)
        job = Job(account.role, request, body, http.method != "POST", pipe.send)
        answer = Answer(http, self._engine, encoding, self._limits.body_seconds)
        return await self._run(job, pipe, answer)

    async def _run(self, job: Job, pipe: AnswerPipe, answer: Answer) -> web.StreamResponse:
        free = self._free[job.role]
        try:
            await asyncio.wait_for(free.acquire(), self._limits.queue_seconds)
        except TimeoutError:
            raise ClickHouseError(TOO_MANY_SIMULTANEOUS_QUERIES, "Too many simultaneous queries.") from None
        query_id = job.request.query_id
        loop = asyncio.get_running_loop()
        ended = loop.run_in_executor(self._threads[job.role], self._engine.run, job)
        self._running[query_id] = ended

        def done(_: asyncio.Future[None]) -> None:
            free.release()
            self._running.pop(query_id, None)

        ended.add_done_callback(done)
        try:
            while (piece := await pipe.receive(ended)) is not None:
                await answer.write(job, piece)
            await ended
            return await answer.finish(job, pipe.held())
        except ClickHouseError as error:
            # Readers must not be able to fill the disk with log lines; system.query_log keeps theirs a week.
            level = logging.INFO if job.role is Role.WRITER else logging.DEBUG
            log.log(level, "query %s by %s: %s", query_id, job.role.value, error.line)
            return await answer.fail(job, error)
        finally:
            pipe.close()
            if not ended.done():  # the client is gone or reads no more: do not let its query run on
                loop.run_in_executor(None, self._engine.kill, query_id)

    async def _body(self, http: web.Request, account: Account) -> BinaryIO:
        """The body, plain. A small one is read here, so that a slow client holds no worker thread."""
        encoding = http.headers.get("Content-Encoding", "")
        reader = account.role is Role.READER
        most = self._limits.reader_body_bytes if reader else _SMALL_BODY
        begun = bytearray()
        async with self._in_time(reader):
            while len(begun) <= most and (piece := await self._piece(http)):
                begun += piece
        raw: BinaryIO = io.BytesIO(bytes(begun))
        if len(begun) > most:
            if reader:
                raise ClickHouseError(QUERY_IS_TOO_LARGE, f"The request is larger than {most} bytes.")
            rest = BodyPipe(asyncio.get_running_loop(), http.content, self._limits.body_seconds)
            raw = cast(BinaryIO, io.BufferedReader(_Chained(raw, rest), buffer_size=1 << 16))
        return compression.decompressed(raw, encoding)

    async def _piece(self, http: web.Request) -> bytes:
        async with self._in_time(True):
            return await http.content.read(1 << 20)

    @asynccontextmanager
    async def _in_time(self, bounded: bool) -> AsyncIterator[None]:
        """Raise the server's error for a client that takes longer than it may."""
        seconds = self._limits.body_seconds
        try:
            async with asyncio.timeout(seconds if bounded else None):
                yield
        except TimeoutError:
            raise ClickHouseError(
                SOCKET_TIMEOUT, f"Timeout exceeded while reading from socket ({seconds:g} s)."
            ) from None

    async def _form(self, http: web.Request) -> dict[str, str]:
        """The fields of a multipart form: query and parameters, as clients send them when they are long."""
        fields: dict[str, str] = {}
        size = 0
        try:
            async with self._in_time(True):
                reader = await http.multipart()
                while (part := await reader.next()) is not None:
                    if not isinstance(part, BodyPartReader) or part.name is None:
                        raise ClickHouseError(BAD_ARGUMENTS, "A form must hold named fields only.")
                    if part.filename is not None:
                        raise ClickHouseError(
                            NOT_IMPLEMENTED, "External tables in the request are not supported."
                        )
                    value = bytearray()
                    while piece := await part.read_chunk(65536):
                        value += piece
                        size += len(piece)
                        if size > self._limits.reader_body_bytes:
                            raise ClickHouseError(QUERY_IS_TOO_LARGE, "The form is too large.")
                    fields[part.name] = value.decode("utf-8", "surrogateescape")
        except ValueError as error:
            raise ClickHouseError(BAD_ARGUMENTS, f"The multipart form cannot be read: {error}.") from None
        return fields


class _Chained(io.RawIOBase):
    """The part of a body that is already here, then the rest."""

    def __init__(self, first: BinaryIO, rest: io.RawIOBase) -> None:
        self._first = first
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, into: memoryview, /) -> int | None:  # type: ignore[override]
        piece = self._first.read(len(into))
        if piece:
            into[: len(piece)] = piece
            return len(piece)
        return self._rest.readinto(into)


def _asked_by_another_page(headers: Mapping[str, str]) -> bool:
    """Whether a browser asks on behalf of a web page from elsewhere, as only browsers say.

    It would not let the page read the answer, but would run the query, and show an answer that is an image, whose
    size the page may know.
    """
    origin = headers.get("Origin")
    return headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin") or (
        origin is not None and origin != f"http://{headers['Host']}"
    )


async def _welcome(http: web.Request) -> None:
    """Tell a client that waits for it to send its body: curl waits a second with more than a megabyte."""
    if http.version >= HttpVersion11 and http.headers.get("Expect", "").lower() == "100-continue":
        await http.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")


def _single(query: Mapping[str, str]) -> dict[str, str]:
    """URL parameters, the last of a name wins."""
    return dict(MultiDict(query))
