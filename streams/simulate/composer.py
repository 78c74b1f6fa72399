"""Writes one post: title and description in sentences, tags, pay, client. Pure and deterministic."""

from datetime import UTC, datetime
from random import Random
from typing import Any, Final, NamedTuple

import msgspec

from streams.simulate import messy
from streams.simulate.calendar import DAY
from streams.simulate.phrases import Circle, banks, common, draw, templates, weighted, with_article
from streams.simulate.voice import Ask, Voice

_ENCODE: Final = msgspec.json.Encoder().encode

MESSY_SHARE: Final = 0.05
"""Posts in capitals, without line breaks, with bullets and entities of other systems."""

_USD_IN: Final = {"USD": 1.0, "EUR": 0.9, "GBP": 0.8, "CAD": 1.4, "AUD": 1.5, "INR": 84.0}


SETTINGS: Final = 4_096
"""Combinations of industry, place, duration and so on that posts are set in; drawing one is one look-up."""


class Written(NamedTuple):
    """A post as JSON, and the skills that it was made to ask for."""

    value: bytes
    asks: list[Ask]


class Composer:
    """Draws every post from `random`, so that equal seeds write equal posts."""

    def __init__(self, random: Random) -> None:
        words = common()
        self._random = random
        self._voices = {category: Voice(bank, words.ai) for category, bank in banks().items()}
        self._greetings = templates(words.greetings)
        self._companies = templates(words.companies)
        self._terms = templates(words.terms)
        self._closings = Circle(templates(words.closings))
        self._soft = Circle(templates(words.soft))
        self._task_heads = tuple(words.task_heads)
        self._need_heads = tuple(words.need_heads)
        self._settings = tuple(_setting(words.slots, random) for _ in range(SETTINGS))
        self._clients = weighted(
            {(name, money): weight for name, (weight, money) in words.countries.items()}, 2_000
        )
        self._sizes = weighted(words.client_sizes)
        self._levels = weighted(words.levels)
        self._sources = weighted(words.sources)
        self._day = -1
        self._date = ""

    def write(
        self, category: str, ai: bool, posted_at: int, post_id: str, wanted: Ask | None = None
    ) -> Written:
        """The post `post_id` of that category, posted at `posted_at` (seconds since the epoch)."""
        random = self._random
        voice = self._voices[category]
        asks = voice.skills(random, ai, wanted)
        tool = draw(voice.ai_tools, random) if ai else None
        slots = self._filled(voice, asks, tool)
        title = self._title(voice, ai) % slots
        description = self._description(voice, ai) % slots
        if random.random() < MESSY_SHARE:
            title, description = messy.spoilt(title, description, random)
        country, currency = draw(self._clients, random)
        source = draw(self._sources, random)
        post: dict[str, Any] = {
            "schema_version": "1",
            "source": source,
            "post_id": post_id,
            "posted_at": self._time(posted_at),
            "title": title[:1].upper() + title[1:],
            "description": description,
            "skills": self._tags(asks, tool),
            "category": voice.label,
            "country": country,
            "client_size": draw(self._sizes, random),
            "experience_level": draw(self._levels, random),
            "url": f"https://{source}.example/jobs/{post_id}",
        }
        self._pay(post, voice, currency)
        return Written(_ENCODE(post), asks)

    def ask(self, category: str, tag: str) -> Ask | None:
        """The skill with that tag among those which posts of the category ask for."""
        voice = self._voices[category]
        return next((ask for ask in (*voice.asks, *voice.core) if ask.tag == tag), None)

    def _filled(self, voice: Voice, asks: list[Ask], tool: Ask | None) -> dict[str, str]:
        random = self._random
        slots = draw(self._settings, random).copy()
        slots["product"], slots["a product"] = draw(voice.products, random)
        slots["a"], slots["b"], slots["c"] = (draw(ask.written, random) for ask in asks[:3])
        if tool:
            slots["x"] = draw(tool.written, random)
        return slots

    def _title(self, voice: Voice, ai: bool) -> str:
        return draw(voice.ai_titles if ai and self._random.random() < 0.6 else voice.titles, self._random)

    def _description(self, voice: Voice, ai: bool) -> str:
        random = self._random
        opening = draw(voice.openings, random)
        if random.random() < 0.35:
            opening = f"{draw(self._greetings, random)} {opening}"
        if ai:
            opening += " " + draw(voice.ai_sentences, random)
        if random.random() < 0.75:
            opening += " " + draw(self._companies, random)
        tasks = voice.tasks.some(3 + int(random.random() * 4), random)
        # the first of `needs` names all three skills, so what a post is made to ask for stands in its text
        needs = [draw(voice.needs, random), *self._soft.some(1 + int(random.random() * 3), random)]
        ending = " ".join([draw(self._terms, random), *self._closings.some(2, random)])
        if random.random() < 0.55:
            listed = "\n- ".join([draw(self._task_heads, random), *tasks])
            asked = "\n- ".join([draw(self._need_heads, random), *needs])
            return f"{opening}\n\n{listed}\n\n{asked}\n\n{ending}"
        return f"{opening}\n\n{'. '.join(tasks)}.\n\n{'. '.join(needs)}. {ending}"

    def _tags(self, asks: list[Ask], tool: Ask | None) -> list[str]:
        if self._random.random() < 0.06:
            return []
        tags = [ask.tag for ask in asks]
        return [*tags, tool.tag] if tool and self._random.random() < 0.5 else tags

    def _pay(self, post: dict[str, Any], voice: Voice, currency: str) -> None:
        random = self._random
        rate = _USD_IN[currency]
        if random.random() < 0.08:
            return
        post["currency"] = currency
        if random.random() < voice.hourly:
            low, high = voice.rates
            least = low + random.random() ** 2 * (high - low)
            post["contract"] = "hourly"
            post["hourly_min"] = round(least * rate)
            post["hourly_max"] = round(least * rate * (1.2 + random.random() * 0.8))
        else:
            low, high = voice.budgets
            budget = (low + random.random() ** 3 * (high - low)) * rate
            post["contract"] = "fixed"
            post["fixed_budget"] = round(budget / 10) * 10 or 10

    def _time(self, moment: int) -> str:
        day, second = divmod(moment, DAY)
        if day != self._day:
            self._day = day
            self._date = datetime.fromtimestamp(day * DAY, UTC).strftime("%Y-%m-%d")
        return f"{self._date}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}Z"


def _setting(slots: dict[str, list[str]], random: Random) -> dict[str, str]:
    drawn = {name: draw(tuple(values), random) for name, values in slots.items()}
    return drawn | {f"a {name}": with_article(drawn[name]) for name in ("industry", "language", "team")}
