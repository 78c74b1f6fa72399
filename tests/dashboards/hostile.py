"""A filled database in which every text of every table is an attack: titles, addresses, tags, slugs, names, reasons."""

from typing import Final

from clickhouse_connect.driver.client import Client

from sinks.clickhouse.client import Address
from tests.dashboards.filled import SOURCE, fill

ATTACKS: Final = (
    """'"></td></script><script>window.attacked=1</script><img src="//attacker.example/" onerror="window.attacked=2">""",
    """<svg onload=window.attacked=3><a href="javascript:window.attacked=4">Python</a><b>${skill} %{text} $__timeFilter(x)""",
    "javascript:window.attacked=5//",
    "data:text/html,<script>window.attacked=6</script>",
    """https://attacker.example/"onmouseover="window.attacked=7""",
)
"""Whoever they reach: `window.attacked` is set, or attacker.example is asked."""

_KEPT: Final = {"taxonomy_version"}
"""Without the version that is active no view would show the rows."""

_MORE: Final = (
    "INSERT INTO hiring_signals SELECT now() - 600, 'skill', 'python', 3600, 'spike', NULL, 30, [9, 10, 11, 10], 10, 1, 1e-8,"
    " 1e-6, now()",
    f"INSERT INTO survey_responses SELECT toStartOfMonth(now()), 'q', toString(number), '{SOURCE}', 0, number, now64(3),"
    f" now64(3), ['yes'], 1, 'smb' FROM numbers(40)",
    "INSERT INTO survey_options VALUES ('q', 'yes', 'Do you hire?', 'Yes', false, 1, now64(3))",
)


def fill_hostile(address: Address) -> Client:
    """Fill `address.database` as `fill` does, then once more with each attack in place of every text."""
    client = fill(address)
    for statement in _MORE:
        client.command(statement)
    columns = client.query(
        "SELECT table, name, type LIKE 'Array%' FROM system.columns WHERE database = currentDatabase()"
        " AND type LIKE '%String%' AND table IN (SELECT name FROM system.tables WHERE database = currentDatabase()"
        " AND engine LIKE '%MergeTree' AND total_rows > 0) AND table NOT IN ('migrations', 'taxonomy_activations')"
    ).result_rows
    tables: dict[str, list[str]] = {}
    for table, name, several in columns:
        if name not in _KEPT:
            tables.setdefault(table, []).append(f"{'[attack]' if several else 'attack'} AS {name}")
    for table, replaced in tables.items():
        client.command(
            f"INSERT INTO {table} SELECT * REPLACE ({', '.join(replaced)}) FROM {table} ARRAY JOIN {{attacks:Array(String)}} AS attack",
            {"attacks": list(ATTACKS)},
        )
    return client
