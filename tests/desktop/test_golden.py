"""Golden moments: taken, missed, or never there; and what would have taken them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.seat import GOOD, LATE_PARCEL, Seat, script_of, seated
from servicesim.assessment.assess import assess
from servicesim.desktop.golden import golden_moments
from servicesim.desktop.looking_back import Run
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.encounter.script import Script

MISSED = (*GOOD[:5], "refund", "own-up")


def played(script: Script, *replies: str) -> Encounter:
    encounter = Encounter(script, seed=7)
    for reply in replies:
        finish_speech(encounter)
        rehearse(encounter, [reply])
    return encounter


@pytest.fixture(scope="module")
def script() -> Script:
    """The late parcel."""
    return script_of(LATE_PARCEL)


def reply_at(encounter: Encounter, number: int | None) -> str:
    assert number is not None
    event = encounter.events[number]
    assert isinstance(event, ReplyChosen)
    return event.reply


def test_a_moment_that_was_taken_says_by_what(script: Script) -> None:
    encounter = played(script, *GOOD)
    (golden,) = golden_moments(script, encounter.events)
    assert (golden.scene, golden.taken, golden.would) == ("remedy", True, None)
    assert reply_at(encounter, golden.answer) == "courier-today"


def test_a_moment_that_was_missed_says_what_would_have_taken_it(script: Script) -> None:
    encounter = played(script, *MISSED)
    (golden,) = golden_moments(script, encounter.events)
    assert golden.taken is False
    assert reply_at(encounter, golden.answer) == "refund"
    assert golden.would in ("courier-today", "put-aside")


def test_later_is_not_too_late(script: Script) -> None:
    encounter = played(script, *GOOD[:5], "promise-big", "take-back")
    (golden,) = golden_moments(script, encounter.events)
    assert golden.taken
    assert reply_at(encounter, golden.answer) == "take-back"


def test_what_is_left_unanswered_was_missed(script: Script) -> None:
    encounter = played(script, *GOOD[:5])
    finish_speech(encounter)
    (golden,) = golden_moments(script, encounter.events)
    assert (golden.taken, golden.answer) == (False, None)
    assert golden.would in ("courier-today", "put-aside")


def test_where_none_came_up_there_is_none(script: Script) -> None:
    assert golden_moments(script, played(script, *GOOD[:4]).events) == []


def test_it_is_told_too_where_the_encounter_is_about_other_things() -> None:
    script = script_of(LATE_PARCEL, learn=("hold-the-apology",))
    encounter = played(script, *GOOD)
    assert assess(script, encounter.events).principles.get("seize-the-golden-moment") is None
    assert [golden.taken for golden in golden_moments(script, encounter.events)] == [True]


def test_what_no_principle_asks_for_is_not_told(script: Script) -> None:
    others = {name: one for name, one in script.principles.principles.items() if name != "seize-the-golden-moment"}
    bare = Script(replace(script.scenario, learn=()), replace(script.principles, principles=others))
    assert golden_moments(bare, played(bare, *GOOD).events) == []


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """Somebody at the desk."""
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.sit()
        yield seat


def shown(seat: Seat, script: Script, *replies: str) -> list[str]:
    encounter = played(script, *replies)
    seat.way.look_back(Run(script, None, encounter.events, assess(script, encounter.events), done=True))
    seat.stage.settle()
    return [node.name.replace("\u2068", "").replace("\u2069", "") for node in seat.stage.nodes.walk()]


def test_the_debrief_has_a_card_of_its_own_for_it(seat: Seat, script: Script) -> None:
    taken = shown(seat, script, *GOOD)
    assert any(name.startswith("A golden moment") for name in taken)
    assert "Taken" in taken
    assert "Would have taken it" not in taken
    missed = shown(seat, script, *MISSED)
    assert {"Missed", "Would have taken it"} <= set(missed)
    assert any(name.startswith("“It isn't.") for name in missed)


def test_the_debrief_says_nothing_where_there_was_none(seat: Seat, script: Script) -> None:
    assert not any(name.startswith("A golden moment") for name in shown(seat, script, "sorry"))


def test_one_that_was_taken_later_is_told_with_what_was_replied_first(seat: Seat, script: Script) -> None:
    told = shown(seat, script, *GOOD[:5], "promise-big", "take-back")
    card = told[next(place for place, name in enumerate(told) if name.startswith("A golden moment")) :]
    said = [next(place for place, name in enumerate(card) if name.startswith(begins)) for begins in ("“What would help", "“Gone?", "“Within the hour", "“Nothing yet")]
    assert said == sorted(said)
