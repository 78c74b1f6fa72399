"""Rows to Arrow columns, the fastest way into ClickHouse. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from sinks.rows import BatchRow, CategoryRow, DeadLetterRow, PostRow, SkillRow, SurveyRow

_SECOND: Final = pa.timestamp("s", tz="UTC")
_MILLISECOND: Final = pa.timestamp("ms", tz="UTC")
_TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(_TEXT)

_COUNT: Final = {
    "pane_start": pa.uint32(),
    "skill": _TEXT,
    "category": _TEXT,
    "ai": pa.bool_(),
    "client_size": _TEXT,
    "market": _TEXT,
    "source": _TEXT,
    "partition": pa.uint16(),
    "taxonomy_version": _TEXT,
    "posts": pa.uint32(),
    "last_offset": pa.uint64(),
}

_POST: Final = dict.fromkeys(PostRow._fields, _TEXT) | {
    "posted_at": _SECOND,
    "partition": pa.uint16(),
    "offset": pa.uint64(),
    "recorded_at": _MILLISECOND,
    "ingested_at": _MILLISECOND,
    "platform_tags": _TEXTS,
    "hourly_min": pa.float64(),
    "hourly_max": pa.float64(),
    "fixed_budget": pa.float64(),
    "category_score": pa.float32(),
    "ai": pa.bool_(),
    "ai_evidence": _TEXTS,
    "skills": _TEXTS,
    "skill_texts": _TEXTS,
    "skill_starts": pa.list_(pa.int32()),
    "skill_rules": _TEXTS,
}

_DEAD_LETTER: Final = dict.fromkeys(DeadLetterRow._fields, _TEXT) | {
    "partition": pa.uint16(),
    "offset": pa.uint64(),
    "recorded_at": _MILLISECOND,
    "rejected_at": _MILLISECOND,
    "record_key": pa.binary(),
    "record_value": pa.binary(),
}

_SURVEY: Final = dict.fromkeys(SurveyRow._fields, _TEXT) | {
    "survey_month": pa.date32(),
    "partition": pa.uint16(),
    "offset": pa.uint64(),
    "recorded_at": _MILLISECOND,
    "ingested_at": _MILLISECOND,
    "answers": _TEXTS,
    "weight": pa.float64(),
}

_BATCH: Final = dict.fromkeys(BatchRow._fields, pa.uint32()) | {
    "finished_at": _MILLISECOND,
    "worker": _TEXT,
    "source": _TEXT,
    "partition": pa.uint16(),
    "first_offset": pa.uint64(),
    "last_offset": pa.uint64(),
    "bytes": pa.uint64(),
    **{field: pa.float32() for field in BatchRow._fields if field.endswith("_ms") or "_ms_" in field},
}


def _schema(fields: Sequence[str], types: Mapping[str, Any]) -> Any:
    return pa.schema([(field, types[field]) for field in fields])


TABLES: Final = {
    PostRow: "job_posts",
    SkillRow: "skill_demand",
    CategoryRow: "category_demand",
    DeadLetterRow: "dead_letters",
    SurveyRow: "survey_responses",
    BatchRow: "pipeline_batches",
}
"""Row class -> name of its table."""

SCHEMAS: Final = {
    PostRow: _schema(PostRow._fields, _POST),
    SkillRow: _schema(SkillRow._fields, _COUNT),
    CategoryRow: _schema(CategoryRow._fields, _COUNT),
    DeadLetterRow: _schema(DeadLetterRow._fields, _DEAD_LETTER),
    SurveyRow: _schema(SurveyRow._fields, _SURVEY),
    BatchRow: _schema(BatchRow._fields, _BATCH),
}
"""Row class -> Arrow schema of its table."""


def arrow_table(rows: Sequence[Any], schema: pa.Schema) -> pa.Table:
    """The rows as an Arrow table of that schema."""
    columns = zip(*rows, strict=True) if rows else [()] * len(schema)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def column_table(kind: type, columns: Mapping[str, Any], same: Mapping[str, Any], number: int) -> pa.Table:
    """The table of `number` rows of class `kind` from their `columns` and from what is the `same` in all of them."""
    schema = SCHEMAS[kind]
    repeated = {
        name: pa.repeat(pa.scalar(each, schema.field(name).type), number) for name, each in same.items()
    }
    return pa.Table.from_pydict({**columns, **repeated}, schema)
