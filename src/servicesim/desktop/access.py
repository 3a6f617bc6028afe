"""What a screen reader reads: a tree of nodes with role, name, value and states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Role = Literal[
    "window", "dialog", "group", "heading", "label", "button", "option", "list", "textbox", "switch", "meter", "image",
    "separator", "scroll", "status", "slider",
]  # fmt: skip
State = Literal["focused", "disabled", "checked", "selected", "focusable", "invalid"]


@dataclass(frozen=True, slots=True)
class Node:
    """One thing on the screen as a reader meets it; `key` stays the same while the thing lives."""

    key: int
    role: Role
    name: str
    value: str = ""
    states: frozenset[State] = frozenset()
    rect: tuple[int, int, int, int] = (0, 0, 0, 0)
    children: tuple[Node, ...] = field(default=())
    about: str = ""  # what helps with it, or is wrong with it

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in the order of reading."""
        yield self
        for child in self.children:
            yield from child.walk()

    def __str__(self) -> str:
        value = f" = {self.value}" if self.value else ""
        states = f" ({', '.join(sorted(self.states))})" if self.states else ""
        about = f": {self.about}" if self.about else ""
        return f"{self.role} {self.name!r}{value}{about}{states}"
