"""Samples of everything that could grow: memory and open files of each process, parts, lag. Reads /proc: Linux."""

import csv
import os
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from sinks.clickhouse.client import disconnect
from tests.faults.site import Site


class Process(NamedTuple):
    """One process at a moment. A process that was started again has another `pid`.

    `files` are open files, pipes and sockets, less those in /proc, of which ClickHouse holds three for each thread.
    """

    pid: int
    rss_mib: float
    files: int


class Sample(NamedTuple):
    """A moment. `lag` and `parts` are None, and a process is missing, where there was no answer."""

    at_s: float
    sent: int
    lag: int | None
    parts: int | None
    processes: Mapping[str, Process]


class Sampler:
    """Takes a sample every `seconds` in a thread of its own and shows it to `seen`."""

    def __init__(
        self, site: Site, sent: Callable[[], int], seconds: float, seen: Callable[[Sample], None]
    ) -> None:
        self.samples: list[Sample] = []
        self._site = site
        self._sent = sent
        self._seconds = seconds
        self._seen = seen
        self._positions = site.watch_positions()
        self._started = time.monotonic()
        self._finish = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Take no more."""
        self._finish.set()
        self._thread.join()
        self._positions.close()

    def _run(self) -> None:
        while not self._finish.wait(self._seconds):
            self.samples.append(self._take())
            self._seen(self.samples[-1])

    def _take(self) -> Sample:
        at = self._positions.read()
        return Sample(
            at_s=time.monotonic() - self._started,
            sent=self._sent(),
            lag=sum(position.end - position.committed for position in at.values()) if at else None,
            parts=self._parts(),
            processes={
                name: process for name, pid in self._pids().items() if (process := look_at(pid)) is not None
            },
        )

    def _parts(self) -> int | None:
        try:
            client = self._site.client()
        except Exception:  # whatever a database that was just killed answers
            return None
        try:
            query = "SELECT count() FROM system.parts WHERE active AND database = currentDatabase()"
            return int(client.query(query).result_rows[0][0])
        except Exception:
            return None
        finally:
            disconnect(client)

    def _pids(self) -> dict[str, int | None]:
        engines = self._site.engines
        pids = {f"worker {number}": worker.pid for number, worker in enumerate(self._site.workers, 1)}
        pids["ClickHouse"] = engines.clickhouse.pid if engines.clickhouse.running() else None
        if engines.kafka:
            pids |= {f"broker {number}": node.pid for number, node in enumerate(engines.kafka.nodes, 1)}
        elif engines.tansu and engines.tansu.running():
            pids["broker"] = engines.tansu.pid
        return pids


def look_at(pid: int | None) -> Process | None:
    """Memory and open files of a process; None where there is none."""
    if pid is None:
        return None
    place = Path(f"/proc/{pid}")
    try:
        status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
        return Process(
            pid, int(status["VmRSS"].split()[0]) / 1024, sum(map(_is_open, (place / "fd").iterdir()))
        )
    except (OSError, KeyError):  # it ended just now; one that ended and was not waited for has no VmRSS
        return None


def _is_open(link: Path) -> bool:
    try:
        return not os.readlink(link).startswith("/proc/")
    except FileNotFoundError:  # closed meanwhile
        return False


def write_csv(file: Path, samples: Sequence[Sample]) -> None:
    """A line for each sample."""
    names = sorted({name for sample in samples for name in sample.processes})
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", newline="") as out:
        lines = csv.writer(out)
        of_process = [f"{name} {field}" for name in names for field in Process._fields]
        lines.writerow(["at_s", "sent", "lag", "parts", *of_process])
        for at_s, sent, lag, parts, processes in samples:
            cells: list[object] = []
            for name in names:
                cells += processes.get(name, [""] * len(Process._fields))
            lines.writerow([round(at_s, 1), sent, lag, parts, *cells])
