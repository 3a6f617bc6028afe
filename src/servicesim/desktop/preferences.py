"""How each person likes the window: colours, size of text, motion, sound, speed, keys. Kept as JSON beside who they are.

>>> Preferences(text=150, theme="dark").look_for(SystemLook()).text
1.5
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, Self, get_args

from servicesim.desktop.screens.keys import KEYS, refusal
from servicesim.desktop.system_look import SystemLook
from servicesim.desktop.theme import DARK, HIGH_CONTRAST, LIGHT, Palette, Theme

log = logging.getLogger(__name__)

KEPT_UNDER = "preferences"  # with the learner they belong to; alone those of this computer
LANGUAGE_KEPT_UNDER = "language"  # this computer's
ThemeName = Literal["system", "light", "dark", "contrast"]
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
TEXT_SIZES = range(80, 201, 10)  # percent
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # times the customer's usual speed
VOLUMES = range(0, 101, 10)  # percent


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's choices; `stage.suit` puts them into effect. Raises ValueError for what cannot be chosen."""

    theme: ThemeName = "system"
    text: int = 100
    airy: bool = False
    still: bool = False
    pace: float = 1.0
    untimed: bool = False
    sound: bool = True
    volume: int = 70
    captions: bool = True
    cue: bool = True
    line: bool = False  # the noise of a telephone line
    aloud: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)  # only those that are not the usual ones

    def __post_init__(self) -> None:
        broken = [choice.name for choice in fields(self) if not _can_be(choice.name, getattr(self, choice.name))]
        if broken:
            raise ValueError(f"nobody can choose this: {', '.join(broken)}")

    def key(self, action: str) -> str:
        """The key that does this in a conversation."""
        return self.keys.get(action, KEYS[action])

    def with_key(self, action: str, key: str) -> Self:
        """The same with another key for this; the usual one leaves no trace."""
        others = {known: kept for known, kept in self.keys.items() if known != action}
        return replace(self, keys=others if key == KEYS[action] else {**others, action: key})

    def but(self, **changes: Any) -> Self:
        """The same with some choices changed."""
        return replace(self, **changes)

    def to_keep(self) -> str:
        """The choices that are not the usual ones, as JSON."""
        usual = Preferences()
        return json.dumps({name: value for name, value in asdict(self).items() if value != getattr(usual, name)})

    def look_for(self, system: SystemLook) -> Theme:
        """The theme to draw with; how the system looks counts where nothing else was chosen."""
        palettes: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK, "contrast": HIGH_CONTRAST}
        like_system = HIGH_CONTRAST if system.contrast else DARK if system.dark else LIGHT
        palette = palettes.get(self.theme, like_system)
        return Theme(palette, text=self.text / 100, airy=self.airy, motion=not self.still, cue=self.cue)


def preferences_from(kept: str | None) -> Preferences:
    """What was kept; a choice that is unknown or broken is as usual again, and the log has a line about it."""
    choices = {} if kept is None else _choices(kept)
    usable = {} if choices is None else {name: value for name, value in choices.items() if _can_be(name, value)}
    if choices is None or usable.keys() != choices.keys():
        broken = ", ".join(sorted((choices or {}).keys() - usable.keys())) or "all"
        log.warning("Of the preferences that were kept these cannot be used, and are as usual: %s", broken)
    return Preferences(**usable)


def _choices(kept: str) -> dict[str, Any] | None:
    try:
        choices = json.loads(kept)
    except (ValueError, RecursionError):
        return None
    return choices if isinstance(choices, dict) else None


def _can_be(name: str, value: object) -> bool:
    """Whether this can be chosen. By hand, not by pydantic: the first picture of the window waits for it."""
    match name:
        case "theme":
            return value in THEMES
        case "text" | "volume":
            sizes = TEXT_SIZES if name == "text" else VOLUMES
            return type(value) is int and sizes[0] <= value <= sizes[-1]
        case "pace":
            return type(value) in (int, float) and SPEEDS[0] <= value <= SPEEDS[-1]  # type: ignore[operator]
        case "keys":
            return isinstance(value, Mapping) and _are_keys(value)
        case _:
            return name in Preferences.__slots__ and type(value) is bool


def _are_keys(keys: Mapping[str, str]) -> bool:
    """Whether each is for something that there is, and none for two things."""
    if not keys.keys() <= KEYS.keys() or not all(isinstance(key, str) for key in keys.values()):
        return False
    merged = {**KEYS, **keys}
    return not any(refusal(merged, action, merged[action]) for action in merged)
