"""Skill demand explorer: for analysts who ask how demand for skills develops, for whom, and with what."""

from typing import Final

from dashboards.boards.common import (
    AI,
    CATEGORY,
    EXPLORER_UID,
    GROUP,
    GROWTH_COLUMNS,
    INTERVAL,
    MIN_BASE,
    MONTH,
    MONTHS,
    RANGE,
    SIZE,
    SKILL_LINK,
    VERDICT,
    filters,
)
from dashboards.builder import variable
from dashboards.builder.board import Board, Row
from dashboards.builder.field import GREEN, column, fixed, steps
from dashboards.builder.panel import bargauge, table, text, timeseries

_ALL_FILTERS: Final = filters("category", "group", "size", "ai")
_WITHOUT_AI: Final = filters("category", "group", "size")
_FIRST_SKILL: Final = "arrayElement([${skill:sqlstring}], 1)"

_SKILL: Final = variable.chosen(
    "skill",
    "Skills",
    "Skills to look at, the most asked for first; several can be compared.",
    f"SELECT item AS value, name AS text FROM demand(of = 'skill', {RANGE}, {filters()})"
    " WHERE posts > 0 ORDER BY posts DESC, name LIMIT 1000",
    several=True,
)
_KIND: Final = variable.chosen(
    "kind",
    "Kind of skill",
    "Technical, creative, human, business, language or soft skills in the rankings.",
    "SELECT DISTINCT kind AS value, kind AS text FROM skill_names ORDER BY value",
    everything=True,
)

_YEAR: Final = "1y"
"""What is compared by month looks back a year, whatever the range of the board."""

_CHOSEN: Final = table(
    "chosen",
    "The chosen skills in ${month:text}",
    "Demand in the month with both counts, growth over the month before and the year before with 95 % intervals, and"
    " the share of all posts under the same filters.",
    f"""
    SELECT name AS Skill, verdict AS Verdict, growth AS Growth, {INTERVAL}, posts AS Posts, posts_before AS Before,
        growth_year AS `Year over year`, posts_year_before AS `Year before`, share AS Share, of_posts AS `Of posts`,
        share_points AS `Change in points`
    FROM growth(of = 'skill', month = ${{month:sqlstring}}, as_of = now('UTC'), min_base = {MIN_BASE}, {_ALL_FILTERS})
    WHERE item IN (${{skill:sqlstring}}) ORDER BY posts DESC
    """,
    width=24,
    overrides=[
        *GROWTH_COLUMNS,
        column("Verdict", mappings=VERDICT, custom__cellOptions={"type": "color-text"}),
        column("Year over year", unit="percentunit", decimals=0),
        column("Share", unit="percentunit", decimals=2),
        column("Change in points", decimals=2),
    ],
    empty="The chosen skills have no posts in this month under these filters.",
)

_BY_NAME: Final = "${__field.labels.name}"
"""Series of the column `name` are called by it alone, not also by that of their numbers."""

_SERIES: Final = (
    timeseries(
        "demand",
        "Demand: posts a day, seven-day mean",
        "Posts that ask for the chosen skills, mean of the seven days up to each day. Days end at midnight UTC.",
        f"""
        SELECT toDateTime(day, 'UTC') AS time, name, mean_7d AS posts
        FROM demand_series(of = 'skill', items = [${{skill:sqlstring}}], {RANGE}, {_ALL_FILTERS}) AS series
        INNER JOIN (SELECT toString(skill) AS item, name FROM skill_names) AS names USING item
        WHERE day < toDate($__toTime, 'UTC') ORDER BY time, name
        """,
        "short",
        low=0,
        decimals=1,
        interval="1d",
        name=_BY_NAME,
        empty="No demand for these skills in this time range.",
    ),
    timeseries(
        "share",
        "Share of all posts, seven-day mean",
        "The same as a share of all posts under the same filters: what is left when the market as a whole grows.",
        f"""
        SELECT toDateTime(day, 'UTC') AS time, name, share_7d AS share
        FROM demand_series(of = 'skill', items = [${{skill:sqlstring}}], {RANGE}, {_ALL_FILTERS}) AS series
        INNER JOIN (SELECT toString(skill) AS item, name FROM skill_names) AS names USING item
        WHERE day < toDate($__toTime, 'UTC') ORDER BY time, name
        """,
        "percentunit",
        low=0,
        decimals=2,
        interval="1d",
        name=_BY_NAME,
        empty="No demand for these skills in this time range.",
    ),
)

