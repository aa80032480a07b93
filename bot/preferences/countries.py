"""The countries whose public holidays are known, by their names in a language."""

import unicodedata
from functools import lru_cache

AT_ONCE = 100  # options of one group: Slack shows no more

Country = tuple[str, str]  # ISO 3166 alpha-2, and its name
Group = tuple[str, tuple[Country, ...]]  # the first letters in it, and its countries


@lru_cache(maxsize=16)
def countries(language: str) -> tuple[Group, ...]:
    """All of them in the order of the alphabet, in groups that a menu can show."""
    from holidays.registry import COUNTRIES

    codes = {str(names[1]) for names in COUNTRIES.values()}
    named = sorted(((code, _name(code, language)) for code in codes), key=lambda one: _plain(one[1]))
    groups = [tuple(named[start : start + AT_ONCE]) for start in range(0, len(named), AT_ONCE)]
    return tuple((f"{group[0][1][0]} – {group[-1][1][0]}", group) for group in groups)


def is_country(code: str) -> bool:
    """Whether the public holidays of a country (ISO 3166 alpha-2) are known."""
    return any(code == known for _, group in countries("en") for known, _ in group)


def language_name(language: str) -> str:
    """A language as its own speakers call it."""
    from babel import Locale

    return str(Locale.parse(language, sep="-").get_display_name(language) or language)


def _name(code: str, language: str) -> str:
    from babel import Locale

    return str(Locale.parse(language, sep="-").territories.get(code) or code)


def _plain(name: str) -> str:
    """The name without accents, so that Österreich stands with the O."""
    return "".join(one for one in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(one))
