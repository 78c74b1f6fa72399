"""How processes log: lines for people, or one JSON object a line for machines (SKILLPULSE_LOG_FORMAT)."""

import json
import logging
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal

from streams.tally import Outcome

_FOR_PEOPLE = "%(asctime)s %(levelname)s %(name)s %(message)s"


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


def set_up(level: str, form: Literal["text", "json"]) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler(sys.stderr)
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
