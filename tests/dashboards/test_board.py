"""The board's server as a browser meets it, and the pages themselves in headless Chromium."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from dashboards.board.library import Library
from dashboards.board.server import BoardServer
from dashboards.boards import BOARDS
from dashboards.boards.common import EXPLORER_UID, LIVE_UID
from dashboards.builder.board import number, written
from tests.dashboards.chromium import Page, browser, found
from tests.dashboards.conftest import Boards
from tests.dashboards.filled import HOSTILE

needs_chromium = pytest.mark.skipif(
    found() is None, reason="chromium is not installed (apt install chromium)"
)
ASKED = {
    "from": "now-6h",
    "to": "now",
    "panel": number("posts"),
    "variables": {"group": ["$__all"], "ai": ["$__all"]},
}
CUT = (
    "[...document.querySelectorAll('.panel.table .body')].filter((box) => box.scrollWidth > box.clientWidth)"
    ".map((box) => box.parentNode.ariaLabel)"
)
"""Tables with columns that can only be seen by scrolling."""


def served(boards: Boards, visit: Callable[[BoardServer], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        server = BoardServer(boards.address, 0)
        await server.start()
        try:
            return await visit(server)
        finally:
            await server.stop()

    return asyncio.run(run())


def post(boards: Boards, body: Any, **headers: str) -> tuple[int, Any]:
    async def visit(server: BoardServer) -> tuple[int, Any]:
        url = f"{server.url}/api/boards/{LIVE_UID}/query"
        async with (
            aiohttp.ClientSession() as session,
            session.post(
                url,
                data=body if isinstance(body, bytes) else json.dumps(body),
                headers={"Content-Type": "application/json"} | headers,
            ) as response,
        ):
            return response.status, await response.json(content_type=None) if response.status != 403 else None

    return served(boards, visit)


def test_a_panel_answers(boards):
    status, body = post(boards, ASKED)
    assert status == 200
    assert body["columns"] == [{"name": "Posts", "kind": "number"}]
    assert body["rows"][0][0] > 0


@pytest.mark.parametrize(
    "body",
    [
        pytest.param([], id="no object"),
        pytest.param({**ASKED, "panel": 1}, id="no such panel"),
        pytest.param({**ASKED, "from": "yesterday"}, id="bad time"),
        pytest.param({**ASKED, "from": "now", "to": "now-1h"}, id="backwards"),
        pytest.param({**ASKED, "variables": {"group": 5}}, id="bad value"),
        pytest.param({**ASKED, "variables": {}}, id="missing value"),
        pytest.param({**ASKED, "from": "²"}, id="a digit that is no number"),
        pytest.param({**ASKED, "variables": {"group": "\ud800", "ai": "$__all"}}, id="half a character"),
        pytest.param(b"\xff", id="no text"),
        pytest.param(b"[" * 50_000, id="nested too deeply"),
        pytest.param(b'{"panel": ' + b"9" * 5_000 + b"}", id="a number of 5,000 digits"),
    ],
)
def test_bad_questions_are_refused_with_a_sentence(boards, body):
    status, answer = post(boards, body)
    assert status == 400
    assert answer["error"]


def test_an_unknown_character_set_is_refused(boards):
    status, _ = post(boards, ASKED, **{"Content-Type": "application/json; charset=none-such"})
    assert status == 400


def test_a_page_from_elsewhere_cannot_ask(boards):
    assert post(boards, ASKED, Host="evil.example")[0] == 403


def test_a_value_cannot_become_a_query(boards):
    hostile = {**ASKED, "variables": {"group": ["x' OR 1=1 --\\"], "ai": ["$__all"]}}
    status, answer = post(boards, hostile)
    assert (status, answer["rows"]) == (200, [[0]])


def test_nothing_comes_from_outside_and_nothing_is_run_in_line(boards):
    async def visit(server: BoardServer) -> list[tuple[str, str]]:
        async with aiohttp.ClientSession() as session:
            found = []
            for path in ("/", "/static/board.js", "/plotly.min.js"):
                async with session.get(server.url + path) as response:
                    found.append((response.headers["Content-Security-Policy"], await response.text()))
            return found

    pages = served(boards, visit)
    assert all("script-src 'self';" in policy and "default-src 'none'" in policy for policy, _ in pages)
    assert "http://" not in pages[0][1] and "https://" not in pages[0][1]
    assert "innerHTML" not in pages[1][1]


async def look(page: Page, server: BoardServer, keep: Path) -> None:
    """Every dashboard opens, wide, narrow and on a telephone, in light and dark, and every panel draws."""
    for width, theme in ((1920, "light"), (1280, "dark"), (390, "light")):
        await page.prefer(theme)
        for board in BOARDS:
            await page.open(f"{server.url}/d/{board.uid}", width)
            await page.keep(keep / f"{board.uid}-{width}-{theme}.png")
            assert await page.run("document.documentElement.dataset.theme") == theme
            faults = await page.run(
                "[...document.querySelectorAll('.fault')].map((node) => node.textContent)"
            )
            assert faults == []
            blank = await page.run(
                "[...document.querySelectorAll('.panel')].filter((one) => !one.querySelector('.body').firstChild)"
                ".map((one) => one.textContent)"
            )
            assert blank == []
            assert await page.run("document.querySelectorAll('.panel').length") == sum(
                len(row.panels) for row in board.rows
            )
            assert await page.run("document.documentElement.scrollWidth") <= width, "nothing sticks out"
            if width >= 1280:
                assert await page.run(CUT) == []


async def choose(page: Page, server: BoardServer) -> None:
    """A variable changes what is drawn, a hostile title is text."""
    await page.open(f"{server.url}/d/{LIVE_UID}?from=now-24h")
    posts = f"document.querySelector('[data-panel=\"{number('posts')}\"] b').textContent"
    before = await page.run(posts)
    await page.redraw(
        "const box = document.getElementById('var-ai'); box.value = 'true'; box.dispatchEvent(new Event('change'))"
    )
    assert 0 < int(await page.run(posts)) < int(before)
    assert "var-ai=true" in await page.run("location.search")
    titles = await page.run("[...document.querySelectorAll('td')].map((cell) => cell.textContent)")
    assert HOSTILE in titles
    assert await page.run("window.broken === undefined && !document.querySelector('main img, main b b')")


async def stay(page: Page, server: BoardServer) -> None:
    """A refresh leaves readers where they are, and so does an outage and a tick in a list of several choices."""
    await page.open(f"{server.url}/d/{EXPLORER_UID}", 1280, 500)
    await page.run(
        "scrollTo(0, 700); document.getElementById('choose-skill').open = true;"
        " document.querySelector('.why').popoverTargetElement.showPopover()"
    )
    await page.redraw("document.getElementById('again').dispatchEvent(new Event('click'))")
    await page.redraw(
        "window.kept = window.fetch; window.fetch = async () => { throw new Error('gone'); };"
        " document.getElementById('again').dispatchEvent(new Event('click'))"
    )
    assert await page.run("document.querySelectorAll('.fault').length") > 5
    await page.redraw(
        "window.fetch = window.kept; document.getElementById('again').dispatchEvent(new Event('click'))"
    )
    assert await page.run("document.querySelectorAll('.fault').length") == 0, "all is back after an outage"
    is_open = "document.getElementById('choose-skill').open"
    assert await page.run("scrollY") == 700
    assert await page.run(is_open)
    assert await page.run("document.querySelectorAll(':popover-open').length") == 1
    await page.redraw(
        "document.querySelectorAll('.choices input')[1].focus(); document.activeElement.click()"
    )
    names = "[...document.querySelector('.panel.chart').querySelectorAll('.legendtext')].map((name) => name.textContent)"
    assert len(await page.run(names)) == 2
    assert await page.run(is_open)
    assert await page.run("document.activeElement.checked")


async def admit(page: Page, boards: Boards, folder: Path) -> None:
    """What the viewer cannot draw, or cannot ask, it says in the panel's place; the other panels draw."""
    model = json.loads(written(BOARDS[0].json()))  # its parts are shared with other tests
    panels = {panel["title"]: panel for panel in model["panels"]}
    panels["Posts"]["type"] = "heatmap"
    panels["Active skills"]["targets"][0]["rawSql"] = "SELECT $__novelty(1)"
    panels["Newest post"]["targets"][0]["rawSql"] = "SELECT 1 AS nothing FROM nowhere"
    (folder / "strange.json").write_text(written(model))
    server = BoardServer(boards.address, 0, Library(folder))
    await server.start()
    try:
        await page.open(f"{server.url}/d/{LIVE_UID}")
        said = await page.run("[...document.querySelectorAll('.panel')].map((one) => one.innerText)")
        asked = len(page.complaints)
        page.complaints.clear()
    finally:
        await server.stop()
    assert asked == 2  # the browser's log of the two refused queries
    for sentence in ("cannot draw panels of type heatmap", "does not know the macro $__novelty", "nowhere"):
        assert len([one for one in said if sentence in one]) == 1
    assert any("Counts are exact?" in one and "exact" in one.splitlines() for one in said)


@needs_chromium
@pytest.mark.slow
def test_every_dashboard_in_the_browser(boards, tmp_path):
    keep = Path(os.environ.get("SKILLPULSE_TEST_SCREENSHOTS", tmp_path / "screenshots"))

    async def visit(server: BoardServer) -> list[str]:
        async with browser(tmp_path / "profile") as page:
            await look(page, server, keep)
            await choose(page, server)
            await stay(page, server)
            assert page.complaints == []
            await admit(page, boards, tmp_path)
            return page.complaints

    assert served(boards, visit) == []
