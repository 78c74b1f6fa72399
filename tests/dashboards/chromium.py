"""A headless Chromium, driven over its DevTools protocol."""

import asyncio
import base64
import re
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
OPENING_SECONDS = 90


def found() -> str | None:
    """The program, None where none is installed."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Page:
    """One tab. `complaints` are errors of the console, exceptions, failed requests, dialogs; `requests` all addresses."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self.complaints: list[str] = []
        self.requests: list[str] = []

    async def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": params})
        while True:
            message = await self._socket.receive_json()
            if message.get("id") == self._number:
                return message["result"]
            self._hear(message)

    def _hear(self, message: dict[str, Any]) -> None:
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(message["params"]["exceptionDetails"]))
        if message.get("method") == "Log.entryAdded" and message["params"]["entry"]["level"] == "error":
            self.complaints.append(message["params"]["entry"]["text"])
        if message.get("method") == "Page.javascriptDialogOpening":
            self.complaints.append(f"dialog: {message['params']['message']}")
        if message.get("method") == "Network.requestWillBeSent":
            self.requests.append(message["params"]["request"]["url"])

    async def run(self, script: str) -> Any:
        result = await self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        return result["result"].get("value")

    async def wait(self, condition: str) -> None:
        for _ in range(OPENING_SECONDS * 10):
            if await self.run(condition):
                return
            await asyncio.sleep(0.1)
        raise AssertionError(f"never true: {condition}; {self.complaints}")

    async def prefer(self, theme: str) -> None:
        """`light` or `dark`, as the system's setting."""
        preferred = {"name": "prefers-color-scheme", "value": theme}
        await self.call("Emulation.setEmulatedMedia", features=[preferred])

    async def open(self, url: str, width: int = 1920, height: int = 1080) -> None:
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )
        await self.call("Emulation.setScrollbarsHidden", hidden=True)
        await self.call("Page.navigate", url=url)
        await self.wait("!!document.documentElement.dataset.loaded")

    async def redraw(self, script: str) -> None:
        """Do something that makes the board read its panels anew, and wait until it has."""
        await self.run(f"delete document.documentElement.dataset.loaded; {script}")
        await self.wait("!!document.documentElement.dataset.loaded")

    async def keep(self, file: Path) -> None:
        picture = await self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(base64.b64decode(picture["data"]))


@asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Page]:
    """A tab of a browser of its own, closed at the end."""
    program = found()
    assert program
    command = [
        program,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "about:blank",
    ]
    with (profile.parent / "chromium.log").open("w") as log:
        process = subprocess.Popen(command, stderr=log, stdout=log)
    try:
        port = await _port(profile.parent / "chromium.log")
        async with (
            aiohttp.ClientSession() as session,
            session.put(f"http://127.0.0.1:{port}/json/new?about:blank") as tab,
            session.ws_connect((await tab.json())["webSocketDebuggerUrl"], max_msg_size=0) as socket,
        ):
            page = Page(socket)
            for domain in ("Runtime", "Log", "Page", "Network"):
                await page.call(f"{domain}.enable")
            yield page
    finally:
        process.terminate()
        process.wait()


async def _port(log: Path) -> str:
    for _ in range(OPENING_SECONDS * 10):
        if said := re.search(r"ws://127\.0\.0\.1:(\d+)", log.read_text()):
            return said[1]
        await asyncio.sleep(0.1)
    raise AssertionError("chromium did not start")
