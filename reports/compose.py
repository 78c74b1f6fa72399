"""The report in words, charts and tables, from its figures. Pure."""

from datetime import timedelta
from functools import partial

from reports import charts, findings, names
from reports.figures import Answer, Change, Figures
from reports.section import Chart, Report, Section, Spec, Table
from reports.tables import ai_skills, ai_steps, answers, changes, rejections, skill_changes, years
from reports.wording import count, day, listed, month, percent, plural, signed


def compose(figures: Figures) -> Report:
    """The whole report."""
    market = "all markets" if figures.market == "all" else f"market {figures.market}"
    shown = f"{month(figures.period.month)}{' so far' if figures.period.partial else ''}"
    return Report(
        title=f"Monthly hiring report: {shown}",
        standfirst=(
            f"Which skills businesses ask for, {market}: {plural(figures.activity.posts, 'job post')},"
            f" {count(figures.activity.active_skills)} skills."
        ),
        warnings=_warnings(figures),
        headlines=findings.headlines(figures),
        sections=(
            _month_section(figures),
            _risers(figures),
            _creative_and_human(figures),
            _ai(figures),
            _ai_and_human(figures),
            _commerce(figures),
            _survey(figures),
            _method(figures),
            _quality(figures),
        ),
    )


def _warnings(figures: Figures) -> tuple[str, ...]:
    period = figures.period
    found = []
    if period.partial:
        found.append(
            f"{month(period.month)} is not complete: posts up to {day(period.until.date())},"
            f" {period.until:%H:%M} UTC, are compared with the first {period.elapsed_days:.1f} days of"
            f" {month(period.before_since.date())}. These figures will change."
        )
    if not figures.coverage.whole:
        found.append(
            f"The posts stored begin on {day(figures.coverage.first_day)}:"
            f" what was published earlier in {month(period.month)} is missing."
        )
    if not figures.coverage.before:
        found.append(findings.no_base(figures))
    if figures.quality.drift:
        found.append(f"The audit found a drift of {count(figures.quality.drift)}: see data quality.")
    return tuple(found)


def _month_section(figures: Figures) -> Section:
    whole = figures.coverage.first_day + timedelta(days=6)
    rows = [(row.day, row.posts, row.mean_7d if row.day >= whole else None) for row in figures.days]
    chart = Chart(
        "days",
        "Posts a day, with the mean of seven days",
        f"Bars of the posts of each day from {day(rows[0][0])} to {day(rows[-1][0])}; the line is their mean over"
        f" seven days, {figures.days[-1].mean_7d:,.0f} at the end.",
        partial(lambda width: charts.days(rows, width, figures.period.month)),
    )
    return Section("month", "The month", (findings.total(figures.total, figures),), (chart,))


def _risers(figures: Figures) -> Section:
    known = [row for row in figures.categories if findings.stated(row)]
    shown: tuple[Chart, ...] = ()
    if known:
        shown += (_growth_chart("categories", "Growth of every category over the month before", known),)
    if figures.rising_skills:
        rising = figures.rising_skills[:12]
        shown += (_growth_chart("skills", "Skills that rose fastest", rising, by_slug=False),)
    notes: tuple[str, ...] = ()
    if figures.compared_skills:
        notes = (
            f"{plural(figures.compared_skills, 'skill')} had at least {figures.min_base} posts in the month before and"
            f" were compared. Among so many, about {figures.compared_skills * 0.025:.0f} would seem to rise by chance"
            " alone at the 95 % level: read single skills with care.",
        )
    tables = [changes("Posts and growth by category", figures.categories)]
    if figures.rising_skills:
        tables.append(skill_changes("Skills with a clear rise", figures.rising_skills))
    if figures.falling_skills:
        tables.append(skill_changes("Skills with a clear fall", figures.falling_skills))
    said = (
        *findings.movers(figures.categories, "category", figures),
        *(findings.skills(figures.rising_skills, figures) if figures.coverage.before else ()),
    )
    return Section("risers", "Risers by category and skill", said, shown, tuple(tables), notes)


def _creative_and_human(figures: Figures) -> Section:
    rows = [row for row in figures.categories if row.item in (*names.CREATIVE, *names.HUMAN)]
    if figures.coverage.before:
        clear = [
            findings.change(row, names.category(row.item)) for row in rows if row.verdict in ("up", "down")
        ]
        unclear = [names.category(row.item) for row in rows if row.verdict == "no clear change"]
        said = [*clear, *([f"No clear change: {listed(unclear)}."] if unclear else [])]
    else:
        said = [findings.no_base(figures)]
    known = [row for row in rows if findings.stated(row)]
    chart = (
        _growth_chart("human", "Creative and human work: growth over the month before", known)
        if known
        else None
    )
    return Section(
        "human",
        "Creative and human skills",
        tuple(said),
        (chart,) if chart else (),
        (
            changes("Creative and human work", rows),
            skill_changes("The creative and human skills most asked for", figures.human_skills),
        ),
    )


