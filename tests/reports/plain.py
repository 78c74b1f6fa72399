"""What the report must say, computed from the same JSONL with loops and counters: no window, no view, no database."""

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from math import exp, log, sqrt
from typing import Any, NamedTuple

from schemas.decode import decode_post
from schemas.rejected import RejectedEvent
from streams.classify import load_classifier


class Plain(NamedTuple):
    """Posts by (month, what): `2025-11` and a category, a skill or `` for all; the same of posts that involve AI."""

    categories: Counter[tuple[str, str]]
    skills: Counter[tuple[str, str]]
    ai_skills: Counter[tuple[str, str]]
    posts: Counter[str]
    ai_posts: Counter[str]


def counted(lines: Iterable[bytes]) -> Plain:
    """Count every post once."""
    classifier = load_classifier()
    plain = Plain(Counter(), Counter(), Counter(), Counter(), Counter())
    seen = set()
    for line in lines:
        try:
            post = decode_post(line, None)
        except RejectedEvent:
            continue
        if post.post_id in seen:
            continue
        seen.add(post.post_id)
        found = classifier.classify(post.title, post.description, post.skills, post.category)
        month = f"{post.posted_at:%Y-%m}"
        plain.posts[month] += 1
        plain.ai_posts[month] += found.ai
        plain.categories[month, found.category] += 1
        for hit in found.skills:
            plain.skills[month, hit.skill] += 1
            plain.ai_skills[month, hit.skill] += found.ai
    return plain


def growth(now: int, before: int) -> dict[str, Any]:
    """Both counts, growth, its 95 % interval and the verdict at a minimum base of 30."""
    ratio, spread = log((now + 0.5) / (before + 0.5)), 1.959964 * sqrt(1 / (now + 0.5) + 1 / (before + 0.5))
    low, high = exp(ratio - spread) - 1, exp(ratio + spread) - 1
    verdict = "up" if low > 0 else "down" if high < 0 else "no clear change"
    return {
        "posts": now,
        "posts_before": before,
        "growth": now / before - 1 if before else None,
        "growth_low": low,
        "growth_high": high,
        "verdict": verdict if before >= 30 else "base too small",
    }


def survey_shares(lines: Iterable[bytes], month: date) -> dict[tuple[str, str], float]:
    """(question, answer) -> weighted share; a respondent's last answer counts."""
    last: dict[tuple[str, str], tuple[list[str], float]] = {}
    for line in lines:
        said = json.loads(line)
        if said["survey_month"] == f"{month:%Y-%m}":
            last[said["question_id"], said["respondent_id"]] = said["answers"], said.get("weight", 1.0)
    chosen, asked = Counter[tuple[str, str]](), Counter[str]()
    for (question, _), (answers, weight) in last.items():
        if answers:
            asked[question] += weight  # type: ignore[assignment]
        for answer in answers:
            chosen[question, answer] += weight  # type: ignore[assignment]
    return {(question, answer): weight / asked[question] for (question, answer), weight in chosen.items()}
