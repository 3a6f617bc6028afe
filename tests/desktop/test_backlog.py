"""What was said so far can be read at any time, at no cost; with large text all replies are seen at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import GOOD, LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim import shipped
from servicesim.desktop.inputs import Scrolled
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens.backlog import Backlog
from servicesim.desktop.screens.channel import ROOMY, SMALL
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.furnished import CHANNELS
from servicesim.encounter.situation import Phase


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path) as seat:
        yield seat


def begin(seat: Seat, channel: str, **more: Any) -> None:
    seat.begin(script_of(LATE_PARCEL, channel=channel), **more)


def read(seat: Seat) -> list[str]:
    """What the backlog says."""
    assert isinstance(seat.screen, Backlog)
    return [node.name for node in seat.stage.nodes.walk() if node.role == "label" and node.name]


# --- what was said ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
def test_all_that_was_said_can_be_read_in_every_channel(seat: Seat, channel: str) -> None:
    begin(seat, channel, pace=2.0)
    seat.reply(*GOOD[:2])
    seat.until_phase(Phase.WAITING)
    seat.stage.press("l")
    said = " ".join(read(seat))
    assert "not a single person has rung me" in said
    assert said.count("You ") >= 2
    assert seat.problems() == []


def test_of_what_is_being_said_it_shows_no_more_than_was_heard(seat: Seat) -> None:
    begin(seat, "phone")
    seat.until_phase(Phase.PAUSING)
    seat.stage.press("l")
    assert "Hello? …" in read(seat)
    assert not any("Eleven" in text for text in read(seat))


def test_it_tells_of_small_words_of_cutting_in_and_of_silence(seat: Seat) -> None:
    begin(seat, "in-person")
    seat.until_phase(Phase.PAUSING)
    seat.stage.press("h")
    seat.until_phase(Phase.SPEAKING)
    seat.stage.wait(0.5)
    seat.stage.press("s")
    seat.until_phase(Phase.WAITING)
    seat.until(lambda: seat.playing.situation.speech.silences == 1)
    seat.stage.wait(0.2)
    seat.stage.press("l")
    assert {"You nod.", "You cut in.", "No, you listen to me first.", "Nobody answers."} <= set(read(seat))


@pytest.mark.parametrize("way", ["l", "pageup", "button", "wheel"])
@pytest.mark.parametrize("back", ["l", "escape", "pagedown"])
def test_it_opens_and_closes_in_several_ways_and_costs_nothing(seat: Seat, way: str, back: str) -> None:
    begin(seat, "phone")
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(1.0)
    at, events = seat.playing.clock.now(seat.stage.now()), list(seat.playing.events)
    if way == "button":
        seat.stage.click("What was said")
    else:
        seat.stage.press(Scrolled((800, 300), -1.0) if way == "wheel" else way)
    assert isinstance(seat.screen, Backlog)
    seat.stage.wait(60)
    seat.stage.press(back)
    assert isinstance(seat.screen, Conversation)
    assert seat.playing.clock.now(seat.stage.now()) == pytest.approx(at, abs=0.01)
    assert seat.playing.events == events


def test_page_up_scrolls_as_long_as_there_is_anything_above(seat: Seat) -> None:
    begin(seat, "phone", pace=2.0)
    seat.reply(*GOOD[:3])
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.3)
    area = seat.screen.channel.area
    assert area.offset > 0
    seat.stage.press("pageup")
    assert isinstance(seat.screen, Conversation)
    while area.offset:
        seat.stage.press("pageup")
    seat.stage.press("pageup")
    assert isinstance(seat.screen, Backlog)


def test_it_begins_at_the_end_and_keys_and_wheel_move_it(seat: Seat) -> None:
    seat.stage.suit(Preferences(text=200))
    begin(seat, "phone", pace=2.0)
    seat.reply(*GOOD[:3])
    seat.until_phase(Phase.WAITING)
    seat.stage.press("l")
    area = seat.screen.area
    assert area.offset == area.reach > 0
    seat.stage.press("home")
    assert area.offset == 0
    seat.stage.press(Scrolled((5, 5), 2.0))
    assert area.offset > 0


def test_its_text_size_is_chosen_on_the_spot_and_kept(seat: Seat) -> None:
    begin(seat, "phone")
    seat.stage.wait(1.0)
    seat.stage.press("l")
    seat.stage.click("Larger text")
    seat.stage.click("Larger text")
    assert (seat.stage.preferences.text, seat.desk.preferred(seat.desk.learner).text) == (120, 120)
    assert isinstance(seat.screen, Backlog)
    seat.stage.press("escape")
    assert isinstance(seat.screen, Conversation)


def test_its_key_can_be_another_one(seat: Seat) -> None:
    seat.stage.suit(Preferences(keys={"backlog": "b"}))
    begin(seat, "phone")
    seat.stage.press("l")
    assert isinstance(seat.screen, Conversation)
    seat.stage.press("b")
    assert isinstance(seat.screen, Backlog)
    seat.stage.press("b")
    assert isinstance(seat.screen, Conversation)


# --- large text ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
@pytest.mark.parametrize("channel", ["in-person", "phone", "chat"])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_at_200_percent_all_replies_are_seen_at_once(tmp_path: Path, channel: str, language: str, size: tuple[int, int]) -> None:
    path, name = {"en": (LATE_PARCEL, "Robin Reed"), "fa": (PERSIAN, "سارا کاوه")}[language]
    with seated(tmp_path, language=language, size=size) as seat:
        seat.stage.suit(Preferences(text=200))
        seat.sit(name)
        seat.begin(script_of(path, channel=channel), pace=2.0)
        seat.until_phase(Phase.WAITING)
        seat.stage.wait(0.3)
        assert seat.problems() == []
        cards = [node.rect for node in seat.stage.nodes.walk() if node.name in {card.name for card in seat.screen.answers.children}]
        assert len(cards) == len(seat.screen.answers.children) > 2
        assert max(y + height for _, y, _, height in cards) <= size[1]
        assert min(y for _, y, _, _ in cards) > 0
        said = [node.name for node in seat.stage.nodes.walk() if "focusable" in node.states]
        assert {seat.words("pause"), seat.words("backlog")} <= set(said)


@pytest.mark.parametrize(("name", "scene"), [("late-parcel", "answer"), ("out-of-the-country", "days"), ("red-letter", "sees")])
def test_long_replies_of_shipped_encounters_need_no_scrolling_at_200_percent(seat: Seat, name: str, scene: str) -> None:
    seat.stage.suit(Preferences(text=200))
    seat.begin(script_of(shipped.scenarios() / f"{name}.yaml", start=scene), pace=2.0)
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    assert seat.screen._body is seat.screen.root
    assert seat.problems() == []


def test_the_usual_text_size_leaves_everything_as_it_was(seat: Seat) -> None:
    begin(seat, "phone")
    assert seat.screen._level == ROOMY
    seat.stage.suit(Preferences(text=200))
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    assert seat.screen._level == SMALL
    seat.stage.suit(Preferences())
    seat.stage.wait(0.2)
    assert seat.screen._level == ROOMY
    assert {button.text for button in seat.screen.buttons.values()} == {"Go on", "Yes", "No"}


def test_a_speech_higher_than_its_room_is_followed_line_by_line(seat: Seat) -> None:
    seat.stage.suit(Preferences(text=200))
    begin(seat, "phone", pace=1.0)
    seat.reply("welcome")
    area = seat.screen.channel.area
    seat.until_phase(Phase.SPEAKING)
    while seat.playing.situation.phase is Phase.SPEAKING:
        seat.stage.wait(0.3)
        speech, area = seat.screen._speech, seat.screen.channel.area
        if speech is not None and speech.upto:
            line = speech.line(seat.screen._look)
            assert area.rect.top - 2 <= line.top
            assert line.bottom <= area.rect.bottom + 2