_RANKINGS: Final = (
    bargauge(
        "top",
        "Most asked for",
        "Skills by posts of the time range that ask for them, of the chosen kind.",
        f"""
        SELECT name AS Skill, posts AS Posts FROM demand(of = 'skill', {RANGE}, {_ALL_FILTERS})
        WHERE ${{kind:sqlstring}} IN ('', kind) ORDER BY posts DESC LIMIT 12
        """,
        "short",
        width=8,
        low=0,
        empty="No posts under these filters.",
    ),
    table(
        "growth",
        "Growth in ${month:text} over the month before",
        f"Skills of the chosen kind with at least {MIN_BASE} posts in the month before, the fastest first. A running"
        " month is compared with the same elapsed part. Where the interval includes zero there is no clear change.",
        f"""
        SELECT name AS Skill, verdict AS Verdict, growth AS Growth, {INTERVAL}, posts AS Posts, posts_before AS Before,
            growth_year AS `Year over year`, item AS skill
        FROM growth(of = 'skill', month = ${{month:sqlstring}}, as_of = now('UTC'), min_base = {MIN_BASE}, {_ALL_FILTERS})
        WHERE enough AND ${{kind:sqlstring}} IN ('', kind) ORDER BY rank LIMIT 50
        """,
        width=16,
        overrides=[
            *GROWTH_COLUMNS,
            column("Skill", links=[SKILL_LINK]),
            column("Verdict", mappings=VERDICT, custom__cellOptions={"type": "color-text"}),
            column("Year over year", unit="percentunit", decimals=0),
        ],
        empty="No skill has enough posts in the month before under these filters.",
    ),
)

_AI: Final = (
    table(
        "ai-skills",
        "Top AI-enabled skills",
        "Skills by posts that involve AI. The lift says how much more often than all posts those that ask for the skill"
        " involve AI: above 1 the skill goes with AI.",
        f"""
        SELECT name AS Skill, ai_posts AS `AI posts`, posts AS Posts, ai_share AS `AI share`, lift AS Lift, skill
        FROM ai_skills(min_posts = {MIN_BASE}, {RANGE}, {_WITHOUT_AI})
        WHERE ${{kind:sqlstring}} IN ('', kind) ORDER BY rank LIMIT 25
        """,
        overrides=[
            column("Skill", links=[SKILL_LINK]),
            column("AI share", unit="percentunit", decimals=1),
            column(
                "Lift",
                decimals=2,
                custom__cellOptions={"type": "color-text"},
                thresholds=steps("text", (1.2, "purple")),
            ),
            column("skill", custom__hidden=True),
        ],
        empty="No skill has enough posts under these filters.",
    ),
    timeseries(
        "complementarity",
        "AI adoption and human skills, by month",
        "AI adoption (right axis): share of posts that involve AI. Human skills per post (left axis): demand for human and"
        " creative skills divided by posts. If both rise, people and AI are asked for together. Correlation is not cause.",
        f"""
        SELECT toDateTime(month, 'UTC') AS time, ai_share AS `AI adoption`, human_rate AS `human skills per post`
        FROM complementarity({MONTHS}, {_WITHOUT_AI}) WHERE category = 'all' ORDER BY time
        """,
        "short",
        width=12,
        low=0,
        decimals=2,
        interval="1d",
        overrides=[
            column(
                "AI adoption",
                color=fixed("purple"),
                unit="percentunit",
                custom__axisPlacement="right",
                decimals=0,
            ),
        ],
        since=_YEAR,
        empty="No whole months in this time range.",
    ),
)

