"""The edge to the system: pygame's events translated, and what the surroundings may lack."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pygame
import pytest

from servicesim.desktop.arrangement import Column
from servicesim.desktop.button import Button
from servicesim.desktop.inputs import (
    CloseAsked,
    Composed,
    FocusLost,
    Input,
    KeyPressed,
    PointerLeft,
    PointerMoved,
    PointerPressed,
    PointerReleased,
    Resized,
    Scrolled,
    Typed,
    Uncovered,
)
from servicesim.desktop.page import Page
from servicesim.desktop.stage import Stage
from servicesim.desktop.widget import Widget
from servicesim.desktop.window import translated

Event = pygame.event.Event


def key(code: int, scancode: int = 0, mod: int = 0) -> Event:
    return Event(pygame.KEYDOWN, key=code, scancode=scancode, mod=mod, unicode="")


@pytest.mark.parametrize(
    ("event", "meant"),
    [
        (key(pygame.K_RETURN), KeyPressed("enter")),
        (key(pygame.K_TAB, mod=pygame.KMOD_LSHIFT), KeyPressed("tab", shift=True)),
        (key(pygame.K_c, mod=pygame.KMOD_CTRL), KeyPressed("c", ctrl=True)),
        (key(pygame.K_2), KeyPressed("2")),
        (Event(pygame.TEXTINPUT, text="س"), Typed("س")),
        (Event(pygame.TEXTEDITING, text="ni", start=0, length=2), Composed("ni")),
        (Event(pygame.MOUSEBUTTONDOWN, pos=(3, 4), button=1), PointerPressed((3, 4))),
        (Event(pygame.MOUSEBUTTONUP, pos=(3, 4), button=1), PointerReleased((3, 4))),
        (Event(pygame.WINDOWLEAVE), PointerLeft()),
        (Event(pygame.WINDOWSIZECHANGED, x=800, y=600), Resized((800, 600))),
        (Event(pygame.QUIT), CloseAsked()),
        (Event(pygame.WINDOWFOCUSLOST), FocusLost()),
        (Event(pygame.RENDER_DEVICE_RESET), Uncovered()),
        (Event(pygame.RENDER_TARGETS_RESET), Uncovered()),
    ],
)
def test_an_event_is_what_the_person_meant(event: Event, meant: Input) -> None:
    assert list(translated([event])) == [meant]


@pytest.mark.parametrize(
    "event", [key(pygame.K_v, mod=pygame.KMOD_CTRL), key(pygame.K_v, mod=pygame.KMOD_META), key(pygame.K_INSERT, mod=pygame.KMOD_LSHIFT)]
)
def test_what_was_copied_is_typed_in_one_line(event: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pygame.scrap, "get_text", lambda: "Leyla\r\n\tKarimova " + "x" * 1_000_000)
    (typed,) = translated([event])
    assert isinstance(typed, Typed)
    assert typed.text.startswith("Leyla Karimova xxx")
    assert len(typed.text) <= 10_000


def test_nothing_is_typed_where_nothing_can_be_pasted(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> str:
        raise pygame.error("no clipboard")

    monkeypatch.setattr(pygame.scrap, "get_text", broken)
    assert list(translated([key(pygame.K_v, mod=pygame.KMOD_CTRL)])) == [Typed("")]
    assert list(translated([key(pygame.K_v)])) == [KeyPressed("v")]


@pytest.mark.parametrize(
    ("name", "layout", "code", "place"),
    [
        ("1", "French, where the key of the digit gives '&'", ord("&"), pygame.KSCAN_1),
        ("y", "Persian", 0x063A, pygame.KSCAN_Y),
        ("y", "German, where Y and Z are changed", pygame.K_y, pygame.KSCAN_Z),
        ("3", "the block of digits", pygame.K_KP3, pygame.KSCAN_KP_3),
    ],
)
def test_digits_and_letters_are_found_on_every_keyboard(name: str, layout: str, code: int, place: int) -> None:
    assert list(translated([key(code, place)])) == [KeyPressed(name)], layout


def test_a_key_held_down_presses_once_but_moves_again_and_again() -> None:
    one, down = key(pygame.K_1, pygame.KSCAN_1), key(pygame.K_DOWN, pygame.KSCAN_DOWN)
    up = Event(pygame.KEYUP, key=pygame.K_1, scancode=pygame.KSCAN_1, mod=0)
    held: set[int] = set()
    assert list(translated([one, one], held)) == [KeyPressed("1")]
    assert list(translated([one, down, down, up, one], held)) == [
        KeyPressed("down"), KeyPressed("down"), KeyPressed("1"),
    ]  # fmt: skip


def test_other_mouse_buttons_and_events_mean_nothing() -> None:
    assert list(translated([Event(pygame.MOUSEBUTTONDOWN, pos=(1, 1), button=3), Event(pygame.AUDIODEVICEADDED)])) == []


def test_many_moves_of_the_pointer_are_one_and_keep_their_place() -> None:
    moves = [Event(pygame.MOUSEMOTION, pos=(x, 5)) for x in range(50)]
    press = Event(pygame.MOUSEBUTTONDOWN, pos=(49, 5), button=1)
    assert list(translated([*moves, press, moves[0]])) == [
        PointerMoved((49, 5)), PointerPressed((49, 5)), PointerMoved((0, 5)),
    ]  # fmt: skip


def test_the_wheel_turned_towards_oneself_goes_down_the_page() -> None:
    (scrolled,) = translated([Event(pygame.MOUSEWHEEL, x=0, y=-1, precise_x=0.0, precise_y=-1.0, flipped=False)])
    assert isinstance(scrolled, Scrolled)
    assert scrolled.lines == 1.0


class One(Page):
    """A page with a button that closes the stage."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed = 0

    def build(self) -> Widget:
        return Column(Button("Go on", self.go_on, key="space"))

    def go_on(self) -> None:
        self.pressed += 1
        self.stage.close()


