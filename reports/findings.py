"""The sentences of a report: each figure with both counts behind it, nothing claimed that they do not carry. Pure."""

from collections.abc import Sequence

from reports import names
from reports.figures import AiSkill, Answer, Change, Demand, Figures, Together
from reports.wording import count, interval, listed, month, percent, plural, points, signed

UP, DOWN, UNCLEAR = "up", "down", "no clear change"


def headlines(figures: Figures) -> tuple[str, ...]:
    """What an editor would print first."""
    rising = [row for row in figures.categories if row.verdict == UP]
    creative = [row for row in rising if row.item in (*names.CREATIVE, *names.HUMAN)]
    commerce = [row for row in rising if row.item in names.COMMERCE]
    found = [
        total(figures.total, figures),
        together_up("Human and creative work", creative) if creative else "",
        together_up("Marketing and e-commerce", commerce) if commerce else "",
        ai_share(figures),
        top_ai_skills(figures.ai_skills[:6]) if figures.ai_skills else "",
        *survey(figures.survey),
    ]
    return tuple(sentence for sentence in found if sentence)


def stated(row: Change) -> bool:
    """Whether the counts carry a growth: a covered base with enough posts."""
    return row.verdict in (UP, DOWN, UNCLEAR)


def total(row: Change, figures: Figures) -> str:
    """All posts of the month."""
    now = f"Businesses published {plural(row.posts, 'job post')} in {month(figures.period.month)}"
    if figures.period.partial:
        now = f"{now} so far"
    if not stated(row):
        return f"{now}."
    before = f"{count(row.posts_before)} in {_base(figures)}"
    if row.verdict == UNCLEAR:
        return f"{now}, no clear change from {before} ({signed(row.growth)}; 95 % {_interval(row)})."
    return f"{now}, {signed(row.growth)} from {before} (95 % {_interval(row)})."


def change(row: Change, name: str) -> str:
    """One item's growth in a sentence."""
    counts = f"{plural(row.posts, 'post')} after {count(row.posts_before)}"
    if row.growth is None:
        return f"{name}: {plural(row.posts, 'post')}."
    if row.verdict == UNCLEAR:
        return f"{name}: no clear change ({counts}, {signed(row.growth)}; 95 % {_interval(row)})."
    if not stated(row):
        return f"{name}: {counts}, too few in the month before to state a growth."
    verb = "rose" if row.verdict == UP else "fell"
    return f"{name} {verb} by {percent(abs(row.growth))} ({counts}; 95 % {_interval(row)})."


def together_up(subject: str, rising: Sequence[Change]) -> str:
    """Several clear rises in one sentence."""
    parts = [
        f"{names.category(row.item)} {signed(row.growth)} ({plural(row.posts, 'post')} after {count(row.posts_before)})"
        for row in rising
    ]
    return f"{subject} rose: {listed(parts)}."


def movers(rows: Sequence[Change], what: str, figures: Figures) -> tuple[str, ...]:
    """The clear rises and falls among `rows`, or that there are none."""
    if not figures.coverage.before:
        return (no_base(figures),)
    clear = [row for row in rows if row.verdict in (UP, DOWN)]
    if not clear:
        return (f"No {what} shows a clear change: every 95 % interval includes zero.",)
    return tuple(change(row, names.category(row.item)) for row in clear)


def skills(rows: Sequence[Change], figures: Figures) -> tuple[str, ...]:
    """The three fastest clear rises among skills."""
    if not figures.coverage.before:
        return (no_base(figures),)
    if not rows:
        return ("No skill shows a clear rise.",)
    return tuple(change(row, row.name) for row in rows[:3])


def no_base(figures: Figures) -> str:
    """Why no growth is stated."""
    return (
        f"No growth is stated: the posts stored do not reach back without a gap over all of {_base(figures)}."
    )


def year_before(rows: Sequence[Change], figures: Figures) -> tuple[str, ...]:
    """The commerce categories against the same month of last year's season."""
    if not figures.coverage.year_before:
        first = month(figures.period.year_since.date())
        return (f"Last year's season is missing: the posts stored do not reach back to {first}.",)
    found = []
    for row in rows:
        counts = f"{plural(row.posts, 'post')} after {count(row.posts_year_before)} a year before"
        name = names.category(row.item)
        if row.growth_year is None or row.growth_year_low is None or row.growth_year_high is None:
            found.append(f"{name}: {counts}, too few to state a growth.")
            continue
        bounds = f"95 % interval {interval(row.growth_year_low, row.growth_year_high)}"
        clear = row.growth_year_low > 0 or row.growth_year_high < 0
        said = signed(row.growth_year) if clear else f"no clear change, {signed(row.growth_year)}"
        found.append(f"{name} against last year's season: {said} ({counts}; {bounds}).")
    return tuple(found)


