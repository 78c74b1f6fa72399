"""HTTP sessions: what SET and USE said under a session_id is said again before each later statement."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from .errors import BAD_ARGUMENTS, SESSION_NOT_FOUND, ClickHouseError

_MOST_SESSIONS = 1000  # a client makes one; forgotten ones go with their timeout
_MOST_STATEMENTS = 100


@dataclass
class _Session:
    ends: float
    statements: list[str] = field(default_factory=list)


class Sessions:
    """Sessions by user's role and id. Temporary tables do not live in them: nothing here needs those."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._open: dict[str, _Session] = {}

    def resume(self, name: str, must_exist: bool, seconds: float) -> list[str]:
        """The statements to repeat; starts the session, or raises SESSION_NOT_FOUND when it must exist."""
        with self._lock:
            now = self._clock()
            self._open = {name: session for name, session in self._open.items() if session.ends > now}
            session = self._open.get(name)
            if session is None:
                if must_exist:
                    raise ClickHouseError(SESSION_NOT_FOUND, "Session not found.")
                if len(self._open) >= _MOST_SESSIONS:
                    self._open.pop(min(self._open, key=lambda each: self._open[each].ends))
                session = self._open[name] = _Session(now)
            session.ends = now + seconds
            return list(session.statements)

    def remember(self, name: str, statement: str) -> None:
        """Keep a SET or USE that succeeded for the rest of the session."""
        with self._lock:
            session = self._open.get(name)
            if session is None:
                return
            if len(session.statements) >= _MOST_STATEMENTS:
                raise ClickHouseError(
                    BAD_ARGUMENTS,
                    f"A session holds {_MOST_STATEMENTS} SET and USE statements: start another.",
                )
            session.statements.append(statement)
