"""The faults, one small class each: what it does to a site under load, and on which engines."""

import json
import random
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import ClassVar

from confluent_kafka import TopicPartition
from confluent_kafka.admin import AdminClient, NewPartitions

from sinks.clickhouse.errors import RETRIABLE
from streams.kafka import BrokerUnavailable, librdkafka_options
from streams.topics import TopicFault
from tests.faults.hostile import hostile_events
from tests.faults.posts import Event, Mix, posts
from tests.faults.site import Site

_FREEZE_SECONDS = 9.0  # the session of a run's workers ends after six


class FaultKind(ABC):
    """A fault. `strike` does it, once, and mends it; recovery is measured from its return."""

    name: ClassVar[str]
    workers: ClassVar[int] = 1
    needs_kafka: ClassVar[bool] = False
    nodes: ClassVar[int] = 1
    strikes: ClassVar[int] = 2
    under_load: ClassVar[bool] = True
    """Whether posts are sent while it strikes; else it strikes once, when all of them were sent."""
    mix: ClassVar[Mix] = Mix()

    @abstractmethod
    def strike(self, site: Site, rng: random.Random) -> None:
        """Break something and mend it."""


class KillWorker(FaultKind):
    """kill -9 at any moment, started again."""

    name = "worker killed"
    strikes = 4

    def strike(self, site: Site, rng: random.Random) -> None:
        victim = rng.choice(site.workers)
        victim.kill()
        victim.start()


class KillOneOfTwo(KillWorker):
    """kill -9 of one of two workers: its partitions go to the other and come back."""

    name = "one of two workers killed"
    workers = 2
    strikes = 3


class ComeAndGo(FaultKind):
    """Workers join, leave in order and die under load: rebalance upon rebalance."""

    name = "workers join and leave"
    workers = 2
    strikes = 3

    def strike(self, site: Site, rng: random.Random) -> None:
        newcomer = site.add_worker()
        newcomer.start()
        time.sleep(rng.uniform(1, 8))
        leaver = rng.choice(site.workers)
        leaver.stop() if rng.random() < 0.5 else leaver.kill()
        site.workers.remove(leaver)


class FreezeWorker(FaultKind):
    """SIGSTOP beyond the session timeout while another takes over, then thawed: a zombie writes late."""

    name = "worker frozen beyond its session"
    workers = 2

    def strike(self, site: Site, rng: random.Random) -> None:
        victim = rng.choice(site.workers)
        victim.freeze()
        time.sleep(_FREEZE_SECONDS + rng.random())
        victim.thaw()


class FreezeInInsert(FreezeWorker):
    """As before, but ClickHouse is slow, so that the freeze falls into the midst of an insert."""

    name = "worker frozen in an insert"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.proxy.slow(0.05)
        time.sleep(rng.uniform(0.3, 1.0))
        super().strike(site, rng)
        site.engines.proxy.heal()


class KillClickHouse(FaultKind):
    """kill -9 of the database, away for some seconds, started again with its data."""

    name = "ClickHouse killed"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.clickhouse.kill()
        time.sleep(rng.uniform(0, 3))
        site.engines.restart_clickhouse()


class KillBoth(FaultKind):
    """Database and worker die together."""

    name = "ClickHouse and worker killed"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.clickhouse.kill()
        site.workers[0].kill()
        site.workers[0].start()
        time.sleep(rng.uniform(0, 3))
        site.engines.restart_clickhouse()


class RefuseClickHouse(FaultKind):
    """Connections to ClickHouse are refused or hang for seconds."""

    name = "ClickHouse refuses or hangs"

    def strike(self, site: Site, rng: random.Random) -> None:
        rng.choice((site.engines.proxy.refuse, site.engines.proxy.hang))()
        time.sleep(rng.uniform(1, 5))
        site.engines.proxy.heal()


class SlowClickHouse(FaultKind):
    """ClickHouse takes and gives in small pieces."""

    name = "ClickHouse slow"

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.proxy.slow(rng.uniform(0.01, 0.05))
        time.sleep(rng.uniform(2, 5))
        site.engines.proxy.heal()


class CutInserts(FaultKind):
    """Connections are cut in the midst of inserts, and after inserts whose answer never arrives."""

    name = "inserts cut"
    strikes = 3

    def strike(self, site: Site, rng: random.Random) -> None:
        proxy = site.engines.proxy
        for _ in range(3):
            cut = rng.choice((proxy.cut_requests, proxy.cut_answers))
            cut(rng.randrange(rng.choice((1_000, 300_000))))
            time.sleep(rng.uniform(0.2, 1.5))
        proxy.heal()


