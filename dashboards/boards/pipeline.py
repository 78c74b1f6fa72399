"""Pipeline health: for whoever runs it. Rate, errors, durations and saturation, then exactness."""

from typing import Final

from dashboards.boards.common import PIPELINE_UID, RANGE
from dashboards.builder.board import Board, Row
from dashboards.builder.field import GREEN, GREY, RED, YELLOW, column, fixed, says, steps
from dashboards.builder.panel import stat, table, text, timeseries
from dashboards.builder.variable import datasource

_RATES: Final = f"pipeline_rates(step = $__interval_s, {RANGE})"
_STEP: Final = "10s"


def _step(at: str) -> str:
    """The step that a time is in, in SQL."""
    return f"toDateTime(intDiv(toUnixTimestamp({at}), $__interval_s) * $__interval_s, 'UTC')"


_STATS: Final = (
    stat(
        "drift",
        "Audit drift",
        "Counts recomputed from the posts of the last three days: what is missing or too much. It must be 0.",
        "SELECT sum(drift) AS `Drift` FROM recent_drift",
        "short",
        width=3,
        thresholds=steps(GREEN, (1, RED)),
        mappings=says({"0": ("0: exact", GREEN)}),
    ),
    stat(
        "waiting",
        "Waiting",
        "Consumer lag: records that the log holds and that are not durable here yet, measured every ten seconds by the"
        " workers. Some thousands are seconds of work.",
        "SELECT sum(waiting) AS `Waiting` FROM consumer_lag WHERE seconds_ago < 60 HAVING count() > 0",
        "short",
        width=3,
        decimals=0,
        thresholds=steps(GREEN, (20_000, YELLOW), (200_000, RED)),
        empty="no worker measures",
    ),
    stat(
        "lag-now",
        "Query lag",
        "95th percentile of the seconds from the record's timestamp in Kafka until its post and counts can be queried.",
        f"SELECT at AS time, lag_p95 AS `lag` FROM {_RATES} ORDER BY time",
        "s",
        width=3,
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
        width=3,
        decimals=2,
        thresholds=steps(GREEN, (0.01, YELLOW), (0.05, RED)),
        empty="no batches in this range",
    ),
    stat(
        "workers-alive",
        "Workers alive",
        "Workers that asked the broker for their lag within the last minute. Which partition belongs to whom stands below.",
        "SELECT uniqExactIf(worker, seconds_ago < 60) AS `Workers` FROM consumer_lag",
        "short",
        width=3,
        thresholds=steps(RED, (1, GREEN)),
    ),
    stat(
        "stored",
        "Last batch",
        "Seconds since a worker last stored a batch. Without new posts it grows, too.",
        "SELECT if(seconds_since_ingest < 1e9, toNullable(seconds_since_ingest), NULL) AS `Age` FROM newest_post",
        "s",
        width=3,
        decimals=0,
        thresholds=steps(GREEN, (120, YELLOW), (600, RED)),
        empty="nothing stored yet",
    ),
    stat(
        "parts",
        "Most parts",
        "Parts in one partition of a table. Above 100 merges are behind; at 3,000 inserts are refused.",
        "SELECT max(most_parts) AS `Parts` FROM storage",
        "short",
        width=3,
        thresholds=steps(GREEN, (100, YELLOW), (300, RED)),
        empty="no tables",
    ),
    stat(
        "rate",
        "Records per s",
        "Records that workers read and made durable in a second. A step that is still running is not shown.",
        f"""
        SELECT at AS time, events_per_second AS `records` FROM {_RATES}
        WHERE at + toIntervalSecond($__interval_s) <= $__toTime
        ORDER BY time WITH FILL FROM {_step("$__fromTime")} TO {_step("$__toTime")} STEP $__interval_s
        """,
        "short",
        width=3,
        series=True,
        interval="1m",
        thresholds=steps(GREY),
        empty="no batches in this range",
    ),
)

