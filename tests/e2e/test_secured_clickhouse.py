"""ClickHouse behind TLS, with users: counted exactly inside, one clear line outside, no secret in any log."""

import json
import random
import re
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import trustme

from schemas.faults import Fault
from sinks.clickhouse.client import Address, opened
from sinks.embedded.process import EmbeddedClickHouse
from streams.home import free_port
from tests.conftest import Server
from tests.faults.naive import Naive
from tests.faults.posts import Mix, posts
from tests.faults.processes import environment_of
from tests.faults.proxy import Proxy
from tests.faults.verdict import Verdict, judge
from tests.streams.live_worker import live_settings, live_worker, wait

READER_PASSWORD, KAFKA_PASSWORD = "reader-horse-41", "kafka-horse-42"


class Secured(NamedTuple):
    """The engine, where TLS is spoken for it, and the authority's file."""

    engine: EmbeddedClickHouse
    url: str
    ca_file: Path


@pytest.fixture(scope="module")
def clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secured]:
    folder = tmp_path_factory.mktemp("tls")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(folder / "ca.pem")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with pytest.MonkeyPatch.context() as patch, EmbeddedClickHouse(_with_password(patch, folder)) as engine:
        proxy = Proxy(("127.0.0.1", engine.port), context)
        yield Secured(engine, proxy.url.replace("http:", "https:"), folder / "ca.pem")
        proxy.close()


def _with_password(patch: pytest.MonkeyPatch, folder: Path) -> Path:
    patch.setenv("SKILLPULSE_ANALYST_PASSWORD", READER_PASSWORD)
    return folder


@pytest.mark.slow
def test_worker_and_readers_work_through_tls_and_no_log_holds_a_secret(
    clickhouse: Secured, tansu: str, tmp_path: Path
) -> None:
    writer = clickhouse.engine.endpoint
    settings = live_settings(
        tmp_path, tansu, Server(clickhouse.url, writer.user, writer.password), "tls_clickhouse"
    )
    settings = settings.model_copy(
        update={
            "clickhouse_ca_file": clickhouse.ca_file,
            "clickhouse_reader": "skillpulse_analyst",
            "clickhouse_reader_password": type(settings.kafka_password)(READER_PASSWORD),
            "kafka_password": type(settings.kafka_password)(KAFKA_PASSWORD),
            "log_level": "DEBUG",
            "log_format": "json",
        }
    )
    events, naive = list(posts(300, random.Random(6), Mix())), Naive()
    naive.count(events)
    file = tmp_path / "posts.jsonl"
    file.write_bytes(b"\n".join(event.value or b"" for event in events))
    environment = environment_of(settings)

    def skillpulse(*words: str, **changed: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "streams", *words],
            env={"PATH": "", **environment, **changed},
            capture_output=True,
            text=True,
        )
        return done.stdout + done.stderr

    with live_worker(settings) as (worker, client):
        said = [skillpulse("ingest", str(file))]
        client.database = settings.database
        counted = "SELECT count() FROM job_posts"
        wait(worker, lambda: client.query(counted).result_rows[0][0] >= len(naive.first))
        wait(worker, lambda: judge(client, naive) == Verdict(lost=0, doubled=0, drift=0, wrong_counts=0))
        ready = re.search(r"http://127\.0\.0\.1:\d+/", (tmp_path / "worker.log").read_text())
        assert ready
        with urllib.request.urlopen(f"{ready[0]}readyz", timeout=5) as answer:
            assert json.load(answer)["ready"]
        said.append(skillpulse("audit"))
        assert "drift 0" in said[-1], said
        said += [
            skillpulse("doctor"),
            skillpulse("doctor", "--json"),
            skillpulse("sql", "DROP TABLE job_posts"),
        ]
        said += [skillpulse("audit", SKILLPULSE_CLICKHOUSE_READER_PASSWORD="wrong-horse-43")]
        assert "Authentication failed" in said[-1]
        said += [skillpulse("worker", SKILLPULSE_CLICKHOUSE_PASSWORD="wrong-horse-43")]
        assert "Authentication failed" in said[-1]
    lines = [json.loads(line) for line in (tmp_path / "worker.log").read_text().splitlines()]
    durable = [batch for line in lines if "durable" in line["message"] for batch in line["batches"]]
    assert sum(batch["records"] for batch in durable) == len(events)
    logs = [path.read_text(errors="replace") for path in (*tmp_path.rglob("*.log"), clickhouse.engine.log)]
    assert len(logs) > 1
    for secret in (writer.password, READER_PASSWORD, KAFKA_PASSWORD, "wrong-horse-43"):
        assert not [text for text in (*said, *logs) if secret in text]


def refusals(clickhouse: Secured, folder: Path) -> Iterator[tuple[Address, str]]:
    writer = clickhouse.engine.endpoint
    good = Address(clickhouse.url, writer.user, writer.password, "default", clickhouse.ca_file)
    other, none = folder / "other.pem", folder / "none.pem"
    trustme.CA().cert_pem.write_to_path(other)
    none.write_text("no certificate")
    yield good._replace(ca_file=other), "is not trusted .unable to get local issuer certificate"
    yield good._replace(ca_file=None), "is not trusted"
    yield good._replace(ca_file=none), "holds no certificate"
    yield good._replace(url=good.url.replace("127.0.0.1", "localhost")), "is not trusted .Hostname mismatch"
    yield good._replace(url=good.url.replace("https", "http")), "is it https"
    yield (
        good._replace(url=clickhouse.engine.endpoint.url.replace("http", "https")),
        "TLS is not spoken there",
    )
    yield good._replace(url=f"https://127.0.0.1:{free_port()}"), "nothing answers there"
    yield good._replace(password="wrong-horse"), "Authentication failed"
    yield good._replace(user="nobody"), "Authentication failed"
    yield good._replace(user="skillpulse_analyst", password=""), "Authentication failed"


def test_who_may_not_in_is_told_why_in_one_short_line(clickhouse: Secured, tmp_path: Path) -> None:
    for address, words in refusals(clickhouse, tmp_path):
        with pytest.raises(Fault, match=words) as told, opened(address):
            pass
        assert "\n" not in str(told.value)
        assert len(str(told.value)) < 200
        assert clickhouse.engine.endpoint.password not in str(told.value)
