"""Producers of three times over one topic: docs/events.md says what becomes of each."""

import json
from typing import Any

import pytest

from tests.faults.engines import Engines
from tests.faults.posts import Event
from tests.faults.site import Site
from tests.faults.verdict import Verdict, judge

EARLIER = {
    "without a version": {
        "post_id": "old-1",
        "posted_at": "2025-11-14T09:30:05Z",
        "title": "Python developer",
    },
    "an earlier minor, as text": {
        "schema_version": "1.0",
        "post_id": "old-2",
        "posted_at": "2025-11-14T09:30:10Z",
        "title": "Logo design in Figma",
    },
    "the major alone, as a number": {
        "schema_version": 1,
        "post_id": "old-3",
        "posted_at": "2025-11-14T09:31:00+01:00",
        "title": "Bookkeeping in QuickBooks",
    },
}
LATER = {
    "new fields of every shape": {
        "schema_version": "1.9",
        "post_id": "new-1",
        "posted_at": "2025-11-14T09:30:15Z",
        "title": "React and TypeScript front end",
        "client_size": "large",
        "remote": True,
        "attachments": [{"name": "brief.pdf", "pages": [1, 2, {"deep": None}]}],
        "client": {"rating": 4.9, "country": "DE"},
        "skills_v2": {"must": ["SQL"], "nice": []},
    },
    "a later minor, as a number": {
        "schema_version": 1.4,
        "post_id": "new-2",
        "posted_at": "2025-11-14T09:32:00Z",
        "title": "Spanish to English translation",
        "screening": "none",
    },
    "what an older producer sent before": {
        "schema_version": "1.9",
        "post_id": "old-1",
        "posted_at": "2025-11-14T09:30:05Z",
        "title": "Python developer, edited by the newer producer",
        "remote": False,
    },
}
UNKNOWN = {
    "another major of the same fields": {
        "schema_version": "2.0",
        "post_id": "next-1",
        "posted_at": "2025-11-14T09:30:20Z",
        "title": "Video editing",
    },
    "another major, all fields renamed": {
        "schema_version": 3,
        "id": "next-2",
        "when": 1763112600,
        "text": [],
    },
    "a version before the first": {
        "schema_version": "0.9",
        "post_id": "next-3",
        "posted_at": "2025-11-14T09:30:25Z",
        "title": "Voice-over",
    },
}


def event(post: dict[str, Any]) -> Event:
    return Event(str(post.get("post_id", post.get("id"))).encode(), json.dumps(post).encode())


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_older_and_newer_producers_count_and_unknown_majors_wait_as_dead_letters(
    embedded_engines: Engines,
) -> None:
    site = Site(embedded_engines, "producers", workers=1)
    try:
        site.workers[0].start()
        for old, new, unknown in zip(EARLIER.values(), LATER.values(), UNKNOWN.values(), strict=True):
            site.send([event(old)])
            site.send([event(unknown)], counted=False)
            site.send([event(new)])
        site.wait(site.drained, "the end of the topic")
        assert site.restarts == 0, site.workers[0].words()
        with site.client() as client:
            assert judge(client, site.naive) == Verdict(lost=0, doubled=0, drift=0, wrong_counts=0)
            stored = client.query(
                "SELECT post_id, title, client_size FROM posts ORDER BY post_id"
            ).result_rows
            dead = client.query("SELECT reason, record_value FROM dead_letters FINAL").result_rows
            [(repeats, rejected)] = client.query(
                "SELECT sum(repeats), sum(dead_letters) FROM pipeline_batches"
            ).result_rows
    finally:
        site.close()
    assert [post_id for post_id, *_ in stored] == ["new-1", "new-2", "old-1", "old-2", "old-3"]
    assert stored[0] == ("new-1", "React and TypeScript front end", "large")
    assert stored[2][1] == "Python developer"  # the first sighting, not the newer producer's edit
    assert {reason for reason, _ in dead} == {"unknown_version"}
    assert {str(json.loads(value)["schema_version"]) for _, value in dead} == {"2.0", "3", "0.9"}
    assert (repeats, rejected) == (1, len(UNKNOWN))
