"""The languages that ServiceSim speaks: the texts of its tables, numbers, days and times of day in each of them.

English stands in tables in the code, from a stable key to the text, or to two texts where a number decides which:

>>> texts = Texts({"pass": "Passed", "more": ("One more", "{count} more")}, "window", "en")
>>> texts("pass"), texts("more", 1), texts("more", 3)
('Passed', 'One more', '{count} more')

The other languages are gettext files, `assets/languages/LANGUAGE/DOMAIN.po`: the key is the context (`msgctxt`), the English text
the `msgid`. What is not translated, is marked `fuzzy`, or was translated from another English text is told in English.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time
from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from servicesim import shipped

if TYPE_CHECKING:
    from babel import Locale

Text = str | tuple[str, str]  # one text, or what is said of one and what is said of any other number
Table = Mapping[str, Text]

# By what their speakers call them.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"en": "English", "tr": "Türkçe", "az": "Azərbaycanca", "fa": "فارسی", "he": "עברית"}
)

_LOCALES = {"en": "en_GB"}
_PERSIAN = str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Where a weekday stands; the locales' own patterns for it are abbreviated.
_NEAR = {"tr": "d MMMM EEEE", "az": "d MMMM, EEEE", "fa": "EEEE d MMMM", "he": "EEEE, d בMMMM"}


def spoken(language: str) -> str:
    """The language that is spoken here with somebody of this language or locale: English where theirs is not."""
    short = re.split(r"[-_.@]", language)[0].lower()
    return short if short in LANGUAGES else "en"


class Texts:
    """A table's texts in one language; braces stay for whoever inserts values."""

    def __init__(self, table: Table, domain: str, language: str) -> None:
        self.table = table
        self._catalogue = catalogue(language, domain)

    def __call__(self, key: str, count: int | None = None) -> str:
        """The text of a key; `count` decides between the texts of one that has several."""
        text = self.table[key]
        if isinstance(text, str):
            return self._catalogue.pgettext(key, text)
        if count is None:
            raise TypeError(f"{key!r} needs a count: its text depends on a number")
        return self._catalogue.npgettext(key, *text, count)


def file_of(language: str, domain: str) -> Path:
    """Where the translations of a table into a language lie."""
    return shipped.assets() / "languages" / language / f"{domain}.po"


@cache
def catalogue(language: str, domain: str) -> NullTranslations:
    """The translations of a table into a language; none into English."""
    if language == "en":
        return NullTranslations()
    # Babel takes a tenth of a second to come, which English need not wait for.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    made = BytesIO()
    with file_of(language, domain).open("rb") as file:
        write_mo(made, read_po(file, locale=language, abort_invalid=True))
    made.seek(0)
    return GNUTranslations(made)


@cache
def _locale(language: str) -> Locale:
    from babel import Locale

    return Locale.parse(_LOCALES.get(language, language))


class Writing:
    """How a language writes numbers, days and times of day."""

    def __init__(self, language: str) -> None:
        self.language = language

    @property
    def locale(self) -> Locale:
        """The locale that numbers and days are written by."""
        return _locale(self.language)

    def number(self, value: float, places: int = 0) -> str:
        """Rounded to at most so many decimals."""
        if self.language == "en":
            written = f"{value:,.{places}f}"
            return written.rstrip("0").rstrip(".") if places else written
        from babel.numbers import format_decimal

        pattern = "#,##0" if not places else f"#,##0.{'#' * places}"
        return self.digits(format_decimal(value, pattern, locale=self.locale, numbering_system="default"))

    def percent(self, share: float) -> str:
        """A share, 0-1, in whole per cent."""
        if self.language == "en":
            return f"{share:.0%}"
        from babel.numbers import format_percent

        return self.digits(format_percent(share, locale=self.locale))

    @property
    def point(self) -> str:
        """What stands between whole and decimals."""
        if self.language == "en":
            return "."
        from babel.numbers import get_decimal_symbol

        return get_decimal_symbol(self.locale, numbering_system="default")

    def digits(self, text: str) -> str:
        """A written number in the digits of the language."""
        return text.translate(_PERSIAN) if self.language == "fa" else text

    def day(self, day: date) -> str:
        """A day with its year: 5 January 2026."""
        if self.language == "en":
            return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
        return self.dated(day, "long")

    def weekday(self, day: date) -> str:
        """A day that is near, without its year: Monday, 5 January."""
        if self.language == "en":
            return f"{_WEEKDAYS[day.weekday()]}, {day.day} {_MONTHS[day.month - 1]}"
        return self.dated(day, _NEAR[self.language])

    def dated(self, day: date, pattern: str) -> str:
        """A day by a pattern of the locale's."""
        from babel.dates import format_date

        return self.digits(format_date(day, pattern, locale=self.locale))

    def time(self, at: time) -> str:
        """A time of day, in hours and minutes."""
        return self.digits(f"{at:%H:%M}")
