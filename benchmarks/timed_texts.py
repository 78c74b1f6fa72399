"""Texts on which classification is timed, all of one length.

`simulated` posts are the headline: anyone can make them again, and they hold as many names as real posts do.
`dense` ones are the worst case: five short labelled posts of five trades in each, and traps in all of them.
"""

import json
from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from benchmarks.labelled_posts import OWN, SHARED, read_labelled
from streams.simulate.backfill import generate
from streams.simulate.mishaps import Mishaps
from streams.simulate.scenario import load_scenario

CHARACTERS: Final = 1_200
"""Length of a text; real posts have 1,100 to 1,600 on average."""

BLOCK: Final = 131
"""Texts of each set: as many as the labelled posts make."""

SEED: Final = 1
POSTS: Final = 2_000
"""Of the simulated months; only the first few hundred are needed."""


def timed_texts() -> dict[str, list[str]]:
    """Every set by name; real posts only where they are at hand."""
    sets = {"simulated": _cut(_simulated()), "dense": _cut(_labelled())}
    path = SHARED / "job_posts_real.jsonl"
    if path.exists():
        rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
        sets["real"] = _cut(f"{row['title']}\n{row['description']}" for row in rows)
    return sets


def _simulated() -> Iterator[str]:
    scenario, calm = load_scenario("november"), Mishaps(0, 0, 0)
    for record in generate(scenario, POSTS, SEED, date(2025, 12, 1), mishaps=calm):
        post = json.loads(record.value_bytes)
        yield f"{post['title']}\n{post['description']}"


def _labelled() -> Iterator[str]:
    for path in sorted(OWN.glob("*.jsonl")):
        for post in read_labelled(path):
            yield post.text


def _cut(posts: Iterator[str]) -> list[str]:
    """BLOCK texts, cut from the posts one after the other."""
    joined, wanted = "", BLOCK * CHARACTERS
    for post in posts:
        joined += post + "\n\n"
        if len(joined) >= wanted:
            break
    starts = range(0, len(joined) - CHARACTERS + 1, CHARACTERS)
    return [joined[start : start + CHARACTERS] for start in islice(starts, BLOCK)]
