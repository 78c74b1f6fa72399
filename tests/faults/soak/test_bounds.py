import os

import pytest

from tests.faults.soak.bounds import FEWEST_OF_A_LIFE, bound, bounds
from tests.faults.soak.samples import Process, Sample, look_at


def sample(at: int, rss: float = 300.0, pid: int = 1, files: int = 40, parts: int | None = 50) -> Sample:
    return Sample(at, at * 2_000, 0, parts, {"worker 1": Process(pid, rss, files)})


def failed(samples: list[Sample], growing: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    return [(one.name, one.measure) for one in bounds(samples, growing) if not one.holds]


@pytest.mark.parametrize(
    ("values", "holds"),
    [
        pytest.param([10.0] * 25 + [400.0] * 75, True, id="fills once and stays"),
        pytest.param([float(rss) for rss in range(300, 800, 5)], False, id="grows steadily"),
        pytest.param([300, 900, 300, 320, 300, 900, 300, 300], True, id="peaks come again"),
        pytest.param([300.0] * 99 + [500.0], False, id="one late peak"),
    ],
)
def test_the_last_quarter_is_held_against_the_second(values: list[float], holds: bool) -> None:
    assert bound("worker", "rss_mib", values).holds is holds


def test_files_that_a_merge_opens_for_a_moment_are_no_growth_and_a_few_that_stay_open_are() -> None:
    merges = [17.0] * 60 + [414.0 if at % 20 == 0 else 17.0 for at in range(60)]
    assert bound("ClickHouse", "files", merges).holds
    assert not bound("ClickHouse", "files", [17.0 + at for at in range(120)]).holds


def test_all_that_stays_level_is_bounded() -> None:
    assert failed([sample(at) for at in range(100)]) == []


def test_memory_open_files_and_parts_are_each_judged() -> None:
    assert failed([sample(at, rss=300 + 5 * at) for at in range(100)]) == [("worker 1", "rss_mib")]
    assert failed([sample(at, files=40 + 5 * at) for at in range(100)]) == [("worker 1", "files")]
    assert failed([sample(at, parts=50 + 9 * at) for at in range(100)]) == [("ClickHouse", "parts")]


def test_a_leak_that_kills_hide_shows_in_each_long_life() -> None:
    life = 2 * FEWEST_OF_A_LIFE
    samples = [sample(at, rss=300 + 8 * (at % life), pid=at // life) for at in range(4 * life)]
    assert failed(samples) == [(f"worker 1, life {number}", "rss_mib") for number in (1, 2, 3, 4)]


def test_the_memory_of_what_keeps_everything_is_not_judged() -> None:
    assert failed([sample(at, rss=300 + 5 * at) for at in range(100)], growing=("worker 1",)) == []


def test_moments_without_an_answer_are_left_out() -> None:
    samples = [sample(at, parts=None if at % 3 else 50) for at in range(100)]
    assert failed(samples) == []


def test_a_process_is_looked_at_until_it_ends() -> None:
    me = look_at(os.getpid())
    assert me is not None and me.rss_mib > 5 and me.files >= 3
    assert look_at(None) is None
    assert look_at(2**22 + 1) is None  # above the largest process id
