"""The stage, driven by scripted gestures and virtual time."""

from __future__ import annotations

import threading
from pathlib import Path

import pygame
import pytest

from servicesim.desktop import leisure
from servicesim.desktop.arrangement import Column, Row, Space
from servicesim.desktop.button import Button
from servicesim.desktop.cards import ReplyCard
from servicesim.desktop.inputs import CloseAsked, PointerMoved, PointerPressed, PointerReleased, Resized, Scrolled
from servicesim.desktop.label import Label
from servicesim.desktop.page import Dialogue, Page
from servicesim.desktop.stage import Stage
from servicesim.desktop.widget import Widget
from servicesim.desktop.window import NullWindow


class Desk(Page):
    """Three replies, of which the chosen one is shown below, and a clock."""

    title = "Desk"

    def __init__(self) -> None:
        super().__init__()
        self.happened: list[str] = []
        self.chosen = Label("nothing yet")

    def build(self) -> Widget:
        texts = ["I am sorry.", "One moment, please.", "Goodbye."]
        cards = [ReplyCard(place, text, lambda text=text: self.choose(text)) for place, text in enumerate(texts, 1)]
        return Column(*cards, self.chosen, padding=3)

    def choose(self, text: str) -> None:
        self.chosen.text = f"You said: {text}"
        self.changed(moved=True)

    def entered(self) -> None:
        self.happened.append("entered")

    def left(self) -> None:
        self.happened.append("left")

    def covered(self) -> None:
        self.happened.append("covered")

    def uncovered(self) -> None:
        self.happened.append("uncovered")


@pytest.fixture
def stage() -> Stage:
    return Stage.create_null()


def test_a_click_on_a_card_chooses_it_and_is_shown(stage: Stage) -> None:
    stage.go(Desk())
    stage.click("One moment, please.")
    assert stage.frame.texts == [
        "1", "I am sorry.", "2", "One moment, please.", "3", "Goodbye.", "You said: One moment, please.",
    ]  # fmt: skip


@pytest.mark.parametrize("keys", [["2"], ["tab", "tab", "enter"], ["down", "down", "space"], ["tab", "down", "enter"]])
def test_the_keyboard_alone_is_enough(stage: Stage, keys: list[str]) -> None:
    stage.go(Desk())
    stage.press(*keys)
    assert stage.frame.texts[-1] == "You said: One moment, please."


def test_a_press_that_is_let_go_elsewhere_does_nothing(stage: Stage) -> None:
    stage.go(Desk())
    stage.settle()
    x, y = stage.frame.where("Goodbye.").center
    stage.press(PointerPressed((x, y)), PointerReleased((x, 700)))
    assert stage.frame.texts[-1] == "nothing yet"


def test_a_name_that_is_not_there_is_answered_with_those_that_are(stage: Stage) -> None:
    stage.go(Desk())
    with pytest.raises(KeyError, match=r"nothing is called 'Refund'; there are: .*'Goodbye\.'"):
        stage.click("Refund")


def test_nothing_is_drawn_while_nothing_changes(stage: Stage) -> None:
    stage.go(Desk())
    stage.wait(0.1)
    before = stage.frames
    stage.press(PointerMoved((1270, 710)), PointerMoved((1271, 710)))
    stage.wait(60)
    assert stage.frames == before


class Clock(Page):
    """Counts the seconds, and wishes to be asked once a second."""

    def __init__(self) -> None:
        super().__init__()
        self.ticks: list[float] = []

    def build(self) -> Widget:
        return Label("tick")

    def tick(self, now: float) -> float | None:
        self.ticks.append(now)
        return now + 1.0


def test_time_comes_when_a_screen_asked_for_it(stage: Stage) -> None:
    clock = Clock()
    stage.go(clock)
    stage.wait(3.5)
    assert clock.ticks == pytest.approx([0, 1, 2, 3])


class Hurry(Clock):
    """Wishes to be asked at once, always."""

    def tick(self, now: float) -> float | None:
        self.ticks.append(now)
        return now


def test_no_screen_is_drawn_more_than_sixty_times_a_second(stage: Stage) -> None:
    hurry = Hurry()
    stage.go(hurry)
    stage.wait(1.0)
    assert 58 <= stage.frames <= 61
    assert len(hurry.ticks) <= 62


def test_time_goes_on_while_a_change_of_size_settles(stage: Stage) -> None:
    hurry = Hurry()
    stage.go(hurry)
    stage.wait(0.1)
    stage.press(Resized((1600, 900)))
    stage.wait(0.5)
    assert stage.now() == pytest.approx(0.6)
    assert stage.size == (1600, 900)


def test_screens_are_entered_left_covered_and_uncovered(stage: Stage) -> None:
    class Ask(Dialogue):
        def build(self) -> Widget:
            return Column(Label("Leave?"), Button("Stay"))

    desk = Desk()
    stage.go(desk)
    stage.cover(Ask())
    assert "Leave?" not in [node.name for node in desk.node().walk()]
    assert [node.name for node in stage.nodes.walk() if node.name] == ["Leave?", "Stay"]
    stage.press("escape")
    stage.go(Clock())
    assert desk.happened == ["entered", "covered", "uncovered", "left"]


