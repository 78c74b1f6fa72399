from streams.classify import Classifier
from streams.classify.gaps import Gaps


def test_gaps_count_what_no_skill_covers(classifier: Classifier) -> None:
    gaps = Gaps(classifier)
    for _ in range(3):
        gaps.add(
            "Quuxly developer",
            "Experience with Quuxly, Python or Frobnicator 9 is a must.",
            ("Zorbing", "Python"),
        )
    assert gaps.posts == 3
    assert gaps.tags == {"Zorbing": 3}
    assert gaps.phrases["quuxly"] == gaps.phrases["frobnicator 9"] == 3
    assert not any("python" in phrase for phrase in gaps.phrases)


def test_a_post_without_any_skill_is_counted(classifier: Classifier) -> None:
    gaps = Gaps(classifier)
    gaps.add("Hello", "Nothing here.")
    assert (gaps.posts, gaps.without_skills) == (1, 1)
