"""What the guide says at each moment: a pure function of what was written and what has happened."""

from __future__ import annotations

import pytest

from desktop.seat import KETTLE, script_of
from servicesim.desktop.guide import Done, Hint, done, hint_at, lessons, met
from servicesim.desktop.wording_en import ENGLISH
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.encounter.script import Script

SCRIPT = script_of(KETTLE)


def hint(encounter: Encounter, after: float = 0.0) -> Hint | None:
    """What is said so many seconds after the last event."""
    encounter.advance(encounter.at + after)
    return hint_at(encounter.script, encounter.events, encounter.situation, encounter.at)


def key(encounter: Encounter, after: float = 0.0) -> str:
    said = hint(encounter, after)
    return "" if said is None else said.key


def to_pause(encounter: Encounter, part: int) -> Encounter:
    """Listen in silence until the pause after this part, counted from 1."""
    while encounter.situation.speech is None or encounter.situation.speech.stations < part:
        assert step(encounter)
    return encounter


def step(encounter: Encounter) -> bool:
    """Let the next thing come by itself; False if nothing does."""
    at = rules.due_at(encounter.situation)
    return at is not None and bool(encounter.advance(at))


def begun(*moves: str, untimed: bool = False) -> Encounter:
    return rehearse(Encounter(SCRIPT, untimed=untimed), moves)


def test_lessons_are_told_once_and_in_their_order() -> None:
    assert lessons(SCRIPT) == ("go-on", "nod", "interrupt", "no-side", "choose", "summarise", "patience")
    encounter = begun()
    assert met(SCRIPT, encounter.events) == ("go-on",)
    assert met(SCRIPT, to_pause(encounter, 3).events) == ("go-on", "nod")
    finish_speech(encounter)
    assert met(SCRIPT, encounter.events) == ("go-on", "nod", "interrupt", "no-side", "choose")


def test_at_the_first_pause_time_waits_for_a_small_word() -> None:
    encounter = to_pause(begun(), 1)
    said = hint(encounter)
    assert said is not None
    assert (said.key, said.at, said.holds) == ("guide-go-on", "go-on", encounter.situation.since + 0.5)
    encounter.listen("go-on", encounter.at + 0.6)
    assert hint(encounter) == Hint("guide-did-go-on")


@pytest.mark.parametrize(("how", "told"), [("go-on", "guide-in-time"), ("nod", "guide-in-time"), ("yes", "guide-did-yes"), ("no", "guide-did-no")])
def test_what_is_done_at_a_pause_is_answered(how: str, told: str) -> None:
    encounter = to_pause(begun("go-on"), 2)
    assert key(encounter) == "guide-now"
    encounter.listen(how, encounter.at + 0.3)  # type: ignore[arg-type]
    assert key(encounter) == told


def test_a_pause_that_went_by_is_no_matter() -> None:
    encounter = to_pause(begun("go-on"), 2)
    assert key(encounter, 1.4) == "guide-missed"


def test_in_the_middle_of_a_sentence_one_may_cut_in_and_sees_what_it_does() -> None:
    encounter = to_pause(begun("go-on", "go-on", "nod"), 3)
    encounter.advance(encounter.at + 1.2)
    before = hint(encounter)
    assert before is not None
    assert (before.key, before.holds is not None) == ("guide-did-nod", True)
    middle = hint_at(SCRIPT, encounter.events, encounter.situation, before.holds or 0.0)
    assert middle == Hint("guide-interrupt", at="interrupt", holds=before.holds)
    encounter.interrupt(before.holds or 0.0)
    assert hint(encounter) == Hint("guide-cut-in", at="face")
    encounter.advance(encounter.at + 3)
    assert hint(encounter) == Hint("guide-cut-in-asked", at="face")


def test_whoever_would_rather_not_cut_in_is_praised() -> None:
    assert key(to_pause(begun("go-on", "go-on", "nod"), 4)) == "guide-not-cut"


def test_cutting_in_unasked_is_told_as_such() -> None:
    encounter = begun()
    encounter.interrupt(0.4)
    encounter.advance(2.8)
    assert key(encounter) == "guide-cut-in-unasked"


@pytest.mark.parametrize(("how", "told"), [("yes", "guide-did-yes"), ("no", "guide-did-no"), ("go-on", "guide-kept-out"), (None, "guide-said-nothing")])
def test_a_question_before_the_end_shows_what_takes_a_side(how: str | None, told: str) -> None:
    encounter = to_pause(begun(), 8)
    said = hint(encounter)
    assert said is not None
    assert (said.key, said.at) == ("guide-no-side", "listening")
    if how is not None:
        encounter.listen(how, encounter.at + 0.3)  # type: ignore[arg-type]
    assert key(encounter, 1.3) == told


def test_replies_wait_and_their_why_is_told() -> None:
    encounter = begun()
    finish_speech(encounter)
    assert hint(encounter) == Hint("guide-choose", at="answers", holds=encounter.situation.since)
    rehearse(encounter, ["take-back"])
    assert hint(encounter) == Hint(text=SCRIPT.stage("story").by_id["take-back"].reply.why or "")
    finish_speech(encounter)
    assert hint(encounter) == Hint("guide-summarise", at="answers", holds=encounter.situation.since)
    rehearse(encounter, ["say-back"])
    finish_speech(encounter)
    assert hint(encounter) == Hint("guide-patience", at="patience")
    rehearse(encounter, ["silence"])
    assert key(encounter) == "guide-silence"
    rehearse(encounter, ["wrap-them"])
    assert hint(encounter) == Hint(text=SCRIPT.stage("exactly").by_id["wrap-them"].reply.why or "")


def test_without_a_clock_nothing_needs_to_wait_in_a_sentence() -> None:
    encounter = begun("go-on", "go-on", "nod", untimed=True)
    encounter.move_on(encounter.at)
    assert hint(encounter) == Hint("guide-interrupt", at="interrupt")
    rehearse(encounter, ["take-back", "say-back"])
    finish_speech(encounter)
    assert hint(encounter) == Hint("guide-no-clock")


def test_all_that_can_be_said_has_words() -> None:
    keys = {"guide-begin", "guide-alone", "guide-again", "guide-missed", "guide-did-nod"}
    for moves in ((), ("go-on", "go-on", "nod", "interrupt"), ("ask-song",), ("ask-song", "say-back"), ("ask-song", "one-more")):
        encounter = begun(*moves)
        keys.add(key(encounter))
        while step(encounter):
            keys.add(key(encounter))
    assert {one for one in keys if one} <= set(ENGLISH)


@pytest.mark.parametrize("script", [SCRIPT])
def test_what_was_done_is_counted(script: Script) -> None:
    assert done(script, begun("go-on", "nod", "yes", "interrupt", "silence", "ask-song", "say-back", "go-on", "same-note").events) == Done(
        pauses=16, answered=3, sides=1, cuts=1, silences=1, summarised=True
    )
    assert done(script, begun("take-back", "one-more", "two-boxes").events) == Done(
        pauses=15, answered=0, sides=0, cuts=0, silences=0, summarised=False
    )