class RetriableErrors(FaultKind):
    """ClickHouse answers with errors that pass: each of the retriable codes, by turns."""

    name = "retriable errors"

    def strike(self, site: Site, rng: random.Random) -> None:
        for code, name in rng.sample(sorted(RETRIABLE.items()), len(RETRIABLE) // 2):
            site.engines.proxy.answer(code, name)
            time.sleep(rng.uniform(0.1, 0.5))
        site.engines.proxy.heal()


class FatalErrors(FaultKind):
    """ClickHouse answers with errors that mean a fault of ours: the worker ends, and is started again."""

    name = "fatal errors"
    codes: ClassVar = (
        (60, "UNKNOWN_TABLE"),
        (16, "NO_SUCH_COLUMN_IN_TABLE"),
        (516, "AUTHENTICATION_FAILED"),
        (62, "SYNTAX_ERROR"),
    )

    def strike(self, site: Site, rng: random.Random) -> None:
        site.engines.proxy.answer(*rng.choice(self.codes))
        time.sleep(rng.uniform(1, 4))
        site.engines.proxy.heal()


class KillBroker(FaultKind):
    """kill -9 of Apache Kafka's only node, started again with its log."""

    name = "broker killed"
    needs_kafka = True
    strikes = 1

    def strike(self, site: Site, rng: random.Random) -> None:
        assert site.engines.kafka is not None
        site.engines.kafka.kill()
        time.sleep(rng.uniform(0, 4))
        site.engines.kafka.start()


class FreezeBroker(FaultKind):
    """Apache Kafka stops answering while connections stay."""

    name = "broker frozen"
    needs_kafka = True
    strikes = 1

    def strike(self, site: Site, rng: random.Random) -> None:
        assert site.engines.kafka is not None
        node = rng.choice(site.engines.kafka.nodes)
        node.freeze()
        time.sleep(rng.uniform(3, 12))
        node.thaw()


class ChangeLeader(KillBroker):
    """One of three nodes dies and comes back: other leaders, another coordinator."""

    name = "leader change of three brokers"
    nodes = 3
    workers = 2

    def strike(self, site: Site, rng: random.Random) -> None:
        assert site.engines.kafka is not None
        node = rng.choice(site.engines.kafka.nodes)
        node.kill()
        time.sleep(rng.uniform(2, 8))
        node.start()
        node.wait_ready()


class RecreateTopic(FaultKind):
    """The topic is deleted and made anew while the worker reads, and filled beyond its old end at once."""

    name = "topic deleted and recreated"
    needs_kafka = True
    strikes = 1
    under_load = False

    def strike(self, site: Site, rng: random.Random) -> None:
        site.wait(site.drained, 90, "what stands in the topic before it is deleted")
        before = site.committed()
        topic = site.settings.job_posts_topic
        old = site.topics.source(topic)
        admin = AdminClient(librdkafka_options(site.settings))
        admin.delete_topics([topic])[topic].result(30)
        made = time.monotonic()
        while time.monotonic() - made < 30:
            try:
                site.topics.ensure((topic,))
                if site.topics.source(topic) != old:
                    break
            except (BrokerUnavailable, TopicFault):  # the deletion is still on its way through the broker
                time.sleep(0.1)
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
        site.wait(site.drained, 90, "what stands in the topic before it grows")
        topic = site.settings.job_posts_topic
        admin = AdminClient(librdkafka_options(site.settings))
        admin.create_partitions([NewPartitions(topic, 6)])[topic].result(30)
        site.send(posts(2_000, rng, self.mix, name="grown"))


class LoseOldRecords(FaultKind):
    """Retention deletes what was read, and all committed offsets with the group: the log begins later."""

    name = "records and offsets past retention"
    needs_kafka = True
    strikes = 1
    under_load = False

    def strike(self, site: Site, rng: random.Random) -> None:
        site.wait(site.drained, 90, "what stands in the topic before it is shortened")
        for worker in site.workers:
            worker.stop()
        topic = site.settings.job_posts_topic
        admin = AdminClient(librdkafka_options(site.settings))
        ends = {part: committed for part, (committed, _) in site.offsets().items()}
        gone = [TopicPartition(topic, part, rng.randrange(end + 1)) for part, end in ends.items()]
        for deleted in admin.delete_records(gone).values():
            deleted.result(30)
        group = site.group()
        admin.delete_consumer_groups([group])[group].result(30)
        site.send(posts(1_000, rng, self.mix, name="later"))
        for worker in site.workers:
            worker.start()


class ShuffledYear(KillWorker):
    """Posts of a whole year in random order, into panes long evicted; the worker is killed meanwhile."""

    name = "a year in random order"
    mix = Mix(repeats=0.10, shuffled_year=True)
    strikes = 2


class PoisonedBatch(FaultKind):
    """Hundreds of hostile records at once, in the midst of posts; the worker is killed over them."""

    name = "poisoned batch"
    strikes = 2

    def strike(self, site: Site, rng: random.Random) -> None:
        site.send(hostile_events(400, rng, largest=200_000), counted=False)
        time.sleep(rng.uniform(0, 2))
        site.workers[0].kill()
        site.workers[0].start()


class JumpingClock(FaultKind):
    """Record timestamps jump: years back, an hour ahead, none; repeats with other timestamps."""

    name = "clock jumps"
    strikes = 2

    def strike(self, site: Site, rng: random.Random) -> None:
        site.send(self._jumping(500, rng))
        site.workers[0].kill()
        site.workers[0].start()

    def _jumping(self, count: int, rng: random.Random) -> Iterator[Event]:
        now = datetime.now(UTC)
        for event in posts(count, rng, Mix(repeats=0.0, late=1.0), name=f"jump{rng.randrange(10**9)}"):
            shift = rng.choice(
                (timedelta(0), timedelta(minutes=50), timedelta(hours=-5), timedelta(hours=-17))
            )
            # late posts are days old at least mostly; those of the last day stay within the day that is allowed
            yield event._replace(timestamp=int((now + shift).timestamp() * 1e3))


KINDS: dict[str, type[FaultKind]] = {
    kind.name: kind
    for kind in (
        KillWorker,
        KillOneOfTwo,
        ComeAndGo,
        FreezeWorker,
        FreezeInInsert,
        KillClickHouse,
        KillBoth,
        RefuseClickHouse,
        SlowClickHouse,
        CutInserts,
        RetriableErrors,
        FatalErrors,
        KillBroker,
        FreezeBroker,
        ChangeLeader,
        RecreateTopic,
        AddPartitions,
        LoseOldRecords,
        ShuffledYear,
        PoisonedBatch,
        JumpingClock,
    )
}
"""Every fault by its name."""


def _stored(site: Site) -> list[tuple[str, bytes]]:
    return [(post_id, json.dumps(post).encode()) for post_id, post in sorted(site.naive.first.items())]
