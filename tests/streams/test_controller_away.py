"""One of three brokers dies, the one that is thought to be the controller: the topic is still looked at."""

import time
from pathlib import Path

import pytest

from streams.settings import Settings
from streams.topics import Topics
from tests.kafka.server import Kafka

pytestmark = [pytest.mark.slow, pytest.mark.kafka]


@pytest.mark.usefixtures("kafka_installed")
def test_the_topic_is_looked_at_while_the_controller_is_away(tmp_path: Path) -> None:
    kafka = Kafka(tmp_path / "kafka", 3)
    kafka.start()
    try:
        settings = Settings(home=tmp_path, broker=kafka.bootstrap_servers, partitions=3, replication_factor=3)
        topics = Topics(settings)
        topics.ensure(("posts",))
        source = topics.source("posts")
        controller = topics._admin.client.list_topics(timeout=15).controller_id
        kafka.nodes[controller - 1].kill()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:  # longer than the others take to notice
            assert topics.source("posts") == source
            time.sleep(0.2)
    finally:
        kafka.stop()
