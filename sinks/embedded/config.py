"""The engine's configuration files, written at every start: logs, memory, and what the engine may touch."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

# The engine runs every statement as its user `default`; these grants hold for the writer too. Not granted,
# hence refused by the engine itself: FILE, URL, REMOTE, S3, MYSQL and all other sources, users, roles,
# introspection, and dictionaries, whose sources ask for no grant: they read any address and run any command.
GRANTS = (
    "SELECT, INSERT, ALTER, CREATE DATABASE, CREATE TABLE, CREATE TEMPORARY TABLE, CREATE VIEW, DROP, UNDROP TABLE, "
    "TRUNCATE, OPTIMIZE, SHOW TABLES, SHOW COLUMNS, SHOW DATABASES, CHECK, KILL QUERY, "
    "SYSTEM FLUSH, SYSTEM MERGES, SYSTEM TTL MERGES, SYSTEM VIEWS, SYSTEM DROP CACHE, BACKUP",
)
# The engine asks for no grant for those that need no source: gate.py refuses what is not among these.
ENGINES = (
    *(
        f"{kind}MergeTree"
        for kind in ("", "Replacing", "Summing", "Aggregating", "Collapsing", "VersionedCollapsing")
    ),
    "Memory",
    "Null",
    "Buffer",
    "Set",
    "Join",
    "Merge",
    "Log",
    "TinyLog",
    "Atomic",
)
# Settings of formats that name files or an address, which the engine reads and writes without asking for a grant.
FIXED_SETTINGS = (
    "format_schema",
    "format_template_row",
    "format_template_resultset",
    "format_avro_schema_registry_url",
    "input_format_record_errors_file_path",
    "output_format_schema",
)

# The query size is for the SET that binds parameters, before the limits of the request hold.
_USERS = """<clickhouse>
  <profiles><default>
    <log_queries>0</log_queries>
    <max_query_size>8388608</max_query_size>
    <constraints>{fixed}</constraints>
  </default></profiles>
  <quotas><default/></quotas>
  <users><default>
    <password></password>
    <networks><ip>::/0</ip></networks>
    <profile>default</profile>
    <quota>default</quota>
    <grants>{grants}</grants>
  </default></users>
</clickhouse>
"""

# Statements of clients are logged (engine.py turns log_queries on for them), the process's own are not.
# Logs flush every second: the pipeline dashboard reads them. A week is what it shows at most.
# BACKUP and RESTORE reach the disk `backups` and nothing else.
_CONFIG = """<clickhouse>
  <users_config>{users}</users_config>
  <tmp_path>{tmp}</tmp_path>
  <max_server_memory_usage_to_ram_ratio>0.6</max_server_memory_usage_to_ram_ratio>
  <storage_configuration><disks>
    <backups><type>local</type><path>{backups}</path></backups>
  </disks></storage_configuration>
  <backups><allowed_disk>backups</allowed_disk></backups>
  <query_log>{log}<table>query_log</table></query_log>
  <part_log>{log}<table>part_log</table></part_log>
</clickhouse>
"""
_LOG = (
    "<database>system</database><flush_interval_milliseconds>1000</flush_interval_milliseconds>"
    "<partition_by>toYYYYMMDD(event_date)</partition_by><ttl>event_date + INTERVAL 7 DAY DELETE</ttl>"
)


def write(folder: Path, tmp: Path, backups: Path) -> Path:
    """Write users.xml and config.xml into the folder; returns the path of config.xml."""
    grants = [f"GRANT {grant} ON *.*" for grant in GRANTS] + [
        *(f"GRANT TABLE ENGINE ON {name}" for name in ENGINES),
        "GRANT READ, WRITE ON DISK",  # backups allows one of them alone
    ]
    users = folder / "users.xml"
    users.write_text(
        _USERS.format(
            grants="".join(f"<query>{grant}</query>" for grant in grants),
            fixed="".join(f"<{name}><const/></{name}>" for name in FIXED_SETTINGS),
        ),
        encoding="utf-8",
    )
    config = folder / "config.xml"
    config.write_text(
        _CONFIG.format(
            users=escape(str(users)), tmp=escape(f"{tmp}/"), backups=escape(f"{backups}/"), log=_LOG
        ),
        encoding="utf-8",
    )
    return config