def ai_share(figures: Figures) -> str:
    """The share of AI work, and how its posts grew."""
    row = figures.with_ai
    if row is None:
        return "No post of the month involves AI."
    now = f"Work that involves AI made up {percent(row.share)} of posts ({count(row.posts)} of {count(row.of_posts)})"
    if row.growth is None:
        return f"{now}."
    before = f"{percent(row.share_before)} ({count(row.posts_before)} of {count(row.of_posts_before)})"
    if not stated(row):
        return f"{now}, after {before}: too few posts before to state a growth."
    if row.verdict == UNCLEAR:
        said = f"the number of such posts shows {UNCLEAR} ({signed(row.growth)}; 95 % {_interval(row)})"
    else:
        verb = "grew" if row.verdict == UP else "fell"
        said = f"such posts {verb} by {percent(abs(row.growth))} (95 % {_interval(row)})"
    return f"{now}, after {before}; {said}."


def top_ai_skills(rows: Sequence[AiSkill]) -> str:
    """The skills most asked for inside AI posts."""
    parts = [f"{row.name} ({count(row.ai_posts)})" for row in rows]
    return f"The skills most asked for in the {plural(rows[0].all_ai_posts, 'post')} that involve AI: {listed(parts)}."


def human_in_ai(figures: Figures) -> tuple[str, ...]:
    """Whether AI work asks for human and creative skills more or less often than other work."""
    without = {row.item: row for row in figures.kinds_without_ai}
    return tuple(
        _beside(row, without[row.item])
        for row in figures.kinds_with_ai
        if row.item in ("human", "creative") and row.item in without
    )


def complementarity(rows: Sequence[Together], min_base: int) -> tuple[str, ...]:
    """How AI posts and demand for human skills moved in the last whole month, and over the history."""
    overall = [row for row in rows if row.category == "all"]
    if len(overall) < 2:
        return ("How AI and human skills move together needs at least two whole months of posts.",)
    last, former = overall[-1], overall[-2]
    if min(former.ai_posts, former.human_posts) < min_base:
        return (f"Too few posts in {month(former.month)} to say how AI and human skills moved together.",)
    found = [
        f"In {month(last.month)} posts that involve AI changed by {signed(last.ai_growth)}"
        f" ({count(last.ai_posts)} after {count(former.ai_posts)}), demand for human and creative skills by"
        f" {signed(last.human_growth)} ({count(last.human_posts)} mentions after {count(former.human_posts)})."
    ]
    if last.correlation is None:
        found.append(f"{plural(last.months, 'monthly change')} of both: too few for a correlation.")
    else:
        alone = last.rate_correlation
        per_post = (
            f"; per post, which a growth of all posts alike does not move, with r = {alone:.2f}"
            if alone is not None
            else ""
        )
        found.append(
            f"Over {plural(last.months, 'monthly change')} the two correlate with r = {last.correlation:.2f}{per_post}."
            " Correlation is not cause."
        )
    return tuple(found)


def survey(rows: Sequence[Answer]) -> tuple[str, ...]:
    """What respondents said, first answers first."""
    found = []
    by_answer = {(row.question_id, row.answer): row for row in rows}
    if fluent := by_answer.get(("digital_fluency", "yes")):
        found.append(
            f"{_said(fluent)} value digital fluency and AI literacy in the people they hire{_of(fluent)}."
        )
    if hire := by_answer.get(("hire_next_three_months", "digital_marketing")):
        found.append(
            f"{_said(hire)} plan to hire independent talent for digital marketing within three months{_of(hire)}."
        )
    if top := next((row for row in rows if row.question_id == "top_challenge" and row.rank == 1), None):
        found.append(f"The top challenge named: {_label(top)}, by {_said(top).lower()}{_of(top)}.")
    return tuple(found)


def _said(row: Answer) -> str:
    return f"{percent(row.share, 0)} of businesses surveyed"


def _of(row: Answer) -> str:
    margin = points(row.margin * 100)[1:]
    return f" ({count(row.chosen)} of {plural(row.n, 'answer')}, weighted; margin of error {margin})"


def _label(row: Answer) -> str:
    text = (row.label or row.answer).split(":")[0]
    return text[:1].lower() + text[1:]


def _beside(row: Demand, other: Demand) -> str:
    said = (
        "more often than"
        if _above(row, other)
        else "less often than"
        if _above(other, row)
        else "about as often as"
    )
    return (
        f"{names.KINDS[row.item]} skills are asked for in {percent(row.share)} of posts that involve AI"
        f" ({count(row.posts)} of {count(row.of_posts)}), {said} in other posts: {percent(other.share)}"
        f" ({count(other.posts)} of {count(other.of_posts)})."
    )


def _above(row: Demand, other: Demand) -> bool:
    return (row.share_low or 0) > (other.share_high or 0)


def _interval(row: Change) -> str:
    return f"interval {interval(row.growth_low, row.growth_high)}"


def _base(figures: Figures) -> str:
    name = month(figures.period.before_since.date())
    return f"the same part of {name}" if figures.period.partial else name
