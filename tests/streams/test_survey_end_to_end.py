"""Answers on their whole way: simulated, sent, read by a worker, stored, weighed; equal to plain Python's shares."""

import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from math import sqrt
from pathlib import Path

import pytest
from click.testing import CliRunner
from clickhouse_connect.driver.client import Client

from streams.cli.ingest import command as ingest
from streams.cli.simulate import command as simulate
from streams.sender import Sender
from streams.settings import Settings
from tests.conftest import Server
from tests.faults.processes import Worker
from tests.streams.live_worker import live_settings, live_worker, wait

BAD = [
    (b"r1", b"not json", "not_json"),
    (b"r1", b'{"survey_month": "2025-11"}', "invalid"),
    (b"", b"", "empty"),
]


def event(respondent: str, *answers: str, question: str = "digital_fluency", **fields: object) -> bytes:
    said = {"survey_month": "2024-01", "respondent_id": respondent, "question_id": question}
    return json.dumps({**said, "answers": answers, **fields}).encode()


BAD += [
    (b"other", event("r1", "yes"), "key_mismatch"),
    (b"r1", event("r1", "yes", question="no such"), "unknown_question"),
    (b"r1", event("r1", "perhaps"), "unknown_answer"),
    (b"r1", event("r1", "yes", "no"), "unknown_answer"),
    (b"r1", event("r1", "yes", survey_month="2099-12"), "absurd_time"),
    (b"r1", event("r1", "yes", schema_version="2"), "unknown_version"),
]


@pytest.fixture(scope="module")
def live(
    tmp_path_factory: pytest.TempPathFactory, tansu: str, embedded_clickhouse: Server
) -> Iterator[tuple[Settings, Worker, Client]]:
    settings = live_settings(tmp_path_factory.mktemp("survey"), tansu, embedded_clickhouse, "survey_live")
    with live_worker(settings) as (worker, client):
        yield settings, worker, client


def answers_of(client: Client, month: str) -> int:
    return client.query(
        "SELECT count() FROM survey_answers WHERE survey_month = {month:Date}", {"month": month}
    ).result_rows[0][0]


def test_the_simulated_survey_gives_its_calibrated_shares(
    live: tuple[Settings, Worker, Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, worker, client = live
    path = tmp_path / "answers.jsonl"
    arguments = ["--survey", "300", "--anchor", "2025-12", "-o", str(path)]
    assert CliRunner().invoke(simulate, arguments).exit_code == 0
    monkeypatch.setenv("SKILLPULSE_BROKER", settings.broker)
    monkeypatch.setenv("SKILLPULSE_SURVEY_TOPIC", settings.survey_topic)
    monkeypatch.setenv("SKILLPULSE_PARTITIONS", "2")
    for _ in range(2):  # twice: sending again changes nothing
        result = CliRunner().invoke(ingest, ["--survey", str(path)])
        assert result.exit_code == 0, result.output
        wait(worker, lambda: answers_of(client, "2025-11-01") == 900)

    found = shares(client)
    assert found == plain_shares(path)
    november = date(2025, 11, 1)
    assert found[november, "digital_fluency", "all", "yes"][0] == 0.85
    assert found[november, "hire_next_three_months", "all", "digital_marketing"][0] == 0.4
    top = client.query(
        "SELECT DISTINCT answer, label FROM survey_shares"
        " WHERE question_id = 'top_challenge' AND client_size = 'all' AND rank = 1"
    ).result_rows
    assert top == [("skill_gaps", "Skill gaps: the skills that we need are missing")]


def shares(client: Client) -> dict[tuple[date, str, str, str], tuple[float, float, int, int]]:
    rows = client.query(
        "SELECT survey_month, question_id, client_size, answer, share, margin, chosen, n FROM survey_shares"
        " WHERE survey_month >= '2025-01-01'"
    ).result_rows
    return {row[:4]: (round(row[4], 9), round(row[5], 9), row[6], row[7]) for row in rows}


def plain_shares(path: Path) -> dict[tuple[date, str, str, str], tuple[float, float, int, int]]:
    last = {}
    for line in path.read_text().splitlines():
        said = json.loads(line)
        last[said["survey_month"], said["question_id"], said["respondent_id"]] = said
    groups = defaultdict(list)
    for said in last.values():
        month = date.fromisoformat(said["survey_month"] + "-01")
        for size in ("all", said["client_size"]):
            groups[month, said["question_id"], size].append(said)
    found = {}
    for group, members in groups.items():
        weights = sum(said["weight"] for said in members)
        effective = weights**2 / sum(said["weight"] ** 2 for said in members)
        for answer in {answer for said in members for answer in said["answers"]}:
            chose = [said for said in members if answer in said["answers"]]
            share = sum(said["weight"] for said in chose) / weights
            margin = 1.959964 * sqrt(share * (1 - share) / effective)
            found[*group, answer] = round(share, 9), round(margin, 9), len(chose), len(members)
    return found


def test_the_last_answer_counts_and_bad_ones_are_dead_letters(
    live: tuple[Settings, Worker, Client],
) -> None:
    settings, worker, client = live
    with Sender(settings, settings.survey_topic) as sender:
        for respondent, *answers in [
            ("a", "no"),
            ("b", "yes"),
            ("a", "yes"),
            ("c", "no"),
            ("b",),
            ("d", "no"),
        ]:
            sender.send(respondent.encode(), event(respondent, *answers))
        for key, value, _ in BAD:
            sender.send(key, value)
    wait(worker, lambda: answers_of(client, "2024-01-01") == 3)
    wait(worker, lambda: client.query("SELECT count() FROM dead_letters").result_rows[0][0] == len(BAD))
    said = client.query(
        "SELECT respondent_id, answers FROM survey_answers WHERE survey_month = '2024-01-01' ORDER BY 1"
    ).result_rows
    assert said == [("a", ["yes"]), ("c", ["no"]), ("d", ["no"])]
    reasons = client.query("SELECT reason FROM dead_letters FINAL WHERE source LIKE 'survey-%'").result_rows
    assert sorted(reason for (reason,) in reasons) == sorted(reason for *_, reason in BAD)
