import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.country import country_code


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("United States", "US"),
        ("US", "US"),
        ("usa", "US"),
        ("U.S.", "US"),
        ("U.S.A.", "US"),
        ("the united states of america", "US"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Great Britain", "GB"),
        ("England", "GB"),
        ("UAE", "AE"),
        ("United Arab Emirates", "AE"),
        ("IND", "IN"),
        ("South Korea", "KR"),
        ("Korea, South", "KR"),
        ("Korea, Republic of", "KR"),
        ("Tanzania", "TZ"),
        ("United Republic of Tanzania", "TZ"),
        ("Bolivia", "BO"),
        ("Türkiye", "TR"),
        ("Turkey", "TR"),
        ("Vietnam", "VN"),
        ("Viet Nam", "VN"),
        ("Cote d'Ivoire", "CI"),
        ("Trinidad & Tobago", "TT"),
        ("St. Lucia", "LC"),
        ("The Bahamas", "BS"),
        ("Czech Republic", "CZ"),
        ("  Germany\n", "DE"),
        ("", ""),
        ("Worldwide", ""),
        ("ZZ", ""),
        ("🌍", ""),
    ],
)
def test_country_code(written: str, code: str) -> None:
    assert country_code(written) == code


@given(st.text(max_size=60))
def test_any_text_gives_a_code_or_nothing(text: str) -> None:
    assert len(country_code(text)) in (0, 2)
