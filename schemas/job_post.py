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

MAJOR_VERSION: Final = "1"

ShortText = Annotated[str, Meta(max_length=limits.MAX_TAG)]
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
        Meta(tz=True, description="When the post was published, RFC 3339 with a time zone. The event time."),
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
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$", description="ISO 4217 code.")] | None = None
    client_size: ClientSize = "unknown"
    experience_level: ShortText = ""
    url: Annotated[str, Meta(max_length=limits.MAX_URL)] = ""
    source: Annotated[ShortText, Meta(description="Where the post comes from: a marketplace, a feed.")] = ""
    schema_version: Annotated[
        Annotated[int, Meta(ge=0)] | Annotated[str, Meta(pattern=r"^[0-9]+(\.[0-9]+)?$")],
        Meta(description="`major` or `major.minor`; minors only add fields."),
    ] = MAJOR_VERSION
