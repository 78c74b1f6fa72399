"""Posts as they also look: shouted, pasted from elsewhere, without order. Pure."""

from collections.abc import Callable
from random import Random
from typing import Final

from streams.simulate.phrases import draw


def _shouted(title: str, text: str) -> tuple[str, str]:
    return title.upper() + "!!!", text


def _one_line(title: str, text: str) -> tuple[str, str]:
    return title, text.replace("\n- ", " ").replace("\n\n", " ")


def _emoji_bullets(title: str, text: str) -> tuple[str, str]:
    return f"🚀 {title} 🚀", text.replace("\n- ", "\n✅ ")


def _pasted_html(title: str, text: str) -> tuple[str, str]:
    pasted = text.replace("&", "&amp;").replace("\n- ", "<br />&bull; ").replace("\n\n", "<br /><br />")
    return title.replace("&", "&amp;"), pasted


def _wide(title: str, text: str) -> tuple[str, str]:
    return "  ".join(title.split()), text.replace(". ", " .  ").replace("'", "\u2019")


def _small(title: str, text: str) -> tuple[str, str]:
    return title.lower(), text.replace("\n\n", "\n\n\n\n")


def _nbsp(title: str, text: str) -> tuple[str, str]:
    return title, text.replace(" - ", " \u2013 ").replace("- ", "\u2022\u00a0")


_WAYS: Final[tuple[Callable[[str, str], tuple[str, str]], ...]] = (
    _shouted,
    _one_line,
    _emoji_bullets,
    _pasted_html,
    _wide,
    _small,
    _nbsp,
)


def spoilt(title: str, text: str, random: Random) -> tuple[str, str]:
    """The post in one of the ways that real ones are untidy; what it asks for stays readable."""
    return draw(_WAYS, random)(title, text)
