"""What is heard of an encounter: the sounds of what happens now, the recorded voice, the line."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pygame
import pytest

from desktop.seat import GOOD, LATE_PARCEL, Seat, script_of, seated
from scenario.test_voices import recorded
from servicesim import shipped
from servicesim.commands import chosen
from servicesim.desktop.inputs import FocusLost
from servicesim.desktop.looking_back import Run
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens.paused import Paused
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Phase
from servicesim.scenario import loading


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path / "home") as seat:
        yield seat


def played(seat: Seat) -> list[str]:
    """What was to be heard since it was asked last."""
    heard = list(seat.stage.sounds.played)
    seat.stage.sounds.played.clear()
    return heard


def begin(seat: Seat, channel: str, **more: Any) -> None:
    seat.begin(script_of(LATE_PARCEL, channel=channel), **more)


# --- what happens ----------------------------------------------------------------------------------------------------


def test_a_call_rings_is_taken_and_ends_with_the_receiver_put_down(seat: Seat) -> None:
    seat.sit()
    seat.way.converse(seat.desk.begin(script_of(LATE_PARCEL), seed=7), pace=2.0)
    seat.stage.wait(1.0)
    assert (played(seat), seat.playing.events) == (["ring"], [])
    assert "ringing" in seat.stage.frame.texts
    seat.stage.wait(1.0)
    assert played(seat) == ["hold"]
    assert len(seat.playing.events) == 2
    assert "ringing" not in seat.stage.frame.texts
    while not seat.playing.ended:
        seat.until(lambda: seat.playing.ended or seat.playing.situation.phase is Phase.WAITING)
        seat.stage.press("1")
        seat.stage.wait(0.3)
    seat.stage.wait(2.0)
    assert played(seat)[-1] == "hang-up"


@pytest.mark.parametrize(("replies", "heard"), [(GOOD, "passed"), (("sorry", "refund-now"), "not-passed")])
def test_how_it_went_is_heard_once_when_it_is_shown(seat: Seat, replies: tuple[str, ...], heard: str) -> None:
    begin(seat, "phone", pace=2.0)
    listens = heard == "passed"
    for reply in replies:
        while seat.playing.situation.phase is not Phase.WAITING:
            seat.stage.wait(0.3)
            seat.stage.press(*(("g",) if listens else ()))
        seat.reply(reply)
    seat.until(lambda: bool(seat.playing.ended))
    seat.stage.wait(2.0)
    played(seat)
    run = Run.of(seat.playing.script, seat.playing.attempt, seat.playing.events)
    seat.way.debrief(seat.playing)
    assert played(seat) == []
    seat.stage.press("escape")
    assert played(seat) == [heard]
    seat.way.look_back(run)
    assert played(seat) == []


def test_a_ringing_telephone_can_be_answered_at_once_and_costs_no_time(seat: Seat) -> None:
    seat.sit()
    seat.way.converse(seat.desk.begin(script_of(LATE_PARCEL), seed=7))
    seat.stage.wait(0.5)
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert (played(seat), seat.playing.events[1].at) == (["ring", "hold"], 0.0)


def test_a_ring_that_is_paused_rings_on_in_silence(seat: Seat) -> None:
    seat.sit()
    seat.way.converse(seat.desk.begin(script_of(LATE_PARCEL), seed=7))
    seat.stage.wait(0.5)
    seat.stage.press("escape")
    seat.stage.wait(20)
    seat.stage.press("escape")
    seat.stage.wait(0.5)
    assert (played(seat), seat.playing.events) == (["ring"], [])
    seat.stage.wait(1.5)
    assert len(seat.playing.events) == 2


def test_a_station_is_a_breath_and_a_soft_sign_that_can_be_turned_off(seat: Seat) -> None:
    begin(seat, "in-person")
    played(seat)
    seat.until_phase(Phase.PAUSING)
    seat.stage.wait(0.4)
    assert played(seat) == ["station", "cue"]
    seat.stage.suit(Preferences(cue=False))
    seat.until_phase(Phase.SPEAKING)
    seat.until_phase(Phase.PAUSING)
    seat.stage.wait(0.4)
    assert played(seat) == ["station"]


def test_cutting_in_is_answered_by_a_protest(seat: Seat) -> None:
    begin(seat, "phone")
    seat.stage.wait(2.9)
    played(seat)
    seat.stage.press("s")
    seat.stage.wait(0.2)
    assert played(seat) == ["protest"]


def test_in_a_chat_keys_are_tapped_and_messages_come_and_go(seat: Seat) -> None:
    begin(seat, "chat")
    seat.stage.wait(0.2)
    assert played(seat) == ["typing"]
    seat.until(lambda: seat.playing.situation.speech.segment == 1)
    seat.stage.wait(0.7)
    assert played(seat) == ["message-in", "typing"]
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    assert played(seat)[-1] == "message-in"
    seat.reply("welcome")
    seat.stage.wait(0.6)
    assert played(seat) == ["message-out", "typing"]


def test_an_email_comes_in_and_ours_goes_out(seat: Seat) -> None:
    seat.begin(chosen.script("third-letter"))
    seat.stage.wait(0.1)
    assert played(seat) == ["message-in"]
    seat.reply("all-three")
    seat.stage.wait(0.3)
    assert played(seat) == ["message-out"]
    seat.stage.wait(0.5)
    assert played(seat) == ["message-in"]


@pytest.mark.parametrize("channel", ["phone", "in-person", "chat", "email"])
def test_nothing_sounds_again_after_a_pause_or_when_an_encounter_is_taken_up_again(tmp_path: Path, channel: str) -> None:
    script = script_of(LATE_PARCEL, channel=channel)
    with seated(tmp_path) as seat:
        seat.begin(script)
        seat.stage.wait(3.0)
        played(seat)
        seat.stage.press("escape")
        seat.stage.wait(3.0)
        seat.stage.press("escape")
        seat.stage.wait(0.05)
        assert played(seat) == []
        attempt = seat.playing.attempt
    with seated(tmp_path) as seat:
        seat.sit()
        seat.way.converse(seat.desk.resume(attempt))
        seat.stage.wait(0.05)
        assert (played(seat), seat.screen.interlude) == ([], None)


def test_a_call_that_is_held_is_silent_for_a_moment_while_the_clock_stands(seat: Seat, tmp_path: Path) -> None:
    principles = loading.shipped_principles()
    text = (shipped.scenarios() / "principles.yaml").read_text(encoding="utf-8")
    (tmp_path / "principles.yaml").write_text(text.replace("acts:\n", "acts:\n  put-on-hold: {title: Puts the caller on hold}\n", 1), encoding="utf-8")
    parcel = LATE_PARCEL.read_text(encoding="utf-8")
    reply = parcel.index("- id: order-number")
    acts = parcel.index("acts: [", reply) + len("acts: [")
    (tmp_path / "late-parcel.yaml").write_text(f"{parcel[:acts]}put-on-hold, {parcel[acts:]}", encoding="utf-8")
    seat.begin(script_of(tmp_path / "late-parcel.yaml"), pace=2.0)
    assert principles is not None
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    played(seat)
    seat.stage.press(seat.number_of("order-number"))
    seat.stage.wait(0.4)
    at, situation = seat.playing.clock.at, seat.playing.situation
    assert (played(seat), situation.phase) == (["hold"], Phase.SPEAKING)
    assert {"on hold", "Take it up again"} <= set(seat.stage.frame.texts)
    assert "on the line" not in "".join(seat.stage.frame.texts)
    assert seat.problems() == []
    seat.stage.wait(1.0)
    assert seat.playing.clock.at == at == pytest.approx(situation.since)
    seat.stage.wait(2.0)
    assert played(seat)[0] == "hold"
    assert seat.playing.clock.now(seat.stage.now()) < at + 1.0


# --- the line --------------------------------------------------------------------------------------------------------


def test_the_line_hums_only_where_it_is_wanted_and_only_during_a_call(seat: Seat) -> None:
    begin(seat, "phone")
    seat.stage.wait(0.5)
    assert not seat.stage.sounds.humming
    seat.stage.suit(Preferences(line=True))
    seat.stage.wait(0.2)
    assert seat.stage.sounds.humming
    seat.stage.press("escape")
    assert not seat.stage.sounds.humming
    seat.stage.press("escape")
    seat.stage.wait(0.2)
    assert seat.stage.sounds.humming
    seat.way.home()
    assert not seat.stage.sounds.humming


def test_no_line_hums_where_people_stand_face_to_face(seat: Seat) -> None:
    seat.stage.suit(Preferences(line=True))
    begin(seat, "in-person")
    seat.stage.wait(0.5)
    assert not seat.stage.sounds.humming


# --- the voice -------------------------------------------------------------------------------------------------------


@pytest.fixture
def device(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A device that plays into nothing."""
    pygame.mixer.init()
    monkeypatch.setattr(seat.stage._window, "sound", True, raising=False)
    yield
    if pygame.mixer.get_init():
        pygame.mixer.stop()


