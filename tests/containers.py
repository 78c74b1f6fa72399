"""Apache Kafka and the ClickHouse server as containers, for machines where a Docker engine runs."""

import contextlib
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache

from streams.home import free_port

_KAFKA = "apache/kafka:4.1.0"
_CLICKHOUSE = "clickhouse/clickhouse-server:25.8"
_READY_SECONDS = 120


@cache
def docker_missing() -> str:
    """Why no container can run here; empty if one can."""
    if shutil.which("docker") is None:
        return "no Docker engine: docker is not on the PATH"
    with contextlib.suppress(subprocess.TimeoutExpired):
        asked = subprocess.run(["docker", "info"], capture_output=True, text=True, timeout=20)
        if asked.returncode == 0:
            return ""
    return "no Docker engine answers `docker info`"


@contextlib.contextmanager
def kafka_container() -> Iterator[str]:
    """A broker on loopback; gives its `host:port`."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import LogMessageWaitStrategy

    port = free_port()
    container = (
        DockerContainer(_KAFKA)
        .with_bind_ports(9092, port)
        .with_env("KAFKA_NODE_ID", "1")
        .with_env("KAFKA_PROCESS_ROLES", "broker,controller")
        .with_env("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093")
        .with_env("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER")
        .with_env("KAFKA_LISTENERS", "PLAINTEXT://:9092,CONTROLLER://:9093")
        .with_env("KAFKA_ADVERTISED_LISTENERS", f"PLAINTEXT://127.0.0.1:{port}")
        .with_env("KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT")
        .with_env("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1")
        .with_env("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
        .with_env("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "1000")
        .with_env("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
        .waiting_for(LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(_READY_SECONDS))
    )
    with container:
        yield f"127.0.0.1:{port}"


@contextlib.contextmanager
def clickhouse_container() -> Iterator[tuple[str, str, str]]:
    """A ClickHouse server on loopback; gives its URL, user and password."""
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import HttpWaitStrategy

    port, password = free_port(), secrets.token_urlsafe(12)
    container = (
        DockerContainer(_CLICKHOUSE)
        .with_bind_ports(8123, port)
        .with_env("CLICKHOUSE_USER", "skillpulse_writer")
        .with_env("CLICKHOUSE_PASSWORD", password)
        .with_env("CLICKHOUSE_DEFAULT_ACCESS_MANAGEMENT", "1")
        .waiting_for(HttpWaitStrategy(8123, "/ping").with_startup_timeout(_READY_SECONDS))
    )
    with container:
        yield f"http://127.0.0.1:{port}", "skillpulse_writer", password
