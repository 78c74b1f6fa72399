"""Reads every figure of a report from the views. Nothing is computed here that a view defines."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec
from clickhouse_connect.driver.client import Client

from reports import names
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
from reports.month import Held, NoSuchMonth, Period, as_of, chosen, coverage, first_day, next_month
from sinks.clickhouse.audit import audit_range

MIN_BASE: Final = 30
"""Posts that the month before must have for a growth to be ranked: below, chance alone makes large figures."""

_HISTORY_MONTHS: Final = 13
_LONG_AGO: Final = "2000-01-01"
_NO_FILTERS: Final = {"category": "", "category_group": "", "client_size": "", "market": "", "ai": ""}

Row = TypeVar("Row", bound=msgspec.Struct)


def read_figures(client: Client, wanted: date | None, market: str, now: datetime) -> Figures:
    """All figures of the month `wanted`, or of the last full one. `market` is '' for all. Raises NoSuchMonth."""
    return _Reader(client, market, now).figures(wanted)


class _Reader:
    """The views under one market; `now` decides whether a month runs."""

    def __init__(self, client: Client, market: str, now: datetime) -> None:
        self._client = client
        self._market = market
        self._now = now

    def figures(self, wanted: date | None) -> Figures:
        held = self._held()
        month = chosen(held, wanted, self._now)
        until = as_of(held, month, self._now)
        call = _call("month_ranges", month=str(month), as_of=_text(until))
        (period,) = self._rows(Period, call)
        covered = coverage(held, period)
        months = {"month": str(month), "as_of": _text(until), "min_base": MIN_BASE}
        range_ = {"since": _text(period.since), "until": _text(period.until)}
        before = {"since": _text(period.before_since), "until": _text(period.before_until)}
        growth = _Growths(self, months, covered.before, covered.year_before)
        ai = growth.of("ai")
        return Figures(
            period=period,
            coverage=covered,
            market=self._market or "all",
            min_base=MIN_BASE,
            taxonomy_version=self._value("SELECT any(taxonomy_version) FROM active_taxonomy"),
            activity=self.filtered(Activity, "activity", **range_)[0],
            total=growth.of("all")[0],
            with_ai=next((row for row in ai if row.item == "true"), None),
            categories=growth.of("category", "ORDER BY growth DESC NULLS LAST, item"),
            rising_skills=growth.movers("up"),
            falling_skills=growth.movers("down"),
            compared_skills=growth.compared(),
            human_skills=growth.of(
                "skill", "WHERE kind IN ('creative', 'human') ORDER BY posts DESC, item LIMIT 20"
            ),
            ai_skills=self.filtered(
                AiSkill, "ai_skills", "ORDER BY rank, skill LIMIT 20", min_posts=MIN_BASE, **range_
            ),
            ai_by_category=self._demand("category", range_),
            ai_by_category_before=self._demand("category", before) if covered.before else (),
            kinds_with_ai=self._kinds(range_, ai="true"),
            kinds_without_ai=self._kinds(range_, ai="false"),
            together=self._together(held, period),
            commerce_months=self._commerce(period),
            days=self._days(period),
            survey=self._survey(month),
            quality=self._quality(period),
        )

    def _held(self) -> Held:
        of_market = f" WHERE market = '{self._market}'" if self._market else ""
        found = self._value(f"SELECT groupUniqArray(day) FROM category_days{of_market}")
        if not found and self._market:
            known = [
                row[0] for row in self._client.query("SELECT DISTINCT market FROM category_days").result_rows
            ]
            if known:
                raise NoSuchMonth(f"no posts of market {self._market}: there are {', '.join(sorted(known))}")
        days = tuple(sorted(found))
        newest = _aware(self._value("SELECT posted_at FROM newest_post"))
        if days and newest.date() < days[-1]:  # it was dropped: of its time the day alone is known
            newest = datetime(days[-1].year, days[-1].month, days[-1].day, 23, 59, 59, tzinfo=UTC)
        return Held(days, newest)

    def _demand(self, of: str, range_: dict[str, str]) -> tuple[Demand, ...]:
        return self.filtered(Demand, "demand", "ORDER BY posts DESC, item", of=of, **range_)

    def _kinds(self, range_: dict[str, str], ai: str) -> tuple[Demand, ...]:
        return self.filtered(Demand, "kind_demand", "ORDER BY posts DESC, item", ai=ai, **range_)

    def _together(self, held: Held, period: Period) -> tuple[Together, ...]:
        """Whole months only: a part of one beside whole ones would look like a fall."""
        end = period.month if period.partial else next_month(period.month)
        day = first_day(held, end)
        first = day.replace(day=1) if day.day <= 2 else next_month(day.replace(day=1))
        begin = max(first, _months_before(end, _HISTORY_MONTHS))
        if begin >= end:
            return ()
        return self.filtered(
            Together, "complementarity", "ORDER BY category, month", since=str(begin), until=str(end)
        )

    def _commerce(self, period: Period) -> tuple[Monthly, ...]:
        begin = _months_before(period.month, 24)
        return self.filtered(
            Monthly,
            "monthly_series",
            "ORDER BY item, month",
            of="category",
            items=list(names.COMMERCE),
            since=str(begin),
            until=_text(period.until),
        )

    def _days(self, period: Period) -> tuple[Daily, ...]:
        return self.filtered(
            Daily,
            "demand_series",
            "ORDER BY day",
            of="all",
            items=["all"],
            since=str(period.before_since.date()),
            until=_text(period.until),
        )

    def _survey(self, month: date) -> tuple[Answer, ...]:
        tail = f"WHERE survey_month = '{month}' AND client_size = 'all' ORDER BY question_id, rank, answer"
        return self._rows(Answer, "survey_shares", tail)

    def _quality(self, period: Period) -> Quality:
        midnight = period.until.replace(hour=0, minute=0, second=0, microsecond=0)
        end = midnight if midnight == period.until else midnight + timedelta(days=1)
        days = audit_range(self._client, period.since, end)
        ever = {"since": _LONG_AGO, "until": _text(self._now + timedelta(days=1))}
        sums = "sum(events), sum(posts), sum(repeats), sum(dead_letters)"
        log = self._client.query(f"SELECT {sums} FROM {_call('pipeline_rates', step=86_400, **ever)}")
        records, posts, repeats, dead_letters = log.result_rows[0]
        return Quality(
            audited_days=len(days),
            audited_posts=sum(day.posts for day in days),
            audited_mentions=sum(day.mentions for day in days),
            drift=sum(day.drift for day in days),
            records=records,
            posts=posts,
            repeats=repeats,
            dead_letters=dead_letters,
            rejections=self._rows(
                Rejection, _call("dead_letter_reasons", **ever), "ORDER BY letters DESC, reason"
            ),
        )

    def filtered(self, row: type[Row], view: str, tail: str = "", **arguments: Any) -> tuple[Row, ...]:
        """Rows of a view that takes the five filters, under this report's market."""
        given = _NO_FILTERS | {"market": self._market} | arguments
        return self._rows(row, _call(view, **given), tail)

    def _rows(self, row: type[Row], call: str, tail: str = "") -> tuple[Row, ...]:
        fields = row.__struct_fields__
        result = self._client.query(f"SELECT {', '.join(fields)} FROM {call} {tail}")
        named = (dict(zip(fields, map(_aware, values), strict=True)) for values in result.result_rows)
        # not strict: some views pass a Bool on as 0 or 1
        return tuple(msgspec.convert(values, row, strict=False) for values in named)

    def _value(self, query: str) -> Any:
        return self._client.query(query).result_rows[0][0]


