"""The engines that tests run against, as real processes: started once a session, topics and databases per test."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import hypothesis
import pytest

from sinks.embedded.process import EmbeddedClickHouse
from streams.embedded_broker import EmbeddedBroker
from streams.settings import Settings
from tests.containers import clickhouse_container, docker_missing, kafka_container
from tests.faults.engines import Engines, Needs
from tests.kafka.jars import KafkaMissing, class_path

# a machine under load makes single examples slow; how long the suite may take is pytest-timeout's concern
hypothesis.settings.register_profile("skillpulse", deadline=None)
hypothesis.settings.load_profile("skillpulse")


class Server(NamedTuple):
    """A ClickHouse that answers at `url`, for `user`."""

    url: str
    user: str
    password: str


@pytest.fixture(scope="session")
def tansu(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded broker's address."""
    engine = EmbeddedBroker(tmp_path_factory.mktemp("tansu"))
    engine.start()
    yield engine.bootstrap_servers
    engine.stop()


@pytest.fixture(scope="session")
def embedded_engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    """Embedded broker and ClickHouse, to be broken and mended."""
    with Engines(tmp_path_factory.mktemp("embedded"), Needs(nodes=0)) as engines:
        yield engines


@pytest.fixture(scope="session")
def kafka_installed() -> None:
    """Skips, with the reason, where Apache Kafka cannot run."""
    try:
        class_path()
    except KafkaMissing as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="session")
def kafka_engines(tmp_path_factory: pytest.TempPathFactory, kafka_installed: None) -> Iterator[Engines]:
    """Apache Kafka of one node and ClickHouse, to be broken and mended."""
    with Engines(tmp_path_factory.mktemp("kafka"), Needs(nodes=1)) as engines:
        yield engines


@pytest.fixture(
    params=[
        pytest.param("embedded_engines", id="embedded"),
        pytest.param("kafka_engines", id="kafka", marks=pytest.mark.kafka),
    ]
)
def engines(request: pytest.FixtureRequest) -> Engines:
    """Broker and ClickHouse: each kind of broker in turn."""
    made: Engines = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
def kafka(kafka_engines: Engines) -> str:
    """The address of Apache Kafka, one node."""
    return kafka_engines.bootstrap_servers


@pytest.fixture(scope="session")
def docker_kafka() -> Iterator[str]:
    """The address of Apache Kafka in a container."""
    if reason := docker_missing():
        pytest.skip(reason)
    with kafka_container() as address:
        yield address


@pytest.fixture(
    params=[
        pytest.param("tansu", id="tansu"),
        pytest.param("kafka", id="kafka", marks=pytest.mark.kafka),
        pytest.param("docker_kafka", id="kafka-container", marks=[pytest.mark.kafka, pytest.mark.docker]),
    ]
)
def broker(request: pytest.FixtureRequest) -> str:
    """`host:port` of a broker: each of them in turn."""
    address: str = request.getfixturevalue(request.param)
    return address


@pytest.fixture(scope="session")
def embedded_clickhouse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The embedded engine, in its own process."""
    with EmbeddedClickHouse(tmp_path_factory.mktemp("clickhouse")) as engine:
        yield Server(engine.endpoint.url, engine.endpoint.user, engine.endpoint.password)


@pytest.fixture(scope="session")
def docker_clickhouse() -> Iterator[Server]:
    """The ClickHouse server in a container."""
    if reason := docker_missing():
        pytest.skip(reason)
    with clickhouse_container() as address:
        yield Server(*address)


@pytest.fixture(
    params=[
        pytest.param("embedded_clickhouse", id="embedded"),
        pytest.param("docker_clickhouse", id="server-container", marks=pytest.mark.docker),
    ]
)
def clickhouse(request: pytest.FixtureRequest) -> Server:
    """A ClickHouse: each of them in turn."""
    server: Server = request.getfixturevalue(request.param)
    return server


@pytest.fixture
def broker_settings(broker: str, tmp_path: Path, request: pytest.FixtureRequest) -> Settings:
    """Settings with topics and a group of this test's own, four partitions, on each broker in turn."""
    own = f"{abs(hash(request.node.nodeid)):x}"
    return Settings(
        home=tmp_path,
        broker=broker,
        group=f"group-{own}",
        job_posts_topic=f"posts-{own}",
        dead_letters_topic=f"dead-{own}",
        survey_topic=f"survey-{own}",
        signals_topic=f"signals-{own}",
        partitions=4,
        session_seconds=6.0,
    )
