"""The HTTP answer to one statement: headers, body in pieces, compression, errors early and late."""

from __future__ import annotations

import asyncio
import secrets

from aiohttp import web

from .compression import Compressor, compressor
from .engine import Engine, Job
from .errors import ClickHouseError


class Answer:
    """Whole when it is small, streamed otherwise."""

    def __init__(self, http: web.Request, engine: Engine, encoding: str | None, seconds: float) -> None:
        self._http = http
        self._engine = engine
        self._encoding = encoding
        self._seconds = seconds
        self._response: web.StreamResponse | None = None
        self._compressor: Compressor | None = None
        self._tag = secrets.token_hex(8)

    async def write(self, job: Job, piece: bytes) -> None:
        """Send a piece of a large answer; the first one starts the response."""
        if self._response is None:
            await self._start(job)
        await self._send(piece)

    async def finish(self, job: Job, small: bytes) -> web.StreamResponse:
        """End the answer after the last piece; when there was none, `small` is the whole of it."""
        if self._response is None:
            headers = self._headers(job)
            if self._encoding and small:
                packer = compressor(self._encoding)
                small = packer.compress(small) + packer.flush()
                headers["Content-Encoding"] = self._encoding
            return web.Response(body=small, headers=headers)
        if self._compressor is not None:
            await self._write(self._compressor.flush())
        await self._response.write_eof()
        return self._response

    async def fail(self, job: Job, error: ClickHouseError) -> web.StreamResponse:
        """Answer with an error; a stream that has begun ends with the exception block clients look for."""
        if self._response is None:
            return error_response(error, self._engine.version, job.request.query_id)
        text = error.body(self._engine.version).encode()
        tag = self._tag.encode()
        block = b"\r\n__exception__\r\n%b\r\n%b\n%d %b\r\n__exception__\r\n" % (tag, text, len(text) + 1, tag)
        await self._send(block)
        if self._compressor is not None:
            await self._write(self._compressor.flush())
        if self._http.transport is not None:
            self._http.transport.close()  # no last chunk: clients that know no block fail too
        return self._response

    def _headers(self, job: Job) -> dict[str, str]:
        headers = {
            "X-ClickHouse-Summary": job.summary.json(),
            "X-ClickHouse-Query-Id": job.request.query_id,
            "X-ClickHouse-Server-Display-Name": "skillpulse-embedded",
            "X-ClickHouse-Timezone": self._engine.timezone,
            "X-ClickHouse-Exception-Tag": self._tag,
            "Content-Type": _content_type(job.format),
            "X-Content-Type-Options": "nosniff",
        }
        if job.format:
            headers["X-ClickHouse-Format"] = job.format
        return headers

    async def _start(self, job: Job) -> None:
        headers = self._headers(job)
        if self._encoding:
            headers["Content-Encoding"] = self._encoding
            self._compressor = compressor(self._encoding)
        self._response = web.StreamResponse(headers=headers)
        await self._response.prepare(self._http)

    async def _send(self, piece: bytes) -> None:
        await self._write(self._compressor.compress(piece) if self._compressor is not None else piece)

    async def _write(self, piece: bytes) -> None:
        if piece and self._response is not None and self._http.method != "HEAD":
            async with asyncio.timeout(self._seconds):  # a client that does not read holds a worker thread
                await self._response.write(piece)


def error_response(error: ClickHouseError, version: str, query_id: str = "") -> web.Response:
    """The whole response for a refused request or failed statement."""
    headers = {"X-ClickHouse-Exception-Code": str(error.code), "X-Content-Type-Options": "nosniff"}
    if query_id:
        headers["X-ClickHouse-Query-Id"] = query_id
    return web.Response(
        status=error.status,
        text=error.body(version),
        headers=headers,
        content_type="text/plain",
        charset="utf-8",
    )


def _content_type(format_name: str | None) -> str:
    if format_name is None or format_name.startswith(("TabSeparated", "TSV")):
        return "text/tab-separated-values; charset=UTF-8"
    if format_name.startswith("CSV"):
        return "text/csv; charset=UTF-8"
    if format_name.startswith("JSON"):
        return "application/json; charset=UTF-8"
    return "application/octet-stream"