def voiced(folder: Path, voice: str = "[voices/one.wav, voices/two.wav]", seconds: tuple[float, ...] = (4.0, 3.0)) -> Script:
    """The parcel, of which the first speech is two recorded parts."""
    for name, lasts in zip(("one", "two"), seconds, strict=False):
        recorded(folder / "voices" / f"{name}.wav", lasts)
    text = LATE_PARCEL.read_text(encoding="utf-8")
    first = text.index("    customer:", text.index("  opening:"))
    last = text.index("    replies:", first)
    said = f"    customer:\n      say: Hello, is there anybody? | I have waited for eleven days.\n      voice: {voice}\n"
    (folder / "late-parcel.yaml").write_text(f"{text[:first]}{said}{text[last:]}", encoding="utf-8")
    shutil.copy(shipped.scenarios() / "principles.yaml", folder / "principles.yaml")
    return script_of(folder / "late-parcel.yaml")


def said(seat: Seat) -> list[tuple[str, float]]:
    heard = list(seat.stage.sounds.said)
    seat.stage.sounds.said.clear()
    return heard


def test_a_voice_is_heard_part_by_part_and_leads_the_words(seat: Seat, tmp_path: Path, device: None) -> None:
    seat.begin(voiced(tmp_path))
    seat.stage.wait(2.0)
    assert said(seat) == [("voices/one.wav", 0.0)]
    assert seat.screen._speech.upto == pytest.approx(0.5 * len("Hello, is there anybody?"), abs=2)
    seat.until_phase(Phase.PAUSING)
    assert seat.playing.situation.since == 4.0
    assert said(seat) == []
    seat.until_phase(Phase.WAITING)
    assert (said(seat), seat.playing.situation.since) == ([("voices/two.wav", 0.0)], 8.2)


