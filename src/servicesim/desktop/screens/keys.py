"""Which key does what in a conversation; replies have the digits."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KEYS: Mapping[str, str] = MappingProxyType({
    "go-on": "g",
    "nod": "h",  # the head; N is for No
    "yes": "y",
    "no": "n",
    "interrupt": "s",
    "move-on": "c",  # not Space, which presses what has the focus
    "pause": "escape",
})  # fmt: skip
