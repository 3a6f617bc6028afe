"""Every screen in both languages and both sizes: nothing cut, nothing over another, nothing faint."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import GOOD, GOOD_IN_PERSIAN, LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim.desktop.wording import LANGUAGES
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase

SIZES = [(1280, 720), (1920, 1080)]
CASES = {"en": (LATE_PARCEL, "Robin Reed", GOOD), "fa": (PERSIAN, "سارا کاوه", GOOD_IN_PERSIAN)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_screen_has_a_defect(tmp_path: Path, language: str, size: tuple[int, int]) -> None:
    path, name, replies = CASES[language]
    found: dict[str, list[str]] = {}
    with seated(tmp_path, [path, tmp_path / "missing.yaml"], language=language, size=size) as seat:
        for screen in _screens(seat, path, name, replies):
            found[screen] = seat.problems()
    assert {screen: defects for screen, defects in found.items() if defects} == {}
    assert len(found) == 11


def _screens(seat: Seat, path: Path, name: str, replies: tuple[str, ...]) -> Any:
    seat.way.who()
    yield "who"
    seat.stage.click(seat.words("who-go-on"))
    yield "who, nothing typed"
    seat.sit(name)
    seat.way.who()
    seat.stage.wait(0.1)
    yield "who, somebody known"
    seat.begin(script_of(path), pace=2.0)
    seat.until_phase(Phase.PAUSING)
    seat.stage.press("g")
    seat.stage.wait(0.2)
    yield "conversation, listening"
    seat.stage.press("s")
    seat.stage.wait(0.2)
    yield "conversation, protest"
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    yield "conversation, replies"
    seat.stage.press("escape")
    yield "paused"
    seat.stage.click(seat.words("paused-leave"))
    seat.stage.wait(0.1)
    yield "choose"
    seat.way.brief(script_of(path))
    yield "briefing"
    seat.begin(script_of(path), pace=2.0)
    seat.reply(*replies)
    seat.until(lambda: seat.playing.ended)
    yield "ended"
    seat.stage.press("enter")
    yield "debrief"


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
