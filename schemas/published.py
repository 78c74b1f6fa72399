"""The JSON Schemas that producers validate against, generated from the structs. Pure apart from `write`."""

from pathlib import Path
from typing import Any, Final

import msgspec

from schemas import hiring_signal, job_post, survey_response
from schemas.hiring_signal import HiringSignal
from schemas.job_post import JobPost
from schemas.survey_response import SurveyResponse

FOLDER: Final = Path(__file__).parent

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

EVENTS: Final[dict[str, type[msgspec.Struct]]] = {
    f"job_post.v{job_post.MAJOR_VERSION}.json": JobPost,
    f"survey_response.v{survey_response.MAJOR_VERSION}.json": SurveyResponse,
    f"hiring_signal.v{hiring_signal.MAJOR_VERSION}.json": HiringSignal,
}
"""File name -> the struct that it publishes."""


def rendered(name: str) -> str:
    """The text of the schema file `name`, one of EVENTS."""
    event = EVENTS[name]
    _, definitions = msgspec.json.schema_components([event], ref_template="#/$defs/{name}")
    # one type alone needs no $defs: the object stands at the root, where people look for it
    body: dict[str, Any] = definitions.pop(event.__name__)
    head: dict[str, Any] = {"$schema": _DIALECT, "$id": f"urn:skillpulse:{name.removesuffix('.json')}"}
    schema = head | body | ({"$defs": definitions} if definitions else {})
    return msgspec.json.format(msgspec.json.encode(schema), indent=2).decode() + "\n"


def write() -> list[Path]:
    """Write every schema file beside the code; return the paths."""
    paths = [FOLDER / name for name in EVENTS]
    for path in paths:
        path.write_text(rendered(path.name), encoding="utf-8")
    return paths
