"""The labelled posts of the repository are what their README says they are."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from streams.classify.categories import CATEGORIES

FOLDER = Path(__file__).parents[2] / "benchmarks" / "labelled"


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").splitlines()]


POSTS = rows("posts.jsonl")
BY_ID = {row["post_id"]: row for row in POSTS}
PASSES = [pytest.param("passes/first.jsonl", id="first"), pytest.param("passes/second.jsonl", id="second")]


def broken_spans(row: dict[str, Any], post: dict[str, Any]) -> list[str]:
    texts = (post["title"], post["description"])
    return [span for span in row["spans"] if span.strip() != span or not any(span in text for text in texts)]


def test_every_post_has_its_own_id_and_all_fields() -> None:
    assert len(BY_ID) == len(POSTS)
    fields = {"post_id", "title", "description", "category", "also", "ai", "spans"}
    assert all(set(row) == fields for row in POSTS)
    assert all(row["title"] and row["description"] and isinstance(row["ai"], bool) for row in POSTS)


def test_every_span_is_an_exact_substring() -> None:
    assert {row["post_id"]: broken for row in POSTS if (broken := broken_spans(row, row))} == {}


def test_no_span_is_labelled_twice_in_a_post() -> None:
    lowered = {row["post_id"]: Counter(span.lower() for span in row["spans"]) for row in POSTS}
    assert {post: max(count.values(), default=1) for post, count in lowered.items()} == dict.fromkeys(
        lowered, 1
    )


def test_all_categories_are_covered_and_no_other() -> None:
    counts = Counter(row["category"] for row in POSTS)
    assert set(counts) == set(CATEGORIES)
    assert min(counts.values()) >= 5
    assert all(set(row["also"]) <= CATEGORIES.keys() - {row["category"]} for row in POSTS)


def test_the_set_is_large_enough_for_both_ai_answers() -> None:
    assert len(POSTS) >= 320
    assert sum(row["ai"] for row in POSTS) >= 80


@pytest.mark.parametrize("name", PASSES)
def test_a_pass_labels_known_posts_with_exact_substrings(name: str) -> None:
    labelled = rows(name)
    assert len({row["post_id"] for row in labelled}) == len(labelled) >= 120
    assert {row["post_id"] for row in labelled if broken_spans(row, BY_ID[row["post_id"]])} == set()
    assert {row["category"] for row in labelled} | {
        also for row in labelled for also in row["also"]
    } <= CATEGORIES.keys()


def test_both_passes_read_the_same_posts() -> None:
    first, second = ({row["post_id"] for row in rows(f"passes/{name}.jsonl")} for name in ("first", "second"))
    assert first == second
