"""One category's phrases made ready for drawing. Pure."""

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

from streams.simulate.phrases import AiPhrases, Bank, Circle, draw, templates, weighted, with_article

CORE_SHARE: Final = 0.8
"""How often a post that involves AI asks for a core skill of its category; they are what such posts share."""


class Ask(NamedTuple):
    """A skill that posts ask for: the platform's tag and the ways to write it."""

    tag: str
    written: tuple[str, ...]


class Voice:
    """How clients of one category write."""

    def __init__(self, bank: Bank, common_ai: AiPhrases) -> None:
        ai = bank.ai or common_ai
        self.label = bank.label
        self.rates = bank.rates
        self.budgets = bank.budgets
        self.hourly = bank.hourly
        self.titles = templates(bank.titles)
        self.openings = templates(bank.openings)
        self.tasks = Circle(templates(bank.tasks))
        self.needs = templates(bank.needs)
        self.products = tuple((product, with_article(product)) for product in bank.products)
        self.ai_titles = templates(ai.titles) or self.titles
        self.ai_sentences = templates(ai.sentences)
        self.ai_tools = tuple(map(_ask, ai.skills))
        self.asks = _by_rank(bank.skills)
        self.core = tuple(map(_ask, bank.core))

    def skills(self, random: Random, ai: bool, wanted: Ask | None) -> list[Ask]:
        """Three to five different skills, `wanted` first if given."""
        number = 3 + int(random.random() * 3)
        chosen = [wanted] if wanted else []
        if ai:
            chosen += [core for core in self.core if random.random() < CORE_SHARE and core not in chosen]
        while len(chosen) < number:
            ask = draw(self.asks, random)
            if ask not in chosen:
                chosen.append(ask)
        return chosen


def _ask(text: str) -> Ask:
    written = tuple(text.split("|"))
    return Ask(written[0], written)


def _by_rank(skills: Sequence[str]) -> tuple[Ask, ...]:
    """Demand falls with rank about as it does in real posts: the tenth is asked a third as often as the first."""
    return weighted({_ask(skill): (rank + 2) ** -0.6 for rank, skill in enumerate(skills)})
