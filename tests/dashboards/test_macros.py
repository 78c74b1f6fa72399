"""Macros, variables and times are expanded as Grafana does, and no value leaves its literal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboards.board.macros import Frame, Value, expand, quoted
from dashboards.board.times import BadRequest, interval, moment

FRAME = Frame(1_700_000_000, 1_700_003_600, 60)
CHOSEN = {"skill": Value(("python", "o'neil")), "group": Value(("$__all",), "''"), "window": Value(("3600",))}


@pytest.mark.parametrize(
    ("sql", "expanded"),
    [
        pytest.param("$__fromTime, $__toTime", "toDateTime(1700000000), toDateTime(1700003600)", id="ends"),
        pytest.param("step = $__interval_s", "step = 60", id="interval"),
        pytest.param(
            "$__timeFilter(at)", "at >= toDateTime(1700000000) AND at <= toDateTime(1700003600)", id="filter"
        ),
        pytest.param("[${skill:sqlstring}]", "['python','o''neil']", id="several values"),
        pytest.param("x = ${group:sqlstring}", "x = ''", id="all"),
        pytest.param("width = $window", "width = 3600", id="number"),
    ],
)
def test_expansion(sql, expanded):
    assert expand(sql, FRAME, CHOSEN) == expanded


@pytest.mark.parametrize("sql", ["$missing", "$__adHocFilters(x)", "${skill}"])
def test_what_is_unknown_or_unsafe_is_refused(sql):
    with pytest.raises(BadRequest):
        expand(sql, FRAME, CHOSEN)


@given(st.text(max_size=40))
def test_a_value_never_leaves_its_literal(text):
    inside = quoted(text)[1:-1]
    assert inside.replace("\\\\", "").replace("''", "").count("'") == 0
    assert (len(inside) - len(inside.rstrip("\\"))) % 2 == 0


@given(st.text(alphabet="$_{}:ab'", max_size=20))
def test_a_value_is_not_expanded_again(text):
    sql = expand("${skill:sqlstring}", FRAME, {"skill": Value(("x", text))}) if "$__" not in text else ""
    assert not sql or sql.startswith("'x',")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("now", 1000), ("now-6h", 1000 - 21600), ("1700000000000", 1_700_000_000)],
)
def test_moments(text, seconds):
    assert moment(text, 1000) in (seconds, 946_684_800)


@pytest.mark.parametrize("text", ["", "yesterday", "now-1", "now-6h; DROP", "-1"])
def test_bad_moments(text):
    with pytest.raises(BadRequest):
        moment(text, 1000)


@given(st.integers(1, 10**9), st.integers(1, 2000))
def test_an_interval_of_minutes_divides_a_week(width, points):
    step = interval(0, width, points, 60)
    assert step >= 60 and 604_800 % step == 0
