"""The written forms of a taxonomy name: what `Django`, `node.js` or `microservice(s)` look like in a text."""

import re
from collections.abc import Callable
from functools import cache
from typing import Final, NamedTuple

from streams.classify.normalise import folded_form, spelled_form

_PLURAL: Final = re.compile(r"\(e?s\)")
_INNER_DOT: Final = re.compile(rb"(?<=[a-z0-9])\.(?=[a-z0-9])")
_AMPERSAND: Final = re.compile(rb" ?& ?")

_SPECIAL: Final = re.compile(r"[^a-zA-Z0-9 -]|^[^a-zA-Z0-9]|[^a-zA-Z0-9]$|[ -]{2}|^$")
"""Names with anything but words, single spaces and hyphens, which have more than one form."""

_VARIANTS: Final[tuple[Callable[[bytes], bytes], ...]] = (
    lambda form: _INNER_DOT.sub(b" ", form),
    lambda form: _AMPERSAND.sub(b"&", form),
    lambda form: _AMPERSAND.sub(b" & ", form),
    # a typographic apostrophe has no byte of its own: see normalise.searchable
    lambda form: form.replace(b"'", b"?"),
)


class Form(NamedTuple):
    """One written form.

    The automaton's pattern, and the spelling to compare where the pattern does not say all.
    """

    pattern: bytes
    spelled: bytes | None


@cache
def forms(name: str) -> tuple[Form, ...]:
    """Every form of `name`, each once.

    That is with and without `(s)`, with dot or space inside, and `&` with and without spaces around it.
    """
    if not _SPECIAL.search(name):
        return (_form(spelled_form(name)),)
    found = dict.fromkeys(spelled_form(number) for number in spellings(name))
    for variant in _VARIANTS:
        found |= dict.fromkeys(variant(form) for form in found)
    return tuple(_form(spelled) for spelled in found if folded_form(spelled).strip())


def _form(spelled: bytes) -> Form:
    folded = folded_form(spelled)
    plain = folded == spelled and b" " not in spelled
    return Form(b" " + folded + b" ", None if plain else spelled)


def spellings(name: str) -> list[str]:
    """`name` without and with the letters in `(s)` or `(es)`, or `name` alone; a slash also between spaces."""
    numbers = [name]
    if _PLURAL.search(name):
        numbers = [_PLURAL.sub("", name), _PLURAL.sub(lambda found: found[0][1:-1], name)]
    return numbers + [number.replace("/", " / ") for number in numbers if "/" in number]
