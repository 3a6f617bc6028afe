"""Every screen in both languages, at each size of window and text and in each theme: nothing cut, nothing over another, nothing faint."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.seat import LATE_PARCEL, Seat, script_of, seated
from desktop.tour import CASES, tour
from servicesim.desktop.inputs import Resized
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.problems import problems
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase

SIZES = [(1280, 720), (1920, 1080)]
TEXTS = (80, 100, 150, 200)


@pytest.mark.parametrize("language", CASES)
def test_no_screen_has_a_defect_at_any_size_of_text(tmp_path: Path, language: str) -> None:
    found: dict[str, list[str]] = {}
    with seated(tmp_path, [CASES[language][0], tmp_path / "missing.yaml"], language=language) as seat:
        for screen in tour(seat):
            for how in _sizes(seat):
                found[f"{screen} {how}"] = seat.problems()
    assert {screen: defects for screen, defects in found.items() if defects} == {}
    assert len(found) == 8 * 12


def _sizes(seat: Seat) -> Iterator[str]:
    """Each size of window and text in turn, and then the usual ones again."""
    for size in SIZES:
        _resize(seat, size)
        for text in TEXTS:
            seat.stage.suit(Preferences(text=text))
            yield f"{size} {text}"
    seat.stage.suit(Preferences())
    _resize(seat, SIZES[0])


def _resize(seat: Seat, size: tuple[int, int]) -> None:
    seat.stage.press(Resized(size))
    seat.stage.wait(0.2)


@pytest.mark.parametrize("language", CASES)
def test_no_screen_has_a_defect_in_any_theme(tmp_path: Path, language: str) -> None:
    found: dict[str, list[str]] = {}
    with seated(tmp_path, [CASES[language][0], tmp_path / "missing.yaml"], language=language) as seat:
        for screen in tour(seat):
            seat.stage.suit(Preferences(theme="dark", airy=True))
            found[f"{screen} dark"] = seat.problems()
            seat.stage.suit(Preferences(theme="contrast"))
            seat.stage.settle()
            found[f"{screen} contrast"] = problems(seat.stage.frame, text=7.0, mark=4.5)
            seat.stage.suit(Preferences())
    assert {screen: defects for screen, defects in found.items() if defects} == {}


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
