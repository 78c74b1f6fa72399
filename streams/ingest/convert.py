"""The fields of a job post out of the columns of a row, by a mapping. Pure."""

import re
from collections.abc import Mapping as Columns
from collections.abc import Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from streams.ingest.mapping import Mapping, MappingFault
from streams.ingest.values import amount, moment, plain_text, texts

_AMOUNTS: Final = frozenset({"hourly_min", "hourly_max", "fixed_budget"})
_EMPTY: Final = frozenset({"", "nan", "none", "null", "n/a", "na"})


class Converter:
    """Applies one mapping to row after row."""

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._columns = {field: _listed(columns) for field, columns in mapping.fields.items()}
        self._searched = {field: _listed(find.column) for field, find in mapping.find.items()}
        try:
            self._zone = ZoneInfo(mapping.times.zone)
            self._find = {field: re.compile(find.pattern) for field, find in mapping.find.items()}
        except (ZoneInfoNotFoundError, ValueError, re.error) as error:
            raise MappingFault(f"mapping {mapping.title!r}: {error}") from error
        for field, pattern in self._find.items():
            if not pattern.groups:
                raise MappingFault(
                    f"mapping {mapping.title!r}: the pattern of {field} has no group: put (...) around the value"
                )
        self._fields = list(dict.fromkeys([*mapping.fields, *mapping.find, *mapping.constants]))

    def post(self, row: Columns[str, Any]) -> dict[str, Any]:
        """The job post, still to be validated: fields that the row leaves empty are left out.

        Raises ValueError with the field's name where a value has no known form.
        """
        post: dict[str, Any] = {}
        for field in self._fields:
            if not self._taken(field, row):
                continue
            value = self._value(field, row)
            if value is None:
                continue
            try:
                post[field] = self._converted(field, value)
            except ValueError as error:
                raise ValueError(f"{field}: {error}") from error
        if "post_id" in post:
            post["post_id"] = self._mapping.id_prefix + post["post_id"]
        return post

    def _taken(self, field: str, row: Columns[str, Any]) -> bool:
        when = self._mapping.when.get(field)
        if when is None:
            return True
        found = _at(row, when.column)
        return str(found).strip().lower() in {value.lower() for value in when.among}

    def _value(self, field: str, row: Columns[str, Any]) -> Any:
        value = _first(row, self._columns.get(field, ()))
        if value is None and field in self._find:
            found = self._find[field].search(str(_first(row, self._searched[field]) or ""))
            value = found[1] if found and not _is_empty(found[1]) else None
        return self._mapping.constants.get(field) if value is None else value

    def _converted(self, field: str, value: Any) -> Any:
        if (known := self._mapping.values.get(field)) is not None:
            value = known.get(str(value).strip().lower(), known.get("*", value))
        if field == "posted_at":
            return moment(value, self._mapping.times.formats, self._zone)
        if field in _AMOUNTS:
            return amount(value)
        if field == "skills":
            return texts(value, self._mapping.separators)
        if field == "post_id" and isinstance(value, float) and value.is_integer():
            value = int(value)  # an id read as a number by the exporting tool
        text = ", ".join(map(str, value)) if isinstance(value, list) else str(value).strip()
        return plain_text(text) if field in self._mapping.html else text


def _listed(columns: str | list[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else columns


def _first(row: Columns[str, Any], columns: Sequence[str]) -> Any:
    """The first value among `columns` that is not empty, None if all are."""
    return next((value for column in columns if not _is_empty(value := _at(row, column))), None)


def _at(row: Columns[str, Any], path: str) -> Any:
    """The value of the column `path`; where there is none of that name, dots lead into nested objects."""
    if path in row:
        return row[path]
    value: Any = row
    for step in path.split("."):
        if isinstance(value, list):
            value = value[0] if value else None
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
    return value[0] if isinstance(value, list) and value and isinstance(value[0], dict) else value


def _is_empty(value: Any) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in _EMPTY
    # NaN, the empty cell of data frames, is the one value that differs from itself
    return value is None or value == [] or value != value or isinstance(value, dict)
