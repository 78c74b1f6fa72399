"""Posts for fault runs: a stream with repeats and late posts, the same for the same seed."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_TITLES = (
    "Python developer for a Django shop",
    "Logo design in Adobe Illustrator",
    "Spanish to English translation of contracts",
    "Video editing in Premiere Pro for a channel",
    "Quality assurance tester for a mobile app",
    "WordPress site with Elementor",
    "Annotate images to train our AI model",
    "Bookkeeping in QuickBooks, monthly",
    "Voice-over for an audio book",
    "React and TypeScript front end",
    "Odd jobs around the house",
    "Lead generation on LinkedIn",
)
_SENTENCES = (
    "We need someone who knows Excel and SQL.",
    "Experience with Figma and user interface design is a must.",
    "You will use ChatGPT to draft texts and check them.",
    "Long-term work, about twenty hours a week.",
    "Please show us photography that you are proud of.",
    "The data sits in PostgreSQL, reports are made in Tableau.",
    "Interpretation between French and English during calls.",
)
_SIZES = ("smb", "large", "unknown")
_COUNTRIES = ("US", "DE", "United States", "")


class Mix(NamedTuple):
    """Shares of repeats and late posts, and over how many days the events are spread."""

    repeats: float = 0.05
    late: float = 0.05
    late_days: int = 400
    shuffled_year: bool = False
    """Posts of a whole year in random order, instead of a stream that moves forward by the second."""


class Event(NamedTuple):
    """A record as it is sent. `key` is None where the producer forgot it; `timestamp` in ms, 0 for the clock's."""

    key: bytes | None
    value: bytes | None
    timestamp: int = 0


def posts(count: int, rng: random.Random, mix: Mix, name: str = "p") -> Iterator[Event]:
    """`count` events; a repeat has the id and all fields of an earlier post, some with another title."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=6)
    sent: list[dict[str, object]] = []
    for number in range(count):
        if sent and rng.random() < mix.repeats:
            post = dict(rng.choice(sent))
            if rng.random() < 0.3:
                post["title"] = rng.choice(_TITLES)
        else:
            post = random_post(f"{name}-{number}", _when(start, number, rng, mix), rng)
            sent.append(post)
        yield Event(str(post["post_id"]).encode(), json.dumps(post).encode())


def _when(start: datetime, number: int, rng: random.Random, mix: Mix) -> datetime:
    if mix.shuffled_year:
        return start - timedelta(seconds=rng.randrange(365 * 86_400))
    if rng.random() < mix.late:
        return start - timedelta(seconds=rng.randrange(mix.late_days * 86_400))
    return start + timedelta(seconds=number // 50)


def random_post(post_id: str, posted_at: datetime, rng: random.Random) -> dict[str, object]:
    """A post of that id and time; all else is drawn."""
    return {
        "post_id": post_id,
        "posted_at": posted_at.isoformat(),
        "title": rng.choice(_TITLES),
        "description": " ".join(rng.sample(_SENTENCES, 2)),
        "client_size": rng.choice(_SIZES),
        "country": rng.choice(_COUNTRIES),
    }
