"""A short selection; the long run is `make fuzz`."""

import pytest

from tests.faults.engines import Engines
from tests.fuzz.run import run


@pytest.mark.slow
def test_fuzzed_events_and_requests_change_nothing_that_they_should_not(embedded_engines: Engines) -> None:
    done = run(embedded_engines, events=3_000, requests=1_500, seed=7)
    assert done.whole, done
    assert done.rejected > 800
    assert done.counted > 1_400
