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

_NOT_LATIN: Final = re.compile("[^\x00-\xff]")
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>\"]+")
_MAILBOX: Final = re.compile(r"[\w.+-]{1,64}$", re.ASCII)
_MAIL_HOST: Final = re.compile(r"@[\w-]{1,64}\.[\w.-]{1,190}", re.ASCII)


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
    # the soft hyphen stands for whatever must be left out: see _gaps
    letters.update(dict.fromkeys([*range(0x300, 0x370), *range(0x200B, 0x200E), 0x2060, 0xFEFF], "\xad"))
    return letters


_PLAIN: Final = _rare_letters()
_RARE: Final = frozenset(map(chr, _PLAIN))


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

    def slice(self, start: int, end: int) -> str:
        """The text of the bytes `[start + 1, end + 1)`, as it stands."""
        first, last = self.place(start, end)
        return self.text[first:last]


def searchable(text: str) -> Searchable:
    """The byte forms of `text`; any string is fine, lone surrogates included. Time linear in its length."""
    plain, origin = text, None
    if "://" in text or "www." in text:
        plain = _URL.sub(_blank, plain)
    if "@" in text:
        plain = _without_mail(plain)
    if not text.isascii():
        # few different letters are rare in one post: replacing each is faster than translating every character
        for char in _RARE.intersection(_NOT_LATIN.findall(plain)):
            plain = plain.replace(char, _PLAIN[ord(char)])
    raw = plain.encode("latin-1", "replace")
    # `find`, because `in` tries whether the sought bytes are a number first
    if (raw.find(b"  ") >= 0 or raw.find(b"\xad") >= 0) and (gaps := _gaps(raw)):
        raw, origin = _without(raw, gaps)
    padded = b" " + raw + b" "
    return Searchable(text, padded.translate(_FOLDED), padded.translate(_SPELLED), origin)


def _blank(found: re.Match[str]) -> str:
    return "\0" * len(found[0])


def _without_mail(text: str) -> str:
    """`text` with the characters of e-mail addresses blanked."""
    at, kept, done = text.find("@"), [], 0
    while at >= 0:
        mailbox, host = _MAILBOX.search(text, max(done, at - 64), at), _MAIL_HOST.match(text, at)
        if mailbox and host:
            kept += [text[done : mailbox.start()], "\0" * (host.end() - mailbox.start())]
            done = host.end()
        at = text.find("@", max(at + 1, done))
    return "".join([*kept, text[done:]])


def _gaps(raw: bytes) -> list[tuple[int, int]]:
    """What must be left out of `raw`: spaces after a first one between two words, invisible characters."""
    gaps = []
    at = raw.find(b"  ")
    while at >= 0:
        end = at + 2
        while raw[end : end + 1] == b" ":
            end += 1
        if raw[at - 1 : at].isalnum() and raw[end : end + 1].isalnum():
            gaps.append((at + 1, end))
        at = raw.find(b"  ", end)
    if b"\xad" in raw:
        gaps += [(place, place + 1) for place, byte in enumerate(raw) if byte == 0xAD]
        gaps.sort()
    return gaps


def _without(raw: bytes, gaps: list[tuple[int, int]]) -> tuple[bytes, list[int]]:
    """`raw` without `gaps` (ordered, apart from each other), and where each byte that is left was."""
    kept: list[bytes] = []
    origin: list[int] = []
    at = 0
    for start, end in [*gaps, (len(raw), len(raw))]:
        kept.append(raw[at:start])
        origin.extend(range(at, start))
        at = end
    return b"".join(kept), origin


def folded_form(spelled: bytes) -> bytes:
    """The folded bytes of a form that is already spelled."""
    return spelled.translate(_FOLDED)


def spelled_form(name: str) -> bytes:
    """A taxonomy name as it stands in `Searchable.spelled`, without the spaces at its ends."""
    plain = name if name.isascii() else unicodedata.normalize("NFC", name).translate(_PLAIN)
    return plain.encode("latin-1", "replace").translate(_SPELLED).strip(b" ")