class _Growths:
    """Rows of `growth` and `movers`; what has no covered base gets no growth."""

    def __init__(self, reader: _Reader, months: dict[str, Any], before: bool, year_before: bool) -> None:
        self._reader = reader
        self._months = months
        self._before = before
        self._year_before = year_before

    def of(self, of: str, tail: str = "") -> tuple[Change, ...]:
        return self._honest(self._reader.filtered(Change, "growth", tail, of=of, **self._months))

    def movers(self, direction: str) -> tuple[Change, ...]:
        if not self._before:
            return ()
        tail = f"WHERE direction = '{direction}' AND place <= 15 ORDER BY place, item"
        return self._honest(self._reader.filtered(Change, "movers", tail, of="skill", **self._months))

    def compared(self) -> int:
        """Skills with enough posts in the month before to be ranked."""
        found = self._reader.filtered(_Item, "growth", "WHERE enough", of="skill", **self._months)
        return len(found) if self._before else 0

    def _honest(self, rows: tuple[Change, ...]) -> tuple[Change, ...]:
        blank: dict[str, Any] = {}
        if not self._before:
            fields = ("growth", "growth_low", "growth_high", "growth_per_day", "share_before", "share_points")
            blank |= dict.fromkeys(fields, None) | {"verdict": "no month before"}
        if not self._year_before:
            blank |= dict.fromkeys(("growth_year", "growth_year_low", "growth_year_high"), None)
        return tuple(msgspec.structs.replace(row, **blank) for row in rows)


class _Item(msgspec.Struct, frozen=True):
    item: str


def _call(view: str, **arguments: Any) -> str:
    return f"{view}({', '.join(f'{name} = {_literal(value)}' for name, value in arguments.items())})"


def _literal(value: Any) -> str:
    """A number, a text or a list of texts as SQL writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, int):
        return str(value)
    return "'" + str(value).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _aware(value: Any) -> Any:
    """The client returns times of UTC columns without their zone."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def _months_before(month: date, months: int) -> date:
    number = month.year * 12 + month.month - 1 - months
    return date(number // 12, number % 12 + 1, 1)
