"""Sentences claim what the counts carry, and no more."""

import re

import pytest
from msgspec.structs import replace

from reports import findings
from reports.charts import growths
from reports.compose import compose
from reports.section import Report
from tests.reports.sample import change, figures, without_history

SPACE, MINUS = "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}"


def section(report: Report, key: str) -> str:
    return "\n".join(next(part for part in report.sections if part.key == key).sentences)


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        pytest.param(
            833,
            700,
            "rose by 19.0_% (833 posts after 700; 95 % interval +7.6_% to +31.6_%).",
            id="clear rise",
        ),
        pytest.param(
            90, 200, "fell by 55.0_% (90 posts after 200; 95 % interval -64.8_% to -42.1_%).", id="clear fall"
        ),
        pytest.param(
            113,
            100,
            ": no clear change (113 posts after 100, +13.0_%; 95 % interval -13.7_% to +47.7_%).",
            id="includes zero",
        ),
        pytest.param(
            60, 29, ": 60 posts after 29, too few in the month before to state a growth.", id="base too small"
        ),
        pytest.param(3, 0, ": 3 posts.", id="nothing before"),
    ],
)
def test_a_change_is_worded_by_what_it_carries(now: int, before: int, said: str) -> None:
    sentence = findings.change(change("x", now, before), "Testing")
    assert sentence.startswith("Testing")
    assert sentence.removeprefix("Testing").lstrip() == said.replace("_", SPACE).replace("-", MINUS)


def test_headlines_name_only_clear_changes() -> None:
    text = "\n".join(findings.headlines(figures()))
    assert "Quality assurance testing +19.0" in text
    assert "Photography" not in text
    assert "Legal" not in text
    assert "E-commerce" not in text


def test_a_growth_comes_with_both_counts() -> None:
    for sentence in findings.headlines(figures()):
        for growth in re.finditer(rf"[+{MINUS}][\d.,]+{SPACE}%(?! to)", sentence):
            assert re.search(r"\d+ (posts )?after \d+|from \d+|of 1,000\), after|to [+]", sentence), growth


def test_without_history_no_growth_and_no_season_is_stated() -> None:
    report = compose(without_history(figures()))
    assert "do not reach back" in section(report, "commerce")
    assert "Last year's season is missing" in section(report, "commerce")
    assert "No growth is stated" in section(report, "risers")
    assert any("No growth is stated" in warning for warning in report.warnings)
    assert "No answers" in section(report, "survey")


def test_a_running_month_is_marked_everywhere() -> None:
    report = compose(figures(partial=True))
    assert "so far" in report.title
    assert "is not complete" in report.warnings[0]
    assert "so far" in report.headlines[0]
    assert "the same part of October 2025" in report.headlines[0]


def test_a_correlation_needs_months() -> None:
    few = replace(figures(), together=figures().together[-1:])
    assert "at least two whole months" in section(compose(few), "together")
    said = section(compose(figures()), "together")
    assert "Correlation is not cause" in said
    assert re.search(r"correlate with r = -?\d\.\d\d; per post, .*, with r = -?\d\.\d\d\.", said)


def test_a_report_of_one_market_says_that_the_survey_is_of_all() -> None:
    notes = {
        market: next(
            part for part in compose(replace(figures(), market=market)).sections if part.key == "survey"
        ).notes
        for market in ("all", "US")
    }
    assert "all markets answered" not in str(notes["all"])
    assert "all markets answered" in str(notes["US"])


def test_growth_is_drawn_from_zero_on() -> None:
    rising = [("A", 0.5, 0.2, 0.9, "up")]
    assert "'domain': [0.0, " in str(growths(rising, 760))


def test_drift_is_a_warning() -> None:
    sample = figures()
    assert compose(sample).warnings == ()
    drifted = replace(sample, quality=replace(sample.quality, drift=3))
    assert "drift of 3" in compose(drifted).warnings[0]


def test_no_growth_is_drawn_or_printed_below_the_minimum_base() -> None:
    report = compose(figures())
    charts = [chart for part in report.sections for chart in part.charts if chart.key == "categories"]
    assert "Legal" not in str(charts[0].draw(760))
    assert "Photography" in str(charts[0].draw(760))
    rows = [
        row for part in report.sections for table in part.tables for row in table.rows if row[0] == "Legal"
    ]
    assert rows
    assert all(row[3] == row[4] == "" for row in rows)
