"""What the simulator hands out."""

from typing import Final, Literal, NamedTuple

Kind = Literal["post", "repeat", "bad"]

POST: Final = "post"
REPEAT: Final = "repeat"
BAD: Final = "bad"


class SimulatedRecord(NamedTuple):
    """One record as a producer would send it.

    `key` is the post's id in UTF-8, `value_bytes` the event (never empty, never with a line break, so that
    it is also a line of JSONL). `at` is the moment of sending in seconds since the epoch; it is later than
    the post's own `posted_at` where the post is late. `kind`: `post` is the first record of a distinct post,
    `repeat` a further record of one, `bad` a record that no worker can count.
    """

    key: bytes
    value_bytes: bytes
    at: float
    kind: Kind
