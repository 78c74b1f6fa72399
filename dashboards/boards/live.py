"""Live hiring signals: for operations teams who watch what businesses ask for as it happens."""

from typing import Final

from dashboards.boards.common import (
    AI,
    CLEAR_GROWTH,
    EXPLORER_UID,
    GROUP,
    GROWTH_COLUMNS,
    INTERVAL,
    LIVE_UID,
    MIN_BASE,
    MONTH,
    PIPELINE_UID,
    RANGE,
    SKILL_LINK,
    filters,
)
from dashboards.builder import variable
from dashboards.builder.board import Board, Row, annotation
from dashboards.builder.field import GREEN, GREY, RED, YELLOW, column, fixed, link, says, steps
from dashboards.builder.panel import Panel, bargauge, stat, table, timeseries

_FILTERS: Final = filters("group", "ai")

_WINDOW: Final = variable.listed(
    "window",
    "Compare the last",
    "How many hours are compared with the same hours a week earlier.",
    {"86400": "24 hours", "3600": "hour", "21600": "6 hours", "259200": "3 days", "604800": "7 days"},
)

_STATS: Final = (
    stat(
        "newest",
        "Newest post",
        "Age of the newest post. It says how fresh everything on this board is.",
        "SELECT if(posted_at > 0, toNullable(age_seconds), NULL) AS `Age` FROM newest_post",
        "s",
        thresholds=steps(GREEN, (300, YELLOW), (1800, RED)),
        decimals=0,
        empty="no posts yet",
    ),
    stat(
        "exact",
        "Counts are exact?",
        "The audit recomputes every count of the last three days from the posts. Its drift is what counts miss or"
        " have too much.",
        "SELECT sum(drift) AS `Drift` FROM recent_drift",
        "short",
        thresholds=steps(GREEN, (1, RED)),
        mappings=says({"0": ("exact", GREEN)}),
        links=[link("Pipeline health", f"/d/{PIPELINE_UID}")],
    ),
    stat(
        "posts",
        "Posts",
        "Distinct posts published in the time range of the board; repeats are counted once.",
        f"SELECT posts AS `Posts` FROM activity({RANGE}, {_FILTERS})",
        "short",
        thresholds=steps(GREY),
    ),
    stat(
        "skills",
        "Active skills",
        "Skills that at least one post in the time range asks for.",
        f"SELECT active_skills AS `Skills` FROM activity({RANGE}, {_FILTERS})",
        "short",
        thresholds=steps(GREY),
    ),
    stat(
        "ai",
        "Posts that involve AI",
        "Share of the posts of the time range whose work involves AI: building it, using AI tools, annotating for it,"
        " checking its output.",
        f"SELECT ai_share AS `AI share` FROM activity({RANGE}, {_FILTERS})",
        "percentunit",
        decimals=1,
        thresholds=steps("purple"),
        empty="no posts in this range",
    ),
    stat(
        "clear",
        "Skills that moved",
        "How many rise and how many fall clearly in the last ${window:text}: skills whose demand differs from the same hours a week earlier by more than chance explains (95 % interval"
        f" excludes zero), among those with at least {MIN_BASE} posts then. One in forty would by chance.",
        "SELECT concat('▲ ', toString(countIf(verdict = 'up')), '   ▼ ', toString(countIf(verdict = 'down'))) AS `Changes`"
        f" FROM recent_change(of = 'skill', until = toTimeZone($__toTime, 'UTC'), width = $window, min_base = {MIN_BASE},"
        f" {_FILTERS})",
        "string",
        thresholds=steps(GREY),
    ),
)


def _month_movers(direction: str, title: str) -> Panel:
    return table(
        f"month-{direction}",
        title,
        "Skills by growth over the month before; a running month is compared with the same elapsed part. Ranked only"
        f" with at least {MIN_BASE} posts before and an interval that excludes zero. The interval says how sure the"
        " growth is: the narrower, the surer.",
        f"""
        SELECT name AS Skill, growth AS Growth, {INTERVAL}, posts AS Posts, posts_before AS Before, item AS skill
        FROM movers(of = 'skill', month = ${{month:sqlstring}}, as_of = now('UTC'), min_base = {MIN_BASE}, {_FILTERS})
        WHERE direction = '{direction}' ORDER BY place LIMIT 8
        """,
        overrides=[*GROWTH_COLUMNS, CLEAR_GROWTH, column("Skill", links=[SKILL_LINK])],
        empty="No skill clearly moved: too few posts, or no change beyond chance.",
    )


def _recent_movers(direction: str, title: str) -> Panel:
    order = "growth_low DESC" if direction == "up" else "growth_high"
    return table(
        f"recent-{direction}",
        title,
        "Skills whose demand differs from the same hours a week earlier by more than chance explains, the surest first"
        f" (by the nearer end of the 95 % interval); at least {MIN_BASE} posts a week earlier.",
        f"""
        SELECT name AS Skill, growth AS Growth, {INTERVAL}, posts AS Posts, posts_before AS Before, item AS skill
        FROM recent_change(of = 'skill', until = toTimeZone($__toTime, 'UTC'), width = $window, min_base = {MIN_BASE},
            {_FILTERS})
        WHERE verdict = '{direction}' ORDER BY {order}, posts DESC LIMIT 8
        """,
        overrides=[*GROWTH_COLUMNS, CLEAR_GROWTH, column("Skill", links=[SKILL_LINK])],
        empty=f"None: no change beyond chance, or fewer than {MIN_BASE} posts in the same hours a week ago.",
    )