def _ai(figures: Figures) -> Section:
    found = [findings.ai_share(figures)]
    shown: list[Chart] = []
    if figures.ai_skills:
        found.append(findings.top_ai_skills(figures.ai_skills[:10]))
        rows = [(row.name, row.posts, row.ai_posts) for row in figures.ai_skills[:15]]
        text = listed([f"{name} {count(part)} of {count(whole)}" for name, whole, part in rows[:5]])
        shown.append(
            Chart(
                "ai-skills",
                "Skills most asked for where the work involves AI",
                f"Posts for each skill, those that involve AI in the darker colour. The first five: {text}.",
                partial(_ai_bars, rows),
            )
        )
    before = {row.item: row for row in figures.ai_by_category_before}
    steps = [
        (names.category(row.item), before[row.item].ai_share or 0.0, row.ai_share or 0.0)
        for row in sorted(figures.ai_by_category, key=lambda row: -(row.ai_share or 0))[:14]
        if row.item in before
    ]
    if steps:
        labels = (month(figures.period.before_since.date()), month(figures.period.month))
        text = listed([f"{name} from {percent(old)} to {percent(new)}" for name, old, new in steps[:5]])
        shown.append(
            Chart(
                "ai-share",
                "Share of posts that involve AI, by category",
                f"The categories with the largest share. The first five: {text}.",
                partial(
                    lambda width: charts.shifts(
                        steps, width, labels, "Share of the category's posts that involve AI"
                    )
                ),
            )
        )
    tables = (
        ai_skills("Top AI-enabled skills", figures.ai_skills),
        ai_steps("AI share by category", figures.ai_by_category, before),
    )
    return Section("ai", "AI-enabled skills", tuple(found), tuple(shown), tables)


def _ai_bars(rows: list[tuple[str, int, int]], width: int) -> Spec:
    return charts.counts(rows, width, ("posts that involve AI", "other posts"))


def _ai_and_human(figures: Figures) -> Section:
    without = {row.item: row for row in figures.kinds_without_ai}
    rows = [
        (names.KINDS.get(row.item, row.item), without[row.item].share or 0.0, row.share or 0.0)
        for row in figures.kinds_with_ai
        if row.item in without
    ]
    chart = Chart(
        "together",
        "Kinds of skills asked for in posts that involve AI and in others",
        listed(
            [f"{name}: {percent(ai)} of posts with AI, {percent(rest)} of others" for name, rest, ai in rows]
            or ["-"]
        )
        + ".",
        partial(
            lambda width: charts.shifts(
                rows, width, ("other posts", "posts that involve AI"), "Share of posts"
            )
        ),
    )
    found = (*findings.human_in_ai(figures), *findings.complementarity(figures.together, figures.min_base))
    overall = [row for row in figures.together if row.category == "all"]
    table = Table(
        "AI adoption and demand for human and creative skills, by month",
        ("Month", "Posts", "Involve AI", "AI share", "Growth", "Human and creative mentions", "Growth"),
        tuple(
            (
                month(row.month),
                count(row.posts),
                count(row.ai_posts),
                percent(row.ai_share),
                signed(row.ai_growth),
                count(row.human_posts),
                signed(row.human_growth),
            )
            for row in overall
        ),
    )
    return Section(
        "together",
        "AI and human skills together",
        found,
        (chart,) if rows else (),
        (table,) if overall else (),
    )


def _commerce(figures: Figures) -> Section:
    rows = [row for row in figures.categories if row.item in names.COMMERCE]
    found = [findings.change(row, names.category(row.item)) for row in rows]
    found += findings.year_before(rows, figures)
    shown: list[Chart] = []
    known = [row for row in rows if findings.stated(row)]
    if known:
        shown.append(
            _growth_chart("commerce", "Marketing and e-commerce: growth over the month before", known)
        )
    notes: tuple[str, ...] = ()
    if figures.coverage.year_before:
        notes = ("The small charts of the months have axes of their own, which do not begin at zero.",)
        season = [(names.category(row.item), row.month, row.per_day) for row in figures.commerce_months]
        labels = ("the twelve months before", f"twelve months to {month(figures.period.month)}")
        shown.append(
            Chart(
                "season",
                "Posts a day by month: this season over last year's",
                "One small chart for each category, with a line for each of the two seasons.",
                partial(lambda width: charts.seasons(season, width, labels, figures.period.month)),
            )
        )
    tables = [changes("Marketing and e-commerce", rows)]
    if figures.coverage.year_before:
        tables.append(years("Against the same month of last year", rows))
    return Section("commerce", "Marketing and e-commerce", tuple(found), tuple(shown), tuple(tables), notes)


