"""Runs one after the other over shared engines, in one process or several."""

import multiprocessing
import signal
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from multiprocessing.process import BaseProcess
from multiprocessing.queues import Queue
from pathlib import Path
from queue import Empty

from tests.faults.engines import Engines, Needs
from tests.faults.run import Outcome, Plan, broken, run


def outcomes(plans: Sequence[Plan], jobs: int, embedded: bool) -> Iterator[Outcome]:
    """Run all plans, `jobs` at a time, each job with engines of its own; outcomes as they come."""
    ordered = sorted(plans, key=lambda plan: plan.fault().needs(embedded))
    if jobs == 1:
        yield from one_by_one(ordered, embedded)
        return
    start = multiprocessing.get_context("spawn")
    waiting: Queue[Plan | None] = start.Queue()
    done: Queue[Outcome] = start.Queue()
    for plan in [*ordered, *[None] * jobs]:
        waiting.put(plan)
    processes = [start.Process(target=_work, args=(waiting, done, embedded)) for _ in range(jobs)]
    try:
        for process in processes:
            process.start()
        for _ in plans:
            yield _next(done, processes)
    except BaseException:  # stopped from outside: each process stops its engines before it ends
        for process in processes:
            process.terminate()
        raise
    finally:
        for process in processes:
            process.join()


def _next(done: "Queue[Outcome]", processes: Sequence[BaseProcess]) -> Outcome:
    while True:
        try:
            return done.get(timeout=5)
        except Empty:
            if not any(process.is_alive() for process in processes):
                raise RuntimeError("the processes of the runs ended before the runs did") from None


def one_by_one(plans: Iterable[Plan], embedded: bool) -> Iterator[Outcome]:
    """Run plans in order; those after each other that need the same engines share them."""
    for needs, of_needs in groupby(plans, key=lambda plan: plan.fault().needs(embedded)):
        left = of_needs
        while True:
            with tempfile.TemporaryDirectory(
                prefix="skillpulse-faults-", ignore_cleanup_errors=True
            ) as folder:
                finished = yield from _on_engines(Path(folder), needs, left)
            if finished:
                break


def _on_engines(folder: Path, needs: Needs, plans: Iterator[Plan]) -> Iterator[Outcome]:
    """True at the end of the plans; False when a run left the engines in a state that nobody knows."""
    with Engines(folder, needs) as engines:
        for plan in plans:
            try:
                yield run(engines, plan)
            except Exception:
                yield broken(plan)
                return False
    return True


def _work(waiting: "Queue[Plan | None]", done: "Queue[Outcome]", embedded: bool) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # the engines are stopped on the way out
    for outcome in one_by_one(iter(waiting.get, None), embedded):
        done.put(outcome)