_FLOW: Final = (
    timeseries(
        "pace",
        "Posts per minute, against a week earlier",
        "Posts by the time they were published. The grey line is the same time seven days earlier. A step that is still running is not shown.",
        f"""
        SELECT at AS time, per_minute AS `now`, per_minute_week_before AS `week before`
        FROM pace(step = $__interval_s, {RANGE}, {_FILTERS})
        WHERE at + toIntervalSecond($__interval_s) <= $__toTime ORDER BY time
        """,
        "short",
        interval="5m",
        low=0,
        overrides=[column("now", color=fixed("green")), column("week before", color=fixed("#8e8e8e"))],
    ),
    bargauge(
        "groups",
        "Demand by group of categories",
        "Posts of the time range by group of categories: each post counts in one.",
        f"""
        SELECT name AS `Group`, posts AS Posts
        FROM demand(of = 'category_group', {RANGE}, {filters("ai")}) ORDER BY posts DESC
        """,
        "short",
        low=0,
        empty="No posts in this time range.",
    ),
)

_SIGNAL_LINK: Final = link(
    "Explore ${__data.fields.Name}", f"/d/{EXPLORER_UID}?var-${{__data.fields.Kind}}=${{__data.fields.item}}"
)
"""`kind` is the name of the explorer's variable: a skill or a category; of all posts it shows everything."""

_SIGNALS: Final = table(
    "signals",
    "Signals: spikes and drops of the last seven days",
    "Skills and categories whose demand stood out from the same hours of the four weeks before, beyond chance. Expected"
    " is what those weeks and the course of all other posts let expect; the charts mark them, too. Those that last stand"
    " first, the surest of them on top.",
    """
    SELECT started_at AS Found, if(lasts, 'lasts', 'over') AS State, direction AS Direction, name AS Name, kind AS Kind,
        posts AS Posts, expected AS Expected, ratio AS Ratio, intDiv(width, 60) AS Minutes, p_value AS `Chance of it`, item
    FROM signals WHERE started_at >= now() - INTERVAL 7 DAY
    ORDER BY lasts DESC, if(lasts, p_value, 0), started_at DESC, p_value LIMIT 50
    """,
    width=24,
    overrides=[
        column("Found", unit="dateTimeFromNow", custom__width=130),
        column(
            "Direction",
            mappings=says({"spike": ("▲ spike", GREEN), "drop": ("▼ drop", RED)}),
            custom__cellOptions={"type": "color-text"},
        ),
        column(
            "State",
            mappings=says({"lasts": ("lasts", YELLOW), "over": ("over", GREY)}),
            custom__cellOptions={"type": "color-text"},
        ),
        column("Name", links=[_SIGNAL_LINK]),
        column("Expected", decimals=1),
        column("Ratio", decimals=1),
        column("Chance of it", unit="sci"),
        column("item", custom__hidden=True),
    ],
    empty="No spike or drop in the last seven days.",
)

_LATEST: Final = table(
    "latest",
    "Latest posts",
    "The newest posts of the time range, with the skills that were recognised in them. Titles link to the post.",
    f"""
    SELECT posted_at AS Posted, title AS Title, replaceAll(category, '_', ' ') AS Category, if(ai, 'AI', '') AS AI,
        arrayStringConcat(arraySlice(skills, 1, 6), ', ') AS Skills,
        if(pay IS NULL, '', concat(toString(round(pay)), ' ', currency, if(contract = 'hourly', ' / h', ''))) AS Pay,
        feed AS Feed, url
    FROM latest_posts(most = 25, {RANGE}, {_FILTERS})
    """,
    width=24,
    overrides=[
        column("Posted", unit="dateTimeFromNow", custom__width=130),
        column("Title", links=[link("Open the post", "${__data.fields.url}", new=True)]),
        column("Category", custom__width=170),
        column("AI", custom__width=50),
        column("Pay", custom__width=110),
        column("Feed", custom__width=110),
        column("url", custom__hidden=True),
    ],
    empty="No posts in this time range.",
)

LIVE: Final = Board(
    LIVE_UID,
    "Live hiring signals",
    "What businesses ask for right now: what rises, what falls, how sure that is, and whether the counts can be trusted.",
    "now-6h",
    "30s",
    (
        Row(4, _STATS),
        Row(6, (_SIGNALS,)),
        Row(
            8,
            (
                _month_movers("up", "▲ Rising skills: ${month:text} against the month before"),
                _month_movers("down", "▼ Falling skills: ${month:text} against the month before"),
            ),
        ),
        Row(
            6,
            (
                _recent_movers("up", "▲ Rising now: last ${window:text} against a week earlier"),
                _recent_movers("down", "▼ Falling now: last ${window:text} against a week earlier"),
            ),
        ),
        Row(9, _FLOW),
        Row(11, (_LATEST,)),
    ),
    (variable.datasource(), MONTH, _WINDOW, GROUP, AI),
    (
        annotation(
            "Signals",
            "purple",
            "SELECT time, timeEnd, text, tags FROM signal_annotations WHERE time >= $__fromTime AND time <= $__toTime",
        ),
    ),
)
