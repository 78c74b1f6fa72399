"""Apache Kafka that wants TLS and a password or a certificate: counted exactly inside, one clear line outside."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from streams import kafka_admin
from streams.cli.ingest import command as ingest
from streams.kafka import BrokerUnavailable
from streams.settings import InvalidSettings, Settings, load_settings
from streams.topics import Topics
from tests.conftest import Server
from tests.faults.naive import Naive
from tests.faults.posts import Mix, posts
from tests.faults.verdict import Verdict, judge
from tests.kafka.secured import PASSWORD, USER, Secured, secured_kafka
from tests.streams.live_worker import live_settings, live_worker, wait

pytestmark = [pytest.mark.kafka, pytest.mark.slow]


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory, kafka_installed: None) -> Iterator[Secured]:
    with secured_kafka(tmp_path_factory.mktemp("secured")) as secured:
        yield secured


def by_password(kafka: Secured, mechanism: str) -> dict[str, object]:
    return {
        "broker": kafka.by_password,
        "kafka_security_protocol": "SASL_SSL",
        "kafka_sasl_mechanism": mechanism,
        "kafka_username": USER,
        "kafka_password": PASSWORD,
        "kafka_ca_file": kafka.ca_file,
    }


def by_certificate(kafka: Secured) -> dict[str, object]:
    return {
        "broker": kafka.by_certificate,
        "kafka_security_protocol": "SSL",
        "kafka_ca_file": kafka.ca_file,
        "kafka_cert_file": kafka.cert_file,
        "kafka_key_file": kafka.key_file,
    }


@pytest.mark.parametrize("way", ["SCRAM-SHA-512", "PLAIN", "certificate"])
def test_worker_and_ingest_count_exactly(
    kafka: Secured,
    embedded_clickhouse: Server,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    way: str,
) -> None:
    connection = by_certificate(kafka) if way == "certificate" else by_password(kafka, way)
    name = f"tls_{way.replace('-', '_').lower()}"
    basic = live_settings(tmp_path, "", embedded_clickhouse, name)
    settings = Settings(**{**basic.model_dump(exclude_defaults=True), **connection})
    events, naive = list(posts(500, random.Random(5), Mix())), Naive()
    naive.count(events)
    file = tmp_path / "posts.jsonl"
    file.write_bytes(b"\n".join(event.value or b"" for event in events))
    with live_worker(settings) as (worker, client):
        for variable, value in worker.environment.items():
            monkeypatch.setenv(variable, value)
        said = CliRunner().invoke(ingest, [str(file)])
        assert said.exit_code == 0, said.output
        client.database = settings.database
        counted = "SELECT count() FROM job_posts"
        wait(worker, lambda: client.query(counted).result_rows[0][0] >= len(naive.first))
        wait(worker, lambda: judge(client, naive) == Verdict(lost=0, doubled=0, drift=0, wrong_counts=0))
        assert PASSWORD not in worker.words() + said.output


REFUSED = [
    pytest.param({"kafka_password": "wrong-horse"}, "Authentication failed", id="password"),
    pytest.param({"kafka_username": "nobody"}, "Authentication failed", id="user"),
    pytest.param({"kafka_ca_file": None}, "certificate could not be verified", id="authority"),
    pytest.param({"kafka_security_protocol": "PLAINTEXT"}, "is the security protocol", id="plaintext"),
]


@pytest.mark.parametrize(("change", "words"), REFUSED)
def test_who_may_not_in_is_told_why_in_one_line(
    kafka: Secured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: dict[str, object], words: str
) -> None:
    monkeypatch.setattr(kafka_admin, "TIMEOUT", 3.0)
    settings = Settings(**{"home": tmp_path, **by_password(kafka, "SCRAM-SHA-512"), **change})
    with pytest.raises(BrokerUnavailable, match=words) as told:
        Topics(settings).ensure(("posts",))
    assert "\n" not in str(told.value)
    assert not {PASSWORD, "wrong-horse"} & set(str(told.value).split())


def test_a_client_without_a_certificate_is_told(
    kafka: Secured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kafka_admin, "TIMEOUT", 3.0)
    naked = {**by_certificate(kafka), "kafka_cert_file": None, "kafka_key_file": None}
    with pytest.raises(BrokerUnavailable, match="bad certificate"):
        Topics(Settings(home=tmp_path, **naked)).ensure(("posts",))


def test_files_that_are_no_certificates_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InvalidSettings, match="SKILLPULSE_KAFKA_CA_FILE: Path does not point to a file"):
        load_settings(kafka_ca_file=tmp_path / "nowhere.pem")
    empty = tmp_path / "empty.pem"
    empty.write_text("no certificate")
    settings = Settings(
        home=tmp_path, broker="127.0.0.1:1", kafka_security_protocol="SSL", kafka_ca_file=empty
    )
    with pytest.raises(BrokerUnavailable, match="ssl.ca.location"):
        Topics(settings)