def test_a_covered_screen_gets_no_time(stage: Stage) -> None:
    clock = Clock()
    stage.go(clock)
    stage.wait(0.5)
    stage.cover(Desk())
    stage.wait(5)
    assert clock.ticks == [0.0]


def test_another_thread_may_call(stage: Stage) -> None:
    desk = Desk()
    stage.go(desk)
    caller = threading.Thread(target=lambda: stage.soon(lambda: desk.choose("Saved.")))
    caller.start()
    caller.join()
    stage.wait(0.1)
    assert stage.frame.texts[-1] == "You said: Saved."


def test_asked_to_close_it_leaves_its_screens_and_returns(stage: Stage) -> None:
    desk = Desk()

    def script(stage: Stage):  # type: ignore[no-untyped-def]
        yield 1.0
        stage.press(CloseAsked())
        yield 1.0
        raise AssertionError("it went on")

    stage.run(desk, script)
    assert desk.happened == ["entered", "left"]


def test_a_script_acts_and_lets_time_pass(stage: Stage, tmp_path: Path) -> None:
    desk, seen = Desk(), []

    def script(stage: Stage):  # type: ignore[no-untyped-def]
        yield 0.5
        stage.press("3")
        seen.append((stage.now(), stage.frame.texts[-1]))
        stage.save_picture(tmp_path / "desk.png")

    stage.run(desk, script)
    assert seen == [(0.5, "You said: Goodbye.")]
    assert pygame.image.load(tmp_path / "desk.png").get_size() == (1280, 720)


def test_a_new_size_lays_everything_out_anew_once_it_has_settled(stage: Stage) -> None:
    stage.go(Desk())
    stage.settle()
    small = stage.frame.where("Goodbye.")
    for width in (1400, 1600, 1920):
        stage.press(Resized((width, 1080)))
    stage.wait(1)
    large = stage.frame.where("Goodbye.")
    assert stage.size == (1920, 1080)
    assert large.h == pytest.approx(small.h * 1.5, abs=2)
    assert stage.frames == 2


def test_f11_fills_the_screen_and_back(stage: Stage) -> None:
    stage.go(Desk())
    stage.press("f11")
    assert stage._window.fullscreen  # type: ignore[attr-defined]
    stage.press("f11")
    assert not stage._window.fullscreen  # type: ignore[attr-defined]


def test_a_page_that_is_too_high_can_be_scrolled_and_follows_the_focus(stage: Stage) -> None:
    class Long(Page):
        def build(self) -> Widget:
            return Column(*[Button(f"Button {number}") for number in range(1, 31)], padding=2)

    stage.go(Long())
    stage.settle()
    assert "Button 30" not in stage.frame.texts
    stage.press(Scrolled((600, 300), 3))
    assert "Button 1" not in stage.frame.texts
    stage.press(*["tab"] * 30)
    assert "Button 30" in stage.frame.texts


def test_a_right_to_left_page_is_the_mirror_of_the_other(stage: Stage) -> None:
    class Two(Page):
        def build(self) -> Widget:
            return Row(Button("Yes", width=200), Space(grow=1), Button("No"), padding=2)

    stage.go(Two())
    stage.settle()
    there = stage.find("Yes").rect
    page = Two()
    page.direction = "rtl"
    stage.go(page)
    x, y, w, h = stage.find("Yes").rect
    assert (1280 - x - w, y, w, h) == there


class RealWindow(NullWindow):
    """As a window on a screen is to the stage: it is not played by a script."""

    scripted = False


class Provident(Clock):
    """Has three things to do ahead, of which each needs the time it takes to ask."""

    def __init__(self) -> None:
        super().__init__()
        self.done: list[float] = []

    def ahead(self) -> bool:
        if len(self.done) == 3:
            return True
        self.done.append(self.stage.now())
        return False


def test_while_nothing_is_due_a_screen_does_ahead_what_it_will_need() -> None:
    screen, stage = Provident(), Stage(RealWindow((800, 450)))
    stage.go(screen)
    stage.wait(0.5)
    assert len(screen.done) == 3
    assert screen.ticks == [0]


def test_nothing_is_done_ahead_where_time_is_short_or_played() -> None:
    played, busy = Provident(), Provident()
    stage = Stage.create_null()
    stage.go(played)
    stage.wait(0.5)
    stage = Stage(RealWindow((800, 450)))
    stage.go(busy)
    busy.tick = lambda now: now + 0.01  # type: ignore[method-assign]
    stage.settle()
    stage.wait(0.01)
    assert (played.done, busy.done) == ([], [])


def test_while_nothing_is_due_for_long_it_is_cleared_away_once_for_each_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    for name in ("collect", "freeze", "unfreeze"):
        monkeypatch.setattr(leisure.gc, name, lambda name=name: done.append(name))
    with Stage(RealWindow((800, 450))) as stage:
        for _ in range(2):
            stage.go(Clock())
            stage.wait(3)
            assert done == ["unfreeze", "collect", "freeze"]
            done.clear()
        stage.go(Hurry())
        stage.wait(1)
        assert done == []
    assert done == ["unfreeze"]