_TOGETHER: Final = (
    table(
        "together",
        "Asked for together with ${skill:text}",
        "Other skills in the posts that ask for the first of the chosen skills. Lift above 1: more often than chance"
        " would have it.",
        f"""
        SELECT name AS Skill, together AS Together, share AS `Of its posts`, with_other AS `Posts of the other`,
            lift AS Lift, skill
        FROM skills_together(skill = {_FIRST_SKILL}, min_posts = 5, {RANGE}, {_ALL_FILTERS})
        ORDER BY together DESC, lift DESC LIMIT 25
        """,
        overrides=[
            column("Skill", links=[SKILL_LINK]),
            column("Of its posts", unit="percentunit", decimals=1),
            column(
                "Lift",
                decimals=2,
                custom__cellOptions={"type": "color-text"},
                thresholds=steps("text", (1.5, GREEN)),
            ),
            column("skill", custom__hidden=True),
        ],
        empty="No other skill is asked for in at least 5 of its posts.",
    ),
    table(
        "pay",
        "Pay for the chosen skills",
        "Quantiles over posts that name their pay: hourly rates and fixed budgets apart, each currency for itself, at"
        " least 10 posts a line. Most posts that name no pay are missing here.",
        f"""
        SELECT name AS Skill, contract AS Contract, currency AS Currency, posts AS Posts, p10, p25, median AS Median, p75, p90
        FROM skill_pay(min_posts = 10, {RANGE}, {_ALL_FILTERS})
        WHERE skill IN (${{skill:sqlstring}}) ORDER BY posts DESC LIMIT 25
        """,
        decimals=0,
        overrides=[column("Posts", custom__width=75)],
        empty="Fewer than 10 posts name their pay.",
    ),
)

_BY_CATEGORY: Final = table(
    "complementarity-categories",
    "Complementarity by category",
    "Whether demand for human and creative skills moves with AI adoption: correlation of the monthly changes, with the"
    " number of months behind it. Below about ten months it says little.",
    f"""
    SELECT replaceAll(category, '_', ' ') AS Category, argMax(ai_share, month) AS `AI adoption`,
        argMax(ai_growth, month) AS `AI growth`, argMax(human_growth, month) AS `Human skills growth`,
        any(correlation) AS Correlation, any(rate_correlation) AS `Correlation of rates`, any(months) AS Months
    FROM complementarity({MONTHS}, {_WITHOUT_AI})
    GROUP BY category ORDER BY category != 'all', `AI adoption` DESC
    """,
    width=24,
    overrides=[
        column("AI adoption", unit="percentunit", decimals=1),
        column("AI growth", unit="percentunit", decimals=0),
        column("Human skills growth", unit="percentunit", decimals=0),
        column("Correlation", decimals=2),
        column("Correlation of rates", decimals=2),
    ],
    since=_YEAR,
    empty="No whole months in this time range.",
)

_SURVEY: Final = table(
    "survey",
    "Business pulse survey, newest month",
    "Weighted share of each answer with its margin of error at 95 % and the number of respondents; the last answer of a"
    " respondent counts.",
    """
    SELECT question AS Question, label AS Answer, share AS Share, margin AS Margin, chosen AS Chose, n AS Respondents
    FROM survey_shares
    WHERE client_size = if(${size:sqlstring} = '', 'all', ${size:sqlstring})
        AND survey_month = (SELECT max(survey_month) FROM survey_shares)
    ORDER BY question_id, rank, answer
    """,
    width=24,
    overrides=[
        column("Share", unit="percentunit", decimals=1),
        column("Margin", unit="percentunit", decimals=1),
    ],
    empty="No answers to the survey yet.",
)

_METHOD: Final = text(
    "method",
    "How to read this",
    "Method and caveats in words.",
    f"""
    **Demand** is the number of distinct posts that ask for a skill; a repeated post counts once, and a post counts once
    per skill. **Share** is demand over all posts under the same filters. Months and days are UTC.

    **Growth** compares two counts. Its 95 % interval says how far chance alone could have moved it: if it includes zero
    there is *no clear change*. Below {MIN_BASE} posts before, nothing is ranked. A running month is compared with the same
    elapsed part of the month before.

    **Caveats.** Posts are what businesses publish on the feeds that are read, not all hiring. Many skills are compared at
    once, so of forty skills that did not change one will look as if it rose. A post counts when it was published: late
    posts change the past. Every figure is defined in `docs/metrics.md` and in the comment of its view.
    """,
)

EXPLORER: Final = Board(
    EXPLORER_UID,
    "Skill demand explorer",
    "Demand, share, growth, pay and company of any skill, with the counts and intervals behind every figure.",
    "now-90d",
    "",
    (
        Row(4, (_CHOSEN,)),
        Row(9, _SERIES),
        Row(11, _RANKINGS, "Rankings"),
        Row(10, _AI, "AI and people"),
        Row(9, (_BY_CATEGORY,)),
        Row(10, _TOGETHER, "Company and pay"),
        Row(9, (_SURVEY,), "What businesses say"),
        Row(6, (_METHOD,), "Method"),
    ),
    (variable.datasource(), _SKILL, MONTH, _KIND, GROUP, CATEGORY, SIZE, AI),
)
