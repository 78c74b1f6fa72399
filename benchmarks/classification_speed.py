"""How fast posts are classified, beside the packages that people use to find skills in texts.

One core, processor time, posts of 1,200 characters made of the repository's own labelled posts. The peers find
names and nothing else; they get the same names (safe aliases) that the classifier knows. The classifier also
decides ambiguity, asides, category and AI.
"""

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.labelled_posts import OWN, read_labelled
from benchmarks.peers.environment import PeersMissing, peers_python
from streams.classify import Classifier

CHARACTERS = 1_200
"""Length of a post in the comparison; real posts have 1,100 to 1,600 on average."""

PEERS = ("flashtext", "spaCy PhraseMatcher", "skill-extractor (names only)")
"""Packages of `benchmarks/peers/name_finders.py`."""

RUNS = 30
"""Readings of each length; the fastest counts."""

SECONDS = 4.0
"""Processor time that each contender gets."""

BLOCK = 131
"""Texts measured together: all posts of the comparison, so that blocks are alike."""

_START = """
import json, resource, time
from streams.classify import load_classifier
classifier = load_classifier()
print(json.dumps([time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def posts() -> list[str]:
    """Texts of CHARACTERS characters, cut from the labelled posts one after the other."""
    rows = [post for path in sorted(OWN.glob("*.jsonl")) for post in read_labelled(path)]
    joined = "\n\n".join(post.text for post in rows)
    texts = [joined[at : at + CHARACTERS] for at in range(0, len(joined) - CHARACTERS, CHARACTERS)]
    return texts[:BLOCK]


def speed(classifier: Classifier, quick: bool) -> dict[str, Any]:
    """Posts per second of the classifier and, unless `quick`, of its peers; start-up, memory, linearity."""
    # first, since the peak of a new process is never below what this one holds when it starts it
    started, peak = json.loads(
        subprocess.run([sys.executable, "-c", _START], capture_output=True, check=True, text=True).stdout
    )
    texts = posts()
    titled = [(text[:60], text[61:]) for text in texts]
    rates: dict[str, Any] = {
        "skillpulse classify": rate(lambda pair: classifier.classify(*pair), itertools.cycle(titled))
    }
    if not quick:
        rates |= {name: _peer(name) for name in PEERS}
    return {
        "characters_per_post": CHARACTERS,
        "posts_per_second": rates,
        "start_up_processor_seconds": round(started, 2),
        "memory_mb": round(peak / (1024 if sys.platform != "darwin" else 1024**2)),
        "microseconds_per_1000_characters": _linear(classifier, "\n".join(texts)),
    }


def rate(find: Callable[[Any], object], texts: Iterable[Any]) -> int:
    """Texts per second of the fastest block: what else runs on the machine only ever makes a block slower."""
    upcoming, best, begun = iter(texts), float("inf"), time.process_time()
    while time.process_time() - begun < SECONDS:
        block = list(itertools.islice(upcoming, BLOCK))
        started = time.process_time()
        for text in block:
            find(text)
        best = min(best, time.process_time() - started)
    return round(BLOCK / best)


def _linear(classifier: Classifier, text: str) -> dict[str, float]:
    """Time for texts of growing length, per 1,000 characters: the same at any length where it is linear."""
    found = {}
    for length in (1_000, 4_000, 16_000, 64_000):
        piece = text[:length]
        best = float("inf")
        for _ in range(RUNS):
            started = time.process_time()
            classifier.classify("", piece)
            best = min(best, time.process_time() - started)
        found[f"{length}"] = round(best * 1e9 / length, 1)
    return found


def _peer(name: str) -> int | str:
    """The rate of a peer in the environment that has it, or why there is none."""
    try:
        command = [peers_python(), "-m", "benchmarks.peers.name_finders", name]
    except PeersMissing as reason:
        return f"skipped: {reason}"
    return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
