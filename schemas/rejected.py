"""Why an event is rejected: the codes, and the exception that carries one."""

from typing import Final

MAX_DETAIL: Final = 500
"""A reason may quote the record; it travels in a header of the dead letter, which must fit where the record did."""


class RejectedEvent(Exception):
    """The bytes are not an event that can be used.

    The agent reacts by writing the record to the dead letters with `code` and `detail`; it never retries.
    `code` is one of REASONS; `detail` is one sentence for a person, of at most MAX_DETAIL characters.
    """

    def __init__(self, code: str, detail: str) -> None:
        detail = detail if len(detail) <= MAX_DETAIL else f"{detail[: MAX_DETAIL - 4]} ..."
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


REASONS: Final = {
    "empty": "The record has no value (a tombstone or an empty message).",
    "not_utf8": "The bytes are not UTF-8 text.",
    "not_json": "The text is not one JSON document.",
    "invalid": "The JSON does not fit the schema of the event.",
    "unknown_version": "The major schema version is not known to this worker.",
    "absurd_time": "posted_at or survey_month lies outside the years of job posts, or ahead of the record's own time.",
    "closed_month": "Posts of this month are not kept any more, so a repeat could not be told from a new one.",
    "key_mismatch": "The record's key is not the post's or respondent's id, so the next could reach another partition.",
    "unknown_question": "The survey has no such question.",
    "unknown_answer": "The question of the survey has no such answer, or takes only one.",
}
"""Every reason code with its meaning; the COMMENT of the column `dead_letters.reason` names them."""
