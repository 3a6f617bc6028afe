"""A replay shows what the conversation showed, stops at each event, and changes nothing that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import LATE_PARCEL, Seat, script_of, seated
from servicesim.desktop.inputs import KeyPressed, PointerMoved, PointerPressed, PointerReleased
from servicesim.desktop.looking_back import Run
from servicesim.desktop.playback import LONGEST_WAIT, REST, Playback
from servicesim.desktop.playing import keep_texts, new_attempt
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.furnished import CHANNELS
from servicesim.desktop.screens.replay import Replay
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Ended, Event, Interrupted, Listened, ReplyChosen, SpeechBegan, StationReached
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase

MOVES = (
    "go-on", "welcome", "go-on", "may-i-ask", "interrupt", "facts", "yes", "summarise", "own-it", "silence", "courier-today",
    "thank-her",
)  # fmt: skip
WRITTEN = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her")


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """A small window, in which pictures are drawn sooner."""
    with seated(tmp_path, [LATE_PARCEL], size=(800, 450)) as seat:
        seat.sit()
        yield seat


@cache
def late_parcel(channel: str = "phone") -> Script:
    return script_of(LATE_PARCEL, channel=channel)


def played(script: Script, moves: tuple[str, ...] = MOVES, **how: Any) -> list[Event]:
    encounter = Encounter(script, seed=7, **how)
    rehearse(encounter, moves)
    return encounter.events


def replayed(seat: Seat, script: Script | None = None, moves: tuple[str, ...] = MOVES, number: int | None = None, **how: Any) -> Replay:
    """The replay of a play by these moves, on the stage."""
    script = script or late_parcel()
    attempt = new_attempt(script, seat.desk.learner, seed=7, **how)
    seat.way.replay(Run.of(script, attempt, played(script, moves, **how)), number)
    seat.stage.settle()
    assert isinstance(seat.screen, Replay)
    return seat.screen


def number_of(replay: Replay, kind: type, nth: int = 0) -> int:
    return [number for number, event in enumerate(replay.run.events) if isinstance(event, kind)][nth]


# --- the same as was played ------------------------------------------------------------------------------------------


def test_what_stands_on_the_screen_is_what_stood_there_in_the_conversation(seat: Seat) -> None:
    """Played by keys; at each picture the same turns, heard as far, with the same feelings and replies."""
    seat.begin(pace=3.0)
    seen = []

    def look() -> None:
        screen, playing = seat.screen, seat.playing
        if not playing.busy:
            now = seat.stage.now()
            offered = [option.reply.id for option in rules.offered(playing.situation)]
            seen.append((len(playing.events), playing.clock.now(now), list(screen._told), screen._glimpse(now).upto, playing.situation, offered))

    def wait_until(ready: Callable[[], bool]) -> None:
        while not ready():
            seat.stage.wait(0.5)
            look()

    for move in ("g", "welcome", "g", "may-i-ask", "s", "facts", "summarise", "own-it", "courier-today", "thank-her"):
        phase = {"g": Phase.PAUSING, "s": Phase.SPEAKING}.get(move, Phase.WAITING)
        wait_until(lambda phase=phase: seat.playing.situation.phase is phase)
        seat.stage.press(move if len(move) == 1 else seat.number_of(move))
        look()
    wait_until(lambda: seat.playing.ended)
    playback = Playback(seat.screen.script, seat.playing.events, "Robin Reed")
    assert {type(event) for event in seat.playing.events} >= {Interrupted, Listened, StationReached, Ended}
    stops = {stop.number for stop in playback.stops}
    compared = [look for look in seen if look[0] in stops]  # one does not stop between what came in the same moment
    for number, at, told, upto, situation, offered in compared:
        time = time_at(playback, number, at)
        glimpse = playback.glimpse(time)
        assert (list(glimpse.turns), glimpse.situation) == (told, situation)
        assert glimpse.situation.ended or glimpse.upto == upto
        assert [option.reply.id for option in playback.choices(time)[0]] == offered
    assert len(compared) > 30
    assert list(playback.glimpse(playback.end).turns) == seen[-1][2]


def time_at(playback: Playback, number: int, at: float) -> float:
    """The replay's time at which so many events have happened, and the encounter's clock is there."""
    stop = next(stop for stop in playback.stops if stop.number == number)
    gone = min(0.999999, (at - stop.at) / stop.lasts) * stop.runs if stop.lasts else 0.0
    return stop.starts + (stop.rests + gone if gone else 0.0)


@pytest.mark.parametrize(("channel", "untimed"), [*((channel, False) for channel in CHANNELS), ("phone", True)])
def test_each_channel_is_played_back_from_beginning_to_end(seat: Seat, channel: str, untimed: bool) -> None:
    moves = WRITTEN if channel in ("chat", "email") else MOVES if not untimed else tuple(move for move in MOVES if move != "silence")
    replay = replayed(seat, late_parcel(channel), moves, untimed=untimed)
    assert [type(channel) for channel in [replay.board.channel]] == [CHANNELS[channel]]
    seat.stage.press("space")
    seat.stage.wait(1.0)
    seat.stage.press("space", *(["right"] * len(replay.playback.stops)))
    assert replay.time == replay.playback.end
    assert replay.playback.glimpse(replay.time).situation.ended
    assert seat.problems() == []


# --- time ------------------------------------------------------------------------------------------------------------


def test_a_long_wait_is_shortened_and_a_reply_is_rested_at() -> None:
    script = late_parcel()
    encounter = Encounter(script, seed=7)
    finish_speech(encounter)
    ready = encounter.situation.since
    encounter.reply("welcome", ready + 8.0)
    playback = Playback(script, encounter.events, "Robin")
    waits, replied, _ = playback.stops[-3:]
    assert (waits.lasts, waits.runs) == (pytest.approx(8.0, abs=0.01), LONGEST_WAIT)
    assert (replied.rests, replied.runs) == (REST, 0.0)
    half = waits.starts + LONGEST_WAIT / 2
    assert playback.clock(half) == pytest.approx(ready + 4.0, abs=0.01)


def test_one_can_stop_after_each_event_that_is_something_of_its_own() -> None:
    script = late_parcel()
    events = played(script)
    playback = Playback(script, events, "Robin")
    between = [type(events[number - 1]) for number in set(range(1, len(events) + 1)) - {stop.number for stop in playback.stops}]
    assert {kind.__name__ for kind in between} <= {"Began", "SpeechEnded"}
    assert [stop.starts for stop in playback.stops] == sorted({stop.starts for stop in playback.stops})


# --- what one can do -------------------------------------------------------------------------------------------------


def test_space_plays_and_stops_and_the_end_stops_by_itself(seat: Seat) -> None:
    replay = replayed(seat)
    seat.stage.press(*(["right"] * len(replay.playback.stops)), "left", "space")
    seat.until(lambda: not replay.running)
    assert replay.time == replay.playback.end
    replay.step("begin")
    seat.stage.press("space")
    seat.stage.wait(2.0)
    assert replay.running
    assert replay.time == pytest.approx(2.0, abs=0.3)
    seat.stage.press("space")
    here = replay.time
    seat.stage.wait(2.0)
    assert (replay.running, replay.time) == (False, here)


def test_standing_before_the_first_word_dots_tell_that_somebody_is_about_to_speak(seat: Seat) -> None:
    replay = replayed(seat)
    assert (replay.board.speech.upto, replay.board.speech.pausing) == (0, 0.0)
    seat.stage.press("space")
    seat.stage.wait(0.3)
    assert replay.board.speech.upto > 0
    assert replay.board.speech.pausing is None


@pytest.mark.parametrize(("channel", "shown"), [("phone", True), ("email", False)])
def test_letters_have_no_clock(seat: Seat, channel: str, shown: bool) -> None:
    assert replayed(seat, late_parcel(channel), WRITTEN).clock.shown is shown


def test_speed_goes_from_a_half_to_four_times(seat: Seat) -> None:
    replay = replayed(seat)
    seat.stage.click(seat.words("slower"))
    assert (replay.speed, replay.slower.enabled) == (0.5, False)
    for _ in range(3):
        seat.stage.click(seat.words("faster"))
    assert (replay.speed, replay.faster.enabled) == (4.0, False)
    seat.stage.press("space")
    seat.stage.wait(1.0)
    assert replay.time == pytest.approx(4.0, abs=0.9)


def test_arrows_step_from_event_to_event_and_with_shift_from_verdict_to_verdict(seat: Seat) -> None:
    replay = replayed(seat)
    starts = [stop.starts for stop in replay.playback.stops]
    seat.stage.press("right", "right", "right")
    assert replay.time == starts[3]
    seat.stage.press("left")
    assert replay.time == starts[2]
    seat.stage.press(KeyPressed("right", shift=True))
    assert replay.time == next(mark.time for mark in replay.marks if mark.time > starts[2])
    seat.stage.press("tab", "tab")
    seat.stage.press("end")
    while seat.screen.focus.widget is not replay.bar:
        seat.stage.press("tab")
    seat.stage.press("end")
    assert replay.time == replay.playback.end
    seat.stage.press("home")
    assert replay.time == 0.0


def test_arrows_point_along_the_line_where_one_reads_from_the_right(tmp_path: Path) -> None:
    with seated(tmp_path, [LATE_PARCEL], language="fa") as seat:
        seat.sit()
        replay = replayed(seat)
        seat.stage.press("left", "left")
        assert replay.time == replay.playback.stops[2].starts
        x = replay.bar._x(replay.bar.share)
        assert x < replay.bar.rect.right - replay.bar._inset


def test_the_line_is_clicked_and_dragged(seat: Seat) -> None:
    replay = replayed(seat)
    bar = replay.bar.rect
    seat.stage.press(PointerPressed((bar.centerx, bar.centery)))
    assert replay.time == pytest.approx(replay.playback.end / 2, rel=0.02)
    seat.stage.press(PointerMoved((bar.right - 1, bar.centery)), PointerReleased((bar.right - 1, bar.centery)))
    assert replay.time == replay.playback.end
    seat.stage.press(PointerMoved((bar.x, bar.centery)))
    assert replay.time == replay.playback.end


def test_the_line_is_a_slider_that_says_where_it_is_and_what_keys_do(seat: Seat) -> None:
    replayed(seat)
    seat.stage.press("end")
    node = seat.stage.find(seat.words("replay-line"))
    assert node.role == "slider"
    assert "of" in node.value
    assert "Arrow keys" in node.about


# --- what is shown ---------------------------------------------------------------------------------------------------


def test_at_a_reply_all_that_were_offered_stand_there_and_the_chosen_one_is_marked(seat: Seat) -> None:
    replay = replayed(seat)
    number = number_of(replay, ReplyChosen, 1)
    event = replay.run.events[number]
    replay = replayed(seat, number=number)
    cards = replay.board.parts.answers.children
    assert len(cards) >= 2
    words = replay.script.stage(event.scene).by_id[event.reply].reply.words
    assert [(card.text, card.value) for card in cards if card.chosen] == [(" ".join(words.split()), "You chose this one")]
    assert not any(card.focusable for card in cards)


def test_a_verdict_stands_on_the_line_and_is_named_at_its_moment(seat: Seat) -> None:
    replay = replayed(seat)
    cut = number_of(replay, Interrupted)
    verdicts = [mark for mark in replay.marks if mark.number == cut]
    assert [mark.verdict for mark in verdicts] == ["broken"] * len(verdicts) != []
    replay = replayed(seat, number=cut)
    title = replay.script.principles.principles[verdicts[0].principle].title
    assert title in seat.stage.frame.texts
    shares = {flag.share for flag in replay.bar.flags}
    assert replay.time / replay.playback.end in shares
    seat.stage.press("left", "right")
    assert title in seat.stage.live


def test_an_attempt_that_is_not_over_shows_no_verdicts(seat: Seat) -> None:
    """Scored play shows nothing before its end, and what is still open is not lost."""
    assert replayed(seat, moves=("go-on", "welcome")).marks == ()


def test_a_jump_from_the_debrief_stands_at_the_moment_and_leads_back(seat: Seat) -> None:
    replay = replayed(seat, number=number_of(replayed(seat), SpeechBegan, 2))
    assert isinstance(replay.run.events[replay.playback.happened(replay.time)[-1]], SpeechBegan)
    assert not replay.running
    seat.stage.press("escape")
    assert isinstance(seat.screen, Debrief)


def test_playing_back_changes_nothing_that_is_kept(seat: Seat) -> None:
    script = late_parcel()
    keep_texts(seat.desk.records, script)
    before = [*seat.desk.records.attempts(with_practice=True)]
    replayed(seat)
    seat.stage.press("space")
    seat.stage.wait(3.0)
    seat.stage.press("end", "home", "1", "g", "s")
    assert [*seat.desk.records.attempts(with_practice=True)] == before == []
