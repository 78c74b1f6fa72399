"""`skillpulse ingest` and `simulate` against the embedded broker."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from confluent_kafka import OFFSET_BEGINNING, Consumer, TopicPartition

from streams.cli.ingest import command as ingest
from streams.cli.simulate import command as simulate
from streams.settings import load_settings

POSTS = [
    {"post_id": f"p{number}", "posted_at": "2024-05-01T10:00:00Z", "title": f"Job {number}"}
    for number in range(20)
]


@pytest.fixture
def topic(tansu: str, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> str:
    name = f"ingest-{abs(hash(request.node.nodeid)):x}"
    monkeypatch.setenv("SKILLPULSE_BROKER", tansu)
    monkeypatch.setenv("SKILLPULSE_JOB_POSTS_TOPIC", name)
    monkeypatch.setenv("SKILLPULSE_PARTITIONS", "3")
    return name


def sent(topic: str, number: int) -> list[tuple[str, bytes]]:
    """(key, value) of the `number` records in the topic; there are no more."""
    consumer = Consumer({"bootstrap.servers": load_settings().broker, "group.id": "reader"})
    try:
        partitions = consumer.list_topics(topic).topics[topic].partitions
        consumer.assign([TopicPartition(topic, partition, OFFSET_BEGINNING) for partition in partitions])
        messages = []
        while len(messages) < number and (message := consumer.poll(20)):
            assert message.error() is None
            messages.append((message.key().decode(), message.value()))
        assert len(messages) == number
        assert consumer.poll(0.5) is None
        return messages
    finally:
        consumer.close()


def run(*arguments: str, text: bytes | None = None) -> Result:
    return CliRunner().invoke(ingest, arguments, input=text)


def lines(*posts: object) -> bytes:
    return b"".join(json.dumps(post).encode() + b"\n" for post in posts)


def test_posts_arrive_under_their_ids_as_they_were(topic: str, tmp_path: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines(*POSTS))
    result = run(str(path), "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout.splitlines()[-1])
    assert (summary["rows"], summary["posts"], summary["sent"], summary["rejected"]) == (20, 20, 20, 0)
    assert dict(sent(topic, 20)) == {str(post["post_id"]): lines(post).strip() for post in POSTS}


def test_bad_rows_are_shown_with_their_place_and_not_sent(topic: str) -> None:
    text = lines(POSTS[0]) + b"not json\n" + lines({"post_id": "x"}, POSTS[1])
    result = run("-", "--json", text=text)
    assert result.exit_code == 1
    assert "-:2: " in result.stderr
    assert "-:3: " in result.stderr
    assert "missing required field `posted_at`" in result.stderr
    summary = json.loads(result.stdout.splitlines()[-1])
    assert (summary["sent"], summary["unreadable"], summary["rejected"]) == (2, 1, 1)
    assert {key for key, _ in sent(topic, 2)} == {"p0", "p1"}


def test_invalid_posts_are_sent_on_request_and_the_status_is_0_if_allowed(topic: str) -> None:
    text = lines({"post_id": "x"}, POSTS[0]) + b"not json\n"
    assert run("-", "--send-invalid", "--allow-rejects", text=text).exit_code == 0
    assert {key for key, _ in sent(topic, 2)} == {"x", "p0"}


def test_a_dry_run_needs_no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SKILLPULSE_BROKER", "127.0.0.1:1")
    result = run("-", "--dry-run", text=lines(POSTS[0], {"post_id": "x"}))
    assert result.exit_code == 1
    assert "2 rows: 1 would be sent, 1 rejected, 0 unreadable" in result.stderr


def test_csv_with_a_mapping(topic: str, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["jobkey", "title", "date", "description"])
        rows.writerow(["k1", "Accountant", "2024-05-01", "<p>Books</p>"])
    assert run(str(path), "--mapping", "indeed").exit_code == 0
    ((key, value),) = sent(topic, 1)
    assert key == "indeed:k1"
    assert json.loads(value)["description"] == "Books"


def test_simulated_posts_go_to_the_topic_or_into_a_file(topic: str, tmp_path: Path) -> None:
    options = ["--posts", "300", "--anchor", "2025-12", "--json"]
    result = CliRunner().invoke(simulate, options)
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout.splitlines()[-1])
    assert summary["posts"] == 300
    path = tmp_path / "posts.jsonl.zst"
    assert CliRunner().invoke(simulate, [*options, "-o", str(path)]).exit_code == 0
    assert len({key for key, _ in sent(topic, summary["records"])}) == summary["posts"] + summary["bad"]
    result = run(str(path), "--dry-run", "--allow-rejects", "--json")
    dry = json.loads(result.stdout.splitlines()[-1])
    assert dry["rows"] == summary["records"]
    assert dry["posts"] == summary["posts"] + summary["repeats"]
    assert dry["rejected"] + dry["unreadable"] == summary["bad"]


def test_a_live_stream_ends_after_its_posts(tmp_path: Path) -> None:
    path = tmp_path / "live.jsonl"
    result = CliRunner().invoke(
        simulate, ["--rate", "2000", "--posts", "50", "--repeats", "0", "-o", str(path)]
    )
    assert result.exit_code == 0, result.output
    assert len(path.read_bytes().splitlines()) >= 50


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(["--json", "-o", "-"], "choose one", id="two on standard output"),
        pytest.param(["--rate", "5", "--anchor", "2025-12"], "belong to a backfill", id="live and anchored"),
        pytest.param(["--anchor", "december"], "write it as 2025-12", id="no month"),
    ],
)
def test_contradictions_are_refused(arguments: list[str], says: str) -> None:
    result = CliRunner().invoke(simulate, arguments)
    assert result.exit_code == 2
    assert says in result.output
