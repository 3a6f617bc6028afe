"""The look as named tokens: one palette, one type scale, one scale of spaces, and which colours may meet.

Tokens are in design units (a window of 1280x720); `look.Look` turns them into pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Literal

Size = Literal["caption", "small", "body", "lead", "title", "display"]
Tone = Literal["neutral", "accent", "kept", "broken", "pending", "danger"]
Light = Literal["day", "evening", "plain"]  # in which a picture with a room is drawn; plain: for high contrast


@dataclass(frozen=True, slots=True)
class Colour:
    """An opaque sRGB colour, written `Colour("#12343B")`."""

    hex: str

    @property
    def rgb(self) -> tuple[int, int, int]:
        """Red, green and blue, 0-255."""
        return _rgb(self.hex)

    @property
    def luminance(self) -> float:
        """Relative luminance as WCAG 2 defines it, 0-1."""
        red, green, blue = (_linear(channel) for channel in self.rgb)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@lru_cache(maxsize=512)
def _rgb(hex: str) -> tuple[int, int, int]:
    return int(hex[1:3], 16), int(hex[3:5], 16), int(hex[5:7], 16)


def _linear(channel: int) -> float:
    share = channel / 255
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of WCAG 2, 1-21."""
    darker, lighter = sorted((one.luminance, other.luminance))
    return (lighter + 0.05) / (darker + 0.05)


@dataclass(frozen=True, slots=True)
class Palette:
    """Every colour by what it is for; each theme is an instance."""

    paper: Colour  # behind everything
    surface: Colour  # cards and fields
    sunk: Colour  # tracks, disabled controls, quiet chips
    hover: Colour  # a card or quiet button under the pointer
    band: Colour  # the strip across the top
    band_hover: Colour  # a button in it under the pointer
    ink: Colour
    ink_soft: Colour  # second in rank
    ink_disabled: Colour
    on_band: Colour
    on_band_soft: Colour
    hairline: Colour  # divides, carries no meaning
    outline: Colour  # the border of a control
    accent: Colour
    accent_hover: Colour
    accent_pressed: Colour
    accent_soft: Colour  # the ground of what is chosen
    on_accent: Colour
    focus: Colour
    kept: Colour
    kept_soft: Colour
    broken: Colour
    broken_soft: Colour
    pending: Colour
    pending_soft: Colour
    danger: Colour
    danger_hover: Colour
    danger_soft: Colour
    shadow: Colour
    veil: Colour  # laid over the screen below a dialogue

    def tone(self, tone: Tone) -> tuple[Colour, Colour]:
        """Ink and ground of a tone."""
        match tone:
            case "neutral":
                return self.ink_soft, self.sunk
            case "accent":
                return self.accent, self.accent_soft
            case "kept":
                return self.kept, self.kept_soft
            case "broken":
                return self.broken, self.broken_soft
            case "pending":
                return self.pending, self.pending_soft
            case "danger":
                return self.danger, self.danger_soft


LIGHT = Palette(
    paper=Colour("#F5F1E8"),
    surface=Colour("#FFFEFB"),
    sunk=Colour("#EAE4D7"),
    hover=Colour("#EFF5F1"),
    band=Colour("#12363D"),
    band_hover=Colour("#074646"),
    ink=Colour("#14323A"),
    ink_soft=Colour("#475D63"),
    ink_disabled=Colour("#5B6664"),
    on_band=Colour("#FFFDF7"),
    on_band_soft=Colour("#BED3D1"),
    hairline=Colour("#E0D9CA"),
    outline=Colour("#7D8B88"),
    accent=Colour("#0C6B6B"),
    accent_hover=Colour("#095858"),
    accent_pressed=Colour("#074646"),
    accent_soft=Colour("#DCEDE8"),
    on_accent=Colour("#FFFFFF"),
    focus=Colour("#CA6012"),
    kept=Colour("#1F6B3F"),
    kept_soft=Colour("#E2F1E4"),
    broken=Colour("#A3341F"),
    broken_soft=Colour("#FBE8E1"),
    pending=Colour("#7F5200"),
    pending_soft=Colour("#FAEECF"),
    danger=Colour("#AD2A22"),
    danger_hover=Colour("#8F211A"),
    danger_soft=Colour("#FBE4E1"),
    shadow=Colour("#2E2A1C"),
    veil=Colour("#0B2227"),
)

DARK = Palette(
    paper=Colour("#10191C"),
    surface=Colour("#19272B"),
    sunk=Colour("#26373B"),
    hover=Colour("#20333A"),
    band=Colour("#0A2127"),
    band_hover=Colour("#1B4148"),
    ink=Colour("#EAF0EC"),
    ink_soft=Colour("#B1C3C1"),
    ink_disabled=Colour("#9DADAB"),
    on_band=Colour("#FFFDF7"),
    on_band_soft=Colour("#AFC8C6"),
    hairline=Colour("#2D4146"),
    outline=Colour("#78908E"),
    accent=Colour("#72D3C4"),
    accent_hover=Colour("#93E0D4"),
    accent_pressed=Colour("#B2ECE3"),
    accent_soft=Colour("#1D4142"),
    on_accent=Colour("#05221F"),
    focus=Colour("#FFAE5E"),
    kept=Colour("#86DDA3"),
    kept_soft=Colour("#173A28"),
    broken=Colour("#FFA694"),
    broken_soft=Colour("#48261F"),
    pending=Colour("#F2C872"),
    pending_soft=Colour("#403315"),
    danger=Colour("#FFA19B"),
    danger_hover=Colour("#FFBBB6"),
    danger_soft=Colour("#4B2423"),
    shadow=Colour("#000000"),
    veil=Colour("#000000"),
)

