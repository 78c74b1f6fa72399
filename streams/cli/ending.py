"""How commands are ended from outside: in order, so that they end what they began."""

import signal
from collections.abc import Callable
from typing import Final

_ENDS: Final = (signal.SIGTERM, signal.SIGHUP)
"""Sent by whoever stops a process, and to all of a terminal when it is closed."""


def on_end(react: Callable[[int], object], *others: signal.Signals) -> None:
    """Let `react` be called with the number of each signal that ends a process, and of `others`.

    An end that is ignored when the command starts, as the terminal's is under `nohup`, stays so.
    """
    heeded = (number for number in _ENDS if signal.getsignal(number) is not signal.SIG_IGN)
    for number in (*heeded, *others):
        signal.signal(number, lambda number, _: react(number))
