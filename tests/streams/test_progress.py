"""Liveness means progress: what waits without a round made durable, from when it could be worked on."""

from types import SimpleNamespace
from typing import cast

import pytest
from faust.types import TP

from sinks.retry import Retry
from streams.metrics import Metrics
from streams.web import Progress

POSTS = TP("posts", 0)


class Site:
    """A worker's progress, its consumer of one partition, and its clock."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.end = 0
        self.assigned = {POSTS}
        self.retry = SimpleNamespace(waiting_for="")
        self.progress = Progress(Metrics(), cast(Retry, self.retry), lambda: self, lambda: self.now)

    def assignment(self) -> set[TP]:
        return self.assigned

    def highwater(self, tp: TP) -> int:
        return self.end

    def durable(self, last_offset: int, partition: int = POSTS.partition) -> None:
        batch = SimpleNamespace(partition=partition, last_offset=last_offset)
        self.progress.report(POSTS.topic, [SimpleNamespace(batch=batch)])  # type: ignore[list-item]  # all it reads

    def alive_after(self, seconds: int) -> bool:
        """Whether it lives through these seconds, looked at every two, as the worker does."""
        for _ in range(0, seconds, 2):
            self.now += 2
            if not self.progress.state()["alive"]:
                return False
        return True


@pytest.fixture
def site() -> Site:
    return Site()


def test_records_that_come_after_a_quiet_time_have_not_waited_yet(site: Site) -> None:
    site.durable(last_offset=9)
    site.end = 10
    assert site.alive_after(3_600)
    site.end = 5_000
    assert site.alive_after(110)
    assert site.progress.state()["idle_seconds"] == 110


def test_what_waited_for_the_store_waits_for_the_worker_from_then_on(site: Site) -> None:
    site.durable(last_offset=9)
    site.end = 5_000
    site.retry.waiting_for = "ClickHouse"
    assert site.alive_after(900)
    site.retry.waiting_for = ""
    assert site.alive_after(110)
    assert not site.alive_after(20)


def test_who_makes_nothing_durable_while_records_wait_is_not_alive(site: Site) -> None:
    site.durable(last_offset=9)
    site.end = 5_000
    assert site.alive_after(110)
    assert not site.alive_after(20)


def test_so_is_who_never_began(site: Site) -> None:
    site.progress.measured({POSTS: (0, 5_000)})
    assert site.progress.state()["lag"] == 5_000
    assert not site.alive_after(130)


def test_and_who_fetches_no_more(site: Site) -> None:
    site.durable(last_offset=9)
    site.end = 10
    site.progress.measured({POSTS: (10, 5_000)})
    assert not site.alive_after(130)


def test_marks_of_transactions_are_nothing_to_wait_for(site: Site) -> None:
    site.durable(last_offset=9)
    site.end = 11
    site.progress.measured({POSTS: (11, 11)})
    assert site.alive_after(3_600)


def test_one_partition_that_stands_is_not_hidden_by_another_that_moves(site: Site) -> None:
    site.assigned = {POSTS, TP("posts", 1)}
    site.end = 5_000
    site.durable(last_offset=9)
    site.progress.state()
    lived = 0
    while site.alive_after(2):
        lived += 2
        site.durable(last_offset=lived, partition=1)
        assert lived < 130
    assert lived >= 110


def test_a_partition_that_is_assigned_late_has_not_waited_yet(site: Site) -> None:
    site.assigned = set()
    assert site.alive_after(600)
    site.assigned = {POSTS}
    site.progress.measured({POSTS: (0, 5_000)})
    assert site.alive_after(110)


def test_who_loads_the_state_of_one_partition_after_the_other_is_alive(site: Site) -> None:
    site.progress.measured({POSTS: (0, 5_000)})
    for _ in range(12):
        assert site.alive_after(110)
        site.progress.prepared()
    assert site.alive_after(110)
    assert not site.alive_after(20)
