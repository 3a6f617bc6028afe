"""What the customer tells a friend: the words of the ending, by its outcome, or what anyone would say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.seat import GOOD, LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim.assessment.assess import Outcome, assess
from servicesim.desktop.estimate import returns
from servicesim.desktop.looking_back import Run
from servicesim.desktop.mood import AT_THE_END
from servicesim.desktop.screens.friend import SpeechBubble, friend_card
from servicesim.desktop.screens.headline import Headline
from servicesim.desktop.screens.sign import Portrait
from servicesim.desktop.wording import words_in
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.scenario.model import Tells


@pytest.fixture(scope="module")
def seat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seat]:
    """Somebody at the desk."""
    with seated(tmp_path_factory.mktemp("friend"), [LATE_PARCEL]) as seat:
        seat.sit()
        yield seat


def run_of(path: Path = LATE_PARCEL, replies: tuple[str, ...] = GOOD, outcome: Outcome | None = None, tells: Tells | None = None) -> Run:
    script = script_of(path)
    encounter = Encounter(script, seed=7)
    for reply in replies:
        finish_speech(encounter)
        rehearse(encounter, [reply])
    assessment = assess(script, encounter.events)
    if tells is not None:
        assert assessment.ending is not None
        ending = replace(script.ending(assessment.ending), tells=tells)
        script = script_of(path, endings={**script.scenario.endings, assessment.ending: ending})
    return Run(script, None, encounter.events, replace(assessment, outcome=outcome or assessment.outcome))


def told(run: Run, seat: Seat) -> tuple[str, Portrait]:
    """What is said, and who says it."""
    card = friend_card(words_in("en"), run, "Robin", seat.desk.faces)
    bubble = next(widget for widget in card.walk() if isinstance(widget, SpeechBubble))
    portrait = next(widget for widget in card.walk() if isinstance(widget, Portrait))
    return bubble.children[0].name.replace("\u2068", "").replace("\u2069", ""), portrait


@pytest.mark.parametrize("outcome", ["delighted", "satisfied", "dissatisfied"])
def test_each_outcome_has_its_words_and_its_face(outcome: Outcome, seat: Seat) -> None:
    run = run_of(outcome=outcome)
    said, portrait = told(run, seat)
    tells = run.script.ending("reconciled").tells
    assert tells is not None
    assert said == f"“{tells.after(outcome)}”"
    assert portrait.mood == AT_THE_END[outcome]


def test_names_are_put_in(seat: Seat) -> None:
    run = run_of(tells=Tells(say="{trainee} of {company} knew."))
    assert told(run, seat)[0] == "“Robin of Nova Stores knew.”"


@pytest.mark.parametrize("outcome", ["delighted", "satisfied", "dissatisfied"])
def test_without_words_of_its_own_it_is_told_in_general_ones(outcome: Outcome, seat: Seat) -> None:
    for run in (run_of(tells=Tells(), outcome=outcome), replace_ending(run_of(outcome=outcome))):
        assert told(run, seat)[0] == "“{}”".format(words_in("en")(f"friend-said-{outcome}"))


def replace_ending(run: Run) -> Run:
    """The same, broken off before an end."""
    return Run(run.script, None, run.events, replace(run.assessment, ending=None))


def test_whoever_leaves_all_the_same_does_not_smile(seat: Seat) -> None:
    failed = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "all-done")
    run = run_of(replies=failed, outcome="delighted")
    said, portrait = told(run, seat)
    assert "So I cancelled." in said
    assert portrait.mood.valence < 0


def test_a_persian_bubble_is_read_from_right_to_left_on_an_english_page(seat: Seat) -> None:
    script = script_of(PERSIAN)
    encounter = Encounter(script, seed=7)
    name = next(iter(script.scenario.endings))
    ending = replace(script.ending(name), tells=Tells(say="گوش دادند."))
    script = script_of(PERSIAN, endings={**script.scenario.endings, name: ending})
    run = Run(script, None, encounter.events, replace(assess(script, encounter.events), ending=name))
    card = friend_card(words_in("en"), run, "Robin", seat.desk.faces)
    bubble = next(widget for widget in card.walk() if isinstance(widget, SpeechBubble))
    assert bubble.children[0].direction == "rtl"  # type: ignore[attr-defined]


@pytest.mark.parametrize("outcome", ["delighted", "satisfied"])
def test_after_a_bad_ending_nobody_is_said_to_be_back(outcome: Outcome, seat: Seat) -> None:
    failed = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "all-done")
    run, words = run_of(replies=failed, outcome=outcome), words_in("en")
    assert not returns(run.script, run.assessment)
    head = {widget.name for widget in Headline(words, run, "Robin", seat.desk.faces).customer().walk()}
    assert words("does-leaves") in head
    assert words(f"does-{outcome}") not in head
    friend = {widget.name for widget in friend_card(words, run, "Robin", seat.desk.faces).walk()}
    assert words("friend-leaves") in friend


def test_whoever_was_content_is_said_to_be_back(seat: Seat) -> None:
    run, words = run_of(outcome="satisfied"), words_in("en")
    assert returns(run.script, run.assessment)
    assert words("does-satisfied") in {widget.name for widget in Headline(words, run, "Robin", seat.desk.faces).customer().walk()}