def test_a_voice_breaks_off_when_somebody_cuts_in_and_says_its_part_again(seat: Seat, tmp_path: Path, device: None) -> None:
    seat.begin(voiced(tmp_path))
    seat.stage.wait(2.0)
    assert (said(seat), seat.stage.sounds._voice is not None) == ([("voices/one.wav", 0.0)], True)
    seat.stage.press("s")
    seat.stage.wait(0.2)
    assert (said(seat), seat.stage.sounds._voice) == ([], None)
    seat.until_phase(Phase.SPEAKING)
    seat.stage.wait(0.2)
    assert said(seat) == [("voices/one.wav", 0.0)]


def test_after_a_pause_a_voice_goes_on_where_it_was(seat: Seat, tmp_path: Path, device: None) -> None:
    seat.begin(voiced(tmp_path))
    seat.stage.wait(2.0)
    said(seat)
    seat.stage.press("escape")
    assert seat.stage.sounds._voice is None
    seat.stage.wait(9.0)
    assert said(seat) == []
    seat.stage.press("escape")
    seat.stage.wait(0.1)
    assert said(seat) == [("voices/one.wav", 2.0)]


def test_an_encounter_that_is_taken_up_again_says_its_part_from_the_beginning_with_the_files_that_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = voiced(tmp_path)
    with seated(tmp_path / "home", [tmp_path / "late-parcel.yaml"]) as seat:
        seat.begin(script)
        seat.until(lambda: seat.playing.situation.speech.segment == 1)
        seat.stage.wait(1.0)
        attempt = seat.playing.attempt
    with seated(tmp_path / "home", [tmp_path / "late-parcel.yaml"]) as seat:
        pygame.mixer.init()
        monkeypatch.setattr(seat.stage._window, "sound", True, raising=False)
        seat.sit()
        seat.way.converse(seat.desk.resume(attempt))
        seat.stage.wait(0.2)
        assert said(seat) == [("voices/two.wav", 0.0)]


def test_in_untimed_play_each_part_is_heard_once_when_it_is_shown(seat: Seat, tmp_path: Path, device: None) -> None:
    seat.begin(voiced(tmp_path), untimed=True)
    seat.stage.wait(9.0)
    assert said(seat) == [("voices/one.wav", 0.0)]
    seat.stage.press("escape", "escape")
    seat.stage.wait(0.2)
    assert said(seat) == []
    seat.stage.press("c")
    seat.stage.wait(9.0)
    assert said(seat) == [("voices/two.wav", 0.0)]


