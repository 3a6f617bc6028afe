"""The words of a report in one language: English from words_en.py, the others from assets/languages/*/report.po.

>>> words = words_in("en")
>>> words.plain("pass-mark-at", points=words.number(75))
'Pass mark \\u206875\\u2069'
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import cache
from typing import Literal

from babel import Locale, UnknownLocaleError
from markupsafe import Markup, escape

from servicesim.assessment.reasons import Reason, reasons_in
from servicesim.encounter.script import Script
from servicesim.exports.clock import Clock
from servicesim.exports.report.words_en import ENGLISH
from servicesim.exports.text import clean
from servicesim.languages import Texts, Writing
from servicesim.scenario.teaching import told_in

Direction = Literal["ltr", "rtl", "auto"]

_FSI, _PDI = "\u2068", "\u2069"
_BRACES = re.compile(r"\{([a-z_]+)\}")
# Babel has no pattern for a day of a month without its year; in Hebrew the month takes a letter then.
_DAY_OF_YEAR = {"he": "d בMMM"}


class Words(Writing):
    """The words of one language. Values stand apart in them, so that they cannot turn what is around them."""

    def __init__(self, language: str, *more: Texts) -> None:
        """`more` are texts of pages that build on the report; of a key that stands in several, theirs counts."""
        super().__init__(language)
        self._texts = (*more, Texts(ENGLISH, "report", language))

    def text(self, key: str, count: int | None = None) -> str:
        """The text of a key, with its braces; `count` decides where there are several."""
        return next(texts for texts in self._texts if key in texts.table)(key, count)

    def __call__(self, key: str, /, **values: object) -> Markup:
        """For the page: values are escaped, each in a `<bdi>` of its own."""
        told = {name: value if isinstance(value, Markup) else bdi(str(value)) for name, value in values.items()}
        return Markup(_BRACES.sub(lambda found: told[found[1]], str(escape(self.text(key)))))

    def plain(self, key: str, /, **values: object) -> str:
        """For pictures and attributes: values stand between isolating characters."""
        return _BRACES.sub(lambda found: f"{_FSI}{clean(str(values[found[1]]))}{_PDI}", self.text(key))

    def because(self, reason: Reason, script: Script) -> Markup:
        """Why a verdict is what it is."""
        known = {title for _, acts in reason.acts for _, title in acts}
        parts = reasons_in(self.language).parts(reason.told(told_in(script.principles, self.language)))
        return Markup().join(self._authored(text, text not in known) if authored else text for text, authored in parts)

    def principle(self, script: Script, name: str) -> Markup:
        """What a principle is called."""
        told, written = told_in(script.principles, self.language).principles[name].title, script.principles.principles[name].title
        return self._authored(told, told != written)

    def _authored(self, text: str, is_translated: bool) -> Markup:
        return bdi(text, self.language) if is_translated else english(text)

    @property
    def direction(self) -> Direction:
        """In which direction the language is read."""
        return direction_of(self.language)

    def signed(self, value: float) -> str:
        """With its sign, rounded to a whole number."""
        whole = round(value)
        return f"{'−' if whole < 0 else '+' if whole else ''}{self.number(abs(whole))}"

    def between(self, low: str, high: str) -> str:
        """From one number to another."""
        return _BRACES.sub(lambda found: {"low": low, "high": high}[found[1]], self.text("between"))

    def seconds(self, at: float) -> str:
        """Minutes, seconds and tenths."""
        tenths = int(at * 10 + 1e-6)
        return self.digits(f"{tenths // 600}:{tenths // 10 % 60:02}{self.point}{tenths % 10}")

    def day_of(self, milliseconds: int, clock: Clock) -> str:
        """The day of a moment."""
        return self.day(datetime.fromisoformat(clock.text(milliseconds)).date())

    def moment(self, milliseconds: int, clock: Clock) -> str:
        """Day and time of a moment."""
        then = datetime.fromisoformat(clock.text(milliseconds))
        return self.text("moment").format(day=self.day(then.date()), time=self.time(then.time()))

    def week(self, name: str, *, short: bool = False) -> str:
        """The Monday of a week such as 2026-W44."""
        monday = date.fromisocalendar(int(name[:4]), int(name[6:]), 1)
        if not short:
            return self.day(monday)
        return self.dated(monday, _DAY_OF_YEAR.get(self.language, "d MMM"))

    def month(self, name: str) -> str:
        """A month such as 2026-10."""
        return self.dated(date.fromisoformat(f"{name}-01"), "LLLL y")


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
