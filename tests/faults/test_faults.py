"""A short selection of the faults; `make faults` runs the long one."""

import pytest

from tests.faults.engines import Engines
from tests.faults.kinds import KINDS
from tests.faults.run import Plan, run

POSTS = 1_200
QUICK = ("one of two workers killed", "inserts cut")


def check(engines: Engines, kind: str) -> None:
    outcome = run(engines, Plan(kind, seed=100 + [*KINDS].index(kind), posts=POSTS, strikes=1))
    assert outcome.verdict.exact, outcome
    assert len(outcome.recoveries_s) == 1


@pytest.mark.timeout(600)
def test_the_embedded_stack_stays_exact(embedded_engines: Engines) -> None:
    check(embedded_engines, "ClickHouse and worker killed")


@pytest.mark.kafka
@pytest.mark.timeout(600)
@pytest.mark.parametrize("kind", QUICK)
def test_workers_on_apache_kafka_stay_exact(kafka_engines: Engines, kind: str) -> None:
    check(kafka_engines, kind)


@pytest.mark.faults
@pytest.mark.kafka
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "kind", [name for name, kind in KINDS.items() if kind.nodes == 1 and name not in QUICK]
)
def test_every_other_fault_leaves_the_counts_exact(kafka_engines: Engines, kind: str) -> None:
    if KINDS[kind].small_disk or (missing := KINDS[kind]().missing()):
        pytest.skip(missing if not KINDS[kind].small_disk else "needs engines of its own: `make faults`")
    check(kafka_engines, kind)
