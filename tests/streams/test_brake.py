import pytest

from streams.batch import Batch
from streams.brake import Brake
from streams.partition import Rejected
from streams.tally import Tally


def tally(bad, good):
    rejected = [Rejected(None, "not_json", "") for _ in range(bad)]
    return Tally(Batch("s", 0, [None] * (bad + good)), rejected, good, 0, 0, 0, 0.0)


@pytest.mark.parametrize(
    ("tallies", "seconds"),
    [
        pytest.param([tally(0, 1000)], 0, id="healthy"),
        pytest.param([tally(99, 0)], 0, id="too few to tell"),
        pytest.param([tally(100, 100)], 0, id="just the share"),
        pytest.param([tally(101, 100)], 5, id="above the share"),
        pytest.param([tally(60, 0), tally(60, 10)], 5, id="over all partitions of the round"),
        pytest.param([tally(150, 0), tally(0, 1000)], 0, id="one bad partition among many"),
    ],
)
def test_the_brake_holds_when_most_of_a_round_is_bad(tallies, seconds):
    assert Brake(share=0.5, pause=5).hold(tallies) == seconds
