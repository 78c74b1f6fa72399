"""Scripts stored in every field of every table stay text on every board, even without the page's security policy."""

from urllib.parse import quote

import pytest

from dashboards.board.server import BoardServer
from dashboards.boards import BOARDS
from dashboards.boards.common import EXPLORER_UID
from sinks.clickhouse.client import Address
from tests.conftest import Server
from tests.dashboards.chromium import Page, browser
from tests.dashboards.conftest import Boards
from tests.dashboards.hostile import ATTACKS, fill_hostile
from tests.dashboards.test_board import needs_chromium, served

FOREIGN = "main :is(script, img, iframe, object, embed, form, base, link, [onload], [onerror], [onmouseover]), header :is(script, img)"
TEXTS = "[...document.querySelectorAll('td, .name, .legendtext, text, label, summary, option')].map((one) => one.textContent)"
LINKS = "[...document.querySelectorAll('a')].map((link) => link.href?.baseVal ?? link.href)"
CHARTS = "[...document.querySelectorAll('.chart .body')].map((box) => box.getBoundingClientRect().toJSON())"


@pytest.fixture(scope="module")
def hostile(embedded_clickhouse: Server):
    url, user, password = embedded_clickhouse
    address = Address(url, user, password, "hostile_board")
    client = fill_hostile(address)
    yield Boards(address, client)
    client.close()


async def hover(page: Page) -> None:
    """Move over every chart, so that it shows what it says about a point."""
    for box in await page.run(CHARTS):
        await page.run(f"scrollTo(0, {box['y'] - 100})")
        for x in (0.4, 0.9):
            place = {"x": box["x"] + box["width"] * x, "y": 100 + box["height"] / 2}
            await page.call("Input.dispatchMouseEvent", type="mouseMoved", **place)


async def attack(page: Page, address: str) -> list[str]:
    """Open a board under attack; what stands on it."""
    await page.open(address)
    await hover(page)
    assert await page.run("window.attacked") is None
    assert await page.run(f"document.querySelectorAll('{FOREIGN}').length") == 0
    links = await page.run(LINKS)
    assert links and all(link.startswith(("http://", "https://")) for link in links)
    return await page.run(TEXTS)


@needs_chromium
@pytest.mark.slow
def test_stored_scripts_stay_text(hostile, tmp_path):
    chosen = "&".join(f"var-skill={quote(text, safe='')}" for text in ATTACKS)

    async def visit(server: BoardServer) -> Page:
        async with browser(tmp_path / "profile") as page:
            await page.call("Page.setBypassCSP", enabled=True)
            for board in BOARDS:
                texts = await attack(page, f"{server.url}/d/{board.uid}?{chosen}")
                for text in ATTACKS:
                    assert any(text in one for one in texts), (board.title, text)
            await page.open(
                f"{server.url}/d/{EXPLORER_UID}?from={quote(ATTACKS[0])}&var-group={quote(ATTACKS[1])}"
            )
            assert ATTACKS[0] in await page.run("document.body.innerText")
            assert await page.run("window.attacked") is None
            assert {
                one for one in page.requests if not one.startswith((server.url, "data:", "blob:"))
            } == set()
            return page

    served(hostile, visit)
