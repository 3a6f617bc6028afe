"""The words of a report: one table for each language, with the same keys, and numbers and days as that language writes them.

>>> words = words_in("en")
>>> words.plain("pass-mark-at", points=words.number(75))
'Pass mark \\u206875\\u2069'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from types import MappingProxyType
from typing import Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent, get_decimal_symbol
from markupsafe import Markup, escape

from servicesim.exports.clock import Clock
from servicesim.exports.report.words_az import AZERBAIJANI
from servicesim.exports.report.words_en import ENGLISH
from servicesim.exports.report.words_fa import PERSIAN
from servicesim.exports.report.words_he import HEBREW
from servicesim.exports.report.words_tr import TURKISH
from servicesim.exports.text import clean

TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {"en": ENGLISH, "tr": TURKISH, "az": AZERBAIJANI, "fa": PERSIAN, "he": HEBREW}
)
LANGUAGES = tuple(TABLES)
Direction = Literal["ltr", "rtl", "auto"]

_LOCALES = {"en": "en_GB"}
_FSI, _PDI = "\u2068", "\u2069"
_BRACES = re.compile(r"\{([a-z_]+)\}")
_PERSIAN = str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪")
# Babel has no pattern for a day of a month without its year; in Hebrew the month takes a letter then.
_DAY_OF_YEAR = {"he": "d בMMM"}


class Words:
    """The words of one language. Values stand apart in them, so that they cannot turn what is around them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.table = TABLES[language]
        self._locale = Locale.parse(_LOCALES.get(language, language))

    def __call__(self, key: str, /, **values: object) -> Markup:
        """For the page: values are escaped, each in a `<bdi>` of its own."""
        told = {name: value if isinstance(value, Markup) else bdi(str(value)) for name, value in values.items()}
        return Markup(_BRACES.sub(lambda found: told[found[1]], str(escape(self.table[key]))))

    def plain(self, key: str, /, **values: object) -> str:
        """For pictures and attributes: values stand between isolating characters."""
        return _BRACES.sub(lambda found: f"{_FSI}{clean(str(values[found[1]]))}{_PDI}", self.table[key])

    @property
    def direction(self) -> Direction:
        """In which direction the language is read."""
        return direction_of(self.language)

    # Numbers

    def number(self, value: float, places: int = 0) -> str:
        """Rounded to at most so many decimals."""
        pattern = "#,##0" if not places else f"#,##0.{'#' * places}"
        return self.digits(format_decimal(value, pattern, locale=self._locale, numbering_system="default"))

    def signed(self, value: float) -> str:
        """With its sign, rounded to a whole number."""
        whole = round(value)
        return f"{'−' if whole < 0 else '+' if whole else ''}{self.number(abs(whole))}"

    def percent(self, share: float) -> str:
        """A share, 0-1, in whole per cent."""
        return self.digits(format_percent(share, locale=self._locale))

    def between(self, low: str, high: str) -> str:
        """From one number to another."""
        return _BRACES.sub(lambda found: {"low": low, "high": high}[found[1]], self.table["between"])

    def digits(self, text: str) -> str:
        """A written number in the digits of the language."""
        return text.translate(_PERSIAN) if self.language == "fa" else text

    def seconds(self, at: float) -> str:
        """Minutes, seconds and tenths."""
        tenths = int(at * 10 + 1e-6)
        point = get_decimal_symbol(self._locale, numbering_system="default")
        return self.digits(f"{tenths // 600}:{tenths // 10 % 60:02}{point}{tenths % 10}")

    # Days

    def day(self, milliseconds: int, clock: Clock) -> str:
        """The day of a moment."""
        return self.date(datetime.fromisoformat(clock.text(milliseconds)).date())

    def moment(self, milliseconds: int, clock: Clock) -> str:
        """Day and time of a moment."""
        then = datetime.fromisoformat(clock.text(milliseconds))
        time = self.digits(format_time(then.time(), "HH:mm", locale=self._locale))
        return self.table["moment"].format(day=self.date(then.date()), time=time)

    def date(self, day: date) -> str:
        """A day, with its year."""
        return self.digits(format_date(day, "long", locale=self._locale))

    def week(self, name: str, *, short: bool = False) -> str:
        """The Monday of a week such as 2026-W44."""
        monday = date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
        if not short:
            return self.date(monday)
        return self.digits(format_date(monday, _DAY_OF_YEAR.get(self.language, "d MMM"), locale=self._locale))

    def month(self, name: str) -> str:
        """A month such as 2026-10."""
        return self.digits(format_date(date.fromisoformat(f"{name}-01"), "LLLL y", locale=self._locale))


@cache
def direction_of(locale: str) -> Direction:
    """In which direction a language is read: `auto`, by the text itself, where the language is not known here."""
    try:
        order = Locale.parse(locale, sep="-").character_order
    except (ValueError, UnknownLocaleError):
        return "auto"
    return "rtl" if order == "right-to-left" else "ltr"


@cache
def words_in(language: str) -> Words:
    """The words of a language."""
    return Words(language)


def bdi(text: str, language: str = "", direction: str = "") -> Markup:
    """A text of somebody's own, in the direction of its own; with its language where that is known."""
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in (("lang", language), ("dir", direction)) if value)
    return Markup(f"<bdi{attributes}>{escape(clean(text))}</bdi>")


def english(text: str) -> Markup:
    """A text that exists in English only."""
    return bdi(text, "en", "ltr")
