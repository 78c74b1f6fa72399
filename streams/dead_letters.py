"""Rejected records on their way out: the topic `dead-letters`, confirmed by the broker."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from schemas.decode import record_time
from sinks.retry import Retry, SinkUnavailable
from sinks.rows import DeadLetterRow
from streams.batch import Batch
from streams.partition import Rejected
from streams.post_table import EPOCH


class DeadLetters(Protocol):
    """Where rejected records are sent, beside the store."""

    async def send(self, rows: Sequence[DeadLetterRow]) -> None:
        """Return when every row is confirmed; retry in place until then. Raises SinkUnavailable at the end."""


class DeadLetterTopic:
    """The topic: each record as it was, with reason and position in its headers."""

    def __init__(self, producer: AIOKafkaProducer, topic: str, retry: Retry) -> None:
        self._producer = producer
        self._topic = topic
        self._retry = retry

    async def send(self, rows: Sequence[DeadLetterRow]) -> None:
        """Produce every row and wait for the broker's word."""
        if rows:
            await self._retry(lambda: self._send(rows), f"sending {len(rows)} dead letters")

    async def _send(self, rows: Sequence[DeadLetterRow]) -> None:
        try:
            sent = [await self._produce(row, row.record_key, row.record_value) for row in rows]
            for row, confirmation in zip(rows, sent, strict=True):
                try:
                    await confirmation
                except MessageSizeTooLargeError:
                    # full to the limit before our headers: position and reason go alone, the table has it whole
                    await (await self._produce(row, b"", b""))
        except KafkaError as error:
            raise SinkUnavailable(f"topic {self._topic} does not take dead letters: {error!r}") from error

    async def _produce(self, row: DeadLetterRow, key: bytes, value: bytes) -> "asyncio.Future[object]":
        texts = {"reason": row.reason, "detail": row.detail, "source": row.source}
        numbers = {"partition": row.partition, "offset": row.offset}
        headers = [(name, str(content).encode()) for name, content in {**texts, **numbers}.items()]
        sent: asyncio.Future[object] = await self._producer.send(
            self._topic, key=key, value=value, headers=headers
        )
        return sent


def dead_letter_row(batch: Batch, rejected: Rejected, rejected_at: datetime) -> DeadLetterRow:
    """The row of a rejected record: bytes as they were, reason, position."""
    record, code, detail = rejected
    return DeadLetterRow(
        source=batch.source,
        partition=batch.partition,
        offset=record.offset,
        recorded_at=record_time(record.timestamp) or EPOCH,
        rejected_at=rejected_at,
        reason=code,
        detail=detail,
        record_key=record.key or b"",
        record_value=record.value or b"",
    )
