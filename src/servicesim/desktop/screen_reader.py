"""Hands the tree of nodes to the system's screen reader through AccessKit, where that is installed; on Linux so far.

The one module that knows AccessKit. It calls back from threads of its own: what it asks for is done on the drawing thread.
"""

from __future__ import annotations

import importlib
import logging
import sys
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import pygame

from servicesim.desktop.access import Node, Role

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage

log = logging.getLogger(__name__)

_WINDOW, _LIVE, _FIRST = 0, 1, 2  # ids: the window, what is announced, and from here the nodes of the screen
_ROLES: dict[Role, str] = {
    "window": "PANE", "dialog": "DIALOG", "group": "GENERIC_CONTAINER", "heading": "HEADING", "label": "LABEL", "button": "BUTTON",
    "option": "LIST_BOX_OPTION", "list": "LIST_BOX", "textbox": "TEXT_INPUT", "switch": "SWITCH", "meter": "METER", "image": "IMAGE",
    "separator": "GENERIC_CONTAINER", "scroll": "SCROLL_VIEW", "status": "STATUS", "slider": "SLIDER",
}  # fmt: skip


def open_reader(stage: Stage) -> ScreenReader | None:
    """The way to a screen reader; None where AccessKit is not installed, or knows no way on this system."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        kit: Any = importlib.import_module("accesskit")
        return ScreenReader(stage, kit)
    except ImportError:
        return None
    except Exception as failure:  # noqa: BLE001 - whatever a bridge to other programs does, the game goes on
        log.warning("No screen reader can be reached (%s).", failure)
        return None


class ScreenReader:
    """What is on a stage, for those who listen to it."""

    def __init__(self, stage: Stage, kit: Any) -> None:
        self._stage, self._kit = stage, kit
        self._told: tuple[Node, str] | None = None
        self._frames = -1
        self._focused: bool | None = None
        self._adapter = kit.unix.Adapter(self._begins, self._asked, self._ends)

    def tell(self) -> None:
        """Say what has changed; costs nothing while nobody listens."""
        try:
            self._tell()
        except Exception as failure:  # noqa: BLE001 - as above: the game goes on without it
            log.warning("The screen reader cannot be reached any more (%s).", failure)
            self._stage.reader = None

    def _tell(self) -> None:
        focused = pygame.display.get_init() and pygame.key.get_focused()
        if focused != self._focused:
            self._focused = focused
            self._adapter.update_window_focus_state(focused)
        if self._frames != self._stage.frames:
            self._frames = self._stage.frames
            self._adapter.update_if_active(self._update)

    # -- called by AccessKit, from other threads ------------------------------------------------------------------------

    def _begins(self) -> None:
        """Somebody listens from now on. The tree is not ours to read here: it follows with the next picture."""
        self._stage.soon(self._say_all)

    def _ends(self) -> None:
        """Nobody listens any more."""

    def _asked(self, request: Any) -> None:
        """Somebody presses something, or moves to it, by way of the screen reader."""
        press = request.action == self._kit.Action.CLICK
        if press or request.action == self._kit.Action.FOCUS:
            self._stage.soon(partial(self._do, request.target - _FIRST, press))

    # -- on the drawing thread ------------------------------------------------------------------------------------------

    def _say_all(self) -> None:
        self._told, self._frames = None, -1

    def _do(self, key: int, press: bool) -> None:
        self._stage.screen.asked(key, press=press)
        self._stage.tick_soon()

    def _update(self) -> Any:
        now = (self._stage.nodes, self._stage.live)
        focus = next((node.key for node in now[0].walk() if "focused" in node.states), 0)
        update = self._kit.TreeUpdate(focus + _FIRST)
        if now != self._told:
            self._told = now
            update.tree = self._kit.Tree(_WINDOW)
            update.tree.toolkit_name = "ServiceSim"
            update.nodes.extend(self._nodes(*now))
        return update

    def _nodes(self, screen: Node, live: str) -> Iterator[tuple[int, Any]]:
        window = self._kit.Node(self._kit.Role.WINDOW)
        window.set_label("ServiceSim")
        window.set_children([screen.key + _FIRST, _LIVE])
        yield _WINDOW, window
        announced = self._kit.Node(self._kit.Role.STATUS)
        announced.set_label(live)
        announced.set_live(self._kit.Live.POLITE)
        yield _LIVE, announced
        for node in screen.walk():
            yield node.key + _FIRST, self._as_told(node)

    def _as_told(self, node: Node) -> Any:
        kit = self._kit
        made = kit.Node(getattr(kit.Role, _ROLES[node.role]))
        x, y, wide, high = node.rect
        made.set_bounds(kit.Rect(x, y, x + wide, y + high))
        made.set_children([child.key + _FIRST for child in node.children])
        if node.role == "label":
            made.set_value(node.name)  # AccessKit reads a label by its value
        else:
            made.set_label(node.name)
            if node.value:
                (made.set_value if node.role in ("textbox", "meter", "slider") else made.set_description)(node.value)
        if node.about:
            made.set_description("; ".join(part for part in (made.description, node.about) if part))
        self._tell_states(node, made)
        return made

    def _tell_states(self, node: Node, made: Any) -> None:
        kit, states = self._kit, node.states
        if "focusable" in states:
            made.add_action(kit.Action.FOCUS)
            made.add_action(kit.Action.CLICK)
        if "disabled" in states:
            made.set_disabled()
        if "invalid" in states:
            made.set_invalid(kit.Invalid.TRUE)
        if node.role == "switch":
            made.set_toggled(kit.Toggled.TRUE if "checked" in states else kit.Toggled.FALSE)
        if node.role == "option":
            made.set_selected("selected" in states)
        if node.role == "dialog":
            made.set_modal()
        if node.role == "image" and not node.name:
            made.set_hidden()
