"""A worker of skillpulse that watches itself: which stage its processor time goes to.

Many times a second a thread looks at what every other thread is doing, and gives the processor time that the thread
has used since the last look to the stage of the innermost function that belongs to one. Nothing in the worker is
changed for it. Prints one line of JSON, `stages {...}`, when it is told to stop.
"""

import asyncio
import json
import logging
import signal
import sys
import threading
import time
from collections import defaultdict
from types import FrameType

from streams.settings import load_settings
from streams.worker import Worker

LOOK_EVERY = 0.002
"""Seconds between looks: some hundred looks a round of records, at a cost of about two hundredths."""

STAGES = (
    ("streams/transport.py", "fetch"),
    ("streams/ledger.py", "acknowledge"),
    ("streams/sightings.py", "sightings"),
    ("streams/classify/", "classify"),
    ("streams/windows.py", "window"),
    ("streams/keys.py", "window"),
    ("streams/post_table.py", "prepare"),
    ("streams/count_rows.py", "prepare"),
    ("streams/round_log.py", "prepare"),
    ("sinks/clickhouse/columns.py", "prepare"),
    ("schemas/", "decode"),
    ("sinks/", "insert"),
    ("clickhouse_connect/", "insert"),
    ("streams/partition.py", "decode"),
    ("streams/pipeline.py", "window"),
    ("streams/", "acknowledge"),
    ("aiokafka/", "fetch"),
    ("faust/", "fetch"),
    ("mode/", "fetch"),
)
"""Part of a file's path -> stage; the first that fits the innermost frame counts."""

OTHER = "event loop"
WAITING_STORE = "wait for ClickHouse"
WAITING = "wait for records"


WORK = ("decode", "classify", "insert")


class Watch(threading.Thread):
    """Adds up seconds by stage, from the first record that is decoded until the last insert."""

    def __init__(self) -> None:
        super().__init__(name="watch", daemon=True)
        self.seconds: dict[str, float] = {}
        self._running: defaultdict[str, float] = defaultdict(float)
        self._clocks: dict[int, int] = {}
        self._used: dict[int, float] = {}
        self._stage_of: dict[str, str | None] = {}

    def run(self) -> None:
        """Look until the process ends."""
        last = time.perf_counter()
        while True:
            time.sleep(LOOK_EVERY)
            now = time.perf_counter()
            self._look(now - last)
            last = now

    def _look(self, elapsed: float) -> None:
        used: defaultdict[str, float] = defaultdict(float)
        for ident, frame in sys._current_frames().items():
            if ident != self.ident:
                used[self._stage(frame)] += self._processor(ident)
        if not self.seconds and not used["decode"]:
            return
        for stage, seconds in used.items():
            self._running[stage] += seconds
        if (waited := elapsed - sum(used.values())) > 0:
            self._running[WAITING_STORE if "insert" in used else WAITING] += waited
        if any(used[stage] for stage in WORK):
            self.seconds = dict(self._running)

    def _stage(self, innermost: FrameType) -> str:
        frame: FrameType | None = innermost
        while frame is not None:
            file = frame.f_code.co_filename
            if file not in self._stage_of:
                self._stage_of[file] = next((stage for part, stage in STAGES if part in file), None)
            if stage := self._stage_of[file]:
                return stage
            frame = frame.f_back
        return OTHER

    def _processor(self, ident: int) -> float:
        """Processor seconds of a thread since the last look; none where it has just ended."""
        try:
            clock = self._clocks.setdefault(ident, time.pthread_getcpuclockid(ident))
            used = time.clock_gettime(clock)
        except OSError:
            return 0.0
        before, self._used[ident] = self._used.get(ident, used), used
        return max(0.0, used - before)


async def main() -> None:
    logging.basicConfig(
        level="INFO", stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    worker = Worker(load_settings())
    watch = Watch()

    def stop() -> None:
        print(f"stages {json.dumps(watch.seconds)}", flush=True)
        worker.stop()

    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop)
    await worker.run(watch.start)


if __name__ == "__main__":
    asyncio.run(main())
