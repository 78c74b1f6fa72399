"""Figures made up by hand, for what needs no database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from reports.figures import (
    Activity,
    AiSkill,
    Answer,
    Change,
    Daily,
    Demand,
    Figures,
    Monthly,
    Quality,
    Rejection,
    Together,
)
from reports.month import Coverage, Period
from tests.reports.plain import growth


def change(item: str, now: int, before: int, name: str = "", year_before: int = 0, **more: Any) -> Change:
    grown = growth(now, before)
    year = growth(now, year_before)
    fields = {
        **grown,
        "growth_per_day": None,
        "of_posts": 1000,
        "of_posts_before": 900,
        "share": now / 1000,
        "share_before": before / 900,
        "share_points": (now / 1000 - before / 900) * 100,
        "posts_year_before": year_before,
        "growth_year": year["growth"],
        "growth_year_low": year["growth_low"] if year_before else None,
        "growth_year_high": year["growth_high"] if year_before else None,
        **more,
    }
    return Change(item=item, name=name or item, kind="human", **fields)


def period(partial: bool = False) -> Period:
    def at(year: int, month: int, day: int = 1) -> datetime:
        return datetime(year, month, day, tzinfo=UTC)

    until = (
        (at(2025, 11, 20), at(2025, 10, 20), at(2024, 11, 20))
        if partial
        else (at(2025, 12), at(2025, 11), at(2024, 12))
    )
    return Period(
        date(2025, 11, 1),
        partial,
        19.0 if partial else 30.0,
        at(2025, 11),
        until[0],
        at(2025, 10),
        until[1],
        at(2024, 11),
        until[2],
    )


def figures(hostile: str = "", partial: bool = False) -> Figures:
    """A whole report; `hostile` stands wherever a name comes from outside."""
    first = date(2025, 10, 1)
    return Figures(
        period=period(partial),
        coverage=Coverage(first, True, True, True),
        market="all",
        min_base=30,
        taxonomy_version="2025.11-0123abcd",
        activity=Activity(1000, 180, 0.18, 50, 37, 7000, 7.0),
        total=change("all", 1000, 900),
        with_ai=change("true", 180, 120),
        categories=(
            change("interpretation_tutoring", 74, 50, year_before=40),
            change("qa_testing", 833, 700),
            change("photography", 113, 100),
            change("sales", 90, 200),
            change("legal", 12, 9),
            change("ecommerce_development", 70, 60, year_before=50),
        ),
        rising_skills=(change("python", 120, 60, hostile or "Python"),),
        falling_skills=(),
        compared_skills=400,
        human_skills=(change("proofreading", 50, 45, hostile or "Proofreading"),),
        ai_skills=(AiSkill(1, "python", hostile or "Python", "technical", 80, 120, 0.67, 180, 1000, 3.7),),
        ai_by_category=(Demand("qa_testing", "qa testing", "", 833, 1000, 0.8, 0.7, 0.9, 80, 0.1),),
        ai_by_category_before=(Demand("qa_testing", "qa testing", "", 700, 900, 0.8, 0.7, 0.9, 60, 0.08),),
        kinds_with_ai=(Demand("creative", "creative", "", 90, 180, 0.5, 0.45, 0.55, 90, 1.0),),
        kinds_without_ai=(Demand("creative", "creative", "", 200, 820, 0.24, 0.21, 0.27, 0, 0.0),),
        together=tuple(
            Together("all", date(2025, month, 1), 900, 100 + month, 0.1, 300, 0.3, 0.05, 0.01, 0.5, 0.4, 3)
            for month in (8, 9, 10, 11)
        ),
        commerce_months=tuple(
            Monthly(
                "ecommerce_development",
                date(2024 + (at + 10) // 12, (at + 10) % 12 + 1, 1),
                60 + at,
                900,
                2 + at / 9,
            )
            for at in range(13)
        ),
        days=tuple(Daily(first + timedelta(days=at), 30 + at % 7, 33.0) for at in range(61)),
        survey=(
            Answer(
                "top_challenge",
                "What is your top challenge?",
                "skill_gaps",
                hostile or "Skill gaps",
                0.4,
                0.03,
                400,
                1000,
                1,
            ),
        ),
        quality=Quality(
            audited_days=30,
            audited_posts=1000,
            audited_mentions=7000,
            drift=0,
            records=1960,
            posts=1900,
            repeats=50,
            dead_letters=10,
            rejections=(Rejection("invalid", 10),),
        ),
    )


def without_history(figures: Figures) -> Figures:
    return replace(figures, coverage=Coverage(date(2025, 10, 28), True, False, False), survey=())
