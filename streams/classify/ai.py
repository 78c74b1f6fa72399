"""Whether the work involves AI: building it, using it, annotating for it, checking its output, teaching it.

AI is named in passing more often than any other subject: the client's product, a ban on generated proposals,
an attempt that failed. So the subject alone counts in a title, or beside a verb of doing; a sentence that turns it
down counts nothing; and where the trade is to recruit, sell or advise for AI firms, only its use does.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from streams.classify.asides import Asides, sentence_around
from streams.classify.cues import AICue, AsideCue, Phrase
from streams.classify.forms import forms
from streams.classify.matcher import Span
from streams.classify.normalise import Searchable

INVOLVED: Final = 2.0
SUBJECT: Final = 1.0
ENOUGH: Final = 2.0
"""One mention of the work itself is enough; of the subject, one in the title or beside a verb of doing."""

SUBJECTS_AT_MOST: Final = 1.5
"""However often the subject is named in passing, that is not the work."""

MENTIONS_AT_MOST: Final = 100
"""More mentions than any honest post has; each costs a look at its sentence."""

_BESIDE_AI: Final = frozenset(
    {
        "hr_recruiting",
        "legal",
        "accounting_finance",
        "sales",
        "lead_generation",
        "customer_service",
        "marketing_strategy",
    }
)
"""Categories whose posts name AI as the client's trade."""

# words that turn a sentence down, outside of phrases under `pass` in asides.toml ("not only")
_TURNED_DOWN: Final = frozenset(
    b"no not never nothing nobody none without dont reject rejects rejected rejecting rejection refuse "
    b"refuses refused forbid forbids forbidden prohibit prohibits prohibited banned avoid avoids avoided "
    b"avoiding unlike replace replaces replaced replacing replacement competitor competitors tried failed "
    b"invented smell smells detect detects detected detecting detection detector detectors originality "
    b"copyscape instead plagiarism plagiarized plagiarised plagiarize plagiarise disqualify disqualified "
    b"disqualification ignored void kein keine keinen keiner keinem ohne nicht sin ingen sans pas niente "
    b"senza sem".split()
)
# read in the folded text, where each word stands between spaces
_DOING: Final = re.compile(
    rb" (?:(?:built|train|training|use|using|set up|setting up|powered by|work[a-z]* with) |build|develop|implement|"
    rb"integrat|creat|leverag|deploy|design|evaluat|annotat|label|teach|generat|automat|prompt|apply|improv|test|add)"
)
_USING: Final = re.compile(rb"\b(?:us(?:e|ing)|with|leverag\w*|through|via)(?: [a-z?']+){0,2} $")
_OWN: Final = re.compile(
    rb"\b(?:we (?:build|do|sell|make|develop|invest|launched|offer|provide|hire)|our (?:product|company|platform|"
    rb"clients?|customers?|engine|tool|chatbot|sellers|users|software|app|system|startup|new)|our client)\b"
)


class AIJudge:
    """Weighs what a post says about AI."""

    def __init__(self, cues: Sequence[Phrase]) -> None:
        self._kinds = [phrase.cue.kind if isinstance(phrase.cue, AICue) else "" for phrase in cues]
        neutral = [phrase.name for phrase in cues if phrase.cue == AsideCue("pass")]
        self._neutral = [form.pattern for name in neutral for form in forms(name)]

    def evidence(
        self,
        post: Searchable,
        title_end: int,
        cues: Sequence[Span],
        skills: Iterable[Span],
        asides: Asides,
        category: str,
    ) -> list[Span]:
        """The mentions that make the work AI work, ordered by place; none where it is not.

        `cues` are AI cues, `skills` hits of skills that involve AI. Where a cue covers a skill's hit, the cue
        says what it is worth.
        """
        beside = category in _BESIDE_AI
        weighed: list[tuple[Span, float]] = []
        first = last = -1
        turned_down = False
        for span in _mentions(cues, skills)[:MENTIONS_AT_MOST]:
            start, end, number = span
            kind = self._kinds[number] if number >= 0 else "involved"
            if kind == "mentioned" or asides.holds(start):
                continue
            if start < first or end > last:
                first, last = sentence_around(post.spelled, start, end)
                turned_down = self._turned_down(post.folded[first : last + 1])
            if turned_down:
                continue
            if beside:
                if _used(post.spelled, first, start, last):
                    weighed.append((span, INVOLVED))
            elif kind == "involved" or start < title_end or _DOING.search(post.folded, first, start + 1):
                weighed.append((span, INVOLVED))
            else:
                weighed.append((span, SUBJECT))
        work = sum(weight for _, weight in weighed if weight >= INVOLVED)
        subject = sum(weight for _, weight in weighed if weight < INVOLVED)
        if work + min(subject, SUBJECTS_AT_MOST) < ENOUGH:
            return []
        return sorted(span for span, weight in weighed)

    def _turned_down(self, sentence: bytes) -> bool:
        """Whether a sentence, between spaces, turns down what it names, other than by "not only" and the like."""
        if not _turns_down(sentence):
            return False
        for phrase in self._neutral:
            sentence = sentence.replace(phrase, b" ")
        return _turns_down(sentence)


def _mentions(cues: Sequence[Span], skills: Iterable[Span]) -> list[Span]:
    alone = [
        (start, end, -1)
        for start, end, _ in skills
        if not any(first < end and start < last for first, last, _ in cues)
    ]
    return [*cues, *alone]


def _turns_down(sentence: bytes) -> bool:
    return not _TURNED_DOWN.isdisjoint(sentence.split()) or sentence.find(b"n t ") >= 0


def _used(spelled: bytes, first: int, start: int, last: int) -> bool:
    """Whether the sentence uses what stands at `start`, and not as the client's own product."""
    return bool(_USING.search(spelled, first, start + 1)) and not _OWN.search(spelled, first, last)
