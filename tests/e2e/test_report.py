"""The monthly report after a bounded demo: what it says went through broker, worker and ClickHouse."""

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from streams.simulate import generate, load_scenario
from streams.simulate.survey import simulated_survey
from tests.reports.plain import Plain, counted, growth, survey_shares

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

POSTS, SEED, ANCHOR = 10_000, 1, date(2025, 12, 1)
"""The fewest posts at which every headline growth of the scenario is exact."""

NOW, BEFORE = "2025-11", "2025-10"
EXACT = {"qa_testing": 0.19, "interpretation_tutoring": 0.48}
DOUBLE_DIGIT = ("audio_production", "photography")
STEADY = ("ecommerce_development", "lead_generation", "marketing_strategy")
TOP_OF_AI = {"python", "ml", "graphic_design", "video_editing"}


def skillpulse(*arguments: object) -> str:
    command = [Path(sys.executable).parent / "skillpulse", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("report") / "home"
    skillpulse("demo", "--once", "--posts", POSTS, "--seed", SEED, "--anchor", "2025-12", "--home", home)
    return home


@pytest.fixture(scope="module")
def report(home: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        skillpulse("report", "--home", home, "--month", NOW, "--format", "json")
    )
    return found


@pytest.fixture(scope="module")
def plain() -> Plain:
    records = generate(load_scenario("november"), POSTS, SEED, ANCHOR)
    return counted(record.value_bytes for record in records)


def test_the_headlines_are_what_the_scenario_holds(report: dict[str, Any]) -> None:
    categories = {row["item"]: row for row in report["categories"]}
    assert {name: round(categories[name]["growth"], 6) for name in EXACT} == EXACT
    assert all(0.10 <= categories[name]["growth"] < 1 for name in DOUBLE_DIGIT)
    assert all(categories[name]["growth"] > 0 for name in STEADY)
    assert {row["skill"] for row in report["ai_skills"][:12]} >= TOP_OF_AI


def test_headlines_are_the_clear_changes_and_the_survey(report: dict[str, Any]) -> None:
    text = "\n".join(report["headlines"]).replace("\N{NO-BREAK SPACE}", " ")
    for row in report["categories"]:
        if row["item"] in (*EXACT, *DOUBLE_DIGIT, *STEADY):
            counts = (
                f"{row['growth']:+.1%}".replace("%", " %")
                + f" ({row['posts']:,} posts after {row['posts_before']:,})"
            )
            assert (counts in text) == (row["verdict"] == "up")
    assert "85 % of businesses surveyed value digital fluency" in text
    assert "40 % of businesses surveyed plan to hire" in text


def test_every_category_is_what_a_plain_script_counts(report: dict[str, Any], plain: Plain) -> None:
    for row in report["categories"]:
        name = row["item"]
        assert_growth(row, growth(plain.categories[NOW, name], plain.categories[BEFORE, name]))
    assert {row["item"] for row in report["categories"]} == {name for _, name in plain.categories}
    assert_growth(report["total"], growth(plain.posts[NOW], plain.posts[BEFORE]))
    assert_growth(report["with_ai"], growth(plain.ai_posts[NOW], plain.ai_posts[BEFORE]))


def test_skills_are_what_a_plain_script_counts(report: dict[str, Any], plain: Plain) -> None:
    clear = {
        name: grown
        for month, name in plain.skills
        if month == NOW
        and (grown := growth(plain.skills[NOW, name], plain.skills[BEFORE, name]))["verdict"] == "up"
    }
    for row in report["rising_skills"]:
        assert_growth(row, clear[row["item"]])
    assert len(report["rising_skills"]) == min(len(clear), 15)
    enough = {name for month, name in plain.skills if month == BEFORE and plain.skills[BEFORE, name] >= 30}
    assert report["compared_skills"] == len(enough)


def test_ai_skills_are_what_a_plain_script_counts(report: dict[str, Any], plain: Plain) -> None:
    ranked = sorted(
        (
            (-number, name)
            for (month, name), number in plain.ai_skills.items()
            if month == NOW and number and plain.skills[NOW, name] >= 30
        )
    )
    assert [(-row["ai_posts"], row["skill"]) for row in report["ai_skills"]] == ranked[:20]
    assert all(row["posts"] == plain.skills[NOW, row["skill"]] for row in report["ai_skills"])


def test_the_survey_is_what_a_plain_script_computes(report: dict[str, Any]) -> None:
    lines = (record.value_bytes for record in simulated_survey(1_000, SEED, ANCHOR))
    shares = survey_shares(lines, date(2025, 11, 1))
    told = {(row["question_id"], row["answer"]): row["share"] for row in report["survey"]}
    assert told == pytest.approx(shares)
    assert told["digital_fluency", "yes"] == pytest.approx(0.85)
    assert told["hire_next_three_months", "digital_marketing"] == pytest.approx(0.40)


def test_the_data_are_whole(report: dict[str, Any], plain: Plain) -> None:
    quality = report["quality"]
    assert (quality["drift"], quality["audited_posts"]) == (0, plain.posts[NOW])
    assert quality["posts"] == POSTS
    assert quality["records"] == POSTS + quality["repeats"] + quality["dead_letters"]


def test_every_format_says_the_same(home: Path, report: dict[str, Any], tmp_path: Path) -> None:
    files = {form: tmp_path / f"november.{form}" for form in ("html", "md", "csv")}
    for file in files.values():
        skillpulse("report", "--home", home, "--month", NOW, "-o", file)
    page = files["html"].read_text(encoding="utf-8")
    assert all(line.replace("'", "&#39;") in page for line in report["headlines"])
    rows = list(csv.DictReader(io.StringIO(files["csv"].read_text(encoding="utf-8"))))
    posts = {row["item"]: int(row["value"]) for row in figures_of(rows, "categories", "posts")}
    assert posts == {row["item"]: row["posts"] for row in report["categories"]}
    text = files["md"].read_text(encoding="utf-8")
    assert all(f"{row['posts']:,}" in text for row in report["categories"])


def figures_of(rows: list[dict[str, str]], section: str, figure: str) -> Iterator[dict[str, str]]:
    return (row for row in rows if (row["section"], row["figure"]) == (section, figure))


def assert_growth(row: dict[str, Any], wanted: dict[str, Any]) -> None:
    assert {name: row[name] for name in wanted} == pytest.approx(wanted), row["item"]


def test_a_view_is_exported_to_parquet(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "days.parquet"
    said = json.loads(skillpulse("export", "category_days", "-o", file, "--home", home, "--json"))
    table = pq.read_table(file)
    posts = json.loads(skillpulse("sql", "SELECT count() AS posts FROM posts", "--home", home, "--json"))[
        "posts"
    ]
    assert said == {"file": str(file), "rows": table.num_rows, "bytes": file.stat().st_size}
    assert pc.sum(table["posts"]).as_py() == posts > POSTS * 0.9
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        pytest.param(["posts", "-o", "posts.csv"], "ends in .parquet", id="another format"),
        pytest.param(["posts", "-o", "no/such/folder.parquet"], "cannot be written", id="no folder"),
        pytest.param(["SELECT 1 WHERE 0", "-o", "none.parquet"], "no rows", id="no rows"),
        pytest.param(["nothing_of_the_name", "-o", "none.parquet"], "nothing_of_the_name", id="no view"),
    ],
)
def test_what_cannot_be_exported_is_said_in_one_line(
    home: Path, tmp_path: Path, arguments: list[str], reason: str
) -> None:
    command = [Path(sys.executable).parent / "skillpulse", "export", *arguments, "--home", home]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode != 0
    assert reason in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.iterdir())
