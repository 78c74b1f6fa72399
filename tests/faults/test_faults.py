"""A short selection of the faults; `make faults` runs the long one."""

import pytest

from tests.faults.engines import Engines
from tests.faults.kinds import KINDS
from tests.faults.run import run

POSTS = 1_500
EMBEDDED = ("ClickHouse and worker killed", "inserts cut")
KAFKA = ("one of two workers killed", "worker frozen beyond its session")


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", EMBEDDED)
def test_the_embedded_stack_stays_exact(embedded_engines: Engines, name: str) -> None:
    outcome = run(embedded_engines, KINDS[name](), 101, POSTS, strikes=1)
    assert outcome.verdict.exact, outcome


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.kafka
@pytest.mark.parametrize("name", KAFKA)
def test_workers_on_apache_kafka_stay_exact(kafka_engines: Engines, name: str) -> None:
    outcome = run(kafka_engines, KINDS[name](), 101, POSTS, strikes=1)
    assert outcome.verdict.exact, outcome
