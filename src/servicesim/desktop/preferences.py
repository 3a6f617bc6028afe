"""How each person likes the window: colours, size of text, motion, sound, speed, keys. Kept as JSON beside who they are.

>>> Preferences(text=150, theme="dark").look_for(SystemLook()).text
1.5
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from servicesim.desktop.screens.keys import KEYS, refusal
from servicesim.desktop.system_look import SystemLook
from servicesim.desktop.theme import DARK, HIGH_CONTRAST, LIGHT, Palette, Theme

log = logging.getLogger(__name__)

ThemeName = Literal["system", "light", "dark", "contrast"]
THEMES: tuple[ThemeName, ...] = get_args(ThemeName)
TEXT_SIZES = range(80, 201, 10)  # percent
SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # times the customer's usual speed
VOLUMES = range(0, 101, 10)  # percent


class Preferences(BaseModel):
    """One person's choices; `stage.suit` puts them into effect."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    theme: ThemeName = "system"
    text: Annotated[int, Field(ge=TEXT_SIZES[0], le=TEXT_SIZES[-1])] = 100
    airy: bool = False
    still: bool = False
    pace: Annotated[float, Field(ge=SPEEDS[0], le=SPEEDS[-1])] = 1.0
    untimed: bool = False
    sound: bool = True
    volume: Annotated[int, Field(ge=VOLUMES[0], le=VOLUMES[-1])] = 70
    captions: bool = True
    cue: bool = True
    line: bool = False  # the noise of a telephone line
    aloud: bool = False
    keys: Mapping[str, str] = Field(default_factory=dict)  # only those that are not the usual ones

    @field_validator("keys")
    @classmethod
    def _keys_without_conflict(cls, keys: Mapping[str, str]) -> Mapping[str, str]:
        if unknown := set(keys) - set(KEYS):
            raise ValueError(f"no key is for {sorted(unknown)}")
        merged = {**KEYS, **keys}
        if clashing := [action for action in merged if refusal(merged, action, merged[action])]:
            raise ValueError(f"the keys for {clashing} cannot be used")
        return keys

    def key(self, action: str) -> str:
        """The key that does this in a conversation."""
        return self.keys.get(action, KEYS[action])

    def with_key(self, action: str, key: str) -> Self:
        """The same with another key for this; the usual one leaves no trace."""
        others = {known: kept for known, kept in self.keys.items() if known != action}
        return self.model_copy(update={"keys": others if key == KEYS[action] else {**others, action: key}})

    def but(self, **changes: Any) -> Self:
        """The same with some choices changed."""
        return self.model_copy(update=changes)

    def look_for(self, system: SystemLook) -> Theme:
        """The theme to draw with; how the system looks counts where nothing else was chosen."""
        palettes: dict[ThemeName, Palette] = {"light": LIGHT, "dark": DARK, "contrast": HIGH_CONTRAST}
        like_system = HIGH_CONTRAST if system.contrast else DARK if system.dark else LIGHT
        palette = palettes.get(self.theme, like_system)
        return Theme(palette, text=self.text / 100, airy=self.airy, motion=not self.still, cue=self.cue)


def preferences_from(kept: str | None) -> Preferences:
    """What was kept; a choice that is unknown or broken is as usual again, and the log has a line about it."""
    if kept is None:
        return Preferences()
    try:
        return Preferences.model_validate_json(kept)
    except ValidationError as error:
        broken = {str(problem["loc"][0]) for problem in error.errors() if problem["loc"]}
    log.warning("Of the preferences that were kept these cannot be used, and are as usual: %s", ", ".join(sorted(broken)) or "all")
    return Preferences.model_validate({name: value for name, value in json.loads(kept).items() if name not in broken}) if broken else Preferences()
