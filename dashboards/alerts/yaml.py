"""The few shapes of YAML that provisioning needs: maps, lists, scalars, queries as they are."""

import json
from typing import Any


def dumped(value: Any, depth: int = 0) -> str:
    """Block YAML of a non-empty map or list."""
    pad = "  " * depth
    if isinstance(value, dict):
        return "".join(f"{pad}{key}:{_entry(entry, depth + 1)}" for key, entry in value.items())
    return "".join(f"{pad}-{_entry(entry, depth + 1)}" for entry in value)


def _entry(value: Any, depth: int) -> str:
    if isinstance(value, dict | list) and value:
        return "\n" + dumped(value, depth)
    if isinstance(value, str) and "\n" in value:
        pad = "  " * depth
        return " |-\n" + "".join(f"{pad}{line}\n" if line else "\n" for line in value.split("\n"))
    return " " + json.dumps(value, ensure_ascii=False) + "\n"
