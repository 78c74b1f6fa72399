"""What is no answer of ClickHouse's is a sentence in the panel."""

import asyncio

import pytest
from aiohttp import web

from dashboards.board.database import Answer, Database, QueryFailed
from sinks.clickhouse.client import Address


def asked(body: bytes) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=body)

    async def run() -> Answer:
        pages = web.Application()
        pages.router.add_post("/", answer)
        runner = web.AppRunner(pages)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        database = Database(Address(f"http://127.0.0.1:{runner.addresses[0][1]}", "user", "", "skillpulse"))
        await database.open()
        try:
            return await database.ask("SELECT 1")
        finally:
            await database.close()
            await runner.cleanup()

    return asyncio.run(run())


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b'{"meta": [{"name": "a", "type": "UInt8"}], "data": [[1],', id="cut off by an error"),
        pytest.param(b"<html>Sign in</html>", id="a page of a gateway"),
        pytest.param(b'{"status": "ok"}', id="of another server"),
        pytest.param(b"", id="nothing"),
    ],
)
def test_what_is_no_answer_is_said(body: bytes) -> None:
    with pytest.raises(QueryFailed, match="no whole answer of ClickHouse"):
        asked(body)
