"""Reading until when someone wants to pause: «Friday», «3 Dec», «2 weeks», «2027-01-11». Pure."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.preferences.rules import may_pause_until

_LEAD = {"until", "till", "to", "for", "do", "za"}  # may stand before it
_DAYS_IN = {"day": 1, "week": 7}


@dataclass(frozen=True)
class _Words:
    """How a language says it, without accents; each name with its forms, Monday and January first."""

    weekdays: tuple[tuple[str, ...], ...]
    months: tuple[tuple[str, ...], ...]
    numbers: Mapping[str, int]
    spans: Mapping[str, str]
    tomorrow: str
    next: frozenset[str]


_ENGLISH = _Words(
    weekdays=(("monday",), ("tuesday",), ("wednesday",), ("thursday",), ("friday",), ("saturday",), ("sunday",)),
    months=(
        ("january",), ("february",), ("march",), ("april",), ("may",), ("june",), ("july",), ("august",),
        ("september",), ("october",), ("november",), ("december",),
    ),
    numbers={"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6},
    spans={"day": "day", "days": "day", "week": "week", "weeks": "week"},
    tomorrow="tomorrow",
    next=frozenset({"next"}),
)  # fmt: skip
_SLOVENE = _Words(
    weekdays=(
        ("ponedeljek", "ponedeljka"), ("torek", "torka"), ("sreda", "srede", "sredo"), ("cetrtek", "cetrtka"),
        ("petek", "petka"), ("sobota", "sobote", "soboto"), ("nedelja", "nedelje", "nedeljo"),
    ),
    months=(
        ("januar", "januarja"), ("februar", "februarja"), ("marec", "marca"), ("april", "aprila"), ("maj", "maja"),
        ("junij", "junija"), ("julij", "julija"), ("avgust", "avgusta"), ("september", "septembra"),
        ("oktober", "oktobra"), ("november", "novembra"), ("december", "decembra"),
    ),
    numbers={"en": 1, "eno": 1, "dva": 2, "tri": 3, "stiri": 4, "pet": 5, "sest": 6},
    spans={
        "dan": "day", "dni": "day", "dneva": "day", "dneve": "day",
        "teden": "week", "tedna": "week", "tedne": "week", "tednov": "week",
    },
    tomorrow="jutri",
    next=frozenset({"naslednji", "naslednjega", "naslednjo", "naslednje", "prihodnji", "prihodnjega"}),
)  # fmt: skip
_LANGUAGES = {"en": _ENGLISH, "sl": _SLOVENE}


def read_until(text: str, today: date, language: str) -> date | None:
    """The first day back that someone means, after `today` (local) and within a year; None if that can't be told.

    A day without a year is the next of its kind. Their own language is tried first, then the others.
    """
    said = _folded(text)
    for words in sorted(_LANGUAGES.items(), key=lambda one: one[0] != language):
        day = _read(said, today, words[1])
        if day is not None:
            return day if may_pause_until(day, today) else None
    return None


def _folded(text: str) -> list[str]:
    """The words in small letters without accents; of a long text the beginning is enough."""
    plain = "".join(
        one for one in unicodedata.normalize("NFKD", text[:100].casefold()) if not unicodedata.combining(one)
    )
    plain = re.sub(r"(?<=\d)(st|nd|rd|th)\b", "", re.sub(r"(?<=\d\.)\s+(?=\d)", "", plain))  # «3. 12.», «3rd»
    tokens = re.findall(r"[a-z]+|\d+(?:[-.]\d+)*\.?", plain)
    while tokens and tokens[0] in _LEAD:
        tokens = tokens[1:]
    return tokens


def _read(said: list[str], today: date, words: _Words) -> date | None:
    match said:
        case [word] if word == words.tomorrow:
            return today + timedelta(days=1)
        case [word, *rest] if word in words.next:
            return _next(rest, today, words)
        case [count, span] if span in words.spans:
            return _span(_number(count, words), words.spans[span], today)
        case [span] if span in words.spans:
            return _span(1, words.spans[span], today)
        case [word] if (weekday := _place(word, words.weekdays)) is not None:
            return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
    return _date(said, today, words)


def _next(rest: list[str], today: date, words: _Words) -> date | None:
    """«Next week» is its Monday, «next Friday» the Friday of that week."""
    monday = today + timedelta(days=7 - today.weekday())
    match rest:
        case [span] if words.spans.get(span) == "week":
            return monday
        case [word] if (weekday := _place(word, words.weekdays)) is not None:
            return monday + timedelta(days=weekday)
    return None


def _span(count: int | None, span: str, today: date) -> date | None:
    return None if count is None or not 0 < count < 1000 else today + timedelta(days=count * _DAYS_IN[span])


def _number(word: str, words: _Words) -> int | None:
    return int(word) if word.isascii() and word.isdigit() and len(word) < 4 else words.numbers.get(word)


def _date(said: list[str], today: date, words: _Words) -> date | None:
    """A date in figures, or with a month's name on either side of the day; perhaps with its year."""
    match said:
        case [figures]:
            return _in_figures(figures, today)
        case [first, second, *year] if len(year) < 2:
            day, name = (first, second) if first[0].isdigit() else (second, first)
            month = _place(name, words.months)
            number = _number(day.rstrip("."), words)
            if month is None or number is None:
                return None
            return _day(number, month + 1, _year(year[0]) if year else None, today)
    return None


def _in_figures(figures: str, today: date) -> date | None:
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", figures):
        return _day(int(found[3]), int(found[2]), int(found[1]), today)
    if found := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.?(\d{4})?", figures):
        return _day(int(found[1]), int(found[2]), int(found[3]) if found[3] else None, today)
    return None


def _year(word: str) -> int | None:
    return int(word) if re.fullmatch(r"\d{4}", word) else 0


def _day(day: int, month: int, year: int | None, today: date) -> date | None:
    """The date; without a year, the next that there is. None for the 31st of June, and for what is no year."""
    for one in [today.year, today.year + 1] if year is None else [year]:
        try:
            found = date(one, month, day)
        except ValueError:
            continue
        if year is not None or found > today:
            return found
    return None


def _place(word: str, names: tuple[tuple[str, ...], ...]) -> int | None:
    """The place of a name, given whole or by its first letters."""
    places = [place for place, forms in enumerate(names) if any(form.startswith(word) for form in forms)]
    return places[0] if len(word) >= 3 and places else None
