"""The outermost edge: a real window of pygame-ce, or none at all; everything else is the same for both."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cached_property
from types import FrameType
from typing import Protocol

import pygame
from pygame import Rect, Surface

from servicesim.desktop import icons
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
from servicesim.desktop.look import DESIGN_SIZE
from servicesim.desktop.panels import rounded
from servicesim.desktop.theme import LIGHT
from servicesim.errors import NoDisplay, ServicesimError

log = logging.getLogger(__name__)

_Answer = Callable[[int, FrameType | None], object] | int | None  # what is done on a signal

LONGEST_SLEEP = 0.5  # seconds from one turn to the next, at the most
GLANCE = 0.016  # seconds from one look at the queue of events to the next while nothing moves
LEAST_SIZE = (800, 450)
MOST_PASTED = 10_000  # characters; no field holds as many
_SCREENLESS = ("offscreen", "dummy")
_RESETS = (pygame.RENDER_TARGETS_RESET, pygame.RENDER_DEVICE_RESET)
_ENDING_SIGNALS = ("SIGTERM", "SIGHUP", "SIGINT")  # not every system has each of them


class Window(Protocol):
    """Where pictures go and inputs come from."""

    size: tuple[int, int]
    scripted: bool

    def now(self) -> float:
        """Seconds that only ever grow."""

    def inputs(self, longest: float | None) -> Iterator[Input]:
        """What was done, after waiting at most so many seconds for it; without end if None."""

    def show(self, picture: Surface, *parts: Rect) -> None:
        """Put a picture, of which these parts are new, in front of people."""

    def wake(self) -> None:
        """End the waiting; may be called by any thread."""

    @property
    def sound(self) -> bool:
        """Whether voices can be heard; found out when first asked."""

    def type_at(self, place: Rect | None) -> None:
        """Text is typed here, or no longer."""

    def copy(self, text: str) -> bool:
        """Let a text be pasted elsewhere; False where that is not possible."""

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or be a window again."""

    def close(self) -> None:
        """Be gone."""


class NullWindow:
    """No window: time passes only while it waits, and nothing comes in by itself."""

    scripted = True
    sound = False

    def __init__(self, size: tuple[int, int]) -> None:
        pygame.font.init()
        self.size = size
        self.fullscreen = False
        self.typing: Rect | None = None
        self.copied = ""
        self.shown = 0
        self._time = 0.0

    def now(self) -> float:
        return self._time

    def inputs(self, longest: float | None) -> Iterator[Input]:
        if longest is None:
            yield CloseAsked()  # nothing can ever happen again
        self._time += longest or 0.0

    def show(self, picture: Surface, *parts: Rect) -> None:
        self.shown += 1

    def wake(self) -> None:
        pass

    def type_at(self, place: Rect | None) -> None:
        self.typing = place

    def copy(self, text: str) -> bool:
        self.copied = text
        return True

    def toggle_fullscreen(self) -> None:
        self.fullscreen = not self.fullscreen

    def close(self) -> None:
        pass


