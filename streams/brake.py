"""The brake: a producer that sends only rubbish is given time to be stopped. Nothing is lost meanwhile. Pure."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from streams.tally import Outcome

_FEWEST: Final = 100
"""Rejected records of one round before the brake looks at their share: below it chance decides."""


class Brake(NamedTuple):
    """How large a share of a round may be bad, and for how many seconds the worker then holds."""

    share: float
    pause: float

    def hold(self, outcomes: Sequence[Outcome]) -> float:
        """Seconds to wait before the next round; 0 for a healthy one."""
        bad = sum(len(outcome.rejected) for outcome in outcomes)
        read = sum(len(outcome.batch.records) for outcome in outcomes)
        return self.pause if bad >= _FEWEST and bad > self.share * read else 0.0
