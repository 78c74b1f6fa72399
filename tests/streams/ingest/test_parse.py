import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from streams.ingest.convert import Converter
from streams.ingest.mapping import MappingFault, load_mapping, mapping_names
from streams.ingest.parse import Event, parser
from streams.ingest.row import UNREADABLE, Row

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def now() -> datetime:
    return NOW


UPWORK = {
    "title": "Build a scraper &amp; dashboard - Upwork",
    "link": "https://www.upwork.com/jobs/~0123",
    "published": "Wed, 01 May 2024 10:00:00 +0000",
    "summary": "I need a scraper.<br /><br /><b>Hourly Range</b>: $15.00-$30.00\n<br /><b>Posted On</b>: May 01, 2024"
    " 10:00 UTC<br /><b>Category</b>: Data Extraction<br /><b>Skills</b>:Python,     Web Scraping"
    "     \n<br /><b>Country</b>: United States\n<br /><a href='x'>click to apply</a>",
}
LINKEDIN = {
    "job_id": "3884428798",
    "title": "Data Analyst",
    "description": "Excel and SQL.",
    "listed_time": "1.714557600000E12",
    "min_salary": "25.0",
    "max_salary": "35.0",
    "pay_period": "HOURLY",
    "currency": "USD",
    "formatted_experience_level": "Entry level",
    "job_posting_url": "https://www.linkedin.com/jobs/view/3884428798",
}
INDEED = {
    "jobkey": "abc",
    "title": "Bookkeeper",
    "date": "2024-05-01",
    "snippet": "<b>QuickBooks</b> needed",
    "country": "CA",
    "interval": "yearly",
    "min_amount": "50000",
    "url": "https://ca.indeed.com/viewjob?jk=abc",
}
SCHEMA_ORG: dict[str, Any] = {
    "@type": "JobPosting",
    "title": "Barista",
    "datePosted": "2024-05-01",
    "description": "<p>Coffee</p>",
    "identifier": {"@type": "PropertyValue", "name": "Cafe", "value": "77"},
    "hiringOrganization": {"name": "Cafe"},
    "jobLocation": [{"address": {"addressCountry": {"name": "Germany"}}}],
    "occupationalCategory": ["35-3023", "Food"],
    "skills": ["espresso", "latte art"],
    "baseSalary": {"currency": "EUR", "value": {"minValue": 14, "maxValue": 16, "unitText": "HOUR"}},
}


@pytest.mark.parametrize(
    ("name", "row", "expected"),
    [
        pytest.param(
            "upwork",
            UPWORK,
            {
                "post_id": "upwork:https://www.upwork.com/jobs/~0123",
                "posted_at": "2024-05-01T10:00:00+00:00",
                "title": "Build a scraper & dashboard - Upwork",
                "skills": ["Python", "Web Scraping"],
                "category": "Data Extraction",
                "country": "United States",
                "hourly_min": 15.0,
                "hourly_max": 30.0,
                "source": "upwork",
                "currency": "USD",
            },
            id="feed item",
        ),
        pytest.param(
            "linkedin",
            LINKEDIN,
            {
                "post_id": "linkedin:3884428798",
                "posted_at": "2024-05-01T10:00:00+00:00",
                "hourly_min": 25.0,
                "hourly_max": 35.0,
                "experience_level": "Entry level",
            },
            id="postings table",
        ),
        pytest.param(
            "linkedin", LINKEDIN | {"pay_period": "YEARLY"}, {"hourly_min": None}, id="yearly salary"
        ),
        pytest.param(
            "indeed",
            INDEED,
            {
                "post_id": "indeed:abc",
                "description": "QuickBooks needed",
                "country": "CA",
                "hourly_min": None,
            },
            id="collected pages",
        ),
        pytest.param(
            "schema_org",
            SCHEMA_ORG,
            {
                "post_id": "77",
                "country": "Germany",
                "category": "35-3023, Food",
                "description": "Coffee",
                "hourly_min": 14.0,
                "currency": "EUR",
                "source": "Cafe",
                "skills": ["espresso", "latte art"],
            },
            id="JSON-LD",
        ),
    ],
)
def test_packaged_mappings_make_valid_posts(name: str, row: dict[str, Any], expected: dict[str, Any]) -> None:
    event = parser(load_mapping(name), now)(Row(1, fields=row))
    assert event.reason == "", event.detail
    post = json.loads(event.value)
    assert {field: post.get(field) for field in expected} == expected
    assert event.key.decode() == post["post_id"]


