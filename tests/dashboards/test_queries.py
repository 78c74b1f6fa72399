"""Every query of every panel and variable runs on the engine over a filled database, with known answers for some."""

import asyncio
import time

import pytest

from dashboards.board.database import Answer, Database
from dashboards.board.library import Library
from dashboards.boards import BOARDS
from dashboards.boards.common import EXPLORER_UID, LIVE_UID, PIPELINE_UID
from dashboards.builder.board import number
from tests.dashboards.conftest import Boards
from tests.dashboards.filled import A_DAY

LIBRARY = Library()
QUERIES = [
    pytest.param(board.uid, panel["id"], id=f"{board.uid}: {panel['title']}")
    for board in BOARDS
    for panel in board.json()["panels"]
    if panel.get("targets")
]
VARIABLES = [
    pytest.param(board.uid, variable["name"], id=f"{board.uid}: {variable['name']}")
    for board in BOARDS
    for variable in board.variables
    if variable["type"] == "query"
]
CHOSEN = {
    "month": [time.strftime("%Y-%m-01", time.gmtime())],
    "window": ["86400"],
    "skill": ["python", "logo"],
    **dict.fromkeys(("kind", "group", "category", "size", "ai"), ["$__all"]),
}
MAY_BE_EMPTY = {
    number(key) for key in ("insert-faults", "month-down", "month-up", "recent-down", "signals", "survey")
}


def ask(boards: Boards, sql: str) -> Answer:
    async def run() -> Answer:
        database = Database(boards.address)
        await database.open()
        try:
            return await database.ask(sql)
        finally:
            await database.close()

    return asyncio.run(run())


def panel(boards: Boards, uid: str, key: int, days: float = 60, **chosen) -> Answer:
    now = int(time.time())
    return ask(boards, LIBRARY.panel_query(uid, key, int(now - days * 86_400), now, {**CHOSEN, **chosen}))


@pytest.mark.parametrize(("uid", "key"), QUERIES)
def test_every_panel_draws(boards, uid, key):
    answer = panel(boards, uid, key)
    assert answer.rows or key in MAY_BE_EMPTY


@pytest.mark.parametrize(("uid", "key"), QUERIES)
def test_every_panel_of_an_empty_installation_answers(empty_boards, uid, key):
    rows = panel(empty_boards, uid, key, month=[""], skill=[""]).rows  # what lists without choices stand for
    if key in (number("newest"), number("stored")):
        assert rows == [[None]]


@pytest.mark.parametrize(("uid", "name"), VARIABLES)
def test_every_variable_has_choices(boards, uid, name):
    now = int(time.time())
    assert ask(boards, LIBRARY.variable_query(uid, name, now - 86_400, now, CHOSEN)).rows


@pytest.mark.parametrize(
    ("uid", "name"),
    [
        pytest.param(board.uid, annotation["name"], id=f"{board.uid}: {annotation['name']}")
        for board in BOARDS
        for annotation in board.annotations
    ],
)
def test_every_annotation_runs(boards, uid, name):
    now = int(time.time())
    columns = ask(boards, LIBRARY.annotation_query(uid, name, now - 86_400, now, CHOSEN)).columns
    assert {"time", "text"} <= {column for column, _ in columns}


def test_what_rises_is_shown_with_both_counts(boards):
    rows = panel(boards, LIVE_UID, number("recent-up")).rows
    skill, growth, _, posts, before, slug = next(row for row in rows if row[5] == "python")
    assert (skill, slug) == ("Python", "python")
    assert before in (A_DAY // 2 - 1, A_DAY // 2, A_DAY // 2 + 1)
    assert abs(posts - (A_DAY + A_DAY // 2)) <= 3
    assert growth == pytest.approx(posts / before - 1)


@pytest.mark.parametrize(("ai", "share"), [("true", 1 / 3), ("false", 2 / 3)])
def test_a_filter_changes_what_is_counted(boards, ai, share):
    everything = panel(boards, LIVE_UID, number("posts"), 60).rows[0][0]
    filtered = panel(boards, LIVE_UID, number("posts"), 60, ai=[ai]).rows[0][0]
    assert filtered == pytest.approx(everything * share, abs=3)


def test_skills_together(boards):
    rows = {row[5]: row for row in panel(boards, EXPLORER_UID, number("together")).rows}
    assert rows["care"][2] == 1.0


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_the_zone_of_the_server_moves_no_hours(boards, zone):
    sql = LIBRARY.panel_query(PIPELINE_UID, number("feeds"), int(time.time()) - 3600, int(time.time()), {})
    [[_, posts, usual, _]] = boards.client.query(sql, settings={"session_timezone": zone}).result_rows
    assert posts == pytest.approx(2 * A_DAY, abs=3)
    assert usual == pytest.approx(A_DAY, abs=1)


def test_counts_are_exact(boards):
    assert panel(boards, PIPELINE_UID, number("drift")).rows == [[0]]


def test_dead_letters(boards):
    assert panel(boards, PIPELINE_UID, number("reasons")).rows[0][:3] == ["invalid", 3, 1]
    assert panel(boards, PIPELINE_UID, number("dead-share")).rows == [[pytest.approx(0.01)]]


def test_consumer_lag(boards):
    assert panel(boards, PIPELINE_UID, number("waiting")).rows == [[3]]
    assert panel(boards, PIPELINE_UID, number("progress")).rows[0][:5] == ["job-posts", 1, 101, 104, 3]
    assert {(row[1], row[2]) for row in panel(boards, PIPELINE_UID, number("consumer-lag"), 0.005).rows} == {
        (3, 3)
    }
