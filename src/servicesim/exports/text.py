"""Texts that somebody typed, as a file for other programs may hold them."""

from __future__ import annotations

import re

# Controls, hidden changes of direction, line breaks that a reader could miss, and what is no character at all.
_NO_CHARACTERS = "\ud800-\udfff\ufdd0-\ufdef" + "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_UNSAFE = re.compile(
    f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff{_NO_CHARACTERS}]"
)


def clean(text: str) -> str:
    """The text without controls, hidden changes of direction, and what is no character."""
    return text if text.isalnum() else _UNSAFE.sub("", text)
