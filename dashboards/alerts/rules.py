"""Every alert: the few things for which somebody has to act."""

from typing import Final

from dashboards.alerts.rule import Rule
from dashboards.boards.common import LIVE_UID, PIPELINE_UID

_NO_FILTERS: Final = "category = '', category_group = '', client_size = '', market = '', ai = ''"

RULES: Final[tuple[Rule, ...]] = (
    Rule(
        "skillpulse-ingest-stalled",
        "Ingest stalled",
        "critical",
        "SELECT toFloat64(seconds_since_ingest) AS seconds FROM newest_post",
        "gt",
        900,
        "5m",
        "No batch of posts was stored for 15 minutes.",
        "Either no posts are sent, or no worker reads them, or ClickHouse takes no writes.",
        PIPELINE_UID,
        "stored",
        "Alerting",
    ),
    Rule(
        "skillpulse-event-to-query-lag",
        "Posts are late",
        "warning",
        "SELECT ifNull(max(lag_p95), 0) AS seconds FROM"
        " pipeline_rates(step = 60, since = now('UTC') - INTERVAL 10 MINUTE, until = now('UTC'))",
        "gt",
        120,
        "10m",
        "Posts take more than two minutes from the log to the figures.",
        "Workers are too few or too slow, or ClickHouse is. A backfill of old records does this, too, and ends by itself.",
        PIPELINE_UID,
        "lag",
    ),
    Rule(
        "skillpulse-dead-letters",
        "Many records are rejected",
        "warning",
        """
        SELECT ifNull(sum(dead_letters) / nullIf(sum(events), 0), 0) AS share
        FROM pipeline_rates(step = 60, since = now('UTC') - INTERVAL 15 MINUTE, until = now('UTC'))
        HAVING sum(events) >= 20
        """,
        "gt",
        0.05,
        "5m",
        "More than 5 % of the records of the last 15 minutes were rejected.",
        "A producer sends what the schema does not allow. Nothing is lost: the records are in dead_letters.",
        PIPELINE_UID,
        "reasons",
    ),
    Rule(
        "skillpulse-feed-silent",
        "A feed fell silent",
        "warning",
        """
        SELECT toString(feed) AS feed, ifNull(ratio, 1) AS of_usual
        FROM feed_activity(until = now('UTC'), width = 21600) WHERE usual >= 30
        """,
        "lt",
        0.1,
        "15m",
        "A feed brings less than a tenth of what it usually brings in these six hours of the week.",
        "Its producer or the marketplace behind it stopped. The other feeds are not concerned.",
        PIPELINE_UID,
        "feeds",
    ),
    Rule(
        "skillpulse-extraction-collapse",
        "Posts name hardly any skills",
        "critical",
        f"""
        SELECT ifNull(recent.skills_per_post / nullIf(usual.skills_per_post, 0), 1) AS of_usual
        FROM activity(since = now('UTC') - INTERVAL 1 HOUR, until = now('UTC'), {_NO_FILTERS}) AS recent
        CROSS JOIN activity(since = now('UTC') - INTERVAL 8 DAY, until = now('UTC') - INTERVAL 1 DAY, {_NO_FILTERS}) AS usual
        WHERE recent.posts >= 50
        """,
        "lt",
        0.5,
        "15m",
        "Posts of the last hour name less than half as many skills as those of the week before.",
        "A feed lost its descriptions, its language changed, or a new taxonomy recognises less.",
        PIPELINE_UID,
        "extraction",
    ),
    Rule(
        "skillpulse-audit-drift",
        "Counts and posts differ",
        "critical",
        "SELECT toFloat64(ifNull(sum(drift), 0)) AS drift FROM recent_drift",
        "gt",
        0,
        "10m",
        "The audit of the last three days finds counts that are not what the posts give.",
        "This must never be. Stop publishing figures of these days until it is understood.",
        PIPELINE_UID,
        "audit",
    ),
    Rule(
        "skillpulse-many-parts",
        "ClickHouse does not keep up with merges",
        "warning",
        "SELECT toString(table) AS table, toFloat64(most_parts) AS parts FROM storage",
        "gt",
        300,
        "10m",
        "A table has more than 300 parts in one partition; at 3,000 inserts are refused.",
        "Merges are slower than inserts: too small batches, a slow disk, or posts of very many months at once.",
        PIPELINE_UID,
        "storage",
    ),
    Rule(
        "skillpulse-refused-writes",
        "ClickHouse refuses writes",
        "critical",
        "SELECT toString(name) AS error, toFloat64(900 - seconds_ago) AS since FROM insert_faults",
        "gt",
        0,
        "0s",
        "Within the last 15 minutes ClickHouse refused a write or could not keep it.",
        "Disk full, too many parts, or a broken part. Workers wait and try again; nothing is acknowledged meanwhile.",
        PIPELINE_UID,
        "insert-faults",
    ),
    Rule(
        "skillpulse-hiring-signal",
        "Demand stands out",
        "info",
        """
        SELECT toString(kind) AS kind, name, toString(direction) AS direction, max(signals.ratio) AS highest
        FROM signals WHERE lasts AND direction = 'spike' GROUP BY kind, name, direction
        """,
        "gt",
        1,
        "0s",
        "Demand is far above the same hours of the past four weeks.",
        "The labels name the skill or category; the table of signals says what was compared. A signal for operations, no fault.",
        LIVE_UID,
        "signals",
    ),
)
