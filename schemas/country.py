"""Country names and codes, as people write them, to ISO 3166-1 alpha-2. Pure.

Source of names and codes: pycountry, which packages Debian's iso-codes.
"""

import re
import unicodedata
from functools import cache, lru_cache
from typing import Final

import pycountry

_ALIASES: Final = {
    "AE": ("UAE", "Emirates"),
    "BA": ("Bosnia",),
    "BN": ("Brunei",),
    "CD": ("DR Congo", "DRC", "Congo Kinshasa", "Democratic Republic of the Congo"),
    "CG": ("Republic of the Congo", "Congo Brazzaville"),
    "CI": ("Ivory Coast",),
    "CV": ("Cape Verde",),
    "CZ": ("Czech Republic",),
    "FM": ("Micronesia",),
    "GB": ("UK", "Great Britain", "Britain", "England", "Scotland", "Wales", "Northern Ireland"),
    "HK": ("Hong Kong SAR", "Hong Kong S.A.R."),
    "IR": ("Iran",),
    "KP": ("North Korea", "Korea, North"),
    "KR": ("South Korea", "Korea, South", "Korea"),
    "LA": ("Laos",),
    "MK": ("Macedonia",),
    "MM": ("Burma",),
    "MO": ("Macau", "Macau SAR"),
    "NL": ("Holland", "The Netherlands"),
    "PS": ("Palestine", "Palestinian Territories"),
    "RU": ("Russia",),
    "SY": ("Syria",),
    "SZ": ("Swaziland",),
    "TL": ("East Timor",),
    "TR": ("Turkey",),
    "US": ("America", "United States of America (USA)", "United States (US)"),
    "VA": ("Vatican", "Vatican City"),
    "VG": ("British Virgin Islands",),
    "VI": ("US Virgin Islands",),
    "VN": ("Vietnam",),
}
"""alpha-2 -> what posts write that neither the standard's names nor its codes hold."""

_NOT_WORD: Final = re.compile(r"[^a-z0-9]+")


@lru_cache(maxsize=4_096)  # posts repeat about 200 spellings; the bound holds against hostile ones
def country_code(text: str) -> str:
    """ISO 3166-1 alpha-2 code of the country written in `text`, '' where it names none.

    Takes codes (`US`, `usa`), names (`United States`), official names and common short forms (`U.S.`, `UK`,
    `UAE`); letter case, accents and punctuation do not matter.
    """
    return _codes().get(_plain(text), "")


@cache
def _codes() -> dict[str, str]:
    """Plain spelling -> alpha-2; later entries win, so the standard's own codes come last."""
    countries = [dict(country) for country in pycountry.countries]
    codes: dict[str, str] = {}
    for fields in countries:
        for field in ("official_name", "common_name", "name"):
            if name := fields.get(field):
                codes[_plain(name)] = fields["alpha_2"]
                codes[_plain(_uninverted(name))] = fields["alpha_2"]
    for code, names in _ALIASES.items():
        codes |= dict.fromkeys(map(_plain, names), code)
    for field in ("alpha_3", "alpha_2"):
        codes |= {_plain(fields[field]): fields["alpha_2"] for fields in countries}
    return codes


def _uninverted(name: str) -> str:
    """`Tanzania, United Republic of` -> `United Republic of Tanzania`; other names as they are."""
    head, comma, tail = name.partition(", ")
    return f"{tail} {head}" if comma else name


def _plain(text: str) -> str:
    """Lower-case ASCII words without dots and a leading `the`; `&` is `and`, a leading `St.` is `saint`."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = _NOT_WORD.sub(" ", letters.replace(".", "").replace("'", "").replace("&", " and ")).strip()
    return re.sub("^st ", "saint ", words.removeprefix("the "))
