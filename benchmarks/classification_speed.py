"""How fast posts are classified, beside the packages that people use to find skills in texts.

One core, processor time, the sets of texts in `timed_texts.py`, all in one run. The peers find names and nothing
else; they get the same names (safe aliases) that the classifier knows. The classifier also decides ambiguity,
asides, category and AI.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from benchmarks.peers.environment import PeersMissing, peers_python
from benchmarks.timed_texts import CHARACTERS, timed_texts
from streams.classify import Classifier

PEERS = ("flashtext", "spaCy PhraseMatcher", "skill-extractor (names only)")
"""Packages of `benchmarks/peers/name_finders.py`."""

RUNS = 30
"""Readings of each length; the fastest counts."""

SECONDS = 4.0
"""Processor time that each contender gets for each set."""

_START = """
import json, resource, time
from streams.classify import load_classifier
classifier = load_classifier()
print(json.dumps([time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def speed(classifier: Classifier, quick: bool) -> dict[str, Any]:
    """Posts per second of the classifier and, unless `quick`, of its peers; start-up, memory, linearity."""
    # first, since the peak of a new process is never below what this one holds when it starts it
    started, peak = json.loads(
        subprocess.run([sys.executable, "-c", _START], capture_output=True, check=True, text=True).stdout
    )
    texts = timed_texts()
    rates: dict[str, Any] = {"skillpulse classify": rates_of(_reading(classifier), texts)}
    if not quick:
        rates |= {name: _peer(name, texts) for name in PEERS}
    return {
        "characters_per_post": CHARACTERS,
        "skills_per_post": {name: _skills(classifier, posts) for name, posts in texts.items()},
        "posts_per_second": rates,
        "start_up_processor_seconds": round(started, 2),
        "memory_mb": round(peak / (1024 if sys.platform != "darwin" else 1024**2)),
        "microseconds_per_1000_characters": _linear(classifier, "\n".join(texts["dense"])),
    }


def _reading(classifier: Classifier) -> Callable[[str], object]:
    # a text has no line that could be its title
    return lambda text: classifier.classify(text[:60], text[61:])


def _skills(classifier: Classifier, posts: list[str]) -> float:
    found = sum(len(classifier.classify(text[:60], text[61:]).skills) for text in posts)
    return round(found / len(posts), 1)


def rates_of(find: Callable[[str], object], texts: dict[str, list[str]]) -> dict[str, int]:
    """Texts per second of each set."""
    return {name: rate(find, posts) for name, posts in texts.items()}


def rate(find: Callable[[str], object], texts: list[str]) -> int:
    """Texts per second of the fastest round: what else runs on the machine only ever makes one slower."""
    best, begun = float("inf"), time.process_time()
    while time.process_time() - begun < SECONDS:
        started = time.process_time()
        for text in texts:
            find(text)
        best = min(best, time.process_time() - started)
    return round(len(texts) / best)


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


def _peer(name: str, texts: dict[str, list[str]]) -> dict[str, int] | str:
    """The rates of a peer in the environment that has it, or why there are none."""
    try:
        command = [peers_python(), "-m", "benchmarks.peers.name_finders", name]
    except PeersMissing as reason:
        return f"skipped: {reason}"
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, check=True, text=True)
    rates: dict[str, int] = json.loads(done.stdout)
    return rates
