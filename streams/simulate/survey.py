"""Simulated answers to the business pulse survey, with exact weighted shares. Pure apart from reading the plan."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import Final, NamedTuple

import msgspec

from schemas.survey import Survey, load_survey
from streams.simulate.calendar import DAY, epoch, month_before
from streams.simulate.records import POST, REPEAT, Kind, SimulatedRecord

_PLAN: Final = Path(__file__).parent / "surveys" / "november.toml"

_CHANGED: Final = 0.04
"""Share of answers that their respondent gave differently before: the last one counts."""

_REPEATED: Final = 0.03
"""Share of answers that arrive twice."""

_NONE: Final = "none"
"""The answer that excludes all others of its question."""

Choices = list[tuple[str, ...]]
"""The answers of each respondent of a block's stratum to one question."""


class Stratum(msgspec.Struct, frozen=True):
    """Respondents of one client size in a block, and the weight of each."""

    respondents: int
    weight: float


class SurveyMonth(msgspec.Struct, frozen=True):
    """Question -> answer -> how many of a block's respondents choose it, one number a stratum."""

    counts: dict[str, dict[str, list[int]]]


class SurveyPlan(msgspec.Struct, frozen=True):
    """The strata, and what they answer in the month before and in the scenario's month."""

    strata: dict[str, Stratum]
    months: tuple[SurveyMonth, SurveyMonth]

    @property
    def block(self) -> int:
        """Respondents of one block: any number of respondents is a multiple of it."""
        return sum(stratum.respondents for stratum in self.strata.values())


class _Answer(NamedTuple):
    respondent: str
    size: str
    weight: float
    question: str
    chosen: tuple[str, ...]


def survey_plan() -> SurveyPlan:
    """The plan of the scenario `november`."""
    return msgspec.convert(tomllib.loads(_PLAN.read_text(encoding="utf-8")), SurveyPlan)


def simulated_survey(respondents: int, seed: int, anchor: date) -> Iterator[SimulatedRecord]:
    """Answers of a panel of `respondents` in the two full months before `anchor`'s, in the order of sending.

    Records of the kind `repeat` change nothing: an answer that was given differently before, or sent twice.
    Raises ValueError unless `respondents` is a multiple of the plan's block.
    """
    plan, survey = survey_plan(), load_survey()
    blocks, rest = divmod(respondents, plan.block)
    if rest or not blocks:
        raise ValueError(f"exact shares need a multiple of {plan.block} respondents, not {respondents}")
    for back, month in zip((2, 1), plan.months, strict=True):
        first = month_before(anchor, back)
        random = Random(f"survey|{seed}|{first}")
        seeds = (f"{seed}|{block}" for block in range(blocks))
        answers = [answer for name in seeds for answer in _block(plan, month, survey, name, random)]
        random.shuffle(answers)
        yield from _sent(answers, survey, first, random)


def _block(
    plan: SurveyPlan, month: SurveyMonth, survey: Survey, name: str, random: Random
) -> Iterator[_Answer]:
    """The answers of one block; its `name` decides the respondents, who are the same in every month."""
    for at, (size, stratum) in enumerate(plan.strata.items()):
        people = [_respondent(f"{name}|{size}|{number}") for number in range(stratum.respondents)]
        for question, counts in month.counts.items():
            numbers = {answer: strata[at] for answer, strata in counts.items()}
            several = survey[question].several
            choices = _several(numbers, len(people), random) if several else _one(numbers, random)
            for respondent, chosen in zip(people, choices, strict=True):
                yield _Answer(respondent, size, stratum.weight, question, chosen)


def _respondent(name: str) -> str:
    return "r" + blake2b(name.encode(), digest_size=6).hexdigest()


def _one(numbers: Mapping[str, int], random: Random) -> Choices:
    choices: Choices = [(answer,) for answer, number in numbers.items() for _ in range(number)]
    random.shuffle(choices)
    return choices


def _several(numbers: Mapping[str, int], people: int, random: Random) -> Choices:
    order = random.sample(range(people), people)
    none = numbers.get(_NONE, 0)
    choices: list[list[str]] = [[] for _ in order]
    for person in order[:none]:
        choices[person].append(_NONE)
    for answer, number in numbers.items():
        if answer != _NONE:
            # whoever has chosen nothing yet comes first: an empty answer would not count
            order[none:] = sorted(order[none:], key=lambda person: (bool(choices[person]), random.random()))
            for person in order[none : none + number]:
                choices[person].append(answer)
    return [tuple(chosen) for chosen in choices]


def _sent(answers: list[_Answer], survey: Survey, first: date, random: Random) -> Iterator[SimulatedRecord]:
    """Each answer, some with another before it, some once more after it; over the days of the month."""
    for number, answer in enumerate(answers):
        at = epoch(first) + 27 * DAY * number / len(answers)
        if random.random() < _CHANGED:
            before = random.choice(list(survey[answer.question].answers))
            yield _record(answer._replace(chosen=(before,)), first, at, REPEAT)
        yield _record(answer, first, at, POST)
        if random.random() < _REPEATED:
            yield _record(answer, first, at, REPEAT)


def _record(answer: _Answer, first: date, at: float, kind: Kind) -> SimulatedRecord:
    event = {
        "schema_version": "1",
        "survey_month": f"{first:%Y-%m}",
        "respondent_id": answer.respondent,
        "question_id": answer.question,
        "answers": answer.chosen,
        "weight": answer.weight,
        "client_size": answer.size,
    }
    return SimulatedRecord(answer.respondent.encode(), msgspec.json.encode(event), at, kind)
