"""The stage: shows one screen at a time, hands it what people do and what time it is, keeps a record of each frame."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Protocol

import pygame
from pygame import Rect, Surface

from servicesim.desktop.access import Node
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.frame import Frame
from servicesim.desktop.inputs import (
    CloseAsked,
    FocusLost,
    Gesture,
    Input,
    KeyPressed,
    PointerMoved,
    Resized,
    Uncovered,
)
from servicesim.desktop.leisure import Leisure
from servicesim.desktop.look import DESIGN_SIZE, Direction, Look, scale_of
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.reading_aloud import ReadingAloud
from servicesim.desktop.screen import Screen
from servicesim.desktop.scripted import Scripted
from servicesim.desktop.sounds import Sounds
from servicesim.desktop.stale import Stale
from servicesim.desktop.system_look import SystemLook
from servicesim.desktop.theme import Theme
from servicesim.desktop.window import NullWindow, SystemWindow, Window

FRAME = 1 / 60  # seconds from one picture to the next, at the least
SETTLE = 0.12  # seconds without a further change of size before everything is laid out anew

Script = Callable[["Stage"], Iterator[float]]


class Reader(Protocol):
    """Reads the screen aloud, or has another program do so."""

    def tell(self) -> None:
        """Something may have changed."""


class Stage(Scripted):
    """`Stage.create()` opens a window, `Stage.create_null()` is one for tests and pictures; all else they share.

    >>> with Stage.create_null() as stage:
    ...     stage.go(Welcome())
    ...     stage.click("Begin")
    ...     stage.wait(1.5)
    ...     stage.frame.texts
    """

    def __init__(self, window: Window, theme: Theme | None = None, *, records: bool = True) -> None:
        self._window = window
        self.records = records  # whether `frame` is kept; then each picture is drawn whole
        self.theme = theme or Theme()
        self.preferences = Preferences()
        self.system = SystemLook()  # how all programs look on this computer
        self.sounds = Sounds(self)
        self.reader: Reader | None = None  # the way to a screen reader, where there is one
        self.aloud: ReadingAloud | None = None  # what reads aloud to those who want it, where the system can speak
        self.open_settings: Callable[[], None] | None = None  # where there is somebody to ask
        self.minds_focus = True  # whether screens hear that somebody turned to another window; a play by itself goes on
        self.closing = False
        self.announced: deque[str] = deque(maxlen=50)
        self.frames = 0
        self._screens: list[Screen] = []
        self._surface = Surface(window.size, 0, 32)
        self._look = Look(self.theme, scale_of(window.size))
        self.frame = Frame(window.size)
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._stale, self._leisure = Stale(), Leisure()
        self._told = False  # somebody has said what looks different
        self._drawn_at = self._acted_at = self._window.now() - FRAME
        self._wish: float | None = None
        self._layout_at: float | None = None
        self._new_size = window.size
        self._typing: Rect | None = None

    @classmethod
    def create(
        cls,
        size: tuple[int, int] | None = None,
        title: str = "ServiceSim",
        *,
        visible: bool = True,
        records: bool = False,
    ) -> Stage:
        """A real window that can be resized; `NoDisplay` where there is no screen to open it on."""
        return cls(SystemWindow(size, title, visible=visible), records=records)

    @classmethod
    def create_null(cls, size: tuple[int, int] = DESIGN_SIZE, *, records: bool = True) -> Stage:
        """No window: events come from `press`, `click`, `write`, time passes in `wait` alone, pictures are drawn all the same."""
        return cls(NullWindow(size), records=records)

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    # ---- for screens -----------------------------------------------------------------------------------------

    def now(self) -> float:
        """Seconds that only ever grow; virtual where there is no window."""
        return self._window.now()

    def go(self, screen: Screen) -> None:
        """Show this screen in place of all there are."""
        while self._screens:
            self._screens.pop().leave()
        self._put(screen)

    def cover(self, screen: Screen) -> None:
        """Lay this screen over the one there is, which is shown but gets neither gestures nor ticks."""
        if self._screens:
            self._screens[-1].covered()
        self._put(screen)

    def uncover(self) -> None:
        """Take the uppermost screen away."""
        self._screens.pop().leave()
        self._screens[-1].uncovered()
        self._wish = self.now()
        self.redraw()

    def close(self) -> None:
        """End `run` after this turn."""
        self.closing = True

    def redraw(self, part: Rect | None = None) -> None:
        """What is shown has changed: this part of it, or everything."""
        whole = Rect((0, 0), self.size)
        self._stale.add(whole if part is None else part.clip(whole))
        self._told = True

    def tick_soon(self) -> None:
        """Let time come to the screen in the next turn, whenever it had asked for it."""
        self._wish = self.now()

    def soon(self, call: Callable[[], None]) -> None:
        """Have this called on the drawing thread; the one method that other threads may use."""
        self._calls.put(call)
        self._window.wake()

    def announce(self, text: str) -> None:
        """Have a screen reader say this without moving to it."""
        self.announced.append(text)
        if self.aloud is not None:
            self.aloud.announced(text)

    @property
    def live(self) -> str:
        """What was announced last."""
        return self.announced[-1] if self.announced else ""

    @property
    def size(self) -> tuple[int, int]:
        """Pixels across and down."""
        return self._surface.get_size()

    @property
    def sound(self) -> bool:
        """Whether voices can be heard; where not, captions must do, and the log has a line."""
        return self._window.sound

    def suit(self, preferences: Preferences) -> None:
        """Be as somebody likes it, at once."""
        self.preferences = preferences
        self.theme = preferences.look_for(self.system)
        for screen in self._screens:
            screen.suited()
        self._lay_out()

    def speak(self, direction: Direction) -> None:
        """Words are of another language now, read in this direction: tell every screen."""
        for screen in self._screens:
            screen.spoken(direction)
        self._lay_out()

    def copy(self, text: str) -> bool:
        """Let a text be pasted in other programs; False where that is not possible."""
        return self._window.copy(text)

    def toggle_fullscreen(self) -> None:
        """Fill the screen, or be a window again."""
        self._window.toggle_fullscreen()

    def save_picture(self, path: Path) -> None:
        """Write what is shown now as a PNG."""
        self.settle()
        pygame.image.save(self._surface, str(path))

    @property
    def screen(self) -> Screen:
        """The uppermost screen."""
        return self._screens[-1]

    @property
    def nodes(self) -> Node:
        """What a screen reader reads: the uppermost screen alone, and the caption of a sound."""
        node = self.screen.node()
        said = self.sounds.node()
        return node if said is None else replace(node, children=(*node.children, said))

    # ---- running ---------------------------------------------------------------------------------------------

    def run(self, screen: Screen, script: Script | None = None) -> None:
        """Show this screen and what follows it, until the window is closed; a script acts first, yielding pauses in seconds."""
        self.go(screen)
        for pause in script(self) if script else ():
            self.wait(pause)
            if self.closing:
                break
        while not self.closing and not self._window.scripted:
            self.turn()
        self.end()

    def turn(self, longest: float | None = None) -> None:
        """Wait for what comes next, at most so many seconds, and show what it changes."""
        wait = self._until_next(longest)
        for event in self._window.inputs(0.0 if self._used(wait) else wait):
            self._take(event)
        self._go_on()
        if self._screens:
            self._tell()

    def wait(self, seconds: float) -> None:
        """Let so much time pass."""
        until = self.now() + seconds
        while not self.closing and self.now() < until:
            self.turn(until - self.now())

    def settle(self) -> None:
        """Bring the picture up to date now."""
        self._run_calls()
        if self._layout_at is not None:
            self._lay_out()
        if self._stale:
            self._draw()

    def end(self) -> None:
        """Leave all screens and close the window."""
        while self._screens:
            self._screens.pop().leave()
        if self.aloud is not None:
            self.aloud.close()
        self._leisure.end()
        self._window.close()

    # ---- inside ----------------------------------------------------------------------------------------------

    def _put(self, screen: Screen) -> None:
        self._screens.append(screen)
        self._leisure.another_screen()
        screen.enter(self)
        if self._screens and self._screens[-1] is screen:
            screen.layout(self._look.facing(screen.direction), Rect((0, 0), self.size))
        self._wish = self.now()
        self.redraw()

    def _until_next(self, longest: float | None) -> float | None:
        """Seconds until something has to be done without anybody's doing; None if nothing has."""
        now = self.now()
        times = [time for time in (self._wish, self._layout_at, self.sounds.ends) if time is not None]
        if self._stale and self._layout_at is None:
            times.append(now)
        if times:
            due = max(min(times), self._acted_at + FRAME) - now
            longest = due if longest is None else min(due, longest)
        return longest if longest is None else max(0.0, longest)

    def _used(self, wait: float | None) -> bool:
        """Put the time to use in which nothing is due; True if there may be more to do."""
        return not self._window.scripted and bool(self._screens) and self._leisure.use(self.screen, wait)

    def _go_on(self) -> None:
        """Calls from other threads, time, layout, picture: each only if due."""
        self._run_calls()
        now = self.now()
        if self._screens and self._wish is not None and now >= self._wish:
            self._wish, self._acted_at = None, now
            top = self.screen
            self._told = False
            wish = top.tick(now)
            if self._screens and self.screen is top and self._wish is None:
                self._wish = wish
            if not self._told:  # a screen that does not say what has changed is drawn anew as a whole
                self.redraw()
        if self._layout_at is not None and now >= self._layout_at:
            self._lay_out()
        if self.sounds.ends is not None and now >= self.sounds.ends and not self.sounds.caption:
            self.redraw()
        self._mind_typing()
        if self._stale and self._layout_at is None and now >= self._drawn_at + FRAME - 1e-6:
            self._draw()

    def _tell(self) -> None:
        """Tell those who hear the window what has changed."""
        if self.reader is not None:
            self.reader.tell()
        if self.aloud is not None:
            self.aloud.tell()

    def _run_calls(self) -> None:
        while not self._calls.empty():
            self._calls.get()()
            self.redraw()

    def _take(self, event: Input) -> None:
        match event:
            case CloseAsked():
                self.close()
            case Resized(size):
                self._layout_at = self.now() + SETTLE
                self._window.show(self._surface, Rect((0, 0), self.size))
                self._new_size = size
            case Uncovered():
                self._window.show(self._surface, Rect((0, 0), self.size))
            case FocusLost():
                if self._screens and self.minds_focus:
                    self.screen.away()
            case KeyPressed("f11"):
                self.toggle_fullscreen()
            case _:
                self._hand_over(event)

    def _hand_over(self, gesture: Gesture) -> None:
        if self._screens:
            self.screen.press(gesture)
            if not isinstance(gesture, PointerMoved):
                self.tick_soon()
                self.redraw()

    def _lay_out(self) -> None:
        self._layout_at = None
        self._surface = Surface(self._new_size, 0, 32)
        self._look = Look(self.theme, scale_of(self._new_size))
        for screen in self._screens:
            screen.layout(self._look.facing(screen.direction), Rect((0, 0), self.size))
        self.redraw()

    def _seen(self) -> Iterator[tuple[int, Screen]]:
        """The screens that can be seen, from below: the last one that fills the window, and what lies over it."""
        lowest = max((place for place, screen in enumerate(self._screens) if screen.fills), default=0)
        yield from enumerate(self._screens[lowest:])

    def _mind_typing(self) -> None:
        """Tell the window where text is being typed, so that input methods open beside it."""
        place = self.screen.typing if self._screens else None
        if place != self._typing:
            self._typing = place
            self._window.type_at(place)

    def _draw(self) -> None:
        parts = [Rect((0, 0), self.size)] if self.records else list(self._stale)
        self._stale = Stale()
        self.frame = Frame(self.size)
        for part in parts:
            self._draw_part(part)
        self._window.show(self._surface, *parts)
        self._drawn_at = self._acted_at = self.now()
        self.frames += 1

    def _draw_part(self, part: Rect) -> None:
        frame = self.frame if self.records else None
        self._surface.set_clip(part)
        for layer, screen in self._seen():
            screen.draw(Canvas(self._surface, self._look.facing(screen.direction), frame, layer))
        self.sounds.draw(Canvas(self._surface, self._look, frame, len(self._screens)))
        self._surface.set_clip(None)
