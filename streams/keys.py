"""What is counted, as numbers: a count's pane, skill and dimensions in one integer, so that whole columns are counted.

    bits        63 .. 32                      31 .. 16                 15 .. 0
    meaning     pane, seconds since 1970      number of the skill      number of the dimensions

Numbers are given in the order in which things are first met, by each process for itself: they never leave it. Sorted
keys are sorted by pane. Pure.
"""

from collections.abc import Hashable, Iterable, Sequence
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

ALL_SKILLS: Final = ""
"""In place of a skill: the count of all posts of the category, the denominator. Its number is 0."""

_PANE: Final = np.uint64(32)
_SKILL: Final = np.uint64(16)
_NUMBER: Final = np.uint64(0xFFFF)
_MOST: Final = 0x1_0000
"""Skills, and combinations of dimensions: 37 categories, AI or not, 3 client sizes and 250 markets are 55,500."""

Thing = TypeVar("Thing", bound=Hashable)
PackedKeys = NDArray[np.uint64]


class Dimensions(NamedTuple):
    """What a post is counted by, beside its pane and its skills."""

    category: str
    ai: bool
    client_size: str
    market: str


class Numbers(dict[Thing, int]):
    """Things and their numbers; one that is asked for first gets the next number."""

    def __missing__(self, thing: Thing) -> int:
        number = len(self)
        if number == _MOST:
            raise OverflowError(f"{thing!r} is one more than the {_MOST} that can be told apart")
        self[thing] = number
        return number

    def of(self, things: Iterable[Thing]) -> NDArray[np.uint64]:
        """The number of each."""
        return np.fromiter(map(self.__getitem__, things), np.uint64)


class Keys:
    """The numbers that one process uses."""

    def __init__(self) -> None:
        self._skills: Numbers[str] = Numbers({ALL_SKILLS: 0})
        self._dimensions: Numbers[Dimensions] = Numbers()

    def pack(
        self, panes: NDArray[np.int64], skills: Iterable[str], dimensions: Iterable[Dimensions]
    ) -> PackedKeys:
        """One key of each pane, skill and dimensions."""
        return (
            panes.astype(np.uint64) << _PANE
            | self._skills.of(skills) << _SKILL
            | self._dimensions.of(dimensions)
        )

    def of_posts(
        self, panes: NDArray[np.int64], skills: Sequence[Sequence[str]], dimensions: Iterable[Dimensions]
    ) -> tuple[PackedKeys, NDArray[np.intp]]:
        """All keys that posts count under: ALL_SKILLS and each of their skills; beside it the index of the post."""
        posts = np.arange(len(skills))
        named = np.repeat(posts, [len(of_post) for of_post in skills])
        alone = panes.astype(np.uint64) << _PANE | self._dimensions.of(dimensions)
        with_skill = alone[named] | self._skills.of(chain.from_iterable(skills)) << _SKILL
        return np.concatenate((alone, with_skill)), np.concatenate((posts, named))

    def columns(self, keys: PackedKeys) -> dict[str, Any]:
        """The parts of each key, under the names that they have in the store."""
        numbers = pa.array(keys & _NUMBER)
        known = [*zip(*self._dimensions, strict=True)] or [()] * len(Dimensions._fields)
        parts = zip(Dimensions._fields, known, strict=True)
        return {
            "pane_start": pa.array(panes_of(keys)),
            "skill": pa.array(list(self._skills)).take(pa.array(keys >> _SKILL & _NUMBER)),
            **{name: pa.array(part).take(numbers) for name, part in parts},
        }


def panes_of(keys: PackedKeys) -> NDArray[np.int64]:
    """The pane of each key."""
    return (keys >> _PANE).astype(np.int64)


def of_all_skills(keys: PackedKeys) -> NDArray[np.bool_]:
    """Which keys are of ALL_SKILLS."""
    alone: NDArray[np.bool_] = (keys >> _SKILL & _NUMBER) == 0
    return alone