def _survey(figures: Figures) -> Section:
    if not figures.survey:
        said = f"No answers of the business pulse survey are stored for {month(figures.period.month)}."
        return Section("survey", "Business pulse survey", (said,))
    questions: dict[str, list[Answer]] = {}
    for row in figures.survey:
        questions.setdefault(row.question_id, []).append(row)
    return Section(
        "survey",
        "Business pulse survey",
        findings.survey(figures.survey),
        tuple(_answer_chart(question, rows) for question, rows in questions.items()),
        tuple(answers(rows[0].question or question, rows) for question, rows in questions.items()),
        (
            "Shares are weighted; margins of error are at the 95 % level. A respondent's last answer counts."
            f"{'' if figures.market == 'all' else ' Businesses of all markets answered.'}",
        ),
    )


def _answer_chart(question: str, rows: list[Answer]) -> Chart:
    lines = [
        charts.Line(
            (row.label or row.answer).split(":")[0],
            row.share,
            max(0.0, row.share - row.margin),
            min(1.0, row.share + row.margin),
            percent(row.share),
        )
        for row in rows
    ]
    return Chart(
        f"survey-{question.replace('_', '-')}",
        rows[0].question or question,
        f"{listed([f'{line.name} {line.label}' for line in lines])}. {plural(rows[0].n, 'answer')}.",
        partial(lambda width: charts.bars(lines, width, "Share of those who answered")),
    )


def _method(figures: Figures) -> Section:
    return Section(
        "method",
        "Method",
        (
            "A post counts once, at its first sighting, in the month of its publication (UTC); repeats are not counted."
            " A post counts once under each skill that it asks for, and under one category.",
            "Skills, category and whether the work involves AI are read from title, description and tags by the"
            f" taxonomy {figures.taxonomy_version}.",
            "Growth is posts of the month over posts of the month before, less one; per day, it allows for months of"
            " different length. Its 95 % interval is that of the ratio of two Poisson counts (Price and Bonett, 2000)."
            " An interval that includes zero is called no clear change.",
            f"What had fewer than {figures.min_base} posts in the month before gets no growth and is never ranked.",
            "Every figure is a column of a view of the database, where it is defined once (docs/metrics.md).",
        ),
    )


def _quality(figures: Figures) -> Section:
    quality = figures.quality
    audit = (
        f"The audit recomputed every count of {plural(quality.audited_days, 'day')} from"
        f" {plural(quality.audited_posts, 'post')} and {plural(quality.audited_mentions, 'mention')} of skills"
        f" (all markets): the drift is {count(quality.drift)}."
        if quality.audited_days
        else f"The posts of {month(figures.period.month)} are not kept any more, only their counts, which the audit"
        " compared with them before they were dropped."
    )
    log = (
        f"The log of batches (kept for 90 days) holds {plural(quality.records, 'record')}:"
        f" {plural(quality.posts, 'first sighting')}, {plural(quality.repeats, 'repeat')} counted once, and"
        f" {plural(quality.dead_letters, 'rejected record')} kept as dead letters."
    )
    tables = (rejections("Rejected records by reason", quality.rejections),) if quality.rejections else ()
    return Section("quality", "Data quality", (audit, log), (), tables)


def _growth_chart(
    key: str, title: str, rows: "tuple[Change, ...] | list[Change]", by_slug: bool = True
) -> Chart:
    lines = [
        (
            names.category(row.item) if by_slug else row.name,
            row.growth or 0.0,
            row.growth_low or 0.0,
            row.growth_high or 0.0,
            row.verdict,
        )
        for row in rows
    ]
    text = listed([f"{name} {signed(growth)}" for name, growth, *_ in lines[:5]])
    return Chart(
        key,
        title,
        f"Dots with 95 % intervals for {plural(len(lines), 'line')}, the highest growth first. The first: {text}.",
        partial(lambda width: charts.growths(lines, width)),
    )
