import json
from collections.abc import Hashable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.labelled.agreement import Reading, agreement, cohen_kappa, main


def reading(category: str, ai: bool, *spans: str, also: frozenset[str] = frozenset()) -> Reading:
    return Reading(category, also, ai, spans)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        pytest.param(
            [(True, True)] * 20 + [(True, False)] * 5 + [(False, True)] * 10 + [(False, False)] * 15,
            0.4,
            id="table-of-fifty",
        ),
        pytest.param([("a", "a"), ("b", "b"), ("c", "c")], 1.0, id="full-agreement"),
        pytest.param([(True, False), (False, True)], -1.0, id="full-disagreement"),
        pytest.param(
            [(True, True), (True, False), (False, True), (False, False)], 0.0, id="no-better-than-chance"
        ),
        pytest.param([("a", "a"), ("a", "a")], 1.0, id="one-answer-throughout"),
    ],
)
def test_kappa(pairs: list[tuple[Hashable, Hashable]], kappa: float) -> None:
    assert cohen_kappa(pairs) == pytest.approx(kappa)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_kappa_does_not_depend_on_who_reads_first(pairs: list[tuple[int, int]]) -> None:
    assert cohen_kappa(pairs) == pytest.approx(cohen_kappa([(two, one) for one, two in pairs]))


def test_agreement_counts_posts_that_both_read() -> None:
    texts = {"1": "Go developer\nGo, gRPC and good English", "2": "Logo\nA logo in Illustrator", "3": "Other"}
    first = {
        "1": reading("web_development", False, "Go", "gRPC", "English"),
        "2": reading("graphic_design", False, "logo in Illustrator"),
        "3": reading("other", False),
    }
    second = {
        "1": reading("software_development", False, "Go", "gRPC", also=frozenset({"web_development"})),
        "2": reading("graphic_design", True, "Illustrator", "A"),
    }
    figures = agreement(texts, first, second)
    assert figures["posts"] == 2
    assert figures["category"] == {"strict": 0.5, "lenient": 1.0, "kappa": 0.3333}
    assert figures["ai"] == {"agreed": 0.5, "kappa": 0.0}
    assert figures["spans"] == {"precision": 0.75, "recall": 0.75, "f1": 0.75, "predicted": 4, "labelled": 4}


def test_the_command_prints_the_figures_of_the_kept_passes(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    figures = json.loads(capsys.readouterr().out)
    assert figures["posts"] >= 120
    assert 0 < figures["spans"]["f1"] < 1