# Black and white, each border drawn; every text at 7:1 and more (WCAG 2, AAA).
HIGH_CONTRAST = Palette(
    paper=Colour("#000000"),
    surface=Colour("#000000"),
    sunk=Colour("#1C1C1C"),
    hover=Colour("#262626"),
    band=Colour("#0B2552"),
    band_hover=Colour("#1C3F7C"),
    ink=Colour("#FFFFFF"),
    ink_soft=Colour("#E8E8E8"),
    ink_disabled=Colour("#BCBCBC"),
    on_band=Colour("#FFFFFF"),
    on_band_soft=Colour("#E8E8E8"),
    hairline=Colour("#A8A8A8"),
    outline=Colour("#FFFFFF"),
    accent=Colour("#FFE04A"),
    accent_hover=Colour("#FFEB8A"),
    accent_pressed=Colour("#FFF5C9"),
    accent_soft=Colour("#332D00"),
    on_accent=Colour("#000000"),
    focus=Colour("#4DE6FF"),
    kept=Colour("#8CF5A5"),
    kept_soft=Colour("#06280F"),
    broken=Colour("#FFBBAE"),
    broken_soft=Colour("#3A0F08"),
    pending=Colour("#FFD98A"),
    pending_soft=Colour("#332400"),
    danger=Colour("#FFBDBD"),
    danger_hover=Colour("#FFD9D9"),
    danger_soft=Colour("#3A0A0A"),
    shadow=Colour("#000000"),
    veil=Colour("#000000"),
)

# Which text may stand on which ground, and which mark must be seen against which. Widgets use no other pairs.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *(("ink", ground) for ground in ("paper", "surface", "sunk", "hover", "accent_soft")),
    *(("ink_soft", ground) for ground in ("paper", "surface", "sunk", "hover", "accent_soft")),
    *(("ink_disabled", ground) for ground in ("paper", "surface", "sunk")),
    *(("accent", ground) for ground in ("paper", "surface", "hover", "accent_soft")),
    *(("on_accent", ground) for ground in ("accent", "accent_hover", "accent_pressed", "danger", "danger_hover")),
    *((ink, "band") for ink in ("on_band", "on_band_soft")),
    ("on_band", "band_hover"),
    *((tone, f"{tone}_soft") for tone in ("kept", "broken", "pending", "danger")),
    *((tone, ground) for tone in ("kept", "broken", "pending", "danger") for ground in ("paper", "surface", "hover")),
)
MARK_PAIRS: tuple[tuple[str, str], ...] = (
    *((mark, ground) for mark in ("outline", "focus", "accent") for ground in ("paper", "surface", "hover")),
    *((mark, "sunk") for mark in ("accent", "kept", "broken", "pending")),
    ("on_band_soft", "band"),
)
# The ring around what has the focus: against what lies outside of it, and against the line that parts it from the control.
RING_PAIRS: tuple[tuple[str, str], ...] = tuple(
    ("focus", ground) for ground in ("paper", "surface", "hover", "sunk", "accent_soft", "band")
)


@dataclass(frozen=True, slots=True)
class TypeScale:
    """Heights of type, in design units."""

    caption: int = 14
    small: int = 16
    body: int = 18
    lead: int = 22
    title: int = 28
    display: int = 40

    def of(self, size: Size) -> int:
        """The height of a named size."""
        return int(getattr(self, size))


@dataclass(frozen=True, slots=True)
class Theme:
    """All that is chosen about the look; frozen, handed to every widget through the `Look`."""

    palette: Palette = LIGHT
    type: TypeScale = TypeScale()
    text: float = 1.0  # how much larger than in the design all text is, with what stands beside words
    airy: bool = False  # letters, words and lines further apart, for those who read them more easily so
    space: int = 8  # all gaps are multiples of this, or halves
    radius_small: int = 6
    radius: int = 10
    radius_large: int = 16
    target: int = 44  # the least height of what one presses
    motion: bool = True  # whether faces, voices and cues move; a change of feeling is always shown
    cue: bool = True  # whether a pause of the customer is marked beside the face


def pairs(palette: Palette, names: tuple[tuple[str, str], ...]) -> Iterator[tuple[str, str, float]]:
    """Each pair with the contrast it has in this palette."""
    colours = {field.name: getattr(palette, field.name) for field in fields(palette)}
    for mark, ground in names:
        yield mark, ground, contrast(colours[mark], colours[ground])