@pytest.fixture
def window() -> Iterator[Stage]:
    pygame.event.clear()
    with Stage.create((960, 540), visible=False) as stage:
        yield stage


def test_a_real_window_runs_the_same_screens(window: Stage) -> None:
    page = One()
    pygame.event.post(key(pygame.K_SPACE))
    window.run(page)
    assert page.pressed == 1
    assert window.size == (960, 540)


def test_a_real_window_is_closed_in_good_order(window: Stage) -> None:
    page = One()
    pygame.event.post(Event(pygame.QUIT))
    window.run(page)
    assert (page.pressed, window.closing) == (0, True)


def test_another_thread_ends_the_waiting_of_a_real_window(window: Stage) -> None:
    page = One()
    caller = threading.Thread(target=lambda: window.soon(page.go_on))
    window.go(page)
    caller.start()
    while not window.closing:
        window.turn()
    caller.join()
    assert page.pressed == 1


def test_a_graphics_device_that_is_set_back_costs_a_line_in_the_log(window: Stage, caplog: pytest.LogCaptureFixture) -> None:
    window.go(One())
    pygame.event.post(Event(pygame.RENDER_DEVICE_RESET))
    with caplog.at_level(logging.WARNING):
        window.turn(0.1)
    assert ["set back" in record.getMessage() for record in caplog.records] == [True]
    assert not window.closing


def test_a_sound_device_that_goes_and_comes_is_looked_for_again(window: Stage, caplog: pytest.LogCaptureFixture) -> None:
    window.go(One())
    assert window.sound
    pygame.event.post(Event(pygame.AUDIODEVICEREMOVED, which=0, iscapture=0))
    with caplog.at_level(logging.WARNING):
        window.turn(0.1)
        assert pygame.mixer.get_init() is None
        window.sounds.hush()
        window.sounds.play("protest")
    assert pygame.mixer.get_init() is not None
    assert [record.getMessage() for record in caplog.records] == ["A sound device is gone: another one is looked for, and the captions are there."]


def test_a_picture_that_cannot_be_shown_is_told_once_and_the_next_one_is_tried(window: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    class Gone:
        def get_surface(self) -> pygame.Surface:
            raise pygame.error("the surface is invalid")

    window.go(One())
    system = window._window
    with monkeypatch.context() as patched, caplog.at_level(logging.WARNING):
        patched.setattr(system, "_window", Gone())
        for _ in range(3):
            window.redraw()
            window.settle()
    assert [record.getMessage() for record in caplog.records] == [
        "A picture could not be shown (the surface is invalid): the game goes on with the next one."
    ]


def test_without_a_sound_device_the_game_goes_on_with_one_line_in_the_log(
    window: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_device() -> None:
        raise pygame.error("ALSA: Couldn't open audio device")

    monkeypatch.setattr(pygame.mixer, "init", no_device)
    with caplog.at_level(logging.WARNING):
        assert [window.sound, window.sound] == [False, False]
    assert [record.getMessage() for record in caplog.records] == [
        "No sound device (ALSA: Couldn't open audio device): the game goes on with captions alone."
    ]


def test_the_other_pygame_is_refused_with_the_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from servicesim.errors import ServicesimError

    monkeypatch.delattr(pygame, "IS_CE")
    with pytest.raises(ServicesimError, match="needs pygame-ce"):
        Stage.create(visible=False)


WAITING = """
from servicesim.desktop.label import Label
from servicesim.desktop.page import Page
from servicesim.desktop.stage import Stage

class Wait(Page):
    def build(self): return Label("wait")
    def entered(self): self.stage.soon(lambda: print("shown", flush=True))
    def left(self): print("left", flush=True)

with Stage.create() as stage:
    stage.run(Wait())
print("done", flush=True)
"""


def run(code: str, **environment: str) -> subprocess.Popen[str]:
    without = {name: value for name, value in os.environ.items() if not name.startswith(("SDL_", "DISPLAY", "WAYLAND"))}
    return subprocess.Popen(
        [sys.executable, "-c", code],
        env={**without, **environment},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere there is always a screen")
def test_without_a_screen_a_window_is_refused_in_one_sentence() -> None:
    process = run(
        "from servicesim.desktop.stage import Stage\ntry: Stage.create()\nexcept Exception as error: print(type(error).__name__, error)"
    )
    out, _ = process.communicate(timeout=30)
    assert out.splitlines()[-1].startswith("NoDisplay There is no screen to open a window on")


@pytest.mark.parametrize("name", [name for name in ("SIGTERM", "SIGHUP", "SIGINT") if hasattr(signal, name)])
def test_a_signal_closes_the_window_in_good_order(name: str) -> None:
    process = run(WAITING, SDL_VIDEODRIVER="dummy")
    assert process.stdout
    while process.stdout.readline() != "shown\n":
        assert process.poll() is None
    process.send_signal(getattr(signal, name))
    out, errors = process.communicate(timeout=30)
    assert (out, process.returncode) == ("left\ndone\n", 0), errors