class SystemWindow:
    """A window on the screen, drawn in software."""

    scripted = False

    def __init__(self, size: tuple[int, int] | None, title: str, *, visible: bool = True) -> None:
        _begin()
        self._started = time.monotonic()
        # Hidden until there is a picture: nobody is to see a black window, or one in other colours than theirs.
        self._window = pygame.Window(title, size or _comfortable(), resizable=True, hidden=True)
        self._to_be_shown = visible
        self._window.minimum_size = LEAST_SIZE
        self._window.set_icon(_icon())
        self._window.get_surface()
        self.size = self._window.size
        self._fullscreen = False
        self._signals = {name: _on_signal(name) for name in _ENDING_SIGNALS if hasattr(signal, name)}
        pygame.key.set_repeat(400, 35)
        pygame.key.stop_text_input()
        self._awake = threading.Event()
        self._held: set[int] = set()
        self._unshown = False  # the log has a line about it

    def now(self) -> float:
        return time.monotonic() - self._started

    def inputs(self, longest: float | None) -> Iterator[Input]:
        until = self.now() + (LONGEST_SLEEP if longest is None else min(longest, LONGEST_SLEEP))
        # pygame.event.wait looks a thousand times a second and costs 2 % of a core; nobody notices 16 ms.
        while not (events := pygame.event.get()) and (left := until - self.now()) > 0:
            if self._awake.wait(min(GLANCE, left)):
                break
        self._awake.clear()
        for event in events:
            self._mind(event)
        yield from translated(events, self._held)

    def _mind(self, event: pygame.event.Event) -> None:
        """A device that goes or is set back is no reason to stop: what it showed is shown again, what it played is in the captions."""
        if event.type in _RESETS:
            log.warning("The graphics device was set back: the picture is shown anew.")
        elif event.type == pygame.AUDIODEVICEREMOVED and not event.iscapture and vars(self).get("sound"):
            log.warning("A sound device is gone: another one is looked for, and the captions are there.")
            pygame.mixer.quit()
            del vars(self)["sound"]
        elif event.type == pygame.AUDIODEVICEADDED and not event.iscapture and vars(self).get("sound") is False:
            del vars(self)["sound"]  # whoever plays next finds out

    def show(self, picture: Surface, *parts: Rect) -> None:
        try:
            surface = self._window.get_surface()
            if surface.get_size() != picture.get_size():
                surface.fill(picture.get_at((0, picture.get_height() - 1)))
                parts = (picture.get_rect(),)
            surface.blits([(picture, part, part) for part in parts], False)
            if self._to_be_shown:
                self._to_be_shown = False
                self._window.show()
            self._window.flip()
        except pygame.error as error:  # between two sizes, or while a device is set back: the next picture is shown again
            if not self._unshown:
                log.warning("A picture could not be shown (%s): the game goes on with the next one.", error)
            self._unshown = True

    def wake(self) -> None:
        self._awake.set()

    @cached_property
    def sound(self) -> bool:
        try:
            with _hushed():
                pygame.mixer.init()
        except pygame.error as error:
            log.warning("No sound device (%s): the game goes on with captions alone.", error)
            return False
        return True

    def type_at(self, place: Rect | None) -> None:
        if place is None:
            pygame.key.stop_text_input()
        else:
            pygame.key.start_text_input()
            pygame.key.set_text_input_rect(place)

    def copy(self, text: str) -> bool:
        with suppress(pygame.error):
            pygame.scrap.put_text(text)
            return True
        return False

    def toggle_fullscreen(self) -> None:
        self._fullscreen = not self._fullscreen
        if self._fullscreen:
            self._window.set_fullscreen(True)
        else:
            self._window.set_windowed()

    def close(self) -> None:
        for name, before in self._signals.items():
            signal.signal(getattr(signal, name), before)
        self._signals = {}
        self._window.destroy()


@contextmanager
def _hushed() -> Iterator[None]:
    """Without what the system's sound library prints by itself where there is no device: one line in the log is enough."""
    try:
        errors, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    except OSError:  # nothing is printed anywhere
        yield
        return
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(errors, 2)
        os.close(errors)
        os.close(nowhere)


def _begin() -> None:
    """Start pygame's display and fonts, and make sure that there is a screen."""
    if not getattr(pygame, "IS_CE", 0):
        raise ServicesimError(
            "ServiceSim needs pygame-ce, but pygame is installed: run 'pip uninstall pygame pygame-ce', then 'pip install pygame-ce'."
        )
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")  # without a GPU the copy to one costs 12 ms a frame
    os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
    os.environ.setdefault("SDL_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR", "0")
    try:
        pygame.display.init()
    except pygame.error as error:
        raise NoDisplay(f"There is no screen to open a window on ({error}).") from error
    asked = os.environ.get("SDL_VIDEODRIVER", "")
    if pygame.display.get_driver() in _SCREENLESS and pygame.display.get_driver() not in asked:
        pygame.display.quit()
        raise NoDisplay("There is no screen to open a window on; set DISPLAY, or use a command that needs no window.")
    pygame.font.init()


def _icon() -> Surface:
    """A speech bubble on the accent, for the task bar."""
    icon = rounded((64, 64), 14, LIGHT.accent, None, 0)
    icon.blit(icons.icon("chat", 44, LIGHT.on_accent), (10, 10))
    return icon


def _comfortable() -> tuple[int, int]:
    """A size for the first window: as designed, smaller on a small screen, larger on a very large one."""
    wide, high = pygame.display.get_desktop_sizes()[0]
    fit = min(wide / DESIGN_SIZE[0], (high - 80) / DESIGN_SIZE[1])
    scale = 1.0 if 1.0 <= fit < 2.0 else max(1.5, fit * 0.75) if fit >= 2.0 else fit
    return max(LEAST_SIZE[0], round(DESIGN_SIZE[0] * scale)), max(LEAST_SIZE[1], round(DESIGN_SIZE[1] * scale))


def _on_signal(name: str) -> _Answer:
    """From now on this signal closes the window in good order; answers what it did before."""

    def close(_number: int, _frame: FrameType | None) -> None:
        pygame.event.post(pygame.event.Event(pygame.QUIT))

    try:
        return signal.signal(getattr(signal, name), close)
    except ValueError:  # only the main thread may
        return signal.SIG_DFL


