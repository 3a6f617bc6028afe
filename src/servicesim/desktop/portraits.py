"""Who the customers are to look at: colours, hair, clothes."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Hair = Literal["waves", "quiff", "scarf", "balding", "curls", "bob"]
Beard = Literal["none", "stubble", "full"]
Clothes = Literal["blazer", "jacket", "plain", "cardigan", "roundneck"]

STAND_IN = "default"


@dataclass(frozen=True, slots=True)
class Portrait:
    """One person's unchanging looks; colours are `#rrggbb`."""

    skin: str
    shade: str
    lip: str
    hair: str
    hair_light: str
    brow: str
    iris: str
    cloth: str
    under: str  # the blouse, shirt or collar under it
    ground: str
    style: Hair
    clothes: Clothes
    beard: Beard = "none"
    jaw: float = 1.0  # 0.9 narrow, 1.1 broad
    neck: float = 1.0
    lashes: float = 0.0  # 0 none, 1 clear
    lips: float = 1.0  # fullness
    brows: float = 1.0  # thickness
    age: float = 0.0  # 0 thirty, 1 seventy
    glasses: bool = False
    earrings: bool = False


_PEOPLE = {
    "leyla": Portrait(
        skin="#efbf9d", shade="#cf916f", lip="#b9564f", hair="#35231f", hair_light="#6b473b", brow="#3a2620", iris="#6a4a2c",
        cloth="#74456f", under="#f6ece2", ground="#e6dced", style="waves", clothes="blazer", jaw=0.94, neck=0.9, lashes=1.0,
        lips=1.1, brows=0.82, earrings=True,
    ),
    "murad": Portrait(
        skin="#dba478", shade="#b27a50", lip="#a8604f", hair="#211b1a", hair_light="#4b3f3a", brow="#201a18",
        iris="#4a3322", cloth="#33475c", under="#e9eff4", ground="#d6e3ea", style="quiff", clothes="jacket",
        beard="stubble", jaw=1.06, neck=1.16, lips=0.85, brows=1.15,
    ),
    "zahra": Portrait(
        skin="#ecc29c", shade="#cb9570", lip="#b0584e", hair="#2b7074", hair_light="#5aa3a3", brow="#33231c",
        iris="#3f2a1b", cloth="#38495a", under="#24555a", ground="#dfe8dc", style="scarf", clothes="plain", jaw=0.95,
        neck=0.9, lashes=0.9, brows=0.85,
    ),
    "avi": Portrait(
        skin="#e9b994", shade="#c48a66", lip="#ad6a5c", hair="#98938d", hair_light="#cbc6bf", brow="#77716b",
        iris="#55707c", cloth="#5f6b47", under="#f1ece0", ground="#ece2cf", style="balding", clothes="cardigan",
        beard="full", jaw=1.05, neck=1.12, lips=0.8, brows=1.1, age=0.85, glasses=True,
    ),
    "dina": Portrait(
        skin="#96613f", shade="#6d412a", lip="#8e3f3b", hair="#1f1513", hair_light="#4d342b", brow="#1d1311",
        iris="#2c1a11", cloth="#cf7a34", under="#f3e3cf", ground="#f1e0cd", style="curls", clothes="roundneck", jaw=0.97,
        neck=0.92, lashes=0.9, lips=1.25, brows=0.95, earrings=True,
    ),
    STAND_IN: Portrait(
        skin="#dcae88", shade="#b5815d", lip="#aa6256", hair="#55433a", hair_light="#86705f", brow="#45362e",
        iris="#54655a", cloth="#66788a", under="#dde4ea", ground="#dce2e6", style="bob", clothes="roundneck", lashes=0.35,
        brows=0.95,
    ),
}  # fmt: skip

PEOPLE = MappingProxyType(_PEOPLE)


def portrait_of(portrait: str) -> Portrait:
    """How the person of that name looks; whoever is not known is stood in for."""
    return PEOPLE.get(portrait, PEOPLE[STAND_IN])
