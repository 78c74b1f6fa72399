"""The signal event, version 1: what skillpulse sends to the topic `hiring-signals` when demand stands out.

As JSON in UTF-8, one event when a signal begins and one when it ends, with key = `kind:item`. Its identity is
(kind, item, window_seconds, started_at).
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

MAJOR_VERSION: Final = 1


class HiringSignal(Struct, frozen=True, gc=False):
    """A spike or drop, with all that it compared."""

    kind: Annotated[Literal["all", "category", "skill"], Meta(description="`all`: all posts together.")]
    item: Annotated[str, Meta(description="Slug of the skill or category; `all` for all posts.")]
    direction: Literal["spike", "drop"]
    window_seconds: Annotated[int, Meta(description="Width of the window, which ends at started_at.")]
    started_at: datetime
    ended_at: Annotated[datetime | None, Meta(description="null in the event of a signal that begins.")]
    posts: Annotated[int, Meta(description="Posts in the window when it began.")]
    baseline: Annotated[
        tuple[int, ...],
        Meta(
            description="Posts in the same hours (at least one hour) one, two, three and four weeks before."
        ),
    ]
    expected: Annotated[float, Meta(description="Posts expected in the window from the baseline.")]
    rest_growth: Annotated[
        float,
        Meta(description="All other posts in the window / expected of them: raises or lowers `expected`."),
    ]
    p_value: Annotated[float, Meta(description="Chance of such a count if nothing has changed.")]
    p_limit: Annotated[
        float, Meta(description="What p_value had to fall below, given all that is looked at.")
    ]
    schema_version: str = str(MAJOR_VERSION)
