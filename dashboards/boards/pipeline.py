"""Pipeline health: for whoever runs it. Rate, errors, durations and saturation, then exactness."""

from typing import Final

from dashboards.boards.common import PIPELINE_UID, RANGE
from dashboards.builder.board import Board, Row
from dashboards.builder.field import GREEN, GREY, RED, YELLOW, column, fixed, says, steps
from dashboards.builder.panel import stat, table, text, timeseries
from dashboards.builder.variable import datasource

_RATES: Final = f"pipeline_rates(step = $__interval_s, {RANGE})"
_STEP: Final = "10s"

_STATS: Final = (
    stat(
        "drift",
        "Audit drift",
        "Counts recomputed from the posts of the last three days: what is missing or too much. It must be 0.",
        "SELECT sum(drift) AS `Drift` FROM recent_drift",
        "short",
        thresholds=steps(GREEN, (1, RED)),
        mappings=says({"0": ("0: exact", GREEN)}),
    ),
    stat(
        "stored",
        "Last batch stored",
        "Seconds since a worker last stored a batch. Without new posts it grows, too.",
        "SELECT seconds_since_ingest AS `Age` FROM newest_post",
        "s",
        decimals=0,
        thresholds=steps(GREEN, (120, YELLOW), (600, RED)),
        empty="nothing stored yet",
    ),
    stat(
        "rate",
        "Events per second",
        "Records that workers read and made durable.",
        f"SELECT at AS time, events_per_second AS `events` FROM {_RATES} ORDER BY time",
        "short",
        series=True,
        interval="1m",
        decimals=1,
        thresholds=steps(GREY),
        empty="no batches in this range",
    ),
    stat(
        "lag-now",
        "Event to query, p95",
        "Seconds from the record's timestamp in Kafka until its post and counts can be queried.",
        f"SELECT at AS time, lag_p95 AS `lag` FROM {_RATES} ORDER BY time",
        "s",
        series=True,
        interval="1m",
        decimals=1,
        thresholds=steps(GREEN, (10, YELLOW), (60, RED)),
        empty="no batches in this range",
    ),
    stat(
        "dead-share",
        "Dead letters",
        "Share of records that were rejected, over the whole time range.",
        f"SELECT dead_letter_share AS `Share` FROM pipeline_rates(step = 1000000000, {RANGE}) ORDER BY at DESC LIMIT 1",
        "percentunit",
        decimals=2,
        thresholds=steps(GREEN, (0.01, YELLOW), (0.05, RED)),
        empty="no batches in this range",
    ),
    stat(
        "workers-alive",
        "Workers at work",
        "Workers that stored a batch within the last two minutes. A worker without records to read stores none.",
        "SELECT countIf(seconds_ago < 120) AS `Workers` FROM workers",
        "short",
        thresholds=steps(RED, (1, GREEN)),
    ),
)

_RATE_AND_LAG: Final = (
    timeseries(
        "events",
        "Records read: posts, repeats, dead letters",
        "What the records turned out to be, per step of the chart.",
        f"SELECT at AS time, posts, repeats, dead_letters AS `dead letters` FROM {_RATES} ORDER BY time",
        "short",
        bars=True,
        stacked=True,
        interval=_STEP,
        low=0,
        overrides=[
            column("posts", color=fixed("green")),
            column("repeats", color=fixed("blue")),
            column("dead letters", color=fixed("red")),
        ],
        empty="No batches in this time range.",
    ),
    timeseries(
        "lag",
        "From event to query",
        "Seconds from the record's timestamp until it can be queried. A backfill shows the age of what it brings.",
        f"SELECT at AS time, lag_p50 AS p50, lag_p95 AS p95, lag_p99 AS p99 FROM {_RATES} ORDER BY time",
        "s",
        interval=_STEP,
        low=0,
        overrides=[
            column("p50", color=fixed("green")),
            column("p95", color=fixed("orange")),
            column("p99", color=fixed("red")),
        ],
        empty="No batches in this time range.",
    ),
)

_WORK: Final = (
    timeseries(
        "durations",
        "Time for a batch",
        "Milliseconds to decode, classify and count a batch, and of the inserts that it shared: 95th percentiles.",
        f"SELECT at AS time, classify_ms_p95 AS `classify`, insert_ms_p95 AS `insert` FROM {_RATES} ORDER BY time",
        "ms",
        width=8,
        interval=_STEP,
        low=0,
    ),
    timeseries(
        "size",
        "Records in a batch",
        "Mean size of a batch: it grows when workers catch up.",
        f"SELECT at AS time, batch_size AS `records` FROM {_RATES} ORDER BY time",
        "short",
        width=8,
        interval=_STEP,
        low=0,
        legend=False,
    ),
    timeseries(
        "extraction",
        "Skills found in a post",
        "Skills asked for per post: a collapse means that extraction or a feed broke.",
        f"SELECT at AS time, skills_per_post AS `skills` FROM {_RATES} ORDER BY time",
        "short",
        width=8,
        interval="1m",
        low=0,
        legend=False,
    ),
)

