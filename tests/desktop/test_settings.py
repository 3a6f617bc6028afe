"""The settings: reached from everywhere, shown at once, kept for one person, done by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import LATE_PARCEL, Seat, script_of, seated
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.paused import Paused
from servicesim.desktop.screens.settings import Settings
from servicesim.desktop.screens.who import Who
from servicesim.desktop.theme import DARK, LIGHT
from servicesim.encounter.events import Listened
from servicesim.encounter.situation import Phase
from servicesim.errors import StoreFull


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path, [LATE_PARCEL]) as taken:
        taken.sit()
        taken.way.suit(taken.desk.learner, Preferences())
        yield taken


def _open(seat: Seat) -> Settings:
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.click("Settings")
    assert isinstance(seat.screen, Settings)
    return seat.screen


def _focus(seat: Seat, name: str) -> None:
    """Go with Tab to what is called so."""
    for _ in range(60):
        if any(node.name == name and "focused" in node.states for node in seat.stage.nodes.walk()):
            return
        seat.stage.press("tab")
    raise AssertionError(f"Tab never comes to {name!r}")


def _kept(seat: Seat) -> Preferences:
    return seat.desk.preferred(seat.desk.learner)


def test_every_screen_before_a_conversation_and_its_pause_lead_there_and_back(seat: Seat) -> None:
    def there_and_back(screen: type[Any]) -> None:
        assert isinstance(seat.screen, screen)
        seat.stage.click("Settings")
        assert isinstance(seat.screen, Settings)
        seat.stage.press("escape")
        assert isinstance(seat.screen, screen)

    seat.way.home()
    there_and_back(Home)
    seat.way.brief(script_of(LATE_PARCEL))
    there_and_back(Briefing)
    seat.begin()
    seat.stage.press("escape")
    there_and_back(Paused)
    seat.stage.press("escape")
    assert isinstance(seat.screen, Conversation)
    seat.way.who()
    there_and_back(Who)


def test_a_small_window_shows_all_settings_at_once(seat: Seat) -> None:
    _open(seat)
    assert max(y + tall for _, y, _, tall in (node.rect for node in seat.stage.nodes.walk())) <= seat.stage.size[1]


def test_a_change_shows_at_once_and_is_kept(seat: Seat) -> None:
    _open(seat)
    assert seat.stage.theme.palette is LIGHT
    seat.stage.click("Dark")
    seat.stage.click("Larger text")
    seat.stage.click("Less motion")
    assert (seat.stage.theme.palette, seat.stage.theme.text, seat.stage.theme.motion) == (DARK, 1.1, False)
    assert _kept(seat) == Preferences(theme="dark", text=110, still=True) == seat.stage.preferences
    assert [node.name for node in seat.stage.nodes.walk() if "selected" in node.states] == ["English", "Dark"]
    assert seat.stage.live == "110%"


def test_the_keyboard_alone_reaches_and_changes_everything(seat: Seat) -> None:
    _open(seat)
    _focus(seat, "High contrast")
    seat.stage.press("enter")
    _focus(seat, "Larger text")
    seat.stage.press("space", "space")
    for name in ("More room in the text", "Less motion", "Sound", "Captions", "Sign at a pause", "Untimed"):
        _focus(seat, name)
        seat.stage.press("space")
    _focus(seat, "Faster")
    seat.stage.press("enter")
    _focus(seat, "Key for “\u2068Nod\u2069”")
    seat.stage.press("enter", "j")
    assert _kept(seat) == Preferences(
        theme="contrast", text=120, airy=True, still=True, sound=False, captions=False, cue=False, untimed=True, pace=1.25, keys={"nod": "j"}
    )
    _focus(seat, "Back to usual")
    seat.stage.press("enter")
    assert _kept(seat) == Preferences() == seat.stage.preferences


def test_without_sound_there_is_no_volume_to_choose(seat: Seat) -> None:
    _open(seat)
    seat.stage.click("Sound")
    assert "disabled" in seat.stage.find("Louder").states
    seat.stage.click("Sound")
    assert "disabled" not in seat.stage.find("Louder").states


def test_the_steps_end_where_text_is_largest_and_smallest(seat: Seat) -> None:
    _open(seat)
    for _ in range(12):
        seat.stage.click("Larger text")
    assert seat.stage.preferences.text == 200
    assert "disabled" in seat.stage.find("Larger text").states
    for _ in range(20):
        seat.stage.click("Smaller text")
    assert seat.stage.preferences.text == 80


@pytest.mark.parametrize(
    ("key", "said"),
    [("y", "\u2068Y\u2069 is used for “\u2068Yes\u2069” already."), ("1", "\u20681\u2069 cannot be used for “\u2068Nod\u2069”: take a letter from A to Z.")],
)
def test_a_key_that_is_taken_or_reserved_is_refused_with_the_reason(seat: Seat, key: str, said: str) -> None:
    _open(seat)
    _focus(seat, "Key for “\u2068Nod\u2069”")
    seat.stage.press("enter")
    assert "Press a key" in seat.stage.frame.texts
    seat.stage.press(key)
    assert said in seat.stage.frame.texts
    assert seat.stage.live == said
    field = seat.stage.find("Key for “\u2068Nod\u2069”")
    assert (field.about, "invalid" in field.states) == (said, True)
    assert _kept(seat) == Preferences()


def test_waiting_for_a_key_ends_with_escape_tab_or_a_click_elsewhere(seat: Seat) -> None:
    settings = _open(seat)
    for leave in (lambda: seat.stage.press("escape"), lambda: seat.stage.press("tab"), lambda: seat.stage.click("Light")):
        _focus(seat, "Key for “\u2068Nod\u2069”")
        seat.stage.press("enter")
        assert "Press a key" in seat.stage.frame.texts
        leave()
        assert seat.screen is settings
        assert "Press a key" not in seat.stage.frame.texts
    assert seat.stage.preferences.keys == {}


def test_pause_can_have_another_key_and_escape_again(seat: Seat) -> None:
    _open(seat)
    _focus(seat, "Key for “\u2068Pause\u2069”")
    seat.stage.press("enter", "p")
    assert _kept(seat).key("pause") == "p"
    seat.stage.press("enter", "escape")
    assert _kept(seat) == Preferences()


def test_each_person_has_their_own_and_the_first_screen_that_of_the_computer(seat: Seat) -> None:
    _open(seat)
    seat.stage.click("Dark")
    seat.way.who()
    seat.stage.settle()
    assert seat.stage.theme.palette is LIGHT
    seat.stage.click("Settings")
    seat.stage.click("Larger text")
    seat.stage.press("escape")
    seat.stage.click("Robin Reed")
    assert isinstance(seat.screen, Home)
    assert (seat.stage.theme.palette, seat.stage.theme.text) == (DARK, 1.0)
    seat.way.who()
    seat.stage.settle()
    assert (seat.stage.theme.palette, seat.stage.theme.text) == (LIGHT, 1.1)


def test_a_briefing_begins_as_one_likes_to_play(seat: Seat) -> None:
    seat.stage.suit(Preferences(untimed=True, pace=1.5))
    seat.way.brief(script_of(LATE_PARCEL))
    assert (seat.screen.untimed.on, seat.screen.speed) == (True, 1.5)
    seat.stage.click("Settings")
    seat.stage.click("Untimed")
    seat.stage.click("Slower")
    seat.stage.press("escape")
    assert (seat.screen.untimed.on, seat.screen.speed) == (False, 1.25)
    seat.stage.press("enter")
    seat.until(lambda: bool(seat.playing.events))
    assert (seat.playing.attempt.untimed, seat.playing.situation.pace) == (False, 1.25)


def test_the_keys_of_the_briefing_are_those_that_were_chosen(seat: Seat) -> None:
    seat.stage.suit(Preferences(keys={"go-on": "b"}))
    seat.way.brief(script_of(LATE_PARCEL))
    seat.stage.settle()
    assert "B" in seat.stage.frame.texts
    assert "G" not in seat.stage.frame.texts


def test_what_cannot_be_kept_holds_for_now_and_is_said(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise StoreFull("no room is left")

    _open(seat)
    monkeypatch.setattr(seat.desk, "prefer", full)
    seat.stage.click("Dark")
    assert seat.stage.theme.palette is DARK
    assert "No room is left." in seat.stage.frame.texts


def test_what_lies_below_the_settings_is_neither_drawn_nor_read(seat: Seat) -> None:
    _open(seat)
    assert "Begin" not in seat.stage.frame.texts
    assert "Begin" not in [node.name for node in seat.stage.nodes.walk()]


def test_the_focus_is_seen_where_a_change_of_size_moves_it(seat: Seat) -> None:
    _open(seat)
    _focus(seat, "Larger text")
    for _ in range(10):
        seat.stage.press("enter")
    ring = [drawn for drawn in seat.stage.frame.of("ring")]
    assert len(ring) == 1
    assert seat.stage.frame.size[1] >= ring[0].rect.bottom


def test_a_key_that_is_changed_in_the_pause_holds_in_the_conversation(seat: Seat) -> None:
    seat.begin(pace=2.0)
    seat.stage.press("escape")
    seat.stage.click("Settings")
    _focus(seat, "Key for “\u2068Go on\u2069”")
    seat.stage.press("enter", "b", "escape", "escape")
    assert "B" in seat.stage.frame.texts
    seat.until_phase(Phase.PAUSING)
    seat.stage.press("g")
    seat.stage.wait(0.1)
    assert not any(isinstance(event, Listened) for event in seat.playing.events)
    seat.stage.press("b")
    seat.stage.wait(0.1)
    assert any(isinstance(event, Listened) for event in seat.playing.events)
