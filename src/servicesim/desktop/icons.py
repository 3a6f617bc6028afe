"""Icons, drawn here as strokes on a 24x24 field; no meaning is told by colour alone, so each state has one."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, get_args

from pygame import Surface

from servicesim.desktop.panels import picture
from servicesim.desktop.theme import Colour

IconName = Literal[
    "check", "cross", "clock", "minus", "warning", "info", "lock", "flag", "person", "chat", "ear", "hand", "nod",
    "forward", "back", "down", "play", "replay", "pause", "book", "star", "phone", "mail", "smile", "flat", "frown",
    "sliders", "sound", "shop", "linked", "unlinked",
]  # fmt: skip

MIRRORED: frozenset[IconName] = frozenset(
    {"forward", "back", "play", "replay"}
)  # these point along the line of reading

_STROKES: dict[IconName, str] = {
    "check": '<path d="M5 12.5l4.6 4.6L19.2 7.2"/>',
    "cross": '<path d="M6.5 6.5l11 11M17.5 6.5l-11 11"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7.2V12l3.2 2.2"/>',
    "minus": '<path d="M6 12h12"/>',
    "warning": '<path d="M12 4.2L21 19.6H3z"/><path d="M12 10v4.6M12 17v.1"/>',
    "info": '<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8v.1"/>',
    "lock": '<rect x="5.5" y="10.5" width="13" height="9.5" rx="2"/><path d="M8.5 10.5V8a3.5 3.5 0 0 1 7 0v2.5"/>',
    "flag": '<path d="M6 21V4.2h11.5l-2.6 4 2.6 4H6"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20.2c.8-4.2 3.8-6 7.5-6s6.7 1.8 7.5 6"/>',
    "chat": '<path d="M4 5.5h16v10.5H11.5L7 20v-4H4z"/>',
    "ear": '<path d="M7 9.5a5 5 0 0 1 10 0c0 4-4 4.3-4 7.5a3 3 0 0 1-5.3 1.9"/><path d="M9.8 10a2.2 2.2 0 0 1 4.4 0"/>',
    "hand": '<path d="M8 12V6.5a1.5 1.5 0 0 1 3 0V11V4.8a1.5 1.5 0 0 1 3 0V11V6a1.5 1.5 0 0 1 3 0v8'
    'c0 4-2.2 6.5-5.5 6.5S7 18.8 5.2 14.6a1.5 1.5 0 0 1 2.8-1.1"/>',
    "nod": '<circle cx="12" cy="8.5" r="5"/><path d="M12 16v5M9.3 18.6L12 21.2l2.7-2.6"/>',
    "forward": '<path d="M5 12h14M13.2 6.2L19 12l-5.8 5.8"/>',
    "back": '<path d="M19 12H5M10.8 6.2L5 12l5.8 5.8"/>',
    "down": '<path d="M6 9.5l6 6 6-6"/>',
    "play": '<path d="M8 5.5l10.5 6.5L8 18.5z"/>',
    "replay": '<path d="M5 4.5v5h5"/><path d="M5.6 9.3A7.6 7.6 0 1 1 4.6 14"/>',
    "pause": '<path d="M8.5 6v12M15.5 6v12"/>',
    "book": '<path d="M12 6.5C9.8 5 7 4.6 4 4.8v13c3-.2 5.8.2 8 1.7 2.2-1.5 5-1.9 8-1.7v-13c-3-.2-5.8.2-8 1.7z"/>'
    '<path d="M12 6.5v13"/>',
    "star": '<path d="M12 4l2.5 5.1 5.6.8-4 4 .9 5.6-5-2.7-5 2.7.9-5.6-4-4 5.6-.8z"/>',
    "phone": '<path d="M6 4.5h3.2l1.5 4-2 1.6a11 11 0 0 0 5.2 5.2l1.6-2 4 1.5V18a1.8 1.8 0 0 1-2 1.8'
    'C10.5 19.2 4.8 13.5 4.2 6.5A1.8 1.8 0 0 1 6 4.5z"/>',
    "mail": '<rect x="3.5" y="5.5" width="17" height="13" rx="2"/><path d="M4 7l8 6 8-6"/>',
    "linked": '<path d="M9.5 14.5l5-5"/><path d="M11 7.6l2.2-2.2a3.9 3.9 0 0 1 5.5 5.5L16.5 13"/>'
    '<path d="M13 16.4l-2.2 2.2a3.9 3.9 0 0 1-5.5-5.5L7.5 11"/>',
    "unlinked": '<path d="M12.2 6.4l1-1a3.9 3.9 0 0 1 5.5 5.5l-1 1"/><path d="M11.8 17.6l-1 1a3.9 3.9 0 0 1-5.5-5.5l1-1"/>'
    '<path d="M8.2 8.2L5.8 5.8M15.8 15.8l2.4 2.4"/>',
    "smile": '<circle cx="12" cy="12" r="8.5"/><path d="M8.5 14c.9 1.7 2.1 2.4 3.5 2.4s2.6-.7 3.5-2.4"/>'
    '<path d="M9 9.7v.4M15 9.7v.4"/>',
    "flat": '<circle cx="12" cy="12" r="8.5"/><path d="M8.8 15h6.4M9 9.7v.4M15 9.7v.4"/>',
    "sliders": '<path d="M4 7h9M17.5 7H20M4 17h2.5M11 17h9"/><circle cx="15.2" cy="7" r="2.3"/><circle cx="8.8" cy="17" r="2.3"/>',
    "sound": '<path d="M4 9.8v4.4h3.4l4.6 4V5.8l-4.6 4z"/><path d="M15.2 9.2a4 4 0 0 1 0 5.6M17.6 6.8a7.4 7.4 0 0 1 0 10.4"/>',
    "shop": '<path d="M4 9.5l1.8-5h12.4l1.8 5zM5.5 9.5V19h13V9.5M10 19v-5h4v5"/>',
    "frown": '<circle cx="12" cy="12" r="8.5"/><path d="M8.5 16.2c.9-1.6 2.1-2.3 3.5-2.3s2.6.7 3.5 2.3"/>'
    '<path d="M9 9.7v.4M15 9.7v.4"/>',
}


def names() -> tuple[IconName, ...]:
    """All icons there are."""
    return get_args(IconName)


@lru_cache(maxsize=512)
def icon(name: IconName, side: int, colour: Colour, mirrored: bool = False) -> Surface:
    """The icon as a square picture; mirrored where it points and the page reads from right to left."""
    turn = ' transform="matrix(-1 0 0 1 24 0)"' if mirrored and name in MIRRORED else ""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">'
        f'<g{turn} fill="none" stroke="{colour.hex}" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">'
        f"{_STROKES[name]}</g></svg>"
    )
    return picture(svg, (side, side))
