"""The limits of an event, each with its reason: one definition for schema, decoder and documents."""

from datetime import UTC, datetime, timedelta
from typing import Final

MAX_POST_ID: Final = 200
"""Characters. The longest identifiers of known marketplaces have 36; URLs are used as ids by some exports."""

MAX_TITLE: Final = 1_024
"""Characters. Marketplaces allow 100 to 200; ten times that still fits one line of a board."""

MAX_DESCRIPTION: Final = 65_536
"""Characters. The longest of 8,000 real posts had 15,000; more is an attached file, not a post."""

MAX_TAGS: Final = 100
"""Platform tags of one post. Marketplaces allow 10 to 50."""

MAX_TAG: Final = 200
"""Characters of one platform tag or of another short text: category, country, source, experience level."""

MAX_URL: Final = 2_048
"""Characters. What browsers and proxies agree to carry."""

MAX_PAY: Final = 1e9
"""Amount in any currency, per hour or fixed. More is a typing error and would spoil every mean."""

EARLIEST_POSTED_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""Online job marketplaces began about then; earlier dates are defaults of broken exports (1970, year 1)."""

LATEST_POSTED_AT: Final = datetime(2100, 1, 1, tzinfo=UTC)
"""A `DateTime` column ends in 2106."""

MAX_AHEAD: Final = timedelta(days=1)
"""How far `posted_at` may lie ahead of the record's own timestamp: a local time given as UTC is 14 h off.

Compared with the record's timestamp, not with the clock, so that a replay decides as the first run did.
"""

MAX_SLUG: Final = 100
"""Characters of a question's or answer's id; they are short names of our own making."""

MAX_ANSWERS: Final = 100
"""Answers of one respondent to one question. No list that people read through is longer."""

MAX_WEIGHT: Final = 1e6
"""Weights are relative; a million times another respondent's is a typing error and would drown all others."""

MAX_SURVEY_AHEAD: Final = timedelta(days=31)
"""How far the first day of a survey's month may lie ahead of the record: the next month's may be in the field."""
