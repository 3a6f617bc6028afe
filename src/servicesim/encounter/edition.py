"""An encounter made ready to be played in another language."""

from __future__ import annotations

from collections.abc import Iterator

from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES
from servicesim.scenario.editions import edition_in, played_in
from servicesim.scenario.translated import language_of


def in_language(script: Script, language: str) -> Script | None:
    """The encounter in this language; None where it is not translated, or not so that it can be played."""
    if language == language_of(script.scenario):
        return script
    if script.scenario.sealed is not None:
        return None  # each language of it is sealed by itself
    edition = edition_in(script.scenario, script.folder, language) if script.folder is not None else None
    if edition is None or not edition.is_offered:
        return None
    return Script(played_in(script.scenario, edition), script.principles, folder=script.folder)


def preferably_in(script: Script, language: str) -> Script:
    """The encounter in this language, or as it was written where it is not offered in it."""
    return in_language(script, language) or script


def offered_in(script: Script) -> Iterator[str]:
    """The languages in which it can be played, its own first."""
    own = language_of(script.scenario)
    yield own
    yield from (language for language in LANGUAGES if language != own and in_language(script, language) is not None)