_ERRORS: Final = (
    table(
        "reasons",
        "Dead letters by reason",
        "Why records were rejected in the time range. `skillpulse dead-letters list` shows them.",
        f"""
        SELECT reason AS Reason, letters AS Records, share AS Share, last_rejected_at AS Last, last_detail AS `Last said`
        FROM dead_letter_reasons({RANGE})
        """,
        overrides=[
            column("Reason", custom__width=130),
            column("Records", custom__width=90),
            column("Share", unit="percentunit", decimals=0, custom__width=75),
            column("Last", unit="dateTimeFromNow", custom__width=130),
        ],
        empty="None: every record could be counted.",
    ),
    table(
        "feeds",
        "Feeds against their own baseline, last 24 hours",
        "Posts of each feed in the last 24 hours and in the same hours of the four weeks before: one that falls silent"
        " stands out.",
        """
        SELECT feed AS Feed, posts AS Posts, usual AS Usual, ratio AS `Of usual`
        FROM feed_activity(until = now(), width = 86400)
        """,
        overrides=[
            column("Usual", decimals=1),
            column(
                "Of usual",
                unit="percentunit",
                decimals=0,
                custom__cellOptions={"type": "color-text"},
                thresholds=steps(RED, (0.1, YELLOW), (0.5, GREEN)),
            ),
        ],
        empty="No posts in the last four weeks.",
    ),
)

_EXACT: Final = (
    table(
        "audit",
        "Audit by day",
        "Every count of the last three days recomputed from the posts. In flight: stored, to be counted within seconds.",
        """
        SELECT day AS Day, posts AS Posts, counts AS `Counts compared`, in_flight AS `In flight`, drift AS Drift
        FROM recent_drift ORDER BY day DESC
        """,
        width=8,
        overrides=[
            column("Drift", custom__cellOptions={"type": "color-text"}, thresholds=steps(GREEN, (1, RED))),
        ],
        empty="No posts in the last three days.",
    ),
    table(
        "workers",
        "Workers",
        "Every worker of the last day with its last batch. Its /healthz says whether it makes progress.",
        """
        SELECT worker AS Worker, seconds_ago AS `Last batch`, partitions AS Partitions, events_last_hour AS `Records, last hour`
        FROM workers
        """,
        width=8,
        overrides=[
            column(
                "Last batch",
                unit="s",
                decimals=0,
                custom__cellOptions={"type": "color-text"},
                thresholds=steps(GREEN, (120, YELLOW), (600, RED)),
            ),
        ],
        empty="No worker stored a batch within a day.",
    ),
    table(
        "progress",
        "Partitions of the log",
        "How far each partition has come here. What the log holds beyond is the worker's metric skillpulse_consumer_lag.",
        """
        SELECT partition AS Partition, last_offset AS `Last offset`, events AS Records, last_batch_at AS `Last batch`
        FROM progress ORDER BY source DESC, partition
        """,
        width=8,
        overrides=[column("Last batch", unit="dateTimeFromNow")],
        empty="No batch yet.",
    ),
)

_STORAGE: Final = (
    table(
        "storage",
        "Tables of ClickHouse",
        "Parts and merges. Above 100 parts in one partition merges are behind; at 3,000 inserts are refused.",
        """
        SELECT table AS Table, parts AS Parts, most_parts AS `Most in one partition`, rows AS Rows, bytes AS Size,
            merges AS Merges
        FROM storage
        """,
        overrides=[
            column("Size", unit="bytes"),
            column(
                "Most in one partition",
                custom__cellOptions={"type": "color-text"},
                thresholds=steps(GREEN, (100, YELLOW), (300, RED)),
            ),
        ],
        empty="No tables: run skillpulse migrate.",
    ),
    table(
        "rollup",
        "Daily roll-up",
        "How many days the views still add up from panes. It never makes a figure wrong, only slower.",
        """
        SELECT counts AS Counts, days AS Days, open_days AS `Open days`, oldest_open_day AS `Oldest open day`,
            if(rolled_at > 0, toNullable(age_seconds), NULL) AS Age
        FROM rollup_age
        """,
        width=6,
        overrides=[column("Age", unit="s", decimals=0)],
        empty="No counts yet.",
    ),
    table(
        "insert-faults",
        "Refused or failed writes",
        "Errors of ClickHouse since its start for which writes are refused. Workers wait and try again.",
        "SELECT name AS Error, times AS Times, seconds_ago AS `Last` FROM insert_faults",
        width=6,
        overrides=[column("Last", unit="s", decimals=0)],
        empty="None since ClickHouse was started.",
    ),
)

_ELSEWHERE: Final = text(
    "elsewhere",
    "What stands elsewhere",
    "Where to look for what ClickHouse cannot know.",
    """
    **Consumer lag** (records that the log holds and no worker has read) is known to the workers alone: each says it on
    `/metrics` for Prometheus as `skillpulse_consumer_lag`, and `/healthz` answers 503 when a worker has made no progress
    for two minutes while records wait. Alerts and what to do about them: `docs/runbook.md`.
    """,
)

PIPELINE: Final = Board(
    PIPELINE_UID,
    "Pipeline health",
    "Whether every post is counted, exactly and in time: rate, errors, durations, saturation, audit.",
    "now-3h",
    "30s",
    (
        Row(4, _STATS),
        Row(8, _RATE_AND_LAG),
        Row(7, _WORK),
        Row(7, _ERRORS, "Errors and feeds"),
        Row(7, _EXACT, "Exactness and workers"),
        Row(9, _STORAGE, "Storage"),
        Row(4, (_ELSEWHERE,)),
    ),
    (datasource(),),
)
