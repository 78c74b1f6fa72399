import itertools
import json
from datetime import UTC, datetime

import pytest

from streams.simulate import SimulatedRecord, live, load_scenario
from streams.simulate.mishaps import Mishaps
from streams.simulate.pace import paced
from streams.simulate.spikes import SpikeError, parsed

SCENARIO = load_scenario("november")
START = 1_764_000_000.0
NOW = datetime(2025, 11, 20, tzinfo=UTC)


def first(number: int, rate: float, seed: int = 1) -> list[SimulatedRecord]:
    return list(itertools.islice(live(SCENARIO, rate, seed, START), number))


def test_posts_arrive_at_the_rate_in_order_and_now() -> None:
    records = first(3_000, rate=50)
    posts = [record for record in records if record.kind == "post"]
    assert len(posts) / (records[-1].at - START) == pytest.approx(50, rel=0.1)
    assert all(before.at <= after.at for before, after in zip(records, records[1:], strict=False))
    delays = [
        int(record.at) - datetime.fromisoformat(json.loads(record.value_bytes)["posted_at"]).timestamp()
        for record in posts
    ]
    assert 0.03 < sum(delay >= 3_599 for delay in delays) / len(posts) < 0.07
    assert sorted(delays)[len(delays) // 2] == 0


def test_the_stream_is_a_function_of_its_arguments() -> None:
    assert first(200, 10) == first(200, 10)
    assert first(200, 10) != first(200, 10, seed=2)


def test_without_mishaps_there_are_only_posts() -> None:
    records = itertools.islice(live(SCENARIO, 5, 1, START, mishaps=Mishaps(0, 0, 0)), 500)
    assert {record.kind for record in records} == {"post"}


def test_pacing_waits_for_the_clock_and_never_when_behind() -> None:
    clock = [100.0]
    waits: list[float] = []

    def sleep(seconds: float) -> None:
        waits.append(seconds)
        clock[0] += seconds

    records = [SimulatedRecord(b"k", b"v", at, "post") for at in (99.0, 101.0, 101.5, 101.5)]
    assert list(paced(records, lambda: clock[0], sleep)) == records
    assert waits == [1.0, 0.5]


@pytest.mark.parametrize(
    ("text", "what", "factor", "start", "minutes"),
    [
        pytest.param(
            "Python:x3@2025-11-14T10:00:00Z", "python", 3, "2025-11-14T10:00:00+00:00", 60, id="hour"
        ),
        pytest.param(
            "qa_testing:x0.5@+10m/30m", "qa testing", 0.5, "2025-11-20T00:10:00+00:00", 30, id="drop"
        ),
        pytest.param(
            "C++:x2@2025-11-14T10:00:00+02:00/5m", "c++", 2, "2025-11-14T08:00:00+00:00", 5, id="zone"
        ),
    ],
)
def test_spikes_are_read(text: str, what: str, factor: float, start: str, minutes: int) -> None:
    begins = datetime.fromisoformat(start).timestamp()
    assert parsed(text, NOW) == (what, factor, begins, begins + 60 * minutes)


@pytest.mark.parametrize(
    "text",
    [
        "Python",
        "Python:3@+10m",
        "Python:x3@soon",
        "Python:x3@2025-11-14T10:00:00",
        "x:x1.2.3@+1m",
        "x:x3@+zm",
    ],
)
def test_bad_spikes_are_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(SpikeError, match="spike"):
        parsed(text, NOW)
