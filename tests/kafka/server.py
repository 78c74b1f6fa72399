"""Apache Kafka as real processes: one node or three, KRaft, small, to be killed and frozen."""

import contextlib
import os
import signal
import socket
import subprocess
import time
import uuid
from collections.abc import Callable, Sequence
from pathlib import Path

from streams.home import free_port
from tests.kafka.jars import class_path

_READY_SECONDS = 300.0  # a cold JVM on two busy cores takes 15, among many other processes more
_JVM = ("-Xms96m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto")

_PROPERTIES = """
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
log.dirs={folder}/log
auto.create.topics.enable=false
num.partitions=4
default.replication.factor={replicas}
min.insync.replicas={in_sync}
offsets.topic.replication.factor={replicas}
offsets.topic.num.partitions=4
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=4
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.retention.check.interval.ms=1000
log.cleaner.enable=false
broker.session.timeout.ms=6000
broker.heartbeat.interval.ms=1000
"""


_TWO_DOORS = """
listeners=PLAINTEXT://127.0.0.1:{port},FRONT://127.0.0.1:{back},CONTROLLER://127.0.0.1:{controller}
advertised.listeners=PLAINTEXT://127.0.0.1:{port},FRONT://127.0.0.1:{front}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,FRONT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
"""

Front = Callable[[int], int]
"""A listener's port -> the port of what stands before it: itself, or a proxy's."""


class KafkaNode:
    """One node, broker and controller in one process; survives kill and restart with its data."""

    def __init__(
        self,
        folder: Path,
        node: int,
        ports: Sequence[tuple[int, int]],
        cluster: str,
        properties: str = "",
        format_options: Sequence[str] = (),
    ) -> None:
        self.folder = folder
        self.port, controller = ports[node - 1]
        self._process: subprocess.Popen[bytes] | None = None
        folder.mkdir(parents=True, exist_ok=True)
        self._properties = folder / "server.properties"
        replicas = min(3, len(ports))
        self._properties.write_text(
            _PROPERTIES.format(
                node=node,
                voters=",".join(f"{i}@127.0.0.1:{port}" for i, (_, port) in enumerate(ports, 1)),
                port=self.port,
                controller=controller,
                folder=folder,
                replicas=replicas,
                in_sync=max(1, replicas - 1),
            )
            + properties  # the last of a name holds
        )
        command = ["format", "-t", cluster, "-c", str(self._properties), *format_options]
        self._run("kafka.tools.StorageTool", *command)

    @property
    def address(self) -> str:
        """`host:port`."""
        return f"127.0.0.1:{self.port}"

    @property
    def pid(self) -> int | None:
        """Its process id, while there is one."""
        return self._process.pid if self._process else None

    def start(self) -> None:
        """Start the process; returns at once."""
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                ["java", *_JVM, "-cp", class_path(), "kafka.Kafka", str(self._properties)],
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
            )

    def wait_ready(self) -> None:
        """Wait until it listens."""
        deadline = time.monotonic() + _READY_SECONDS
        while time.monotonic() < deadline:
            assert self._process is not None
            assert self._process.poll() is None, f"Kafka ended: see {self.folder}/server.log"
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.1)
        raise AssertionError(f"Kafka did not listen within {_READY_SECONDS} s: see {self.folder}/server.log")

    def kill(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """SIGSTOP: connections stay, nothing answers."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Orderly end; by force when that takes too long."""
        if self._process is None:
            return
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()
        self._process = None

    def _run(self, *arguments: str) -> None:
        done = subprocess.run(
            ["java", *_JVM, "-cp", class_path(), *arguments], capture_output=True, text=True, cwd=self.folder
        )
        assert done.returncode == 0, done.stderr[-2000:]


class Kafka:
    """A cluster of one or three nodes. Each listens at a second port, too, and says that it is at `front(port)`."""

    def __init__(self, folder: Path, nodes: int = 1, front: Front = lambda port: port) -> None:
        ports = [(free_port(), free_port()) for _ in range(nodes)]
        cluster = uuid.uuid4().hex[:22]
        self.nodes = []
        for number, (port, controller) in enumerate(ports, 1):
            back = free_port()
            doors = _TWO_DOORS.format(port=port, controller=controller, back=back, front=front(back))
            self.nodes.append(KafkaNode(folder / str(number), number, ports, cluster, doors))

    @property
    def bootstrap_servers(self) -> str:
        """For any Kafka client."""
        return ",".join(node.address for node in self.nodes)

    def start(self) -> None:
        """Start all nodes and wait for them."""
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.wait_ready()

    def kill(self) -> None:
        """Kill all nodes."""
        for node in self.nodes:
            node.kill()

    def stop(self) -> None:
        """Stop all nodes: at the same time, since the last ones would wait for a quorum that is gone."""
        for node in self.nodes:
            if node._process is not None:
                node._process.terminate()
        for node in self.nodes:
            node.stop()
