"""How processes log: lines for people, or one JSON object a line for machines (SKILLPULSE_LOG_FORMAT)."""

import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal

from streams.tally import Outcome

_FOR_PEOPLE = "%(asctime)s %(levelname)s %(name)s %(message)s"

_OURS: Final = ("streams", "sinks", "schemas", "dashboards", "__main__")

_ONCE_IN: Final = 10.0
"""Seconds."""

_WORDS_KEPT: Final = 1_000
"""Some libraries put the names into the words: memory is bounded."""


class JsonLines(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, and the fields that the record brings along."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


class Once(logging.Filter):
    """Of the same words of a library one line in ten seconds, which says how many were left out since the last.

    A worker that cannot reach Kafka would write 40 lines a second for as long. What we say ourselves passes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, int, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the record is written."""
        if record.name.partition(".")[0] in _OURS:
            return True
        words = record.name, record.levelno, str(record.msg)
        said, left_out = self._said.get(words, (0.0, 0))
        if record.created - said < _ONCE_IN:
            self._said[words] = said, left_out + 1
            return False
        if len(self._said) >= _WORDS_KEPT:
            self._said.clear()
        self._said[words] = record.created, 0
        if left_out:
            record.msg = f"{record.msg} (and {left_out:,} times more since the last such line)"
        return True


def set_up(level: str, form: Literal["text", "json"]) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(Once())
    handler.setFormatter(JsonLines() if form == "json" else logging.Formatter(_FOR_PEOPLE))
    logging.basicConfig(level=level, handlers=[handler])


def log_round(log: logging.Logger, topic: str, outcomes: Sequence[Outcome]) -> None:
    """Say which positions of the log are durable now: one line a round, about one a second."""
    batches = [
        {
            "partition": outcome.batch.partition,
            "first_offset": outcome.batch.first_offset,
            "last_offset": outcome.batch.last_offset,
            "records": len(outcome.batch.records),
            "rejected": len(outcome.rejected),
        }
        for outcome in outcomes
    ]
    places = ", ".join("{partition}:{first_offset}-{last_offset}".format(**batch) for batch in batches)
    log.info("%s durable: %s", topic, places, extra={"fields": {"topic": topic, "batches": batches}})
