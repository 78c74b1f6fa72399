"""Faults of Kafka: nodes that die or freeze, networks that part, topics that change under the workers."""

import json
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

from confluent_kafka import TopicPartition
from confluent_kafka.admin import NewPartitions

from streams.kafka import BrokerUnavailable
from streams.topics import TopicFault
from tests.faults.kinds.base import FaultKind
from tests.faults.posts import Event, Mix, posts
from tests.faults.site import SESSION_SECONDS, Site
from tests.kafka.server import KafkaNode


class KillBroker(FaultKind):
    """kill -9 of Apache Kafka's only node, started again with its log."""

    name = "broker killed"
    needs_kafka = True
    strikes = 1
    seconds: ClassVar[tuple[float, float]] = (0, 4)

    def strike(self, site: Site, rng: random.Random) -> None:
        node = _node(site, rng)
        node.kill()
        time.sleep(rng.uniform(*self.seconds))
        node.start()
        node.wait_ready()


class ChangeLeader(KillBroker):
    """One of three nodes dies and comes back: other leaders, another coordinator."""

    name = "leader change of three brokers"
    nodes = 3
    workers = 2
    seconds = (2, 8)


class FreezeBroker(FaultKind):
    """Apache Kafka stops answering while connections stay."""

    name = "broker frozen"
    needs_kafka = True
    strikes = 1

    def strike(self, site: Site, rng: random.Random) -> None:
        node = _node(site, rng)
        node.freeze()
        time.sleep(rng.uniform(2, 10))
        node.thaw()


class LoseKafka(FaultKind):
    """Workers do not reach Kafka, beyond their session: connections are refused or hang; producers do reach it."""

    name = "Kafka unreachable"
    needs_kafka = True
    behind_proxy = True
    workers = 2
    strikes = 1
    seconds: ClassVar[tuple[float, float]] = (SESSION_SECONDS + 1, 3 * SESSION_SECONDS)

    def strike(self, site: Site, rng: random.Random) -> None:
        proxies = site.engines.broker_proxies
        hang = rng.random() < 0.5
        for proxy in proxies:
            proxy.hang() if hang else proxy.refuse()
        site.felt(*proxies)
        time.sleep(rng.uniform(*self.seconds))
        for proxy in proxies:
            proxy.heal()


class LoseKafkaForMinutes(LoseKafka):
    """The same, as long as a failed switch is away."""

    name = "Kafka unreachable for minutes"
    seconds = (180, 240)


class CutKafka(LoseKafka):
    """Connections to Kafka are cut in the midst of requests and answers, again and again."""

    name = "connections to Kafka cut"
    strikes = 2

    def strike(self, site: Site, rng: random.Random) -> None:
        proxies = site.engines.broker_proxies
        for _ in range(3):
            for proxy in proxies:
                rng.choice((proxy.cut_requests, proxy.cut_answers))(rng.randrange(100, 20_000))
            site.felt(*proxies)
            time.sleep(rng.uniform(0.2, 1))
        for proxy in proxies:
            proxy.heal()


class RecreateTopic(FaultKind):
    """The topic is deleted and made anew while the worker reads, and filled beyond its old end at once."""

    name = "topic deleted and recreated"
    needs_kafka = True
    strikes = 1
    under_load = False

    def strike(self, site: Site, rng: random.Random) -> None:
        site.wait(site.drained, "the end of the topic before it is deleted")
        before = site.committed()
        topic = site.settings.job_posts_topic
        old = site.topics.source(topic)
        site.admin.delete_topics([topic])[topic].result(60)
        site.wait(lambda: _made_anew(site, topic, old), "the new topic")
        site.meet_topics()
        repeated = [
            Event(post_id.encode(), value)
            for post_id, value in rng.sample(_stored(site), min(300, len(site.naive.first)))
        ]
        site.send([*repeated, *posts(before + 1_500, rng, self.mix, name="anew")])


class AddPartitions(FaultKind):
    """Partitions are added under load; new posts go there, too."""

    name = "partitions added"
    needs_kafka = True
    workers = 2
    strikes = 1
    under_load = False

    def strike(self, site: Site, rng: random.Random) -> None:
        site.wait(site.drained, "the end of the topic before it grows")
        topic = site.settings.job_posts_topic
        site.admin.create_partitions([NewPartitions(topic, 6)])[topic].result(60)
        site.send(posts(2_000, rng, self.mix, name="grown"))


class LoseOldRecords(FaultKind):
    """Retention deletes what was read, and all committed offsets with the group: the log begins later."""

    name = "records and offsets past retention"
    needs_kafka = True
    strikes = 1
    under_load = False

    def strike(self, site: Site, rng: random.Random) -> None:
        with _offsets_lost(site):
            topic = site.settings.job_posts_topic
            gone = [TopicPartition(topic, part, rng.randrange(end + 1)) for part, end in site.ends().items()]
            for deleted in site.admin.delete_records(gone).values():
                deleted.result(60)
            site.send(posts(1_000, rng, self.mix, name="later"))


class ReplayTopic(FaultKind):
    """All committed offsets are lost: a year of posts in random order is replayed from its start."""

    name = "a year in random order, replayed"
    needs_kafka = True
    mix = Mix(repeats=0.10, shuffled_year=True)
    strikes = 1
    under_load = False

    def strike(self, site: Site, rng: random.Random) -> None:
        with _offsets_lost(site):
            pass


@contextmanager
def _offsets_lost(site: Site) -> Iterator[None]:
    """Workers are stopped at the end of the topic, and started when all that they committed is forgotten."""
    site.wait(site.drained, "the end of the topic before offsets are lost")
    for worker in site.workers:
        worker.stop()
    yield
    site.forget_offsets()
    for worker in site.workers:
        worker.start()


def _node(site: Site, rng: random.Random) -> KafkaNode:
    assert site.engines.kafka is not None
    return rng.choice(site.engines.kafka.nodes)


def _made_anew(site: Site, topic: str, old: str) -> bool:
    try:
        site.topics.ensure((topic,))
        return site.topics.source(topic) != old
    except (BrokerUnavailable, TopicFault):  # the deletion is still on its way through the broker
        return False


def _stored(site: Site) -> list[tuple[str, bytes]]:
    return [(post_id, json.dumps(post).encode()) for post_id, post in sorted(site.naive.first.items())]