_KEYS = {
    pygame.K_RETURN: "enter", pygame.K_KP_ENTER: "enter", pygame.K_SPACE: "space", pygame.K_TAB: "tab",
    pygame.K_ESCAPE: "escape", pygame.K_BACKSPACE: "backspace", pygame.K_DELETE: "delete", pygame.K_UP: "up",
    pygame.K_DOWN: "down", pygame.K_LEFT: "left", pygame.K_RIGHT: "right", pygame.K_HOME: "home", pygame.K_END: "end",
    pygame.K_PAGEUP: "pageup", pygame.K_PAGEDOWN: "pagedown", pygame.K_F1: "f1", pygame.K_F11: "f11",
}  # fmt: skip
_REPEATING = frozenset({"tab", "backspace", "delete", "up", "down", "left", "right", "pageup", "pagedown"})
# By where the key lies, so that "1" and "y" are found on every keyboard layout.
_PLACES = {
    **{getattr(pygame, f"KSCAN_{digit}"): digit for digit in "1234567890"},
    **{getattr(pygame, f"KSCAN_KP_{digit}", -1): digit for digit in "1234567890"},
    **{getattr(pygame, f"KSCAN_{letter}"): letter.lower() for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
}


def translated(events: list[pygame.event.Event], held: set[int] | None = None) -> Iterator[Input]:
    """pygame's events as plain inputs; the many moves of the pointer in one go are one. `held`: the keys that are down."""
    moved: deque[Input] = deque(maxlen=1)
    for event in without_repeats(events, set() if held is None else held):
        if event.type == pygame.MOUSEMOTION:
            moved.append(PointerMoved(event.pos))
            continue
        yield from moved
        moved.clear()
        if (translation := _translated(event)) is not None:
            yield translation
    yield from moved


def without_repeats(events: list[pygame.event.Event], held: set[int]) -> Iterator[pygame.event.Event]:
    """A key that is held down moves and erases again and again, but presses a button once: nobody answers twice by accident."""
    for event in events:
        if event.type == pygame.KEYDOWN:
            if event.scancode in held and _KEYS.get(event.key) not in _REPEATING:
                continue
            held.add(event.scancode)
        elif event.type == pygame.KEYUP:
            held.discard(event.scancode)
        elif event.type == pygame.WINDOWFOCUSLOST:
            held.clear()
        yield event


def _translated(event: pygame.event.Event) -> Input | None:
    match event.type:
        case pygame.QUIT | pygame.WINDOWCLOSE:
            return CloseAsked()
        case pygame.KEYDOWN if _pastes(event):
            return Typed(_copied())
        case pygame.KEYDOWN:
            return _key(event)
        case pygame.TEXTINPUT:
            return Typed(event.text)
        case pygame.TEXTEDITING:
            return Composed(event.text)
        case pygame.MOUSEBUTTONDOWN if event.button == 1:
            return PointerPressed(event.pos)
        case pygame.MOUSEBUTTONUP if event.button == 1:
            return PointerReleased(event.pos)
        case pygame.MOUSEWHEEL:
            return Scrolled(pygame.mouse.get_pos(), -event.precise_y * (-1 if event.flipped else 1))
        case pygame.WINDOWLEAVE:
            return PointerLeft()
        case pygame.WINDOWSIZECHANGED:
            return Resized((event.x, event.y))
        case pygame.WINDOWEXPOSED | pygame.RENDER_TARGETS_RESET | pygame.RENDER_DEVICE_RESET:
            return Uncovered()
        case pygame.WINDOWFOCUSLOST:
            return FocusLost()
        case _:
            return None


def _pastes(event: pygame.event.Event) -> bool:
    """Ctrl+V, Cmd+V, or Shift+Insert."""
    letter = _name(event.key) or _PLACES.get(event.scancode)
    by_letter = letter == "v" and event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META) and not event.mod & pygame.KMOD_ALT
    return bool(by_letter or (event.key == pygame.K_INSERT and event.mod & pygame.KMOD_SHIFT))


def _copied() -> str:
    """The text that was copied somewhere, in one line; nothing where there is none."""
    with suppress(pygame.error):
        return " ".join(pygame.scrap.get_text()[:MOST_PASTED].split())
    return ""


def _key(event: pygame.event.Event) -> KeyPressed | None:
    name = _KEYS.get(event.key) or _name(event.key) or _PLACES.get(event.scancode)
    if name is None:
        return None
    return KeyPressed(
        name, shift=bool(event.mod & pygame.KMOD_SHIFT), ctrl=bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
    )


def _name(key: int) -> str | None:
    """A letter or digit of the Latin alphabet by what is written on the key."""
    return chr(key) if 48 <= key <= 57 or 97 <= key <= 122 else None
