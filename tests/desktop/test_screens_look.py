"""Every screen in every language, at each size of window and text and in each theme: nothing cut, nothing over another, nothing faint."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from desktop.seat import LATE_PARCEL, Seat, script_of, seated
from desktop.tour import CASES, tour
from servicesim.desktop.inputs import Resized
from servicesim.desktop.preferences import Preferences, ThemeName
from servicesim.desktop.problems import problems
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase

SMALL, LARGE = (1280, 720), (1920, 1080)
TEXTS = (80, 100, 150, 200)


class Way(NamedTuple):
    """One way to look at a screen."""

    size: tuple[int, int]
    text: int
    theme: ThemeName


# Not every combination, for that takes minutes: each language in each theme, in both windows and at 200 %, and all other pairs somewhere.
WAYS: dict[str, tuple[Way, ...]] = {
    "en": (Way(SMALL, 200, "light"), Way(LARGE, 80, "dark"), Way(SMALL, 100, "contrast")),
    "tr": (Way(LARGE, 80, "light"), Way(SMALL, 200, "dark"), Way(LARGE, 150, "contrast")),
    "az": (Way(LARGE, 100, "light"), Way(SMALL, 150, "dark"), Way(SMALL, 200, "contrast")),
    "fa": (Way(LARGE, 150, "light"), Way(LARGE, 200, "dark"), Way(SMALL, 80, "contrast")),
    "he": (Way(SMALL, 200, "light"), Way(LARGE, 100, "dark"), Way(SMALL, 80, "contrast")),
}


def test_all_pairs_are_looked_at() -> None:
    looks = [(language, *way) for language, ways in WAYS.items() for way in ways]
    kinds = (tuple(CASES), (SMALL, LARGE), TEXTS, ("light", "dark", "contrast"))
    for one, other in ((0, 1), (0, 3), (1, 2), (1, 3), (2, 3)):
        assert {(look[one], look[other]) for look in looks} == set(product(kinds[one], kinds[other]))
    assert {language for language, _, text, _ in looks if text == 200} == set(CASES)


@pytest.mark.parametrize("language", CASES)
def test_no_screen_has_a_defect(tmp_path: Path, language: str) -> None:
    found: dict[str, list[str]] = {}
    with seated(tmp_path, [CASES[language][0], tmp_path / "missing.yaml"], language=language) as seat:
        for screen in tour(seat):
            for way in WAYS[language]:
                _look(seat, way)
                strict = {"text": 7.0, "mark": 4.5} if way.theme == "contrast" else {}
                found[f"{screen} {way}"] = problems(seat.stage.frame, **strict)
            _look(seat, Way(SMALL, 100, "light"))
    assert {screen: defects for screen, defects in found.items() if defects} == {}


def _look(seat: Seat, way: Way) -> None:
    if seat.stage.size != way.size:
        seat.stage.press(Resized(way.size))
        seat.stage.wait(0.2)
    seat.stage.suit(Preferences(text=way.text, theme=way.theme, airy=way.theme == "dark"))
    seat.stage.redraw()
    seat.stage.settle()


LONG = "Donaudampfschifffahrtsgesellschaft und alle, die dort schon einmal angerufen haben, weil etwas nicht kam, " * 4


@pytest.mark.parametrize("size", [(1280, 720), (800, 450)])
def test_texts_that_are_far_too_long_still_fit(tmp_path: Path, size: tuple[int, int]) -> None:
    with seated(tmp_path, size=size) as seat:
        seat.sit("Maximiliana Alexandrowna von und zu Hohenlohe-Schillingen")
        script = _long(script_of(LATE_PARCEL))
        seat.way.brief(script)
        assert seat.problems() == []
        seat.begin(script, pace=2.0)
        seat.until_phase(Phase.WAITING)
        seat.stage.wait(0.2)
        assert seat.problems() == []
        seat.reply("sorry", "refund-now")
        seat.way.debrief(seat.playing)
        assert seat.problems() == []


def _long(script: Script) -> Script:
    scenario = script.scenario
    opening = scenario.scenes["opening"]
    replies = tuple(replace(reply, say=f"{reply.say} {LONG}") for reply in opening.replies)
    line = replace(opening.customer[0], say=f"{LONG} | {LONG}")
    scenes = {**scenario.scenes, "opening": replace(opening, customer=(line,), replies=replies)}
    customer = replace(scenario.customer, name="Frau Doktor Wilhelmine Oberhofmarschall-Hintertupfing")
    return Script(replace(scenario, title="The coat that stayed away, the mails that nobody answered, and all that came of it", summary=LONG, scenes=scenes, customer=customer), script.principles)
