"""Text as the automaton reads it, one byte for every character: its offsets are offsets into the text.

`folded` keeps letters and digits (lower-case, without accents) and turns everything else into spaces, so
that a pattern between two spaces is a pattern between word boundaries. `spelled` also keeps punctuation,
except that the separators that writers use alike (space, hyphen, slash, underscore) are one space: it tells
C++ from C and "Power-BI" from "power. Bi". Both carry one more space at each end.
"""

import re
import unicodedata
from typing import Final, NamedTuple

_SOFT: Final = " \t-/_\xa0"
_UNLIKE_THEIR_BASE: Final = {"ß": "s", "æ": "a", "ø": "o", "ð": "d", "þ": "t", "ł": "l", "đ": "d", "ı": "i"}


def _base(char: str) -> str:
    """The plain lower-case letter or digit under `char`, or `char` itself."""
    low = char.lower()[0]
    base = _UNLIKE_THEIR_BASE.get(low) or unicodedata.normalize("NFKD", low)[0]
    return base if base.isascii() and base.isalnum() else char


def _tables() -> tuple[bytes, bytes]:
    folded, spelled = bytearray(b" " * 256), bytearray(range(256))
    for code in range(256):
        char = chr(code)
        base = _base(char)
        if char in "ªº¹²³¼½¾":
            continue
        if base.isascii() and base.isalnum():
            folded[code] = spelled[code] = ord(base)
        elif char in _SOFT:
            spelled[code] = ord(" ")
    return bytes(folded), bytes(spelled)


_FOLDED, _SPELLED = _tables()

_SPACES: Final = "\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE: Final = "\u00ad\u0300-\u036f\u200b-\u200d\u2060\ufeff"
_LETTERS: Final = "\u0100-\u024f\u1e00-\u1eff\uff01-\uff5e\U0001d400-\U0001d7ff"
_RARE: Final = re.compile(f"[{_SPACES}{_INVISIBLE}{_LETTERS}\u2010\u2011]")
_GAP: Final = re.compile(f"[{_INVISIBLE}]|(?<=[^\\W_])([ \t\xa0{_SPACES}]) +(?=\\w)")
_ADDRESS: Final = re.compile(
    r"(?:https?://|www\.)[^\s<>\"]{1,2000}|[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{1,64}", re.ASCII
)


def _rare_letters() -> dict[int, str]:
    ranges = ((0x100, 0x250), (0x1E00, 0x1F00), (0xFF01, 0xFF5F), (0x1D400, 0x1D800))
    letters: dict[int, str] = {}
    for first, last in ranges:
        for code in range(first, last):
            plain = unicodedata.normalize("NFKD", chr(code))[0]
            plain = _UNLIKE_THEIR_BASE.get(plain.lower(), plain)
            if plain.isascii():
                letters[code] = plain
    letters.update(dict.fromkeys([*range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " "))
    letters.update({0x2010: "-", 0x2011: "-"})
    return letters


_PLAIN: Final = _rare_letters()


class Searchable(NamedTuple):
    """A post's text with its two byte forms.

    Byte i + 1 of `folded` and `spelled` stands for character i of `text`, or for character `origin[i]` where
    characters had to be left out (zero-width characters, combining accents, repeated spaces).
    """

    text: str
    folded: bytes
    spelled: bytes
    origin: list[int] | None

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into `text` of the bytes `[start + 1, end + 1)`."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def searchable(text: str) -> Searchable:
    """The byte forms of `text`; any string is fine, lone surrogates included. Time linear in its length."""
    plain, origin = text, None
    if "://" in text or "@" in text or "www." in text:
        plain = _ADDRESS.sub(lambda found: "\0" * len(found[0]), plain)
    raw = plain.encode("latin-1", "replace")
    if raw.count(b"?") != plain.count("?") and _RARE.search(plain):
        plain = plain.translate(_PLAIN)
        raw = plain.encode("latin-1", "replace")
        if len(raw) != len(text) or _GAP.search(plain):
            plain, origin = _without_gaps(plain)
            raw = plain.encode("latin-1", "replace")
    elif (b"  " in raw or b"\xad" in raw) and _GAP.search(plain):
        plain, origin = _without_gaps(plain)
        raw = plain.encode("latin-1", "replace")
    padded = b" " + raw + b" "
    return Searchable(text, padded.translate(_FOLDED), padded.translate(_SPELLED), origin)


def _without_gaps(text: str) -> tuple[str, list[int]]:
    """`text` without invisible characters and repeated spaces, and where each character was."""
    kept: list[str] = []
    origin: list[int] = []
    at = 0
    for gap in _GAP.finditer(text):
        keep_to = gap.start() + len(gap[1] or "")
        kept.append(text[at:keep_to])
        origin.extend(range(at, keep_to))
        at = gap.end()
    kept.append(text[at:])
    origin.extend(range(at, len(text)))
    return "".join(kept), origin


def folded_form(spelled: bytes) -> bytes:
    """The folded bytes of a form that is already spelled."""
    return spelled.translate(_FOLDED)


def spelled_form(name: str) -> bytes:
    """A taxonomy name as it stands in `Searchable.spelled`, without the spaces at its ends."""
    plain = unicodedata.normalize("NFC", name).translate(_PLAIN)
    return plain.encode("latin-1", "replace").translate(_SPELLED).strip(b" ")
