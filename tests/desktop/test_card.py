"""A teaching card is one key away from what got lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.seat import LATE_PARCEL, Seat, script_of, seated
from servicesim.assessment.assess import assess
from servicesim.desktop.looking_back import Run
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens.card import TeachingCard
from servicesim.desktop.screens.debrief import Debrief
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import finish_speech, rehearse


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """Somebody before a debrief in which several principles got lost."""
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.sit()
        script = script_of(LATE_PARCEL)
        encounter = Encounter(script, seed=7)
        for reply in ("sorry", "refund-now"):
            finish_speech(encounter)
            rehearse(encounter, [reply])
        seat.way.look_back(Run(script, None, encounter.events, assess(script, encounter.events), done=True))
        seat.stage.settle()
        yield seat


def names(seat: Seat) -> list[str]:
    return [node.name.replace("\u2068", "").replace("\u2069", "") for node in seat.stage.nodes.walk()]


def test_the_key_opens_the_card_of_what_got_lost_first_and_closes_it(seat: Seat) -> None:
    first = seat.screen.run.worst_first[0]
    principle = seat.screen.script.principles.principles[first]
    seat.stage.press("k")
    assert isinstance(seat.screen, TeachingCard)
    assert {principle.title, principle.says, principle.why, principle.card} <= set(names(seat))
    assert f"From the sources: {', '.join(principle.source)}" in names(seat)
    seat.stage.press("k")
    assert isinstance(seat.screen, Debrief)


def test_the_arrows_go_through_what_got_lost_and_round(seat: Seat) -> None:
    lost = seat.screen.run.worst_first
    titles = [seat.screen.script.principles.principles[name].title for name in lost]
    assert len(lost) > 2
    seat.stage.press("k", "right")
    assert seat.screen.title == titles[1]
    assert f"2 of {len(lost)}" in names(seat)
    seat.stage.press("left", "left")
    assert seat.screen.title == titles[-1]
    seat.stage.click("Next")
    assert seat.screen.title == titles[0]


def test_the_key_means_the_principle_at_which_the_focus_is(seat: Seat) -> None:
    third = seat.screen.run.worst_first[2]
    title = seat.screen.script.principles.principles[third].title
    wanted = next(node.name for node in seat.stage.nodes.walk() if node.role == "button" and "Teaching card" in node.name and title in node.name)
    while not seat.stage.find(wanted).states >= {"focused"}:
        seat.stage.press("tab")
    seat.stage.press("k")
    assert seat.screen.title == title


def test_a_button_leads_to_it_too(seat: Seat) -> None:
    title = seat.screen.script.principles.principles[seat.screen.run.worst_first[1]].title
    seat.stage.click(next(node.name for node in seat.stage.nodes.walk() if node.name.startswith("Teaching card") and title in node.name))
    assert seat.screen.title == title


def test_the_key_is_the_one_that_somebody_chose(seat: Seat) -> None:
    seat.stage.suit(Preferences(keys={"card": "t"}))
    seat.stage.press("k")
    assert isinstance(seat.screen, Debrief)
    seat.stage.press("t")
    assert isinstance(seat.screen, TeachingCard)
    seat.stage.press("t")
    assert isinstance(seat.screen, Debrief)


def test_the_lesson_about_friends_is_beside_what_they_hear(seat: Seat) -> None:
    seat.stage.click(next(node.name for node in seat.stage.nodes.walk() if "What friends get to hear" in node.name))
    assert seat.screen.title == "What friends get to hear"
    assert "From the sources: A4, A5" in names(seat)
    assert "Next" not in names(seat)
    seat.stage.press("escape")
    assert isinstance(seat.screen, Debrief)


def test_a_fail_says_what_it_means(seat: Seat) -> None:
    assert any(name.startswith("Not passed means: not yet.") for name in names(seat))
