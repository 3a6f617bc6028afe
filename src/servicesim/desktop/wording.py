"""All words of the interface: one table for each language, with the same keys.

>>> words = words_in("en")
>>> words("best", points=92)
'Best so far: 92'
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from servicesim.desktop.bidi import base_direction
from servicesim.desktop.look import Direction
from servicesim.desktop.safe_text import FSI, PDI, isolated, safe_text
from servicesim.desktop.wording_en import ENGLISH
from servicesim.desktop.wording_fa import PERSIAN
from servicesim.errors import ServicesimError

TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType({"en": ENGLISH, "fa": PERSIAN})
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "fa": "فارسی"})

_LEFTWARD = ("ar", "fa", "he", "ur", "yi", "ckb", "ps", "sd", "ug")
_PERSIAN_DIGITS = str.maketrans("0123456789.%", "۰۱۲۳۴۵۶۷۸۹٫٪")
_BRACES = re.compile(r"\{([a-z_]+)\}")


class Words:
    """The words of one language: `words("begin")`; values are inserted so that they cannot reorder what is around them."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._table = {**ENGLISH, **TABLES[language]}  # what is not translated yet is told in English

    def __call__(self, key: str, /, **values: object) -> str:
        told = {name: isolated(self.number(value)) for name, value in values.items()}
        return _BRACES.sub(lambda match: told[match[1]], self._table[key]) if told else self._table[key]

    @property
    def direction(self) -> Direction:
        """In which direction the interface reads."""
        return direction_of(self.language)

    def number(self, value: object) -> str:
        """A number in the digits of the language; anything else as text."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.digits(f"{value:g}")
        return str(value)

    def digits(self, text: str) -> str:
        """A written number, such as a time, in the digits of the language."""
        return text.translate(_PERSIAN_DIGITS) if self.language == "fa" else text

    def clock(self, seconds: float) -> str:
        """Minutes and seconds."""
        whole = max(0, int(seconds))
        return self.digits(f"{whole // 60}:{whole % 60:02d}")

    def failure(self, failure: ServicesimError) -> str:
        """What went wrong, as a sentence."""
        key = f"failure-{type(failure).__name__}"
        said = self._table[key] if self.language != "en" and key in self._table else str(failure)
        sentence = said[:1].upper() + said[1:]
        return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


@cache
def words_in(language: str) -> Words:
    """The words of a language; English where a language is not spoken here."""
    short = language.split("-")[0].lower()
    return Words(short if short in TABLES else "en")


def direction_of(locale: str) -> Direction:
    """In which direction a language is read."""
    return "rtl" if locale.split("-")[0].lower() in _LEFTWARD else "ltr"


def reads(text: str) -> Direction:
    """In which direction an authored text is read, by its first strong letter."""
    seen = safe_text(text).replace(FSI, "").replace(PDI, "")  # what is isolated decides here too
    return "rtl" if base_direction(seen) == 1 else "ltr"
