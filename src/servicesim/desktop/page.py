"""A screen made of widgets: builds them, lays them out, hands gestures to the right one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pygame import Rect

from servicesim.desktop.access import Node, Role
from servicesim.desktop.canvas import Canvas
from servicesim.desktop.focus import ARROWS, Focus
from servicesim.desktop.inputs import (
    Composed,
    Gesture,
    KeyPressed,
    Point,
    PointerLeft,
    PointerMoved,
    PointerPressed,
    PointerReleased,
    Scrolled,
    Typed,
)
from servicesim.desktop.look import Direction, Look
from servicesim.desktop.scroll import ScrollArea
from servicesim.desktop.widget import Widget, laying_out

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage


class Page:
    """Write `build`, which answers the widgets; call `rebuild` when others are needed and `changed` when one moved."""

    title = ""
    role: Role = "window"
    direction: Direction = "ltr"
    fills = True
    stage: Stage

    def __init__(self) -> None:
        self.focus = Focus()
        self.root: Widget | None = None
        self._body: Widget | None = None  # the root, or the root in a scrolling area
        self._look, self._area = Look(), Rect(0, 0, 0, 0)
        self._under: Widget | None = None
        self._held: Widget | None = None

    # ---- for those who write a page --------------------------------------------------------------------------

    def build(self) -> Widget:
        """The widgets of the page; called when it is entered and after each `rebuild`."""
        raise NotImplementedError

    def entered(self) -> None:
        """The page is on the stage; the place to start what it waits for."""

    def left(self) -> None:
        """The page is off the stage."""

    def suited(self) -> None:
        """Somebody likes the window another way now (`stage.preferences`); layout and colours follow by themselves."""

    def reword(self) -> None:
        """The words are of another language: make anew what is made of them before `build`, such as the title."""

    def covered(self) -> None:
        """Another screen lies over it now: time stands still for it."""

    def uncovered(self) -> None:
        """It is uppermost again."""

    def away(self) -> None:
        """Somebody turned to another window."""

    def key(self, key: KeyPressed) -> bool:
        """A key that no widget wanted; True if the page did something with it."""
        return False

    def tick(self, now: float) -> float | None:
        """Time has come; answers when it must come again."""
        return None

    def ahead(self) -> bool:
        """Nothing happens just now: do a few milliseconds of what will be needed; True when nothing is left to do."""
        return True

    def first_focus(self) -> Widget | None:
        """What has the keyboard at first; nothing if None."""
        return None

    def rebuild(self) -> None:
        """Build the widgets anew; what had the focus keeps it if a widget of that kind and name is still there."""
        before = self.focus.widget
        self.root = self.build()
        self._under = self._held = None
        stops = [widget for widget in self.root.walk() if widget.can_focus]  # those of the new widgets
        same = [stop for stop in stops if before and (stop.role, stop.name) == (before.role, before.name)]
        self.focus.give(same[0] if same else None, ring=bool(before and before.ringed))
        self.changed(moved=True)

    def changed(self, *widgets: Widget, moved: bool = False) -> None:
        """Something looks different: these widgets, or all; `moved`: texts or widgets came, went or grew, so lay out again."""
        if moved and self._area.w:
            self._place()
        if hasattr(self, "stage"):
            for widget in () if moved else widgets:
                self.stage.redraw(widget.changed_part(self._look))
            if moved or not widgets:
                self.stage.redraw()

    # ---- what the stage calls --------------------------------------------------------------------------------

    def enter(self, stage: Stage) -> None:
        self.stage = stage
        self.root = self.build()
        self.focus.give(self.first_focus(), ring=False)
        self.entered()

    def leave(self) -> None:
        self.left()

    def spoken(self, direction: Direction) -> None:
        self.direction = direction
        self.reword()
        self.rebuild()

    def layout(self, look: Look, area: Rect) -> None:
        self._look, self._area = look.facing(self.direction), area
        self._place()
        if self.focus.widget and self.focus.widget.ringed:
            self._reveal(self.focus.widget)

    def draw(self, canvas: Canvas) -> None:
        canvas.fill(canvas.look.colours.paper)
        self.draw_widgets(canvas)

    def draw_widgets(self, canvas: Canvas) -> None:
        """The widgets alone, without a ground."""
        if self._body:
            self._body.draw(canvas)

    def node(self) -> Node:
        x, y, w, h = self._area
        children = (self._body.node(),) if self._body else ()
        return Node(0, self.role, self.title, rect=(x, y, w, h), children=children)

    @property
    def typing(self) -> Rect | None:
        focused = self.focus.widget
        return focused.rect if focused and focused.role == "textbox" else None

    def press(self, gesture: Gesture) -> None:
        match gesture:
            case KeyPressed():
                self._key(gesture)
            case Typed() | Composed():
                if self.focus.widget and self.focus.widget.takes(gesture):
                    self.changed(moved=True)
            case PointerMoved(at):
                self._hover(at)
                if self._held and self._held.takes(gesture):
                    self.changed()
                elif self._under and self._under.follows and self._under.takes(gesture):
                    self.changed(self._under)
            case PointerLeft():
                self._put_under(None)
            case PointerPressed(at):
                self._hover(at)
                self._push(gesture)
            case PointerReleased(at):
                self._hover(at)
                self._let_go(gesture)
            case Scrolled(at):
                any(widget.takes(gesture) for widget in self._at(at))

    def asked(self, key: int, *, press: bool) -> None:
        """A screen reader moves to what has this key in the tree, or presses it."""
        widget = next((widget for widget in self.widgets() if widget.node_key == key and widget.can_focus), None)
        if widget is None:
            return  # it went away meanwhile
        self._move_to(widget)
        if press:
            widget.activate()
        self.changed(moved=True)

    def widgets(self) -> Iterator[Widget]:
        """All shown widgets in the order of reading."""
        if self._body:
            yield from self._body.walk()

    # ---- inside ----------------------------------------------------------------------------------------------

    def _place(self) -> None:
        """Everything at its place; what is higher than the window can be scrolled."""
        if not self.root:
            return
        inside = [area for area in self.root.walk() if isinstance(area, ScrollArea) and not area.at_end]
        for area in inside:
            area.unrolled = False
        with laying_out():
            if self.root.size(self._look, self._area.w)[1] <= self._area.h:
                self._body = self.root
                self._body.place(self._look, self._area)
                return
        # One bar for everything: areas that scroll inside of one that does are hard to find one's way in.
        for area in inside:
            area.unrolled = True
        if not (isinstance(self._body, ScrollArea) and self._body.child is self.root):
            self._body = ScrollArea(self.root)
        with laying_out():
            self._body.place(self._look, self._area)

    def _stops(self) -> list[Widget]:
        return [widget for widget in self.widgets() if widget.can_focus]

    def _at(self, point: Point) -> Iterator[Widget]:
        if self._body:
            yield from self._body.at(point)

    def _key(self, key: KeyPressed) -> None:
        focused = self.focus.widget
        if focused and focused.enabled and focused.takes(key):
            self.changed(moved=True)
            return
        if key.key == "tab":
            self._move_to(self.focus.step(self._stops(), back=key.shift))
        elif focused and focused.ringed and focused.enabled and key.key in focused.pressed_by:
            focused.activate()
        elif not self._press_shortcut(key) and not self.key(key):
            self._arrow(key)

    def _press_shortcut(self, key: KeyPressed) -> bool:
        if key.ctrl:
            return False
        for widget in self.widgets():
            if widget.shortcut == key.key and widget.enabled:
                widget.activate()
                return True
        return False

    def _arrow(self, key: KeyPressed) -> None:
        if key.key in ARROWS and (there := self.focus.towards(self._stops(), key.key)):
            self._move_to(there)
        else:
            any(widget.takes(key) for widget in self.widgets() if isinstance(widget, ScrollArea))

    def _move_to(self, widget: Widget | None) -> None:
        self.focus.give(widget, ring=True)
        if widget:
            self._reveal(widget)

    def _reveal(self, widget: Widget) -> None:
        """Scroll to it where it cannot be seen."""
        for area in self.widgets():
            if isinstance(area, ScrollArea) and widget in area.walk():
                area.reveal(widget.rect)

    def _hover(self, at: Point) -> None:
        self._put_under(next((widget for widget in self._at(at) if widget.focusable or widget.grabs), None))

    def _put_under(self, widget: Widget | None) -> None:
        if self._under is not widget:
            touched = [one for one in (self._under, widget) if one]
            if self._under:
                self._under.hovered = False
            self._under = widget
            self.changed(*touched)
        if widget:
            widget.hovered = widget.enabled

    def _push(self, gesture: PointerPressed) -> None:
        self._held = self._under
        if self._held is None or not self._held.enabled:
            self.focus.give(None, ring=False)
            return
        self._held.pressed = True
        if self._held.can_focus:
            self.focus.give(self._held, ring=False)
        self._held.takes(gesture)

    def _let_go(self, gesture: PointerReleased) -> None:
        held, self._held = self._held, None
        if held is None:
            return
        held.pressed = False
        if held is self._under and held.enabled and not held.takes(gesture):
            held.activate()


class Dialogue(Page):
    """A page over another one: its widgets in a card in the middle; Escape dismisses it."""

    role: Role = "dialog"
    fills = False

    def draw(self, canvas: Canvas) -> None:
        canvas.veil()
        self.draw_widgets(canvas)

    def key(self, key: KeyPressed) -> bool:
        if key.key == "escape":
            self.stage.uncover()
            return True
        return False