def test_at_another_speed_the_words_keep_the_time_and_the_voice_is_silent(seat: Seat, tmp_path: Path, device: None) -> None:
    seat.begin(voiced(tmp_path), pace=2.0)
    seat.until_phase(Phase.PAUSING)
    assert (said(seat), seat.playing.situation.since) == ([], 2.0)


def test_one_file_for_all_parts_is_heard_in_pieces(seat: Seat, tmp_path: Path, device: None) -> None:
    seat.begin(voiced(tmp_path, "voices/one.wav", (5.4,)))
    seat.until_phase(Phase.WAITING)
    assert said(seat) == [("voices/one.wav", 0.0)] * 2
    assert seat.playing.situation.since == pytest.approx(5.4 + 1.2, abs=0.01)


@pytest.mark.parametrize("spoilt", ["gone", "damaged", "longer"])
def test_a_voice_that_cannot_be_heard_is_told_once_and_the_encounter_goes_on(
    seat: Seat, tmp_path: Path, device: None, spoilt: str, caplog: pytest.LogCaptureFixture
) -> None:
    script, file = voiced(tmp_path), tmp_path / "voices" / "one.wav"
    if spoilt == "longer":
        recorded(file, 6.0)
    else:
        file.unlink()
        if spoilt == "damaged":
            file.write_bytes(b"RIFF and nothing more")
    with caplog.at_level(logging.WARNING):
        seat.begin(script)
        seat.until_phase(Phase.PAUSING)
        seat.stage.press("escape", "escape")
        seat.until_phase(Phase.WAITING)
    assert (said(seat), seat.playing.situation.since) == ([("voices/two.wav", 0.0)], 8.2)
    assert [record.getMessage().split("'")[1] for record in caplog.records] == ["voices/one.wav"]


def test_a_voice_is_silent_where_sound_is_turned_off_meanwhile(seat: Seat, tmp_path: Path, device: None) -> None:
    seat.begin(voiced(tmp_path))
    seat.stage.wait(1.0)
    said(seat)
    seat.stage.suit(Preferences(sound=False))
    seat.until_phase(Phase.WAITING)
    assert said(seat) == []


def test_without_a_device_a_voice_takes_as_long(seat: Seat, tmp_path: Path) -> None:
    seat.begin(voiced(tmp_path))
    seat.until_phase(Phase.WAITING)
    assert (said(seat), seat.playing.situation.since) == ([], 8.2)


def test_a_device_that_goes_is_looked_for_again_and_told_once(seat: Seat, tmp_path: Path, device: None, caplog: pytest.LogCaptureFixture) -> None:
    begin(seat, "in-person")
    pygame.mixer.quit()
    with caplog.at_level(logging.WARNING):
        seat.until_phase(Phase.WAITING)
    told = [record.getMessage() for record in caplog.records]
    assert len([line for line in told if "sound device does not play" in line]) <= 1
    assert all("cannot be played" in line or "does not play" in line for line in told)


# --- somebody looks elsewhere ----------------------------------------------------------------------------------------


def test_turning_to_another_window_lets_the_clock_stand(seat: Seat) -> None:
    begin(seat, "phone")
    seat.stage.wait(1.0)
    seat.stage.press(FocusLost())
    assert isinstance(seat.screen, Paused)
    at = seat.stage._screens[0].playing.clock.at
    assert seat.words("paused-away") in seat.stage.frame.texts
    seat.stage.wait(30)
    seat.stage.press(FocusLost(), "escape")
    seat.stage.wait(0.1)
    assert seat.playing.clock.at == at


def test_a_play_by_itself_goes_on_whoever_looks_elsewhere(seat: Seat) -> None:
    seat.stage.minds_focus = False
    begin(seat, "phone")
    seat.stage.press(FocusLost())
    assert not isinstance(seat.screen, Paused)


@pytest.mark.parametrize(("channel", "untimed"), [("phone", True), ("email", False)])
def test_where_no_clock_runs_another_window_changes_nothing(seat: Seat, channel: str, untimed: bool) -> None:
    begin(seat, channel, untimed=untimed)
    seat.stage.wait(1.0)
    seat.stage.press(FocusLost())
    assert not isinstance(seat.screen, Paused)