def test_a_mapping_reads_lines_of_jsonl_too() -> None:
    assert parser(load_mapping("indeed"), now)(Row(1, raw=json.dumps(INDEED).encode())).reason == ""


def test_own_lines_pass_byte_by_byte() -> None:
    line = b'{"post_id": "a",  "posted_at": "2024-05-01T10:00:00Z", "title": "t", "more": 1}'
    assert parser(None, now)(Row(1, raw=line)) == Event(b"a", line)


def test_a_pipe_that_flows_for_days_takes_the_posts_of_its_day() -> None:
    days = iter((NOW, NOW + timedelta(days=3)))
    parse = parser(None, lambda: next(days))
    line = b'{"post_id": "a", "posted_at": "2026-11-24T10:00:00Z", "title": "t"}'
    assert [parse(Row(1, raw=line)).reason for _ in range(2)] == ["absurd_time", ""]


def test_own_columns_need_no_mapping() -> None:
    row = {
        "post_id": "a",
        "posted_at": "2024-05-01 10:00:00",
        "title": "t",
        "skills": "SQL; Go",
        "hourly_min": "",
    }
    event = parser(None, now)(Row(1, fields=row))
    assert json.loads(event.value) == {
        "post_id": "a",
        "posted_at": "2024-05-01T10:00:00+00:00",
        "title": "t",
        "skills": ["SQL", "Go"],
    }


@pytest.mark.parametrize(
    ("row", "reason", "says", "sendable"),
    [
        pytest.param(Row(1, fault="broken"), UNREADABLE, "broken", False, id="broken row"),
        pytest.param(Row(1, raw=b"{"), UNREADABLE, "truncated", False, id="no JSON"),
        pytest.param(Row(1, raw=b'{"title":"\xff"}'), UNREADABLE, "UTF-8", False, id="no UTF-8"),
        pytest.param(Row(1, raw=b'{"post_id":"a"}'), "invalid", "posted_at", True, id="a field missing"),
        pytest.param(
            Row(1, fields={"posted_at": "soon"}), UNREADABLE, "posted_at: time", False, id="no time"
        ),
        pytest.param(Row(1, fields={"hourly_min": "x"}), UNREADABLE, "hourly_min", False, id="no amount"),
        pytest.param(Row(1, fields={"title": "t"}), "invalid", "post_id", True, id="columns missing"),
    ],
)
def test_bad_rows_say_why(row: Row, reason: str, says: str, sendable: bool) -> None:
    event = parser(None, now)(row)
    assert event.reason == reason
    assert says in event.detail
    assert bool(event.value) is sendable


def test_an_invalid_post_keeps_its_key() -> None:
    assert parser(None, now)(Row(1, raw=b'{"post_id":"a"}')).key == b"a"
    assert parser(None, now)(Row(1, raw=b'{"post_id":7}')).key == b""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param("title = 'x'", "fields", id="no fields"),
        pytest.param("title = 'x'\n[fields]\nheadline = 'a'", "'headline' is no field", id="unknown field"),
        pytest.param("title = 'x'\nfoo = 1\n[fields]", "foo", id="unknown key"),
        pytest.param("title = ", "mapping", id="no TOML"),
    ],
)
def test_faulty_mapping_files_are_said(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(MappingFault, match=says):
        load_mapping(str(path))


def test_a_bad_zone_or_pattern_is_said(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = 'x'\n[fields]\npost_id = 'a'\n[times]\nzone = 'Mars/Base'")
    with pytest.raises(MappingFault, match="Mars"):
        Converter(load_mapping(str(path)))


def test_a_pattern_without_a_group_is_said(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = 'x'\n[fields]\n[find.hourly_max]\ncolumn = 'Salary'\npattern = 'to [0-9]+'")
    with pytest.raises(MappingFault, match="hourly_max has no group"):
        Converter(load_mapping(str(path)))


def test_an_unknown_mapping_names_the_known_ones() -> None:
    with pytest.raises(MappingFault, match="upwork"):
        load_mapping("nope")


@pytest.mark.parametrize("name", mapping_names())
def test_every_packaged_mapping_is_sound(name: str) -> None:
    Converter(load_mapping(name))
