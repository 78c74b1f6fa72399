"""The survey response event, version 1: one respondent's answer to one question of the monthly business pulse survey.

As JSON in UTF-8 in the topic `survey-responses`, with key = respondent_id. The last answer of a respondent to a
question of a month counts; one without answers takes back what was said before.
"""

from typing import Annotated, Final

from msgspec import Meta, Struct

from schemas import limits
from schemas.job_post import ClientSize, Version

MAJOR_VERSION: Final = 1

MONTH_PATTERN: Final = r"^[0-9]{4}-(0[1-9]|1[0-2])(?!\s)$"
"""The look-ahead is there because `$` alone lets Python accept a final line break."""

Slug = Annotated[str, Meta(min_length=1, max_length=limits.MAX_SLUG)]


class SurveyResponse(Struct, frozen=True, gc=False):
    """One answer as its producer sent it."""

    survey_month: Annotated[
        str, Meta(pattern=MONTH_PATTERN, description="Month of the survey, `2025-11`. From 2000 on.")
    ]
    respondent_id: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=limits.MAX_POST_ID,
            pattern=r"\S",
            description="Pseudonym of the respondent, the same in every month; also the key of the record.",
        ),
    ]
    question_id: Annotated[Slug, Meta(description="A question of the survey.")]
    answers: Annotated[
        tuple[Slug, ...],
        Meta(
            max_length=limits.MAX_ANSWERS, description="Answers chosen; empty takes an earlier answer back."
        ),
    ]
    weight: Annotated[
        float,
        Meta(
            gt=0, le=limits.MAX_WEIGHT, description="How many businesses the respondent stands for, relative."
        ),
    ] = 1.0
    client_size: ClientSize = "unknown"
    schema_version: Annotated[
        Version, Meta(description="`major` or `major.minor`; minors only add fields.")
    ] = str(MAJOR_VERSION)
