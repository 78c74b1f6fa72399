"""The page's server: loopback only, read only. The browser names panels; the queries stay here."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from importlib import resources
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from dashboards.board.database import Database, QueryFailed
from dashboards.board.library import Library
from dashboards.board.times import BadRequest, moment
from schemas.faults import Fault
from sinks.clickhouse.client import Address

_STATIC: Final = Path(__file__).parent / "static"
_AT_ONCE: Final = 4
"""Queries at once: half of what the embedded engine gives its readers."""

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:;"
    " style-src 'self' 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""Nothing is loaded from outside and no text can become a script; the charting library sets styles in line."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BoardServer:
    """The page; `port` is known once it has started."""

    def __init__(self, address: Address, port: int, library: Library | None = None) -> None:
        self.port = port
        self._library = library or Library()
        self._database = Database(address)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        pages = web.Application(middlewares=[self._guard], client_max_size=64 * 1024)
        pages.add_routes(
            [
                web.get("/", self._home),
                web.get("/d/{uid}", self._page),
                web.get("/api/boards", self._boards),
                web.get("/api/boards/{uid}", self._model),
                web.post("/api/boards/{uid}/query", self._query),
                web.get("/plotly.min.js", self._plotly),
                web.static("/static", _STATIC),
            ]
        )
        # a page that was left, or whose choice has changed, waits for no answer: its queries end with it
        self._runner = web.AppRunner(pages, access_log=None, handler_cancellation=True)

    @property
    def url(self) -> str:
        """Where the page is."""
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        """Listen on loopback, on the given port or a free one. Raises Fault if the port is taken."""
        await self._database.open()
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        except OSError as error:
            raise Fault(
                f"the board cannot listen on port {self.port}: {error.strerror}; choose another"
            ) from error
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close all connections."""
        await self._runner.cleanup()
        await self._database.close()

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        # a name that resolves to loopback must not make a page from elsewhere one of ours
        if request.host not in (f"127.0.0.1:{self.port}", f"localhost:{self.port}"):
            return web.Response(
                status=403, text="skillpulse board answers on 127.0.0.1 only", headers=_HEADERS
            )
        try:
            response = await handler(request)
        except web.HTTPException as answer:
            answer.headers.update(_HEADERS)
            raise
        except BadRequest as fault:
            response = web.json_response({"error": str(fault)}, status=400)
        except QueryFailed as fault:
            response = web.json_response({"error": str(fault)}, status=502)
        response.headers.update(_HEADERS)
        return response

    async def _home(self, _: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"/d/{self._library.titles()[0]['uid']}")

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(_STATIC / "board.html")

    async def _plotly(self, _: web.Request) -> web.StreamResponse:
        with resources.as_file(resources.files("plotly") / "package_data" / "plotly.min.js") as file:
            return web.FileResponse(file, headers={"Cache-Control": "max-age=86400"})

    async def _boards(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(self._library.titles())

    async def _model(self, request: web.Request) -> web.StreamResponse:
        return web.json_response(self._library.board(request.match_info["uid"]))

    async def _query(self, request: web.Request) -> web.StreamResponse:
        sql = self._asked(request.match_info["uid"], await _body(request))
        async with self._turns:
            found = await self._database.ask(sql)
        return web.json_response(
            {
                "columns": [{"name": name, "kind": kind} for name, kind in found.columns],
                "rows": found.rows,
                "seconds": found.seconds,
                "rowsRead": found.rows_read,
            }
        )

    def _asked(self, uid: str, body: dict[str, Any]) -> str:
        now = time.time()
        since, until = (moment(str(body.get(end, "")), now) for end in ("from", "to"))
        if since >= until:
            raise BadRequest("the time range ends before it begins")
        chosen = body.get("variables")
        if not isinstance(chosen, dict):
            raise BadRequest("variables must be an object")
        if isinstance(number := body.get("panel"), int):
            points = body.get("points")
            return self._library.panel_query(
                uid, number, since, until, chosen, points if isinstance(points, int) and points > 0 else 120
            )
        if isinstance(name := body.get("variable"), str):
            return self._library.variable_query(uid, name, since, until, chosen)
        return self._library.annotation_query(uid, str(body.get("annotation")), since, until, chosen)


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type != "application/json":
        raise BadRequest("send JSON")
    try:
        body = await request.json()
    # no UTF-8, an unknown character set, nested deeply
    except (ValueError, LookupError, RecursionError) as error:
        raise BadRequest("that is no JSON") from error
    if not isinstance(body, dict):
        raise BadRequest("send an object")
    return body
