"""The classifier must read out of the posts what the scenario put into them, or no report could find it."""

import json
from collections import Counter
from datetime import date

import pytest

from streams.classify import load_classifier
from streams.simulate import generate, load_scenario
from streams.simulate.mishaps import Mishaps
from streams.simulate.months import planned
from streams.simulate.phrases import banks

SCENARIO = load_scenario("november")
ANCHOR = date(2025, 12, 1)
POSTS = 8_000
HEADLINES = {
    "qa_testing",
    "interpretation_tutoring",
    "audio_production",
    "photography",
    "ecommerce_development",
    "lead_generation",
    "marketing_strategy",
}
TOP_OF_AI = {"python", "ml", "graphic_design", "video_editing"}


class Read:
    """What the classifier made of the posts: (intended, found) category, posts with AI, skills inside those."""

    def __init__(self) -> None:
        labels = {bank.label: category for category, bank in banks().items()}
        classifier = load_classifier()
        self.categories: Counter[tuple[str, str]] = Counter()
        self.ai_skills: Counter[str] = Counter()
        self.ai = 0
        for record in generate(SCENARIO, POSTS, 5, ANCHOR, mishaps=Mishaps(0, 0, 0)):
            post = json.loads(record.value_bytes)
            found = classifier.classify(post["title"], post["description"], post["skills"], post["category"])
            self.categories[labels[post["category"]], found.category] += 1
            if found.ai:
                self.ai += 1
                self.ai_skills.update(hit.skill for hit in found.skills)


@pytest.fixture(scope="module")
def read() -> Read:
    return Read()


def test_headline_categories_are_exact(read: Read) -> None:
    mistaken = {pair: number for pair, number in read.categories.items() if pair[0] != pair[1]}
    assert {pair: number for pair, number in mistaken.items() if HEADLINES.intersection(pair)} == {}


def test_categories_agree_nearly_always(read: Read) -> None:
    agreed = sum(number for pair, number in read.categories.items() if pair[0] == pair[1])
    assert agreed / POSTS > 0.97


def test_posts_that_involve_ai_are_found(read: Read) -> None:
    months = planned(SCENARIO, POSTS, ANCHOR, 2)
    intended = sum(ai for month in months for _, ai in month.posts.values())
    assert read.ai == pytest.approx(intended, rel=0.1)


def test_the_skills_that_lead_in_ai_posts(read: Read) -> None:
    assert {skill for skill, _ in read.ai_skills.most_common(12)} >= TOP_OF_AI
