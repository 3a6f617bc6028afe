"""The translations that come with ServiceSim, for the tests that hold them."""

from __future__ import annotations

from functools import cache

from servicesim import shipped
from servicesim.commands import chosen
from servicesim.encounter.edition import in_language
from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES
from servicesim.scenario.editions import file_of
from servicesim.scenario.translated import language_of

TRANSLATIONS = [
    (name, language)
    for name in chosen.shipped_ids()
    for language in LANGUAGES
    if file_of(shipped.scenarios(), name, language).is_file()
]
PRINCIPLES = [language for language in LANGUAGES if file_of(shipped.scenarios(), "principles", language).is_file()]


@cache
def original(name: str) -> Script:
    """An encounter as it was written."""
    return chosen.script(name)


def edition(name: str, language: str) -> Script | None:
    """It in another language; None as long as it is not translated whole."""
    script = original(name)
    return None if language == language_of(script.scenario) else in_language(script, language)
