"""All figures of a report, typed. Each row is one row of a view, whose COMMENT defines it (docs/metrics.md)."""

from datetime import date

import msgspec

from reports.month import Coverage, Period


class Change(msgspec.Struct, frozen=True):
    """A row of the view `growth`: an item's posts in the month, the month before and a year before."""

    item: str
    name: str
    kind: str
    posts: int
    posts_before: int
    of_posts: int
    of_posts_before: int
    growth: float | None
    growth_low: float | None
    growth_high: float | None
    growth_per_day: float | None
    share: float | None
    share_before: float | None
    share_points: float | None
    verdict: str
    posts_year_before: int
    growth_year: float | None
    growth_year_low: float | None
    growth_year_high: float | None


class AiSkill(msgspec.Struct, frozen=True):
    """A row of the view `ai_skills`."""

    rank: int
    skill: str
    name: str
    kind: str
    ai_posts: int
    posts: int
    ai_share: float
    all_ai_posts: int
    all_posts: int
    lift: float | None


class Demand(msgspec.Struct, frozen=True):
    """A row of the view `demand`."""

    item: str
    name: str
    kind: str
    posts: int
    of_posts: int
    share: float | None
    share_low: float | None
    share_high: float | None
    ai_posts: int
    ai_share: float | None


class Together(msgspec.Struct, frozen=True):
    """A row of the view `complementarity`."""

    category: str
    month: date
    posts: int
    ai_posts: int
    ai_share: float | None
    human_posts: int
    human_rate: float | None
    ai_growth: float | None
    human_growth: float | None
    correlation: float | None
    rate_correlation: float | None
    months: int


class Monthly(msgspec.Struct, frozen=True):
    """A row of the view `monthly_series`."""

    item: str
    month: date
    posts: int
    of_posts: int
    per_day: float


class Daily(msgspec.Struct, frozen=True):
    """A row of the view `demand_series`."""

    day: date
    posts: int
    mean_7d: float


class Answer(msgspec.Struct, frozen=True):
    """A row of the view `survey_shares`."""

    question_id: str
    question: str
    answer: str
    label: str
    share: float
    margin: float
    chosen: int
    n: int
    rank: int


class Rejection(msgspec.Struct, frozen=True):
    """A row of the view `dead_letter_reasons`."""

    reason: str
    letters: int


class Quality(msgspec.Struct, frozen=True):
    """What the pipeline says of itself: the audit of the month, and all records that are in the log of batches."""

    audited_days: int
    audited_posts: int
    audited_mentions: int
    drift: int
    records: int
    posts: int
    repeats: int
    dead_letters: int
    rejections: tuple[Rejection, ...]


class Activity(msgspec.Struct, frozen=True):
    """The row of the view `activity`."""

    posts: int
    ai_posts: int
    ai_share: float | None
    active_skills: int
    active_categories: int
    mentions: int
    skills_per_post: float | None


class Figures(msgspec.Struct, frozen=True):
    """Everything that a report says, before any wording."""

    period: Period
    coverage: Coverage
    market: str
    min_base: int
    taxonomy_version: str
    activity: Activity
    total: Change
    with_ai: Change | None
    categories: tuple[Change, ...]
    rising_skills: tuple[Change, ...]
    falling_skills: tuple[Change, ...]
    compared_skills: int
    human_skills: tuple[Change, ...]
    """Creative and human skills: the most asked for."""
    ai_skills: tuple[AiSkill, ...]
    ai_by_category: tuple[Demand, ...]
    ai_by_category_before: tuple[Demand, ...]
    kinds_with_ai: tuple[Demand, ...]
    kinds_without_ai: tuple[Demand, ...]
    together: tuple[Together, ...]
    commerce_months: tuple[Monthly, ...]
    days: tuple[Daily, ...]
    survey: tuple[Answer, ...]
    quality: Quality
