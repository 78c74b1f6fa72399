"""Laws that hold for any text at all."""

import sys
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streams.classify import Classifier, load_classifier
from streams.classify.categories import CATEGORIES

CLASSIFIER: Classifier = load_classifier()
NAMES = [name for skill in CLASSIFIER.skills for name in (*skill.entry.aliases, *skill.entry.ambiguous)]

_separators = st.sampled_from(
    [" ", "  ", "\t", "\n", " / ", ", ", ". ", "-", "\u00a0", "\u2009", "\u200b", "'", "’"]
)
_everyday = st.sampled_from(
    [
        "no",
        "not",
        "we are a",
        "looking for",
        "is not required",
        "About us:",
        "best regards",
        "AI",
        "http://x.y",
        "a@b.co",
    ]
)
_names = st.sampled_from(NAMES)
_pieces = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Cs", "Mn", "Lu", "Zs", "Cf", "So"]), max_size=8),
    _names,
    _names.map(str.upper),
    _everyday,
    _separators,
)
texts = st.lists(_pieces, max_size=30).map("".join)


@settings(deadline=None, max_examples=200)
@given(title=texts, description=texts, tags=st.lists(_names, max_size=3), category=texts)
def test_hits_point_at_the_text_in_order(
    title: str, description: str, tags: list[str], category: str
) -> None:
    read = CLASSIFIER.classify(title, description, tags, category)
    text = f"{title}\n{description}"
    placed = [hit for hit in read.skills if hit.start >= 0]
    for hit in (*placed, *(hit for hit in read.ai_evidence if hit.start >= 0)):
        assert text[hit.start : hit.end] == hit.text
        assert hit.text.strip()
    assert [hit.start for hit in placed] == sorted(hit.start for hit in placed)
    assert read.skills[: len(placed)] == tuple(placed)
    assert len({hit.skill for hit in read.skills}) == len(read.skills)
    assert {read.category, read.runner_up} <= CATEGORIES.keys()
    assert 0 <= read.category_score <= 1
    assert read.ai == bool(read.ai_evidence)


@settings(deadline=None, max_examples=100)
@given(title=texts, description=texts)
def test_the_same_text_reads_the_same(title: str, description: str) -> None:
    assert CLASSIFIER.classify(title, description) == CLASSIFIER.classify(title, description)


@settings(deadline=None, max_examples=200)
@given(name=st.sampled_from([skill.entry.aliases[0] for skill in CLASSIFIER.skills if skill.entry.aliases]))
def test_case_and_soft_separators_make_no_difference(name: str) -> None:
    plain = name.replace("(s)", "").replace("(es)", "")
    read = {hit.skill for hit in CLASSIFIER.classify("", f"We want: {plain}, soon.").skills}
    for written in (
        plain.upper(),
        plain.replace(" ", "-"),
        plain.replace(" ", "\u00a0"),
        plain.replace(" ", "  "),
    ):
        found = {hit.skill for hit in CLASSIFIER.classify("", f"We want: {written}, soon.").skills}
        assert read <= found | _ambiguous(read)


def _ambiguous(slugs: set[str]) -> set[str]:
    """Skills with names that count in their exact spelling alone."""
    return {skill.slug for skill in CLASSIFIER.skills if skill.slug in slugs and skill.entry.ambiguous}


@pytest.mark.parametrize(
    "piece",
    [
        pytest.param("AI, no SQL or React is not required. ", id="mentions and negations"),
        pytest.param("AI ", id="one endless sentence"),
        pytest.param("Go, R and C; Express or Dash\n", id="ambiguous names"),
        pytest.param("We are a small agency, looking for ", id="company descriptions"),
        pytest.param("About us:\nno ", id="headings"),
        pytest.param("a@b.co www.x.y @@ ", id="addresses"),
        pytest.param("Power  \u200bBI   e\u0301 ", id="gaps"),
    ],
)
def test_work_grows_with_the_length_of_the_text(piece: str) -> None:
    short, long = (_calls(piece * (size // len(piece))) for size in (4_000, 32_000))
    assert long <= 10 * short  # eight times the text


def _calls(text: str) -> int:
    """How many functions one reading of `text` calls, those of C among them."""
    count = 0

    def profile(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(profile)
    try:
        CLASSIFIER.classify("", text)
    finally:
        sys.setprofile(None)
    return count
