from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.ingest.values import amount, moment, plain_text, texts

FORMS = ["iso", "rfc2822", "%B %d, %Y %H:%M", "%m/%d/%Y", "epoch_ms"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("2024-05-01T10:00:00Z", "2024-05-01T10:00:00+00:00", id="RFC 3339"),
        pytest.param("2024-05-01 10:00:00 UTC", "2024-05-01T08:00:00+00:00", id="no zone of its own"),
        pytest.param("2024-05-01", "2024-04-30T22:00:00+00:00", id="date"),
        pytest.param("Wed, 01 May 2024 10:00:00 +0000", "2024-05-01T10:00:00+00:00", id="feed"),
        pytest.param("May 01, 2024 10:00", "2024-05-01T08:00:00+00:00", id="words"),
        pytest.param("05/01/2024", "2024-04-30T22:00:00+00:00", id="slashes"),
        pytest.param(1714557600000, "2024-05-01T10:00:00+00:00", id="milliseconds"),
        pytest.param(
            "1.7145576E+12", "2024-05-01T10:00:00+00:00", id="milliseconds as a spreadsheet has them"
        ),
        pytest.param(datetime(2024, 5, 1, 10), "2024-05-01T08:00:00+00:00", id="datetime of Parquet"),
        pytest.param(datetime(2024, 5, 1, 10, tzinfo=UTC), "2024-05-01T10:00:00+00:00", id="with a zone"),
    ],
)
def test_times(written: Any, expected: str) -> None:
    assert moment(written, FORMS, ZoneInfo("Europe/Berlin")) == expected


def test_a_time_of_no_known_form_is_said() -> None:
    with pytest.raises(ValueError, match="'3 days ago' has none of the forms iso"):
        moment("3 days ago", FORMS, UTC)


def test_a_time_that_utc_has_no_year_for_is_said() -> None:
    with pytest.raises(ValueError, match="'9999-12-31 23:00:00'"):
        moment(datetime(9999, 12, 31, 23), FORMS, ZoneInfo("America/New_York"))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("$1,250.50", 1250.5),
        ("1.250,50 EUR", 1250.5),
        ("15k", 15_000),
        ("1.5 K", 1_500),
        ("$15.00-$30.00", 15),
        ("20 - 30", 20),
        ("1,000", 1_000),
        ("1.000.000", 1_000_000),
        ("12,5", 12.5),
        (40, 40),
        (Decimal("12.500"), 12.5),
        ("-10", -10),
        ("-$1,250.50", -1250.5),
        ("$-15k", -15_000),
    ],
)
def test_amounts(written: Any, expected: float) -> None:
    assert amount(written) == expected


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_amounts_as_people_group_them(whole: int, cents: int) -> None:
    assert amount(f"${whole:,}.{cents:02}") == pytest.approx(whole + cents / 100)


def test_an_amount_without_digits_is_said() -> None:
    with pytest.raises(ValueError, match="no amount in 'negotiable'"):
        amount("negotiable")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param("Python, SQL,  ", ["Python", "SQL"], id="commas"),
        pytest.param("CI/CD; A, B", ["CI/CD", "A, B"], id="first separator wins"),
        pytest.param(["Python", " SQL "], ["Python", "SQL"], id="list"),
        pytest.param("['Python', \"SQL\"]", ["Python", "SQL"], id="a list printed by a program"),
        pytest.param([{"name": "Python"}], ["Python"], id="objects"),
        pytest.param("Python", ["Python"], id="one"),
    ],
)
def test_lists(written: Any, expected: list[str]) -> None:
    assert texts(written, (";", ",", "|")) == expected


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        pytest.param("a<br />b<br/><br>c", "a\nb\n\nc", id="breaks"),
        pytest.param("<p>One</p><p>Two &amp;amp; three</p>", "One\nTwo & three", id="paragraphs, entities"),
        pytest.param("<ul><li>x</li><li>y</li></ul>", "- x\n\n- y", id="items"),
        pytest.param("a <script>alert(1)</script>b", "a b", id="scripts"),
        pytest.param("5 < 6 and C++ > C", "5 < 6 and C++ > C", id="no markup at all"),
    ],
)
def test_markup(markup: str, text: str) -> None:
    assert plain_text(markup) == text


@given(st.text(max_size=200))
def test_any_text_survives(text: str) -> None:
    plain_text(text)
    texts(text, (",",))
