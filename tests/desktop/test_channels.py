"""The four channels look and behave like themselves; pauses and interruptions are felt in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim import shipped
from servicesim.commands import chosen
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens.channel import ROOMY
from servicesim.desktop.screens.furnished import CHANNELS
from servicesim.desktop.stage import Stage
from servicesim.desktop.theme import LIGHT, Theme
from servicesim.encounter import rules
from servicesim.encounter.edition import preferably_in
from servicesim.encounter.situation import Phase

FILES = {"en": (LATE_PARCEL, "Robin Reed"), "fa": (PERSIAN, "سارا کاوه")}
SIZES = [(1280, 720), (1920, 1080)]


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as seat:
        yield seat


def begin(seat: Seat, channel: str, **more: Any) -> None:
    seat.begin(script_of(LATE_PARCEL, channel=channel), **more)


def texts(seat: Seat) -> list[str]:
    seat.stage.redraw()
    seat.stage.settle()
    return seat.stage.frame.texts


def shipped_as(channel: str) -> str:
    return next(name for name in chosen.shipped_ids() if chosen.script(name).scenario.channel == channel)


# --- all of them -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_there_is_an_encounter_for_each_channel(channel: str) -> None:
    assert (shipped.scenarios() / f"{shipped_as(channel)}.yaml").is_file()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "fa"])
@pytest.mark.parametrize("channel", CHANNELS)
def test_no_moment_of_a_channel_has_a_defect(tmp_path: Path, channel: str, language: str, size: tuple[int, int]) -> None:
    path, name = FILES.get(language, FILES["en"])
    found: dict[str, list[str]] = {}
    with seated(tmp_path, language=language, size=size) as seat:
        seat.sit(name)
        seat.begin(script_of(path, channel=channel), pace=1.5)
        for moment in moments(seat, channel):
            found[moment] = seat.problems()
    assert {moment: defects for moment, defects in found.items() if defects} == {}
    assert len(found) == (1 if channel == "email" else 3 if channel == "chat" else 4)


def moments(seat: Seat, channel: str) -> Iterator[str]:
    if channel != "email":
        seat.stage.wait(0.4)
        yield "speaking"
        if channel != "chat":
            seat.until_phase(Phase.PAUSING)
            seat.stage.wait(0.3)
            yield "pausing"
        seat.until_phase(Phase.SPEAKING)
        seat.stage.wait(0.8)
        seat.stage.press("s")
        seat.stage.wait(0.3)
        yield "protesting"
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.3)
    yield "replying"


@pytest.mark.parametrize("channel", CHANNELS)
def test_what_was_large_for_a_while_stands_as_it_stood_before(tmp_path: Path, channel: str) -> None:
    with seated(tmp_path) as seat:
        begin(seat, channel, pace=2.0)
        seat.until_phase(Phase.WAITING)
        seat.stage.wait(0.1)
        places = []
        for text in (100, 200, 100, 200):
            seat.stage.suit(Preferences(text=text))
            texts(seat)
            places.append([tuple(node.rect) for node in seat.stage.nodes.walk() if node.role == "button"])
        assert places[0] == places[2]
        assert places[1] == places[3]


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_shipped_encounter_of_a_channel_shows_without_a_defect(tmp_path: Path, channel: str) -> None:
    script = chosen.script(shipped_as(channel))
    with seated(tmp_path) as seat:
        seat.begin(script, pace=2.0)
        while not seat.playing.ended:
            seat.until(lambda: bool(rules.offered(seat.playing.situation)) and not seat.playing.busy)
            seat.stage.wait(0.2)
            assert seat.problems() == []
            seat.stage.press("1")
            seat.stage.wait(0.2)
        assert seat.problems() == []


# --- in person -------------------------------------------------------------------------------------------------------


def test_in_person_one_sees_the_room_and_can_nod(seat: Seat) -> None:
    begin(seat, "in-person")
    assert seat.screen.face.place_behind == "shop"  # Nova Stores
    picture = next(drawn for drawn in seat.stage.frame.of("picture"))
    assert picture.rect.left == 0
    seat.until_phase(Phase.PAUSING)
    seat.stage.press("h")
    seat.stage.wait(0.1)
    assert "You nod." in texts(seat)
    assert not any("on the line" in text for text in texts(seat))


# --- on the phone ----------------------------------------------------------------------------------------------------


def test_the_voice_on_the_line_moves_with_the_words_and_rests_in_a_pause(seat: Seat) -> None:
    begin(seat, "phone")
    voice = seat.screen.channel.voice
    seen = set()
    while seat.playing.situation.phase is Phase.SPEAKING:
        seat.stage.wait(0.2)
        seen.add(voice.levels)
    assert len(seen) > 1
    assert seat.playing.situation.phase is Phase.PAUSING
    seat.stage.wait(0.3)
    assert set(voice.levels) == {0.0}
    assert seat.screen.face.place_behind is None


def test_an_angry_voice_is_louder_than_a_sad_one(seat: Seat) -> None:
    from servicesim.desktop.mood import Mood
    from servicesim.desktop.screens.speech import Speech

    begin(seat, "phone")
    voice, speech = seat.screen.channel.voice, Speech("Aaaaaaaaaaaaaaaaaaaaaaaa", "body", direction="ltr")
    speech.upto = 20
    voice.hear(speech, Mood(-1, 1), speaking=True, startle=0.0)
    angry = sum(voice.levels)
    voice.hear(speech, Mood(-1, 0.1), speaking=True, startle=0.0)
    assert angry > 1.3 * sum(voice.levels)


# --- in a chat -------------------------------------------------------------------------------------------------------


def test_messages_come_one_after_the_other_while_the_next_is_typed(seat: Seat) -> None:
    begin(seat, "chat")
    seat.stage.wait(0.2)
    assert "is typing …" in texts(seat)
    assert "Hello?" not in texts(seat)
    assert seat.words("typing", customer="Leyla Karimova") in [node.name for node in seat.stage.nodes.walk()]
    seat.until(lambda: seat.playing.situation.speech.segment == 2)
    assert "Hello?" in texts(seat)
    assert "You're not the tape again?" in texts(seat)
    assert "Good. Eleven days." not in texts(seat)
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.1)
    assert "online" in texts(seat)
    assert "and in all that time not a single person has rung me." in texts(seat)


def test_a_message_that_was_cut_off_is_never_sent(seat: Seat) -> None:
    begin(seat, "chat")
    seat.until(lambda: seat.playing.situation.speech.segment == 3)
    seat.stage.wait(0.8)
    seat.stage.press("s")
    seat.stage.wait(0.2)
    shown = texts(seat)
    assert "Good. Eleven days." in shown
    assert "You wrote before they had finished." in shown
    assert "No, you listen to me first." in shown
    assert not any(text.startswith("Eleven days I") for text in shown)


def test_messages_carry_the_time_in_the_digits_of_the_language(tmp_path: Path) -> None:
    with seated(tmp_path, language="fa") as seat:
        seat.sit("سارا کاوه")
        seat.begin(script_of(PERSIAN, channel="chat"), pace=2.0)
        seat.until_phase(Phase.WAITING)
        seat.stage.wait(0.1)
        times = [text for text in texts(seat) if len(text) == 5 and text[2] == ":"]
        assert times
        assert all(digit in "۰۱۲۳۴۵۶۷۸۹" for time in times for digit in time.replace(":", ""))


def test_untimed_chat_shows_each_message_and_nobody_types(seat: Seat) -> None:
    begin(seat, "chat", untimed=True)
    seat.stage.wait(1)
    assert "Hello?" in texts(seat)
    assert "online" in texts(seat)
    seat.stage.press("c")
    seat.stage.wait(0.1)
    assert "You're not the tape again?" in texts(seat)


# --- by e-mail -------------------------------------------------------------------------------------------------------


def test_the_subject_of_an_answer_stands_beside_its_label_whatever_the_letter_is_written_in(tmp_path: Path) -> None:
    with seated(tmp_path, language="he") as seat:
        begin(seat, "email")
        texts(seat)
        label = seat.stage.frame.where(seat.words("mail-subject"))
        (subject,) = (text.rect for text in seat.stage.frame.of("text") if "coat" in text.text and text.rect.centery == label.centery)
        assert 0 < label.left - subject.right < 40


def test_the_newest_letter_is_on_top_and_the_thread_is_quoted_below(seat: Seat) -> None:
    seat.begin(chosen.script("third-letter"))
    seat.stage.wait(0.2)
    assert "My third letter" in texts(seat)
    assert seat.words("mail-re", title="My third letter") in texts(seat)
    assert "Patience" not in texts(seat)
    seat.reply("all-three")
    seat.stage.wait(0.2)
    shown, frame = texts(seat), seat.stage.frame
    assert frame.where("Dear Robin Reed,".replace("Robin Reed", "\u2068Robin Reed\u2069")).y < frame.where(next(text for text in shown if text.endswith("You wrote"))).y
    assert not any("on the line" in text for text in shown)
    assert seat.screen.log.children[0].text == "My third letter"


@pytest.mark.parametrize("language", ["en", "tr", "az", "fa", "he"])
def test_every_answer_to_a_letter_is_seen_at_once(tmp_path: Path, language: str) -> None:
    with seated(tmp_path, language=language) as seat:
        for scene in ("third", "somebody", "the-cellar"):
            script = preferably_in(script_of(shipped.scenarios() / "third-letter.yaml", start=scene), language)
            assert script.scenario.locale == language
            seat.begin(script)
            seat.stage.wait(0.2)
            assert seat.screen._body is seat.screen.root
            assert seat.screen.channel.fits, scene
            assert seat.problems() == []


def test_a_letter_with_few_answers_has_air_around_them(seat: Seat) -> None:
    begin(seat, "email")
    seat.stage.wait(0.2)
    assert seat.screen._level == ROOMY


def test_a_letter_waits_without_any_clock(seat: Seat) -> None:
    seat.begin(chosen.script("third-letter"))
    events = len(seat.playing.events)
    seat.stage.wait(60)
    assert len(seat.playing.events) == events


# --- what is felt ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", ["in-person", "phone"])
def test_a_pause_is_a_breath_in_the_face_and_a_line_that_draws_together(seat: Seat, channel: str) -> None:
    begin(seat, channel)
    seat.until_phase(Phase.PAUSING)
    cue, breaths, left = seat.screen.parts.cue, [], []
    while seat.playing.situation.phase is Phase.PAUSING:
        seat.stage.wait(0.1)
        breaths.append(seat.screen.face.mood.breath)
        left.append(cue.left)
    assert max(breaths) == 1.0
    drawn = [share for share in left if share is not None]
    assert len(drawn) > 4
    assert drawn == sorted(drawn, reverse=True)
    assert cue.left is None


def test_the_cue_can_be_turned_off(tmp_path: Path) -> None:
    shown = {}
    for on in (True, False):
        with seated(tmp_path / str(on)) as seat:
            seat.stage = Stage.create_null()
            seat.stage.theme = replace(seat.stage.theme, cue=on)
            seat.stage._look = replace(seat.stage._look, theme=seat.stage.theme)
            seat.way.stage = seat.stage
            begin(seat, "phone")
            seat.until_phase(Phase.PAUSING)
            seat.stage.wait(0.2)
            cue = seat.screen.parts.cue.rect
            panels = [drawn.ground for drawn in seat.stage.frame.of("panel") if cue.contains(drawn.rect) and drawn.rect.h == cue.h]
            shown[on] = bool(panels)
    assert shown == {True: True, False: False}


@pytest.mark.parametrize("channel", ["in-person", "phone", "chat"])
def test_cutting_in_startles_and_the_protest_stands_out(seat: Seat, channel: str) -> None:
    begin(seat, channel)
    seat.stage.wait(3.0)
    seat.stage.press("s")
    seat.stage.wait(0.21)
    assert seat.screen.face.mood.startle > 0
    seat.stage.redraw()
    seat.stage.settle()
    frame = seat.stage.frame
    protest = frame.where("No, you listen to me first.")
    assert any(drawn.ink == LIGHT.broken and drawn.rect.contains(protest) for drawn in frame.of("panel"))
    assert any(icon.text == "hand" and icon.ink == LIGHT.broken for icon in frame.of("icon"))
    seat.stage.wait(1.6)
    assert seat.screen.face.mood.startle == 0


@pytest.mark.parametrize("channel", ["in-person", "phone", "chat"])
def test_a_protest_shakes_for_a_moment_and_stands_still_where_nothing_is_to_move(tmp_path: Path, channel: str) -> None:
    shaken = {}
    for still in (False, True):
        with seated(tmp_path / str(still)) as seat:
            seat.way._frame = 0.05
            seat.stage.suit(Preferences(still=still))
            begin(seat, channel)
            seat.stage.wait(3.0)
            seat.stage.press("s")
            by = set()
            for _ in range(20):
                seat.stage.wait(0.05)
                by.add(seat.screen.channel.protest.by)
            shaken[still] = (min(by) < -1, max(by) > 1, seat.screen.channel.protest.by)
    assert shaken == {False: (True, True, 0.0), True: (False, False, 0.0)}


def test_the_protest_is_spoken_and_not_only_shown(seat: Seat) -> None:
    begin(seat, "phone")
    seat.stage.wait(3.0)
    seat.stage.press("s")
    seat.stage.wait(0.4)
    first = seat.screen._speech.upto
    seat.stage.wait(0.4)
    assert 0 < first < seat.screen._speech.upto < len("No, you listen to me first.")


def test_the_mouth_moves_only_while_words_are_said(seat: Seat) -> None:
    begin(seat, "in-person")
    said = set()
    while seat.playing.situation.phase is Phase.SPEAKING:
        seat.stage.wait(0.1)
        said.add(seat.screen.face.mood.talk)
    assert len(said) > 1
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.3)
    quiet = set()
    for _ in range(12):
        seat.stage.wait(0.2)
        quiet.add(seat.screen.face.mood.talk)
    assert quiet == {0.0}


def test_where_nothing_is_to_move_only_the_feeling_does(tmp_path: Path) -> None:
    with seated(tmp_path) as seat:
        seat.stage = Stage.create_null()
        seat.stage.theme = Theme(motion=False)
        seat.way.stage = seat.stage
        begin(seat, "phone")
        moods, voices = set(), set()
        for _ in range(60):
            seat.stage.wait(0.2)
            moods.add(seat.screen.face.mood)
            voices.add(seat.screen.channel.voice.levels)
        seat.until_phase(Phase.WAITING)
        seat.reply("order-number")
        seat.stage.wait(3)
        moods.add(seat.screen.face.mood)
        assert {(mood.talk, mood.blink, mood.breath, mood.gaze, mood.startle) for mood in moods} == {(0.0, 0.0, 0.0, (0.0, 0.0), 0.0)}
        assert len({mood.valence for mood in moods}) >= 1
        assert len(voices) == 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_drawing_only_what_changed_gives_the_same_picture_as_drawing_all(tmp_path: Path, channel: str) -> None:
    with seated(tmp_path) as seat:
        seat.stage = seat.way.stage = Stage.create_null(records=False)
        begin(seat, channel)
        differ = []
        for step in range(24):
            seat.stage.wait(0.33)
            if step == 9:
                seat.stage.press("g", "s")
                seat.stage.wait(0.05)
            parts = seat.stage._surface.copy()
            seat.stage.redraw()
            seat.stage.settle()
            if parts.get_buffer().raw != seat.stage._surface.get_buffer().raw:
                differ.append((step, seat.playing.situation.phase))
        assert differ == []
