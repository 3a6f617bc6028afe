"""The screens, played on a stage without a window."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from desktop.seat import FACES, GOOD, LATE_PARCEL, Seat, script_of, seated
from servicesim.assessment import wording
from servicesim.assessment.assess import Evidence, PrincipleScore
from servicesim.desktop.desk import Desk
from servicesim.desktop.inputs import (
    KeyPressed,
    PointerMoved,
    PointerPressed,
    PointerReleased,
    Resized,
    Scrolled,
    Typed,
)
from servicesim.desktop.living import CLOSED
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.face import Face
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.self_rating import SelfRating
from servicesim.desktop.screens.who import Who
from servicesim.desktop.scroll import ScrollArea
from servicesim.encounter.edition import preferably_in
from servicesim.encounter.events import Interrupted, Listened, SegmentBegan
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings, Phase
from servicesim.errors import StoreFull


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        yield seat


# --- from the first screen to the last -------------------------------------------------------------------------------


def test_the_keyboard_alone_leads_from_the_first_screen_to_the_debrief_and_on(seat: Seat) -> None:
    seat.way.who()
    seat.stage.write("1042")
    seat.stage.press("tab")
    seat.stage.write("Robin Reed")
    seat.stage.press("enter")
    assert isinstance(seat.screen, Home)
    seat.until(lambda: seat.screen.shelf is not None)
    while not seat.stage.find("The coat that stayed away").states >= {"focused"}:
        seat.stage.press("tab")
    seat.stage.press("enter")
    assert isinstance(seat.screen, Briefing)
    seat.stage.press("enter")
    assert isinstance(seat.screen, Conversation)
    seat.reply(*GOOD)
    seat.until(lambda: seat.playing.ended)
    seat.stage.press("enter")
    assert isinstance(seat.screen, SelfRating)
    seat.stage.press("enter")
    assert isinstance(seat.screen, Debrief)
    seat.stage.press("tab", "enter")
    assert isinstance(seat.screen, Briefing)


def test_the_mouse_alone_leads_from_the_choice_to_the_debrief(seat: Seat) -> None:
    seat.sit()
    seat.way.home()
    seat.until(lambda: seat.screen.shelf is not None)
    seat.stage.click("The coat that stayed away")
    seat.stage.click("Begin")
    for reply in GOOD:
        seat.until_phase(Phase.WAITING)
        words = script_of(LATE_PARCEL).stage(seat.playing.situation.stage.name).by_id[reply].reply.words
        there = next(node.name for node in seat.stage.nodes.walk() if node.role == "button" and node.name[-20:] == words.strip()[-20:])
        seat.stage.click(there)
        seat.stage.wait(0.1)
    seat.stage.click("See how it went")
    seat.stage.click("Show how it went")
    assert isinstance(seat.screen, Debrief)
    seat.stage.click("Choose another")
    seat.until(lambda: seat.screen.shelf is not None)
    assert any(text.startswith("Passed with") for text in seat.stage.frame.texts)


# --- who -------------------------------------------------------------------------------------------------------------


def test_an_id_that_cannot_be_one_is_said_beside_its_field(seat: Seat) -> None:
    seat.way.who()
    seat.stage.write("=1+1")
    seat.stage.press("tab")
    seat.stage.write("Robin")
    seat.stage.click("Continue")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Who)
    assert seat.screen.id.problem.startswith("'=1+1' cannot be a person's id: use letters, digits")
    assert "invalid" in seat.stage.find("Your id").states
    assert seat.problems() == []


def test_nothing_typed_is_asked_for_where_it_is_missing(seat: Seat) -> None:
    seat.way.who()
    seat.stage.click("Continue")
    assert (bool(seat.screen.id.problem), bool(seat.screen.name.problem)) == (True, True)
    assert seat.screen.focus.widget is seat.screen.id
    seat.stage.write("7")
    assert not seat.screen.id.problem


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_id_of_somebody_else_overwrites_nobody(tmp_path: Path, language: str) -> None:
    with seated(tmp_path, [LATE_PARCEL], language=language) as seat:
        seat.sit("Mina Lund")
        seat.desk.person = None
        seat.way.who()
        seat.stage.write("1042")
        seat.stage.press("tab")
        seat.stage.write("Robin Reed")
        seat.stage.press("enter")
        seat.stage.wait(0.1)
        assert isinstance(seat.screen, Who)
        assert seat.desk.person is None
        assert _plain(seat.screen.id.problem) == _plain(seat.words("who-id-taken", id="1042", name="Mina Lund"))
        assert [person.name for person in seat.desk.known()] == ["Mina Lund"]
        assert seat.problems() == []


def test_whoever_types_their_own_id_and_name_again_sits_down_in_their_team(seat: Seat) -> None:
    seat.sit("Mina Lund")
    seat.desk.person = None
    seat.way.who()
    seat.stage.write("1042")
    seat.stage.press("tab")
    seat.stage.write(" mina lund ")
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Home)
    assert seat.desk.person is not None
    assert seat.desk.person.team == "Evening shift"


def test_who_has_played_here_is_picked_with_one_press(seat: Seat) -> None:
    seat.sit("Mina Lund")
    seat.desk.person = None
    seat.way.who()
    seat.stage.wait(0.1)
    seat.stage.click("Mina Lund")
    assert isinstance(seat.screen, Home)
    assert seat.desk.person is not None
    assert seat.desk.person.id == "1042"


def test_the_other_language_is_one_press_away_and_mirrors_the_page(seat: Seat) -> None:
    seat.way.who()
    seat.stage.click("فارسی")
    assert seat.screen.direction == "rtl"
    assert seat.stage.find("شما کی هستید؟").role in ("heading", "window")


# --- home ------------------------------------------------------------------------------------------------------------


def test_an_encounter_with_errors_is_listed_with_what_to_run(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("servicesim: 1\nid: broken\n", encoding="utf-8")
    with seated(tmp_path / "home", [LATE_PARCEL, broken]) as seat:
        seat.sit()
        seat.way.home()
        seat.stage.wait(0.1)
        told = [text for text in seat.stage.frame.texts if "servicesim check" in text]
        assert len(told) == 1
        assert "broken.yaml" in told[0]
        assert "The coat that stayed away" in seat.stage.frame.texts


def test_what_was_left_in_the_middle_comes_first_and_goes_on_there(seat: Seat) -> None:
    seat.begin()
    seat.reply("welcome")
    events = len(seat.playing.events)
    seat.stage.press("escape")
    seat.stage.click("Leave")
    seat.stage.wait(0.1)
    buttons = [node.name for node in seat.stage.nodes.walk() if "focusable" in node.states]
    begin = buttons.index("Continue where you stopped: The coat that stayed away")
    assert buttons[begin:] == ["Continue where you stopped: The coat that stayed away", "Your principles", "The coat that stayed away"]
    seat.stage.click("Continue where you stopped: The coat that stayed away")
    assert isinstance(seat.screen, Conversation)
    assert len(seat.playing.events) >= events
    assert any("Tell me everything" in text for text in seat.stage.frame.texts)


def test_the_card_of_what_was_left_in_the_middle_continues_it(seat: Seat) -> None:
    seat.begin()
    seat.reply("welcome")
    attempt = seat.playing.attempt
    seat.stage.press("escape")
    seat.stage.click("Leave")
    seat.stage.wait(0.1)
    seat.stage.click("The coat that stayed away")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Conversation)
    assert seat.playing.attempt == attempt


def test_a_window_closed_in_mid_sentence_loses_nothing(tmp_path: Path) -> None:
    with seated(tmp_path) as first:
        first.begin()
        first.reply("welcome")
        first.stage.wait(4.0)
        assert first.playing.situation.phase in (Phase.SPEAKING, Phase.PAUSING)
        before, attempt = list(first.playing.events), first.playing.attempt
    with seated(tmp_path) as second:
        second.desk.known_as("1042", "en")
        second.way.converse(second.desk.resume(attempt))
        assert second.playing.events == before
        assert second.playing.clock.at == before[-1].at
        second.reply(*GOOD[1:])
        assert second.playing.ended


def test_a_second_window_is_told_in_one_sentence(tmp_path: Path) -> None:
    with seated(tmp_path, [LATE_PARCEL]) as first, seated(tmp_path, [LATE_PARCEL]) as second:
        first.begin()
        first.stage.wait(1)
        second.desk.known_as("1042", "en")
        second.way.home()
        second.stage.wait(0.1)
        second.stage.click("Continue where you stopped: The coat that stayed away")
        second.stage.wait(0.1)
        assert isinstance(second.screen, Home)
        assert "This attempt is open in another window: go on there, or close it first." in second.stage.frame.texts
        assert second.problems() == []


# --- briefing --------------------------------------------------------------------------------------------------------


def test_speed_and_timing_chosen_before_are_those_that_are_played(seat: Seat) -> None:
    seat.sit()
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.click("Faster")
    seat.stage.click("Faster")
    seat.stage.press("enter")
    seat.stage.press("enter")  # the receiver
    assert (seat.playing.situation.pace, seat.playing.situation.untimed) == (1.5, False)
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.click("Untimed")
    assert "disabled" in seat.stage.find("Faster").states
    seat.stage.click("Begin")
    seat.stage.press("enter")
    assert (seat.playing.situation.untimed, seat.playing.attempt.untimed) == (True, True)


def test_enter_begins_even_from_the_switch_which_only_space_turns(seat: Seat) -> None:
    seat.sit()
    seat.way.brief(script_of(LATE_PARCEL))
    while not seat.stage.find("Untimed").states >= {"focused"}:
        seat.stage.press("tab")
    seat.stage.press("space")
    assert seat.screen.untimed.on
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Conversation)
    assert seat.playing.attempt.untimed


LONG_NAMES = {  # of 40 letters
    "en": "Wilhelmina Featherstonehaugh-Cholmondele",
    "tr": "Ayşegül Nurefşan İpekçioğlu-Karaosmanoğl",
    "az": "Gülnarə Məhəmmədhüseynova-Şirinbəyli qız",
    "fa": "سیدمحمدامین میرحسینی طباطبایی‌نژاد یزدی‌",
    "he": "עלמה־שרה בן־אליעזר גולדשטיין־רוזנבלום-לו",
}


@pytest.mark.parametrize("language", LONG_NAMES)
def test_a_long_name_does_not_hide_the_way_on(tmp_path: Path, language: str) -> None:
    with seated(tmp_path, language=language) as seat:
        seat.sit()
        plain = preferably_in(script_of(LATE_PARCEL), language)
        for name in (plain.scenario.customer.name, LONG_NAMES[language]):
            customer = replace(plain.scenario.customer, name=name)
            seat.way.brief(Script(replace(plain.scenario, customer=customer), plain.principles))
            assert seat.problems() == []
            assert not isinstance(seat.screen._body, ScrollArea)  # all of it is seen at once


@pytest.mark.parametrize("language", ["en", "fa"])
def test_practice_is_chosen_before_and_shown_to_the_end(tmp_path: Path, language: str) -> None:
    with seated(tmp_path, [LATE_PARCEL], language=language) as seat:
        seat.sit()
        seat.way.brief(script_of(LATE_PARCEL))
        seat.stage.click(seat.words("practice"))
        assert not isinstance(seat.screen._body, ScrollArea)  # all of it is seen at once
        assert seat.problems() == []
        seat.stage.press("enter")
        seat.stage.wait(0.3)
        assert seat.playing.attempt.practice
        assert seat.words("practice") in seat.stage.frame.texts
        assert seat.problems() == []
        seat.stage.press("escape")
        assert seat.words("paused-practice") in seat.stage.frame.texts
        seat.stage.press("enter")
        assert isinstance(seat.screen, Conversation)
        playing = seat.playing
        seat.way.debrief(playing)
        seat.stage.press("enter")
        assert seat.words("practice") in seat.stage.frame.texts
        assert seat.problems() == []
        assert seat.desk.shelf().stopped == ()
        seat.stage.click(seat.words("play-again"))
        assert seat.screen.practice.on


def test_the_slowest_and_the_fastest_speech_are_half_and_twice(seat: Seat) -> None:
    seat.sit()
    seat.way.brief(script_of(LATE_PARCEL))
    for _ in range(9):
        seat.stage.click("Slower")
    assert seat.screen.speed == 0.5
    for _ in range(9):
        seat.stage.click("Faster")
    assert seat.screen.speed == 2.0


# --- conversation ----------------------------------------------------------------------------------------------------


def test_speech_appears_as_it_is_spoken_and_go_on_wakes_at_a_pause(seat: Seat) -> None:
    seat.begin()
    seat.stage.wait(0.3)
    assert 0 < seat.screen._speech.upto < len("Hello?")
    assert "disabled" in seat.stage.find("Go on").states
    seat.until_phase(Phase.PAUSING)
    seat.stage.wait(0.2)
    assert seat.screen._speech.upto == len("Hello?")
    assert seat.screen._speech.pausing > 0
    assert "disabled" not in seat.stage.find("Go on").states
    seat.stage.press("g")
    seat.stage.wait(0.1)
    assert isinstance(seat.playing.events[-1], Listened)
    assert "“Go on.”" in seat.stage.frame.texts


def test_replies_come_after_the_speech_and_not_before(seat: Seat) -> None:
    seat.begin()
    seat.stage.press("1", "2", "3")
    assert [node.name for node in seat.stage.nodes.walk() if node.name.startswith("Good morning")] == []
    seat.until_phase(Phase.WAITING)
    seat.stage.settle()
    assert [node.role for node in seat.stage.nodes.walk() if node.name.startswith("Good morning")] == ["button"]


def test_keys_that_mean_nothing_here_do_nothing(seat: Seat) -> None:
    seat.begin()
    before = list(seat.playing.events)
    seat.stage.press("h", "n", "y", "g", "space", "9", "x", "f1", "backspace", "delete", "home")
    assert seat.playing.events == before
    seat.until_phase(Phase.WAITING)
    waiting = seat.playing.events[-1]
    seat.stage.press("9", "8", "s", "space", "x")
    assert seat.playing.events[-1] == waiting


def test_who_is_cut_off_protests_and_says_it_again(seat: Seat) -> None:
    seat.begin()
    seat.stage.wait(3.0)
    seat.stage.press("s")
    seat.stage.wait(0.2)
    assert "You cut in." in seat.stage.frame.texts
    assert "No, you listen to me first." in seat.stage.frame.texts
    assert any(text.endswith(" —") for text in seat.stage.frame.texts)
    seat.until_phase(Phase.SPEAKING)
    assert seat.playing.situation.speech.interruptions == 1
    assert seat.problems() == []


def test_patience_runs_out_visibly_and_in_words(seat: Seat) -> None:
    seat.begin()
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.5)
    assert seat.stage.find("Patience").value == "plenty of time"
    seat.stage.wait(7.8)
    assert seat.stage.find("Patience").value == "not much longer"
    seat.stage.wait(2.5)
    assert "Nobody answers." in seat.stage.frame.texts
    assert "Hello? Oh, wonderful. The tape at least said something." in seat.stage.frame.texts


def test_a_pause_stops_the_clock_and_escape_goes_on(seat: Seat) -> None:
    seat.begin()
    seat.until_phase(Phase.WAITING)
    left = seat.playing.patience(seat.stage.now())
    seat.stage.press("escape")
    seat.stage.wait(60)
    assert "The clock stands still. If you leave, you can continue later from here." in seat.stage.frame.texts
    assert seat.problems() == []
    seat.stage.press("escape")
    assert seat.playing.patience(seat.stage.now()) == pytest.approx(left, abs=0.01)


def test_untimed_play_waits_for_its_key(seat: Seat) -> None:
    seat.begin(untimed=True)
    seat.stage.wait(40)
    assert seat.playing.situation.phase is Phase.PAUSING
    assert seat.playing.situation.speech.segment == 0
    for _ in range(20):
        seat.stage.press("c")
        seat.stage.wait(0.1)
    assert seat.playing.situation.phase is Phase.WAITING
    seat.stage.wait(40)
    assert seat.playing.situation.phase is Phase.WAITING
    assert "Patience" not in seat.stage.frame.texts


def test_the_key_to_let_them_continue_is_true_wherever_the_focus_is(seat: Seat) -> None:
    seat.begin(untimed=True)
    while not seat.stage.find("Cut in").states >= {"focused"}:
        seat.stage.press("tab")
    seat.stage.press("c")
    seat.stage.wait(0.1)
    assert isinstance(seat.playing.events[-2], SegmentBegan)
    assert not any(isinstance(event, Interrupted) for event in seat.playing.events)


def test_untimed_play_shows_no_time_and_says_what_the_customer_waits_for(seat: Seat) -> None:
    seat.begin(untimed=True)
    seat.stage.wait(1)
    assert not any("on the line" in text for text in seat.stage.frame.texts)
    seat.stage.press("g")
    seat.stage.wait(0.1)
    assert "Leyla Karimova waits for “Let them continue”." in map(_plain, seat.stage.frame.texts)
    assert "Listen." not in seat.stage.frame.texts


def test_the_time_on_the_line_stands_when_the_call_is_over(seat: Seat) -> None:
    seat.begin()
    seat.reply(*GOOD)
    seat.until(lambda: seat.playing.ended)
    seat.stage.wait(0.2)
    before = seat.screen.timer.text
    seat.stage.wait(30)
    assert "on the line" in before
    assert seat.screen.timer.text == before


def test_nothing_about_scores_is_shown_while_playing(seat: Seat) -> None:
    seat.begin()
    seat.reply("sorry")
    shown = " ".join(seat.stage.frame.texts)
    assert not any(word in shown for word in ("conduct", "score", "Pass", "points", "trust", "anger"))


@pytest.mark.parametrize("channel", ["in-person", "phone", "chat", "email"])
def test_every_channel_can_be_played_to_its_end(tmp_path: Path, channel: str) -> None:
    with seated(tmp_path) as seat:
        seat.begin(script_of(LATE_PARCEL, channel=channel), pace=2.0)
        names = [node.name for node in seat.stage.nodes.walk() if node.role == "button"]
        assert ("Nod" in names, "Go on" in names) == (channel == "in-person", channel in ("in-person", "phone"))
        assert seat.problems() == []
        seat.reply(*GOOD)
        seat.until(lambda: seat.playing.ended)
        assert seat.problems() == []


# --- saving ----------------------------------------------------------------------------------------------------------


class FailsOnce:
    """A pen whose next stroke finds the disk full."""

    def __init__(self, desk: Desk) -> None:
        self.pen, self.full = desk.pen, False

    def begin(self, *parts):  # type: ignore[no-untyped-def]
        return self.pen.begin(*parts)

    def write(self, *parts):  # type: ignore[no-untyped-def]
        if not self.full:
            return self.pen.write(*parts)
        from servicesim.desktop.pens import done

        self.full = False

        def fail() -> None:
            raise StoreFull("no room is left on the disk: make room there and try again")

        return done(fail)

    def close(self) -> None:
        self.pen.close()


def test_a_reply_that_cannot_be_saved_is_still_open_and_can_be_tried_again(seat: Seat) -> None:
    seat.desk.pen = pen = FailsOnce(seat.desk)  # type: ignore[misc, assignment]
    seat.begin()
    seat.until_phase(Phase.WAITING)
    before, pen.full = list(seat.playing.events), True
    seat.reply("welcome")
    assert seat.playing.events == before
    assert any("No room is left on the disk" in text for text in seat.stage.frame.texts)
    assert seat.problems() == []
    assert "disabled" not in seat.stage.find("Try again").states
    seat.stage.wait(60)
    assert seat.playing.events == before  # the clock stands
    seat.stage.click("Try again")
    seat.reply("welcome")
    assert seat.playing.events[len(before)].reply == "welcome"
    assert not any("No room" in text for text in seat.stage.frame.texts)
    assert seat.desk.records.lines(seat.playing.attempt.id)[len(before)].startswith('{"event":"reply-chosen"')


def test_what_the_clock_brings_is_written_again_too(seat: Seat) -> None:
    seat.desk.pen = pen = FailsOnce(seat.desk)  # type: ignore[misc, assignment]
    seat.begin()
    pen.full = True
    seat.stage.wait(5)
    before = len(seat.playing.events)
    seat.stage.click("Try again")
    seat.stage.wait(0.3)
    assert len(seat.playing.events) > before
    assert len(seat.desk.records.lines(seat.playing.attempt.id)) == len(seat.playing.events)


def test_with_a_pen_on_its_own_thread_nothing_is_shown_before_it_is_written(tmp_path: Path) -> None:
    gate = threading.Event()

    class Slow(FailsOnce):
        def write(self, *parts):  # type: ignore[no-untyped-def]
            from concurrent.futures import ThreadPoolExecutor

            self.thread = ThreadPoolExecutor(1)
            return self.thread.submit(lambda: (gate.wait(10), self.pen.write(*parts).result())[1])

    with seated(tmp_path) as seat:
        seat.begin()
        seat.until_phase(Phase.WAITING)
        seat.desk.pen = slow = Slow(seat.desk)  # type: ignore[misc, assignment]
        seat.playing._pen = slow
        seat.stage.press(seat.number_of("welcome"))
        seat.stage.wait(1.0)
        assert seat.playing.busy
        assert not any(text.startswith("Good morning") and "Robin" in text for text in _bubbles(seat))
        gate.set()
        slow.thread.shutdown(wait=True)
        seat.stage.wait(0.2)
        assert any("Robin" in text for text in _bubbles(seat))


def _bubbles(seat: Seat) -> list[str]:
    return [turn.text for turn in seat.screen._told]


# --- debrief ---------------------------------------------------------------------------------------------------------


def test_the_debrief_tells_both_scores_and_each_broken_moment(seat: Seat) -> None:
    seat.begin()
    seat.reply("sorry", "refund-now")
    seat.until(lambda: seat.playing.situation.phase is Phase.WAITING)
    script = _looks_back(seat).script
    assert "Not passed" in seat.stage.frame.texts
    title = script.principles.principles["hold-the-apology"].title
    names = [node.name for node in seat.stage.nodes.walk()]
    assert title in names
    assert any(name.startswith("“Oh no, eleven days?") for name in map(_plain, names))


def _looks_back(seat: Seat) -> Run:
    """The play so far, and its debrief on the stage."""
    run = Run.of(seat.playing.script, seat.playing.attempt, seat.playing.events)
    seat.way.look_back(run)
    seat.stage.settle()
    return run


@pytest.mark.parametrize("language", ["en", "fa"])
def test_what_was_owed_and_never_done_got_lost(tmp_path: Path, language: str) -> None:
    with seated(tmp_path, [LATE_PARCEL], language=language) as seat:
        seat.begin()
        assessment, script = seat.playing.assessment(), seat.playing.script
        owed = PrincipleScore(Fraction(0), Fraction(0), Fraction(0), True, (Evidence(1.0, None, None, "broken", wording.OWED),))
        judged = replace(assessment, principles={"hold-the-apology": owed})
        seat.stage.go(Debrief(seat.way.words, seat.desk, seat.playing.script, seat.playing.events, judged, print, print))
        seat.stage.settle()
        names = [node.name for node in seat.stage.nodes.walk()]
        assert seat.words("broken-heading") in names
        assert seat.words("kept-heading") not in names
        assert seat.words("owed") in names
        assert seat.way.words.because(wording.OWED, script) in names
        assert seat.words("owed") == {"en": "missed", "fa": "انجام نشد"}[language]


def test_a_pause_without_a_word_is_told_as_that_and_no_more(seat: Seat) -> None:
    seat.begin()
    seat.until_phase(Phase.WAITING)
    run = _looks_back(seat)
    seat.screen.review.look_at(next(number for number, beat in enumerate(seat.screen.review.story.beats) if beat.kind == "pause"))
    names = [node.name for node in seat.stage.nodes.walk()]
    assert not run.assessment.passed
    assert "said nothing at this pause" in names
    assert "said nothing" not in names


def _plain(text: str) -> str:
    return text.replace("\u2068", "").replace("\u2069", "")


def test_many_moments_are_shown_when_asked_for(seat: Seat) -> None:
    seat.begin()
    seat.reply(*GOOD)
    seat.until(lambda: seat.playing.ended)
    seat.stage.press("enter", "enter")
    more = next(node.name for node in seat.stage.nodes.walk() if node.role == "button" and node.name.startswith("Show") and "more" in node.name)
    before = len(list(seat.stage.nodes.walk()))
    while not seat.stage.find(more).states >= {"focused"}:
        seat.stage.press("tab")
    seat.stage.press("enter")
    assert len(list(seat.stage.nodes.walk())) > before
    fewer = next(node for node in seat.stage.nodes.walk() if node.name.startswith("Show fewer"))
    assert "focused" in fewer.states
    seat.stage.press("enter")
    assert "focused" in seat.stage.find(more).states
    assert seat.problems() == []


def test_what_was_kept_opens_and_closes(seat: Seat) -> None:
    seat.begin()
    seat.reply(*GOOD)
    seat.until(lambda: seat.playing.ended)
    seat.stage.press("enter", "enter")
    greet = seat.screen.script.principles.principles["greet-warmly"]
    name = f"Show the moments of “{greet.title}”"
    find = next(node.name for node in seat.stage.nodes.walk() if _plain(node.name) == name)
    assert greet.says not in [node.name for node in seat.stage.nodes.walk()]
    while not seat.stage.find(find).states >= {"focused"}:
        seat.stage.press("tab")
    seat.stage.press("enter")
    assert greet.says in [node.name for node in seat.stage.nodes.walk()]
    assert "focused" in seat.stage.find(seat.words("close-principle", principle=greet.title)).states
    seat.stage.press("enter")
    assert "focused" in seat.stage.find(find).states
    assert greet.says not in [node.name for node in seat.stage.nodes.walk()]


def test_a_new_size_in_the_middle_of_a_sentence_changes_nothing_but_the_size(seat: Seat) -> None:
    seat.begin()
    seat.stage.wait(1)
    seat.stage.press(Resized((1000, 600)), PointerMoved((10, 10)))
    seat.stage.wait(1)
    assert seat.stage.size == (1000, 600)
    assert seat.problems() == []


def test_the_mood_of_the_face_changes_gently_and_comes_to_rest() -> None:
    angry, pleased = Feelings(70, 35, 1, 3), Feelings(70, 95, 4, 0)
    face = Face(FACES, "leyla", angry, name="Leyla", width=32, height=35)
    face.live(10.0, angry, mouth=CLOSED)
    assert face.settled
    seen = []
    for step in range(40):
        face.live(20.0 + step / 20, pleased, mouth=CLOSED)
        seen.append(face.mood.valence)
        if step < 3:
            assert not face.settled
    assert seen == sorted(seen)
    assert len(set(seen)) > 5
    assert face.settled


def test_the_focus_stays_on_a_button_while_the_conversation_goes_on(seat: Seat) -> None:
    seat.begin()
    while not seat.stage.find("Go on").states >= {"focused"}:
        seat.until_phase(Phase.PAUSING)
        seat.stage.press("tab")
    seat.until_phase(Phase.SPEAKING)
    seat.until_phase(Phase.WAITING)
    assert "focused" in seat.stage.find("Go on").states


def test_random_gestures_never_raise(seat: Seat) -> None:
    chance = random.Random(20261122)
    keys = ["tab", "enter", "space", "escape", "up", "down", "left", "right", "pagedown", "home", *"123456789ghynsx", "backspace"]
    seat.sit()
    seat.way.who()
    for _ in range(800):
        at = (chance.randrange(1280), chance.randrange(720))
        gesture = chance.choice([
            KeyPressed(chance.choice(keys), shift=chance.random() < 0.2), PointerMoved(at), PointerPressed(at),
            PointerReleased(at), Typed(chance.choice("aب1=")), Scrolled(at, chance.choice([-3, 3])), None,
        ])  # fmt: skip
        if gesture is None:
            seat.stage.wait(chance.choice([0.1, 1.0, 4.0]))
        else:
            seat.stage.press(gesture)
    assert seat.problems() == []
