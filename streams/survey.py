"""What happens to a round of survey responses, from the records to durable answers. The agent acknowledges after it.

There is no state to keep: the last answer of a respondent counts, and which one is last follows from its offset.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from schemas.decode import record_time
from schemas.rejected import RejectedEvent
from schemas.survey import Survey, decode_response, first_of
from sinks.rows import DeadLetterRow, SurveyRow
from streams.batch import Batch, Record
from streams.dead_letters import DeadLetters, dead_letter_row
from streams.partition import Rejected
from streams.post_table import EPOCH


class SurveyStore(Protocol):
    """Where answers become durable; see `streams.store.Store` for what its methods raise."""

    async def save_responses(self, dead_letters: Sequence[DeadLetterRow], rows: Sequence[SurveyRow]) -> None:
        """Make durable. Saving the same again changes nothing."""


class SurveyTally(NamedTuple):
    """A batch of survey responses with its outcome."""

    batch: Batch
    rejected: list[Rejected]
    rows: list[SurveyRow]


class SurveyRound(NamedTuple):
    """Batches that are read, and the rows of their dead letters."""

    tallies: list[SurveyTally]
    rejects: list[DeadLetterRow]


class SurveyPipeline:
    """Keeps the answers of batches. `check_source` is as in `streams.pipeline.Pipeline`."""

    def __init__(
        self,
        store: SurveyStore,
        survey: Survey,
        dead_letters: DeadLetters,
        now: Callable[[], datetime],
        check_source: Callable[[], Awaitable[None]],
    ) -> None:
        self._store = store
        self._survey = survey
        self._dead_letters = dead_letters
        self._now = now
        self._check_source = check_source

    async def read(self, batches: Sequence[Batch], _saved: Callable[[], Awaitable[None]]) -> SurveyRound:
        """Decode and validate `batches`."""
        ingested_at = self._now()
        tallies = [self._sift(batch, ingested_at) for batch in batches]
        rejects = [dead_letter_row(batch, bad, ingested_at) for batch, bads, _ in tallies for bad in bads]
        return SurveyRound(tallies, rejects)

    async def save(self, round_: SurveyRound) -> list[SurveyTally]:
        """Make durable what was read; when it returns, the batches may be acknowledged.

        Step 1  make sure that the records came from the topic that they are stored under
        Step 2  dead letters to their topic, confirmed by the broker
        Step 3  dead letters and answers to the store, confirmed by it
        """
        tallies, rejects = round_
        await self._check_source()
        await self._dead_letters.send(rejects)
        await self._store.save_responses(rejects, [row for tally in tallies for row in tally.rows])
        return tallies

    def _sift(self, batch: Batch, ingested_at: datetime) -> SurveyTally:
        tally = SurveyTally(batch, [], [])
        for record in batch.records:
            try:
                tally.rows.append(self._row(batch, record, ingested_at))
            except RejectedEvent as reason:
                tally.rejected.append(Rejected(record, reason.code, reason.detail))
        return tally

    def _row(self, batch: Batch, record: Record, ingested_at: datetime) -> SurveyRow:
        recorded_at = record_time(record.timestamp)
        response = decode_response(record.value, recorded_at, self._survey)
        if record.key != response.respondent_id.encode():
            raise RejectedEvent(
                "key_mismatch",
                "the record's key is not its respondent_id: send it with key = respondent_id, so that the last of a"
                " respondent's answers can be told",
            )
        return SurveyRow(
            survey_month=first_of(response.survey_month).date(),
            question_id=response.question_id,
            respondent_id=response.respondent_id,
            source=batch.source,
            partition=batch.partition,
            offset=record.offset,
            recorded_at=recorded_at or EPOCH,
            ingested_at=ingested_at,
            answers=tuple(dict.fromkeys(response.answers)),
            weight=response.weight,
            client_size=response.client_size,
        )
