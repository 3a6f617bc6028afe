"""The widest scenes of every translation, in the window: nothing is cut, nothing overlaps, at the usual size and at 200 %."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.seat import Seat, seated
from editions_shipped import TRANSLATIONS, edition
from servicesim.desktop.preferences import Preferences
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script, Stage
from servicesim.encounter.transcript import to_lines
from servicesim.errors import NotOffered

LANGUAGES = sorted({language for _, language in TRANSLATIONS})


def widest(script: Script) -> Stage:
    """The scene with the most to show at once: what the customer says last, and the replies."""

    def letters(stage: Stage) -> int:
        return max(map(len, stage.lines[0].segments)) + sum(len(option.reply.words) for option in stage.options)

    return max(script.stages, key=letters)


def spoken_out(script: Script) -> tuple[str, ...]:
    """What has happened when the customer has said everything and waits."""
    encounter = Encounter(script, seed=7)
    with suppress(NotOffered):
        while True:
            rehearse(encounter, ["."])
    return tuple(to_lines(encounter.events))


def show(seat: Seat, script: Script) -> None:
    """Be in the conversation at that moment."""
    opened = seat.desk.begin(script, seed=7)
    seat.desk.records.begin(opened.attempt, spoken_out(script))
    seat.way.converse(replace(opened, lines=spoken_out(script)))
    seat.stage.settle()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_widest_scene_of_each_encounter_has_no_defect(tmp_path: Path, language: str) -> None:
    found: dict[str, list[str]] = {}
    with seated(tmp_path, language=language) as seat:
        seat.sit("Robin Reed")
        for name in [name for name, told in TRANSLATIONS if told == language]:
            script = edition(name, language)
            if script is None:
                continue  # not translated whole yet
            scene = widest(script)
            there = Script(replace(script.scenario, start=scene.name), script.principles)
            seat.stage.suit(Preferences(text=100))
            show(seat, there)
            found[f"{name}/{scene.name}"] = seat.problems()
            seat.stage.suit(Preferences(text=200))
            found[f"{name}/{scene.name} at 200 %"] = seat.problems()
            seat.desk.let_go(seat.playing.attempt.id)
    assert {where: defects for where, defects in found.items() if defects} == {}
