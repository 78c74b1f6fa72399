"""The page stands alone, escapes what it shows, and every chart draws in a browser."""

import csv
import io
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reports.as_csv import as_csv
from reports.compose import compose
from reports.html import html
from reports.markdown import markdown
from reports.svg import WIDTHS, drawn
from tests.reports.sample import figures, without_history

HOSTILE = '=cmd|\'<script src="https://evil.example/x.js"></script><img onerror=alert(1)>'
REPORT = compose(figures())
CHARTS = [chart for section in REPORT.sections for chart in section.charts]


class Outline(HTMLParser):
    """What the page is made of."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def page() -> str:
    return html(REPORT)


def test_nothing_is_fetched_and_nothing_runs(page: str) -> None:
    tags = Outline(page).tags
    assert not {tag for tag, _ in tags} & {"script", "img", "link", "iframe", "object", "use", "image"}
    for _, attributes in tags:
        assert not any(name.startswith("on") for name in attributes)
        for name in ("src", "href", "xlink:href"):
            assert (attributes.get(name) or "#").startswith("#")
    assert not re.search(r"url\(\s*['\"]?(?!#)", page)
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_hostile_names_stay_text() -> None:
    report = compose(figures(HOSTILE))
    tags = {tag for tag, _ in Outline(html(report)).tags}
    assert not tags & {"script", "img"}
    assert not re.search(r"(?<!\\)<(script|img)", markdown(report))
    cells = [row["item"] for row in csv.DictReader(io.StringIO(as_csv(figures(HOSTILE))))]
    values = [row["value"] for row in csv.DictReader(io.StringIO(as_csv(figures(HOSTILE))))]
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells + values)


def test_landmarks_language_and_names(page: str) -> None:
    tags = Outline(page).tags
    names = [tag for tag, _ in tags]
    assert ("html", {"lang": "en"}) in tags
    assert {"header", "nav", "main", "footer", "h1"} <= set(names)
    assert names.count("h1") == names.count("main") == 1
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in tags:
        for name in (attributes.get("aria-labelledby") or "").split():
            assert name in ids
        target = (attributes.get("href") or "").removeprefix("#")
        assert not target or target in ids


@pytest.mark.parametrize("size", WIDTHS)
@pytest.mark.parametrize("chart", CHARTS, ids=[chart.key for chart in CHARTS])
def test_every_chart_is_named_and_has_marks(chart, size) -> None:
    root = ElementTree.fromstring(
        drawn(chart, size).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    )
    kinds = {part.tag.rsplit("}", 1)[-1] for part in root.iter()}
    assert {"title", "desc", "text", "path"} <= kinds
    assert root.get("role") == "img"
    assert float(root.get("width", "0")) <= WIDTHS[size] + 8
    assert "NaN" not in ElementTree.tostring(root, encoding="unicode")


def test_every_section_has_its_page_without_history() -> None:
    page = html(compose(without_history(figures())))
    assert all(f'id="{section.key}"' in page for section in REPORT.sections)


def test_the_same_tables_stand_in_markdown() -> None:
    text = markdown(REPORT)
    for section in REPORT.sections:
        assert f"## {section.title}" in text
        assert all(f"**{table.caption}**" in text for table in section.tables)


_CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

_MEASURE = """
<script>
addEventListener("load", () => {
  const shown = [...document.querySelectorAll("svg")].filter(svg => svg.getBoundingClientRect().width > 0);
  const drawn = shown.filter(svg => svg.getBBox().width > 100 && svg.getBBox().height > 20);
  const fetched = performance.getEntriesByType("resource").length;
  const wide = document.documentElement.scrollWidth > document.documentElement.clientWidth;
  document.title = `shown=${shown.length} drawn=${drawn.length} fetched=${fetched} overflow=${wide}`;
});
</script>
"""


@pytest.mark.slow
@pytest.mark.skipif(_CHROMIUM is None, reason="no chromium: install it (on Debian: apt install chromium)")
@pytest.mark.parametrize("width", [pytest.param(1400, id="wide"), pytest.param(500, id="narrow")])
def test_a_browser_draws_every_chart_and_fetches_nothing(page: str, width: int, tmp_path: Path) -> None:
    policy = page.replace("default-src 'none';", "default-src 'none'; script-src 'unsafe-inline';")
    file = tmp_path / "report.html"
    file.write_text(policy.replace("</body>", f"{_MEASURE}</body>"), encoding="utf-8")
    command = [
        str(_CHROMIUM),
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        f"--window-size={width},900",
    ]
    command += [
        f"--user-data-dir={tmp_path / 'profile'}",
        "--virtual-time-budget=3000",
        "--dump-dom",
        file.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200)
    title = re.search(r"<title>(shown=.*?)</title>", done.stdout)
    assert title, done.stderr[-500:]
    assert title[1] == f"shown={len(CHARTS)} drawn={len(CHARTS)} fetched=0 overflow=false"
