"""The job post event, version 1: what a producer sends to the topic `job-posts`, as JSON in UTF-8.

The struct is the definition: the decoder validates by it, `schemas/job_post.v1.json` is generated from it.
Fields that it does not name are kept out.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from schemas import limits

ClientSize = Literal["smb", "large", "unknown"]
Contract = Literal["hourly", "fixed"]

MAJOR_VERSION: Final = 1

VERSION_PATTERN: Final = rf"^{MAJOR_VERSION}(\.[0-9]+)?(?!\s)$"
"""The look-ahead is there because `$` alone lets Python accept a final line break that others refuse."""

TIME_PATTERN: Final = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"([Zz]|[+-][0-9]{2}:?[0-9]{2})(?!\s)$"
)
"""For validators that do not look at `format`: the time zone must be there."""

ShortText = Annotated[str, Meta(max_length=limits.MAX_TAG)]
CurrencyCode = Annotated[
    str, Meta(min_length=3, max_length=3, pattern="^[A-Z]{3}", description="ISO 4217 code.")
]
Version = (
    Annotated[float, Meta(ge=MAJOR_VERSION, lt=MAJOR_VERSION + 1)]
    | Annotated[str, Meta(pattern=VERSION_PATTERN)]
)
Pay = Annotated[float, Meta(ge=0, le=limits.MAX_PAY)]


class JobPost(Struct, frozen=True, gc=False):
    """One job post as its producer sent it."""

    post_id: Annotated[
        str,
        Meta(
            min_length=1,
            max_length=limits.MAX_POST_ID,
            pattern=r"\S",
            description="Identity of the post, unique over all sources; also the key of the record.",
        ),
    ]
    posted_at: Annotated[
        datetime,
        Meta(
            tz=True,
            description="When the post was published, RFC 3339 with a time zone: the event time."
            " From 2000 on, and at most a day ahead of the record's own timestamp.",
            extra_json_schema={"pattern": TIME_PATTERN},
        ),
    ]
    title: Annotated[str, Meta(min_length=1, max_length=limits.MAX_TITLE)]
    description: Annotated[str, Meta(max_length=limits.MAX_DESCRIPTION)] = ""
    skills: Annotated[
        tuple[ShortText, ...],
        Meta(max_length=limits.MAX_TAGS, description="The platform's own tags, as given."),
    ] = ()
    category: Annotated[ShortText, Meta(description="The platform's own category, as given.")] = ""
    country: Annotated[
        ShortText, Meta(description="Country of the client: ISO 3166 code or English name.")
    ] = ""
    contract: Contract | None = None
    hourly_min: Pay | None = None
    hourly_max: Pay | None = None
    fixed_budget: Pay | None = None
    currency: CurrencyCode | None = None
    client_size: ClientSize = "unknown"
    experience_level: ShortText = ""
    url: Annotated[str, Meta(max_length=limits.MAX_URL)] = ""
    source: Annotated[ShortText, Meta(description="Where the post comes from: a marketplace, a feed.")] = ""
    schema_version: Annotated[
        Version,
        Meta(description="`major` or `major.minor`; minors only add fields."),
    ] = str(MAJOR_VERSION)
