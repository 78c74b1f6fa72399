"""docs/metrics.md: made from the comments, complete, and every example of it runs."""

import re
from pathlib import Path

import pytest

from sinks.clickhouse.metrics_doc import ANALYSTS, PAGE, View, answered, documented, page, without_answers
from sinks.clickhouse.migrate import views
from tests.sinks.clickhouse.filled import Filled

VIEWS = list(documented(views()))
OURS = [view for view in VIEWS if "0100" <= view.file < "0500"]


def test_the_page_is_up_to_date() -> None:
    fresh = without_answers(page(lambda _: ""))
    assert without_answers(PAGE.read_text("utf-8")) == fresh, "run python -m sinks.clickhouse.metrics_doc"


def test_every_view_is_on_the_page() -> None:
    names = {name for step in views() for name in re.findall(r"CREATE OR REPLACE VIEW (\w+)", step.sql)}
    assert {view.name for view in VIEWS} == names


def test_every_answer_of_the_analysts_page_is_made_anew() -> None:
    asked: list[str] = []
    old = ANALYSTS.read_text("utf-8")
    fresh = answered(old, lambda query: asked.append(query) or "fresh")  # type: ignore[func-returns-value]
    assert len(asked) == fresh.count("```text\nfresh\n```") == old.count("```text\n") > 10
    assert without_answers(fresh) == without_answers(old)


@pytest.mark.parametrize("doc", [PAGE, ANALYSTS], ids=lambda doc: doc.name)
def test_every_example_shows_what_it_gives(doc: Path) -> None:
    outputs = re.findall(r"```text\n(.*?)```", doc.read_text("utf-8"), flags=re.DOTALL)
    assert len(outputs) >= 12
    assert all(len(output.strip().splitlines()) > 1 for output in outputs), "names and at least one row"


@pytest.mark.parametrize("view", OURS, ids=lambda view: view.name)
def test_every_column_is_documented_as_it_is(filled: Filled, view: View) -> None:
    assert view.definition and view.example
    filled.client.query(view.example)
    found = re.search(rf"FROM ({view.name}\b(?:\((?:[^()]|\([^()]*\))*\))?)", view.example)
    assert found, "the example reads its view"
    described = filled.client.query(f"DESCRIBE (SELECT * FROM {found[1]})").result_rows
    assert [(name, _base(kind)) for name, kind, *_ in described] == [
        (column.name, _base(column.kind)) for column in view.columns
    ]
    assert all(column.comment for column in view.columns)


def _base(kind: str) -> str:
    """The type of the values: whether a view's column can be empty or is encoded is decided by the engine."""
    while found := re.fullmatch(r"(?:Nullable|LowCardinality)\((.*)\)", kind):
        kind = found[1]
    return kind
