"""The tables of a report: printed cells from figures. Pure."""

from collections.abc import Mapping, Sequence

from reports import findings, names
from reports.figures import AiSkill, Answer, Change, Demand, Rejection
from reports.section import Table
from reports.wording import count, interval, percent, points, signed

_CHANGE_HEAD = (
    "Posts",
    "Month before",
    "Growth",
    "95 % interval",
    "Growth per day",
    "Share",
    "Change of share",
    "Verdict",
)


def changes(caption: str, rows: Sequence[Change]) -> Table:
    """Growth of categories."""
    cells = tuple((names.category(row.item), *_change(row)) for row in rows)
    return Table(caption, ("Category", *_CHANGE_HEAD), cells, (0, 8))


def skill_changes(caption: str, rows: Sequence[Change]) -> Table:
    """Growth of skills."""
    cells = tuple((row.name, names.KINDS.get(row.kind, row.kind), *_change(row)) for row in rows)
    return Table(caption, ("Skill", "Kind", *_CHANGE_HEAD), cells, (0, 1, 9))


def years(caption: str, rows: Sequence[Change]) -> Table:
    """Year over year."""
    return Table(
        caption,
        ("Category", "Posts", "Year before", "Growth", "95 % interval"),
        tuple(
            (
                names.category(row.item),
                count(row.posts),
                count(row.posts_year_before),
                signed(row.growth_year),
                interval(row.growth_year_low, row.growth_year_high),
            )
            for row in rows
        ),
    )


def ai_skills(caption: str, rows: Sequence[AiSkill]) -> Table:
    """Skills by demand inside AI posts."""
    return Table(
        caption,
        ("Skill", "Kind", "Rank", "AI posts", "All posts", "AI share", "Lift"),
        tuple(
            (
                row.name,
                names.KINDS.get(row.kind, row.kind),
                count(row.rank),
                count(row.ai_posts),
                count(row.posts),
                percent(row.ai_share),
                "" if row.lift is None else f"{row.lift:.2f}",
            )
            for row in rows
        ),
        (0, 1),
    )


def ai_steps(caption: str, rows: Sequence[Demand], before: Mapping[str, Demand]) -> Table:
    """AI share of each category now and in the month before."""
    ordered = sorted(rows, key=lambda row: (-(row.ai_share or 0), row.item))
    return Table(
        caption,
        ("Category", "AI posts", "Posts", "AI share", "AI posts before", "Posts before", "AI share before"),
        tuple(
            (names.category(row.item), count(row.ai_posts), count(row.posts), percent(row.ai_share))
            + _former(before.get(row.item))
            for row in ordered
        ),
    )


def answers(caption: str, rows: Sequence[Answer]) -> Table:
    """The answers to one question."""
    return Table(
        caption,
        ("Answer", "Share", "Margin of error", "Chosen by", "Answered"),
        tuple(
            (
                row.label or row.answer,
                percent(row.share),
                points(row.margin * 100)[1:],
                count(row.chosen),
                count(row.n),
            )
            for row in rows
        ),
    )


def rejections(caption: str, rows: Sequence[Rejection]) -> Table:
    """Dead letters by reason."""
    return Table(caption, ("Reason", "Records"), tuple((row.reason, count(row.letters)) for row in rows))


def _former(row: Demand | None) -> tuple[str, ...]:
    return ("", "", "") if row is None else (count(row.ai_posts), count(row.posts), percent(row.ai_share))


def _change(row: Change) -> tuple[str, ...]:
    """A growth is printed only where the base carries one."""
    stated = findings.stated(row)
    return (
        count(row.posts),
        count(row.posts_before),
        signed(row.growth) if stated else "",
        interval(row.growth_low, row.growth_high) if stated else "",
        signed(row.growth_per_day) if stated else "",
        percent(row.share),
        points(row.share_points),
        row.verdict,
    )
