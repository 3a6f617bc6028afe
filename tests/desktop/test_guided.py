"""The first encounter on the screen: who is invited, how time waits, what is pointed at, and what is told at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.seat import KETTLE, LATE_PARCEL, Seat, script_of, seated
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens import guided
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Interrupted, Listened, StationReached
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.encounter.situation import Phase


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path, [LATE_PARCEL, KETTLE]) as seat:
        seat.sit()
        seat.way.who()
        yield seat


def name(seat: Seat) -> str:
    return type(seat.screen).__name__


def plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def welcome(seat: Seat) -> None:
    """Somebody has sat down."""
    seat.way.who()
    seat.way.welcome()
    seat.stage.wait(0.1)


def midway(seat: Seat, *moves: str, heard: bool = False) -> None:
    """In the first encounter after these moves; `heard`: and the customer has finished."""
    script = script_of(KETTLE)
    begun = seat.desk.begin(script, seed=7)
    encounter = rehearse(Encounter(script, seed=7), moves)
    if heard:
        finish_speech(encounter)
    seat.way.converse(seat.desk.play_on(script, begun.attempt, encounter.events))
    seat.stage.wait(0.1)


def begun(seat: Seat, **preferences: object) -> Seat:
    """The first encounter, begun from its invitation."""
    seat.stage.suit(Preferences(**preferences))  # type: ignore[arg-type]
    seat.way.brief(script_of(KETTLE))
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert name(seat) == "Guided"
    return seat


# --- who is invited --------------------------------------------------------------------------------------------------


def test_somebody_new_is_invited_and_begins_with_one_key(seat: Seat) -> None:
    welcome(seat)
    assert name(seat) == "Invitation"
    seat.stage.press("enter")
    assert name(seat) == "Guided"


def test_whoever_skips_is_not_asked_again_and_finds_it_by_choosing_it(seat: Seat) -> None:
    welcome(seat)
    seat.stage.click("Skip")
    assert name(seat) == "Home"
    welcome(seat)
    assert name(seat) == "Home"
    seat.way.brief(script_of(KETTLE))
    assert name(seat) == "Invitation"


def test_whoever_has_played_anything_is_not_asked(seat: Seat) -> None:
    seat.begin(script_of(LATE_PARCEL))
    welcome(seat)
    assert name(seat) == "Home"


def test_where_there_is_no_such_encounter_nobody_is_asked(tmp_path: Path) -> None:
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.sit()
        welcome(seat)
        assert name(seat) == "Home"


def test_text_and_time_can_be_suited_before_it_begins_and_are_kept(seat: Seat) -> None:
    seat.way.suit(seat.desk.learner, Preferences())
    seat.way.brief(script_of(KETTLE))
    seat.stage.click("Larger text")
    seat.stage.click("Untimed")
    kept = seat.desk.preferred(seat.desk.learner)
    assert (kept.text, kept.untimed) == (110, True)
    seat.stage.press("enter")
    assert seat.playing.attempt.untimed
    assert seat.playing.attempt.practice


# --- time waits ------------------------------------------------------------------------------------------------------


def test_at_the_first_pause_time_waits_until_the_key_is_pressed(seat: Seat) -> None:
    begun(seat)
    seat.until(lambda: seat.screen.waits)
    seat.stage.wait(4.0)
    assert seat.playing.situation.phase is Phase.PAUSING
    assert "Press G" in plain(seat.screen.said.text)
    assert "Time waits for you." in seat.stage.frame.texts
    assert any("Press G" in plain(said) for said in seat.stage.announced)
    seat.stage.press("g")
    seat.stage.wait(1.0)
    assert not seat.screen.waits
    assert seat.playing.situation.phase is Phase.SPEAKING
    (station,) = (event for event in seat.playing.events if isinstance(event, StationReached))
    (heard,) = (event for event in seat.playing.events if isinstance(event, Listened))
    assert station.at < heard.at < station.at + 1.2


def test_who_does_nothing_is_not_kept_for_ever(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guided, "LONGEST", 2.0)
    begun(seat)
    seat.until(lambda: seat.screen.waits)
    seat.stage.wait(1.0)
    assert seat.screen.waits
    seat.stage.wait(2.2)
    assert seat.playing.situation.speech.segment > 0


def test_a_pause_of_the_game_does_not_end_the_waiting(seat: Seat) -> None:
    begun(seat)
    seat.until(lambda: seat.screen.waits)
    seat.stage.press("escape")
    seat.stage.wait(2.0)
    seat.stage.press("escape")
    seat.stage.wait(2.0)
    assert seat.screen.waits
    assert seat.playing.situation.phase is Phase.PAUSING


def test_cutting_in_is_tried_in_the_middle_of_a_sentence(seat: Seat) -> None:
    midway(seat, "go-on", "go-on", "nod")
    seat.until(lambda: seat.screen.waits)
    assert seat.playing.situation.phase is Phase.SPEAKING
    assert seat.screen._target is seat.screen.speak
    seat.stage.press("s")
    seat.stage.wait(0.3)
    assert "Look at the face" in seat.screen.said.text
    assert seat.screen._target is seat.screen.face
    assert isinstance(seat.playing.events[-1], Interrupted)
    seat.until(lambda: "begin the sentence again" in seat.screen.said.text)


def test_at_the_replies_time_waits(seat: Seat) -> None:
    midway(seat, "go-on", heard=True)
    seat.until(lambda: seat.screen.waits)
    at = seat.playing.clock.at
    seat.stage.wait(3.0)
    assert (seat.playing.clock.at, seat.playing.situation.phase) == (at, Phase.WAITING)
    assert not seat.screen.patience.shown
    seat.reply("ask-song")
    assert seat.screen.said.text == script_of(KETTLE).stage("story").by_id["ask-song"].reply.why


def test_patience_shows_once_time_runs(seat: Seat) -> None:
    midway(seat, "ask-song", "say-back", heard=True)
    seat.stage.wait(0.5)
    assert not seat.screen.waits
    assert seat.screen.patience.shown
    assert seat.screen._target is seat.screen.patience


def test_other_keys_are_the_ones_that_are_told(seat: Seat) -> None:
    begun(seat, keys={"go-on": "j"})
    seat.until(lambda: seat.screen.waits)
    assert "Press J" in plain(seat.screen.said.text)


def test_the_language_changes_at_once_and_the_guide_goes_on(seat: Seat) -> None:
    begun(seat)
    seat.until(lambda: seat.screen.waits)
    seat.way.speak("fa")
    seat.stage.wait(0.2)
    assert seat.screen.waits
    assert seat.screen.said.text


def test_only_what_the_guide_points_at_stands_out(seat: Seat) -> None:
    begun(seat)
    seat.until(lambda: seat.screen.waits)
    seat.stage.press("g")
    seat.until(lambda: "Press H" in plain(seat.screen.said.text))
    seat.stage.wait(0.4)
    assert [how for how, button in seat.screen.buttons.items() if button.kind == "primary"] == ["nod"]


def test_without_a_clock_the_guide_says_the_same_and_nothing_waits(seat: Seat) -> None:
    begun(seat, untimed=True)
    seat.stage.wait(1.0)
    assert not seat.screen.waits
    assert "Press G" in plain(seat.screen.said.text)
    seat.stage.press("g", "c")
    seat.stage.wait(0.2)
    assert seat.playing.situation.speech.segment == 1


def test_with_less_motion_nothing_swells(seat: Seat) -> None:
    begun(seat, still=True)
    seat.until(lambda: seat.screen.waits)
    seat.stage.wait(0.4)
    assert seat.screen._swelling(seat.stage.now()) == 0.0


# --- the end ---------------------------------------------------------------------------------------------------------


def test_skipping_in_the_middle_leads_home(seat: Seat) -> None:
    begun(seat)
    seat.stage.wait(1.0)
    seat.stage.click("Skip")
    assert name(seat) == "Home"
    assert list(seat.desk.records.attempts()) == []
    welcome(seat)
    assert name(seat) == "Home"


def test_at_the_end_it_is_told_in_words_what_was_done_and_no_points(seat: Seat) -> None:
    midway(seat, "go-on", "go-on", "nod", "interrupt", "ask-song", "say-back", heard=True)
    seat.reply("same-note")
    seat.until(lambda: bool(seat.playing.ended))
    seat.stage.press("enter")
    assert name(seat) == "Closing"
    texts = [plain(text) for text in seat.stage.frame.texts]
    assert "Of 16 pauses you answered 3, with a small word or a nod." in texts
    assert "You cut in once, and Omid Rahimi had to begin the sentence again." in texts
    assert "You said back what you had heard before you decided." in texts
    assert "You took no side before the end." in texts
    assert not any("of 100" in text for text in texts)
    assert list(seat.desk.records.attempts()) == []
    seat.stage.click("Once more")
    assert name(seat) == "Invitation"


def test_from_the_end_the_way_leads_home(seat: Seat) -> None:
    midway(seat, "take-back", "one-more", heard=True)
    seat.reply("two-boxes")
    seat.stage.press("enter")
    texts = [plain(text) for text in seat.stage.frame.texts]
    assert "You never cut in." in texts
    assert "You decided before you had said back what you heard." in texts
    seat.stage.press("enter")
    assert name(seat) == "Home"
