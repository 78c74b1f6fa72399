"""What Grafana and readers need of every dashboard, and that the committed files are those of the source."""

import json
import re
from itertools import combinations

import pytest

from dashboards.alerts.rules import RULES
from dashboards.boards import BOARDS
from dashboards.builder.board import Board
from dashboards.generated import HERE, contents

every_board = pytest.mark.parametrize("board", [pytest.param(board, id=board.uid) for board in BOARDS])
FORBIDDEN = re.compile(
    r"\b(job_posts|skill_demand|category_demand|dead_letters FINAL|pipeline_batches|survey_responses)\b"
)


def panels(board: Board):
    return [panel for panel in board.json()["panels"] if panel["type"] != "row"]


def queries(board: Board) -> list[str]:
    return [target["rawSql"] for panel in panels(board) for target in panel.get("targets", [])]


def test_the_committed_files_are_those_of_the_source():
    for path, text in contents().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run python -m dashboards"
    assert set((HERE / "json").glob("*.json")) <= set(contents())


@every_board
def test_every_panel_says_what_it_shows(board: Board):
    for panel in panels(board):
        assert panel["title"] and len(panel["description"]) > 15
        if panel["type"] != "text":
            assert panel["fieldConfig"]["defaults"]["unit"]
            assert panel["datasource"]["uid"] == "${datasource}"


@every_board
def test_panels_fill_the_grid_without_overlap(board: Board):
    cells = [
        {(x, y) for x in range(p["x"], p["x"] + p["w"]) for y in range(p["y"], p["y"] + p["h"])}
        for p in (panel["gridPos"] for panel in board.json()["panels"])
    ]
    assert all(x < 24 for cell in cells for x, _ in cell)
    assert not any(one & other for one, other in combinations(cells, 2))


@every_board
def test_ids_are_unique(board: Board):
    ids = [panel["id"] for panel in board.json()["panels"]]
    assert len(ids) == len(set(ids))


@every_board
def test_panels_read_views_alone(board: Board):
    assert not [query for query in queries(board) if FORBIDDEN.search(query)]


@every_board
def test_every_variable_that_a_query_uses_is_on_the_board(board: Board):
    names = {variable["name"] for variable in board.json()["templating"]["list"]}
    used = {name for query in queries(board) for name in re.findall(r"\$\{?(?!__)(\w+)", query)}
    assert used <= names


def test_boards_are_distinct_and_of_the_classic_schema():
    assert len({board.uid for board in BOARDS}) == len(BOARDS) == 3
    assert all(board.json()["schemaVersion"] == 42 for board in BOARDS)
    assert all("elements" not in board.json() for board in BOARDS)


def test_every_link_leads_to_a_board():
    text = json.dumps([board.json() for board in BOARDS])
    assert set(re.findall(r"/d/([\w-]+)", text)) <= {board.uid for board in BOARDS}


def test_every_alert_points_to_a_panel_and_a_runbook_entry():
    headings = set(re.findall(r"^## (.+)$", (HERE.parent / "docs" / "runbook.md").read_text(), re.MULTILINE))
    anchors = {heading.lower().replace(" ", "-") for heading in headings}
    ids = {board.uid: {panel["id"] for panel in panels(board)} for board in BOARDS}
    for rule in RULES:
        model = rule.json()
        assert model["panelId"] in ids[model["dashboardUid"]]
        assert model["annotations"]["runbook_url"].split("#")[1] in anchors
        assert "$" not in model["data"][0]["model"]["rawSql"]
    assert len({rule.uid for rule in RULES}) == len(RULES)
