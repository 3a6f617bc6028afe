"""The words of the pages in one language: those of the report, and their own (`assets/languages/*/pages.po`)."""

from __future__ import annotations

from functools import cache

from servicesim.exports.report.words import Words
from servicesim.languages import LANGUAGES, Texts, file_of
from servicesim.server.pages.words_en import ENGLISH

DOMAIN = "pages"


@cache
def offered() -> dict[str, str]:
    """The languages that the pages are translated into, by what their speakers call them."""
    return {language: name for language, name in LANGUAGES.items() if language == "en" or file_of(language, DOMAIN).is_file()}


@cache
def words_of(language: str) -> Words:
    """The words of a language."""
    return Words(language, Texts(ENGLISH, DOMAIN, language))
