"""The shipped translations: each fits its original, plays to the same scores by the same replies, and can be drawn."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pygame
import pygame.freetype
import pytest

from editions_shipped import PRINCIPLES, TRANSLATIONS, edition, original
from servicesim import shipped
from servicesim.analysis.strategies import strategies
from servicesim.assessment.assess import assess
from servicesim.authoring import walkthrough
from servicesim.authoring.walkthrough import Walkthrough
from servicesim.desktop.fonts import FontStack
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.languages import LANGUAGES
from servicesim.scenario.editions import edition_in, editions_of_principles
from servicesim.scenario.translated import texts, texts_of_principles, translated_principles

WALKS = Path(__file__).parents[1] / "walkthroughs"


@cache
def walks() -> dict[str, list[Walkthrough]]:
    """The walkthroughs of each encounter."""
    found: dict[str, list[Walkthrough]] = {}
    for path in sorted(WALKS.glob("*.walk")):
        walk = walkthrough.read(walkthrough.written_in(path))
        found.setdefault(walk.scenario, []).append(walk)
    return found


@pytest.mark.parametrize(("name", "language"), TRANSLATIONS)
def test_a_translation_fits_its_original_of_now(name: str, language: str) -> None:
    found = edition_in(original(name).scenario, shipped.scenarios(), language)
    assert found is not None
    assert [str(one) for one in found.findings if one.code != "L005"] == []


@pytest.mark.parametrize("language", PRINCIPLES)
def test_the_translation_of_the_principles_fits_them(language: str) -> None:
    found = editions_of_principles(original("late-parcel").principles, shipped.scenarios() / "principles.yaml")[language]
    assert [str(one) for one in found.findings if one.code != "L005"] == []


def judged(script: Script, walk: Walkthrough) -> tuple[object, ...]:
    """What a walk comes to, apart from words and seconds."""
    encounter = rehearse(walk.begun(script), walk.moves)
    told = assess(script, encounter.events)
    principles = {
        name: (score.score, score.kept, score.broken, [(one.scene, one.reply, one.verdict) for one in score.evidence])
        for name, score in told.principles.items()
    }
    return told.ending, told.conduct, told.passed, told.outcome, told.feelings, principles, [type(event).__name__ for event in encounter.events]


@cache
def in_the_original(name: str) -> list[tuple[object, ...]]:
    return [judged(original(name), walk) for walk in walks().get(name, [])]


@pytest.mark.parametrize(("name", "language"), TRANSLATIONS)
def test_every_walk_comes_to_the_same_by_the_same_replies(name: str, language: str) -> None:
    script = edition(name, language)
    assert script is not None, "it is not translated whole: servicesim translate status says what is missing"
    assert [judged(script, walk) for walk in walks().get(name, [])] == in_the_original(name)


@pytest.mark.parametrize(("name", "language"), [pair for pair in TRANSLATIONS if not original(pair[0]).scenario.unscored])
def test_no_thoughtless_way_passes_in_any_language(name: str, language: str) -> None:
    script = edition(name, language)
    assert script is not None
    assert [way for way, played in strategies(script).items() if played.passed] == []


@pytest.fixture
def _fonts() -> None:
    pygame.font.init()
    pygame.freetype.init()


def undrawn(said: list[str]) -> set[str]:
    """The characters of these texts that no font has."""
    return {character for bold in (False, True) for character in FontStack(20, bold).missing("".join(said))}


@pytest.mark.usefixtures("_fonts")
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_can_be_drawn(language: str) -> None:
    said = [text for name, told in TRANSLATIONS if told == language and (script := edition(name, told)) for text in texts(script.scenario).values()]
    if language in PRINCIPLES:
        principles = original("late-parcel").principles
        found = editions_of_principles(principles, shipped.scenarios() / "principles.yaml")[language]
        said += texts_of_principles(translated_principles(principles, found.said)).values()
    assert undrawn(said) == set()