_RATE_AND_LAG: Final = (
    timeseries(
        "events",
        "Records in: posts, repeats, dead letters",
        "What the records turned out to be, per step of the chart.",
        f"SELECT at AS time, posts, repeats, dead_letters AS `dead letters` FROM {_RATES} ORDER BY time",
        "short",
        width=8,
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
        width=8,
        interval=_STEP,
        low=0,
        overrides=[
            column("p50", color=fixed("green")),
            column("p95", color=fixed("orange")),
            column("p99", color=fixed("red")),
        ],
        empty="No batches in this time range.",
    ),
    timeseries(
        "consumer-lag",
        "Consumer lag: records waiting in the log",
        "What the log holds and is not durable here yet, in all partitions together and in the one with the most. A"
        " line that keeps rising says that workers are too few or stand still.",
        f"""
        SELECT at AS time, waiting AS `all partitions`, most AS `the one with the most`
        FROM consumer_lag_series(step = $__interval_s, {RANGE}) ORDER BY time
        """,
        "short",
        width=8,
        interval="30s",
        low=0,
        overrides=[
            column("all partitions", color=fixed("orange")),
            column("the one with the most", color=fixed("#8e8e8e")),
        ],
        empty="No worker measured it in this time range.",
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
        empty="No batches in this time range.",
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
        empty="No batches in this time range.",
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
        empty="No batches in this time range.",
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
        width=10,
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
        "Feeds against their usual",
        "Posts of each feed in the last 24 hours and in the same hours of the four weeks before: one that falls silent"
        " stands out.",
        """
        SELECT feed AS Feed, posts AS Posts, usual AS Usual, ratio AS `Of usual`
        FROM feed_activity(until = now('UTC'), width = 86400)
        """,
        width=7,
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
    table(
        "workers",
        "Workers",
        "Every worker of the last day with its last batch. Its /healthz says whether it makes progress.",
        """
        SELECT worker AS Worker, seconds_ago AS `Last batch`, partitions AS Partitions, events_last_hour AS `In an hour`
        FROM workers
        """,
        width=7,
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
)

_EXACT: Final = (
    table(
        "audit",
        "Audit by day",
        "Every count of the last three days recomputed from the posts. In flight: stored, to be counted within seconds.",
        """
        SELECT day AS Day, drift AS Drift, posts AS Posts, in_flight AS `In flight`, counts AS Counts
        FROM recent_drift ORDER BY day DESC
        """,
        width=8,
        overrides=[
            column("Drift", custom__cellOptions={"type": "color-text"}, thresholds=steps(GREEN, (1, RED))),
        ],
        empty="No posts in the last three days.",
    ),
    table(
        "progress",
        "Partitions of the log",
        "How far each partition is durable here, where its log ends, and who reads it. Not measured for a minute: nobody.",
        """
        SELECT splitByChar('@', source)[1] AS Topic, partition AS Partition, next_offset AS `Durable up to`,
            end_offset AS `Log ends at`, waiting AS Waiting, seconds_ago AS Measured, worker AS Worker
        FROM consumer_lag ORDER BY waiting DESC, source, partition
        """,
        width=16,
        overrides=[
            column("Partition", custom__width=75),
            column(
                "Measured",
                unit="s",
                decimals=0,
                custom__cellOptions={"type": "color-text"},
                thresholds=steps(GREEN, (60, YELLOW), (600, RED)),
            ),
        ],
        empty="No worker measured its partitions within a day.",
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
        SELECT open_days AS Open, days AS `Of days`, if(rolled_at > 0, toNullable(age_seconds), NULL) AS Age,
            oldest_open_day AS Oldest
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
    "What else there is",
    "Where workers speak for themselves, and what to do about an alert.",
    """
    Each worker answers on its own port: `/healthz` with 503 when it has made no progress for two minutes while records
    wait, `/metrics` for Prometheus. Every alert has an entry in `docs/runbook.md`. Rejected records:
    `skillpulse dead-letters list`. The whole audit, not just three days: `skillpulse audit`.
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
        Row(7, _ERRORS, "Errors, feeds and workers"),
        Row(8, _EXACT, "Exactness and progress"),
        Row(9, _STORAGE, "Storage"),
        Row(4, (_ELSEWHERE,)),
    ),
    (datasource(),),
)
