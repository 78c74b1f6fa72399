import hashlib
import json
from collections import Counter
from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas import limits
from schemas.decode import decode_post
from schemas.rejected import RejectedEvent
from streams.classify.categories import CATEGORIES
from streams.simulate import SimulatedRecord, Spike, generate, load_scenario
from streams.simulate.mishaps import Mishaps
from streams.simulate.phrases import banks
from streams.simulate.scaling import scaled

SCENARIO = load_scenario("november")
ANCHOR = date(2025, 12, 1)
POSTS = 12_000
ONLY_POSTS = Mishaps(repeats=0, late=0, bad=0)
LABELS = {bank.label: category for category, bank in banks().items()}


@pytest.fixture(scope="module")
def records() -> list[SimulatedRecord]:
    return list(generate(SCENARIO, POSTS, 7, ANCHOR))


@pytest.fixture(scope="module")
def posts(records: list[SimulatedRecord]) -> list[dict[str, Any]]:
    return [json.loads(record.value_bytes) for record in records if record.kind == "post"]


def digest(seed: int, anchor: date) -> str:
    lines = (r.key + r.value_bytes + str(r.at).encode() for r in generate(SCENARIO, 400, seed, anchor))
    return hashlib.sha256(b"\n".join(lines)).hexdigest()


def test_equal_seeds_give_equal_bytes_others_do_not() -> None:
    assert digest(1, ANCHOR) == digest(1, ANCHOR)
    assert len({digest(1, ANCHOR), digest(2, ANCHOR), digest(1, date(2025, 11, 1))}) == 3


def test_each_category_and_month_has_exactly_its_count(posts: list[dict[str, Any]]) -> None:
    found = Counter((LABELS[post["category"]], post["posted_at"][:7]) for post in posts)
    assert found == {
        (category, month): number
        for category, pair in scaled(SCENARIO, POSTS).items()
        for month, number in zip(("2025-10", "2025-11"), pair, strict=True)
        if number
    }
    assert {category for category, _ in found} == set(CATEGORIES)


def test_distinct_posts_are_distinct_and_repeats_are_not(records: list[SimulatedRecord]) -> None:
    firsts = {record.key: record.value_bytes for record in records if record.kind == "post"}
    assert sum(record.kind == "post" for record in records) == len(firsts) == POSTS
    repeats = [record for record in records if record.kind == "repeat"]
    assert 0.04 < len(repeats) / POSTS < 0.06
    edited = sum(record.value_bytes != firsts[record.key] for record in repeats)
    assert 0 < edited < len(repeats) / 2


def test_a_repeat_comes_after_its_post(records: list[SimulatedRecord]) -> None:
    seen = set()
    for record in records:
        assert (record.key in seen) == (record.kind == "repeat")
        if record.kind == "post":
            seen.add(record.key)


def test_records_are_in_order_of_sending_and_some_posts_are_late(records: list[SimulatedRecord]) -> None:
    assert all(before.at <= after.at for before, after in zip(records, records[1:], strict=False))
    delays = [
        record.at - datetime.fromisoformat(json.loads(record.value_bytes)["posted_at"]).timestamp()
        for record in records
        if record.kind == "post"
    ]
    assert 0.04 < sum(delay > 3_599 for delay in delays) / POSTS < 0.06
    assert min(delays) == 0


def test_every_post_is_valid_and_every_bad_record_is_not(records: list[SimulatedRecord]) -> None:
    codes: Counter[str] = Counter()
    for record in records:
        assert b"\n" not in record.value_bytes
        sent_at = datetime.fromtimestamp(record.at, UTC)
        if record.kind == "bad":
            with pytest.raises(RejectedEvent) as rejected:
                decode_post(record.value_bytes, sent_at)
            codes[rejected.value.code] += 1
        else:
            assert decode_post(record.value_bytes, sent_at).post_id.encode() == record.key
    assert 0.001 < codes.total() / POSTS < 0.003
    assert len(codes) >= 3


def test_posts_look_like_posts(records: list[SimulatedRecord], posts: list[dict[str, Any]]) -> None:
    mean = sum(len(record.value_bytes) for record in records) / len(records)
    assert 1_050 < mean < 1_350
    assert max(len(post["title"]) for post in posts) < limits.MAX_TITLE / 4
    assert not any(hole in post["title"] + post["description"] for post in posts for hole in ("{", "%("))
    assert len({post["description"] for post in posts}) > 0.99 * POSTS
    assert {post["client_size"] for post in posts} == {"smb", "large", "unknown"}
    assert {post.get("contract") for post in posts} == {"hourly", "fixed", None}
    assert 0.4 < sum(post["country"] in ("United States", "US", "USA") for post in posts) / POSTS < 0.55


def test_the_week_and_the_day_have_their_rhythm(posts: list[dict[str, Any]]) -> None:
    times = [datetime.fromisoformat(post["posted_at"]) for post in posts]
    weekdays, hours = Counter(time.weekday() for time in times), Counter(time.hour for time in times)
    assert min(weekdays[day] for day in range(5)) > 1.3 * max(weekdays[5], weekdays[6])
    assert hours[16] > 2 * hours[3]


def test_history_months_come_on_top_and_rise_with_the_trend() -> None:
    found = Counter(
        (LABELS[post["category"]], post["posted_at"][:7])
        for record in generate(SCENARIO, 3_000, 7, ANCHOR, months=14, mishaps=ONLY_POSTS)
        if (post := json.loads(record.value_bytes))
    )
    months = sorted({month for _, month in found})
    assert (months[0], months[-1], len(months)) == ("2024-10", "2025-11", 14)
    assert sum(number for (_, month), number in found.items() if month >= "2025-10") == 3_000
    assert found["ai_machine_learning", "2024-11"] < 0.85 * found["ai_machine_learning", "2025-11"]


def test_a_spike_multiplies_the_posts_for_one_skill_in_its_time() -> None:
    start = datetime(2025, 11, 12, tzinfo=UTC).timestamp()
    spike = Spike("wordpress", 4.0, start, start + 86_400)

    def asking(day: str, *spikes: Spike) -> int:
        records = generate(SCENARIO, 20_000, 7, ANCHOR, mishaps=ONLY_POSTS, spikes=spikes)
        on_the_day = (record for record in records if f'"{day}T'.encode() in record.value_bytes)
        return sum(b'"WordPress"' in record.value_bytes for record in on_the_day)

    usual = asking("2025-11-12")
    assert asking("2025-11-12", spike) > 2.5 * usual
    assert asking("2025-11-19", spike) < 2 * asking("2025-11-19")
    assert asking("2025-11-12", spike._replace(factor=0.0)) < usual
