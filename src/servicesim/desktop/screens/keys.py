"""Which key does what in a conversation; replies have the digits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

KEYS: Mapping[str, str] = MappingProxyType({
    "go-on": "g",
    "nod": "h",  # the head; N is for No
    "yes": "y",
    "no": "n",
    "interrupt": "s",
    "move-on": "c",  # not Space, which presses what has the focus
    "backlog": "l",
    "card": "k",
    "pause": "escape",
})  # fmt: skip

_NAMES: Mapping[str, str] = MappingProxyType({"escape": "Esc", "enter": "Enter", "space": "Space", "tab": "Tab"})


def cap(key: str) -> str:
    """A key as it is written on buttons."""
    return _NAMES.get(key, key.upper())


def refusal(keys: Mapping[str, str], action: str, key: str) -> Literal["reserved", "taken"] | None:
    """Why a key cannot be used for this: the window needs it for itself, or another thing is done with it."""
    letter = len(key) == 1 and "a" <= key <= "z"
    if not (letter or (action, key) == ("pause", "escape")):
        return "reserved"  # digits give replies, arrows and Tab move, Enter and Space press
    return "taken" if key in (other for name, other in keys.items() if name != action) else None
