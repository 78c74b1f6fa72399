"""How fast posts are classified, beside the packages that people use to find skills in texts.

One core, processor time, posts of 1,200 characters made of the repository's own labelled posts, which are dense: five
short posts of five trades in each. Where real posts are at hand, their rate stands beside it. The peers find names
and nothing else; they get the same names (safe aliases) that the classifier knows. The classifier also decides
ambiguity, asides, category and AI.
"""

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from typing import Any

from benchmarks.labelled_posts import OWN, SHARED, read_labelled
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
    return _cut([post.text for path in sorted(OWN.glob("*.jsonl")) for post in read_labelled(path)])


def real_posts() -> list[str]:
    """The same, cut from real posts; none where these are not at hand."""
    path = SHARED / "job_posts_real.jsonl"
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return _cut([f"{row['title']}\n{row['description']}" for row in rows])


def _cut(texts: list[str]) -> list[str]:
    joined = "\n\n".join(texts)
    return [joined[at : at + CHARACTERS] for at in range(0, len(joined) - CHARACTERS, CHARACTERS)][:BLOCK]


def speed(classifier: Classifier, quick: bool) -> dict[str, Any]:
    """Posts per second of the classifier and, unless `quick`, of its peers; start-up, memory, linearity."""
    # first, since the peak of a new process is never below what this one holds when it starts it
    started, peak = json.loads(
        subprocess.run([sys.executable, "-c", _START], capture_output=True, check=True, text=True).stdout
    )
    texts = posts()
    rates: dict[str, Any] = {"skillpulse classify": _own_rate(classifier, texts)}
    if real := real_posts():
        rates["skillpulse classify, real posts"] = _own_rate(classifier, real)
    if not quick:
        rates |= {name: _peer(name) for name in PEERS}
    return {
        "characters_per_post": CHARACTERS,
        "posts_per_second": rates,
        "start_up_processor_seconds": round(started, 2),
        "memory_mb": round(peak / (1024 if sys.platform != "darwin" else 1024**2)),
        "microseconds_per_1000_characters": _linear(classifier, "\n".join(texts)),
    }


def _own_rate(classifier: Classifier, texts: list[str]) -> int:
    titled = [(text[:60], text[61:]) for text in texts]
    return rate(lambda pair: classifier.classify(*pair), itertools.cycle(titled))


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
