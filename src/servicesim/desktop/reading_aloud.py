"""Reads the window aloud: what is announced, and what the keyboard has come to. For people who have no screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from servicesim.desktop.access import Node

if TYPE_CHECKING:
    from servicesim.desktop.stage import Stage

_SAID_AS = {"button": "role-button", "option": "role-option", "textbox": "role-textbox", "switch": "role-switch", "slider": "role-slider"}


class Voice(Protocol):
    """What says a text; see `system_voice`."""

    def say(self, text: str, language: str) -> None:
        """After what is being said."""

    def hush(self) -> None:
        """Break off, and forget what was still to be said."""

    def close(self) -> None:
        """Say nothing more."""


class ReadingAloud:
    """Says what changes on a stage while its preferences want that."""

    def __init__(self, stage: Stage, voice: Voice) -> None:
        self._stage, self._voice = stage, voice
        self._page = self._focused = ""
        self._waiting: list[str] = []
        self._on = False

    def announced(self, text: str) -> None:
        """Something that is said without anybody's moving to it, such as what the customer says."""
        if self._stage.preferences.aloud:
            self._waiting.append(text)

    def tell(self) -> None:
        """Say what is new since the last time: the page, what was announced, what the keyboard has come to."""
        on, self._on = self._on, self._stage.preferences.aloud
        if not self._on:
            if on:
                self._voice.hush()
            self._page = self._focused = ""
            return
        tree = self._stage.nodes
        focus = next((self.told(node) for node in tree.walk() if "focused" in node.states), "")
        turned, moved = tree.name != self._page, focus != self._focused
        if turned or (moved and focus):
            self._voice.hush()
        for text in ([tree.name] if turned else []) + self._waiting + ([focus] if focus and (turned or moved) else []):
            self._voice.say(text, self._stage.sounds.words.language)
        self._page, self._focused, self._waiting = tree.name, focus, []

    def close(self) -> None:
        """The window closes."""
        self._voice.close()

    def told(self, node: Node) -> str:
        """One thing in words: its name, what it is, how it stands, what helps with it."""
        words = self._stage.sounds.words
        parts = [node.name]
        if node.role in _SAID_AS:
            parts.append(words(_SAID_AS[node.role]))
        if node.role == "switch":
            parts.append(words("state-on" if "checked" in node.states else "state-off"))
        if "selected" in node.states:
            parts.append(words("state-chosen"))
        if "disabled" in node.states:
            parts.append(words("state-off-limits"))
        return ". ".join(part.strip(" .") for part in (*parts, node.value, node.about) if part.strip(" ."))
