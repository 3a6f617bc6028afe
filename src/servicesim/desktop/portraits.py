"""Who the customers are to look at: colours, hair, clothes."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Hair = Literal[
    "waves", "quiff", "scarf", "balding", "curls", "bob", "fringe", "bun", "tail", "side", "crop", "tousled", "wrap", "afro",
]  # fmt: skip
Beard = Literal["none", "stubble", "full", "goatee", "moustache"]
Clothes = Literal["blazer", "jacket", "plain", "cardigan", "roundneck", "hoodie", "shirt", "rollneck"]
Glasses = Literal["none", "round", "square"]

STAND_IN = "default"


@dataclass(frozen=True, slots=True)
class Portrait:
    """One person's unchanging looks; colours are `#rrggbb`, shares are 1 where nothing is special."""

    skin: str
    shade: str
    lip: str
    hair: str  # or headscarf
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
    chin: float = 0.0  # units that it is longer
    neck: float = 1.0
    lashes: float = 0.0  # 0 none, 1 clear
    lips: float = 1.0  # fullness
    brows: float = 1.0  # thickness
    nose: float = 1.0  # width
    eyes: float = 1.0  # how far they open
    fold: float = 1.0  # how clear the fold of the upper lid is
    age: float = 0.0  # 0 thirty, 1 seventy
    glasses: Glasses = "none"
    earrings: bool = False
    freckles: bool = False
    chair: bool = False  # sits in a wheelchair


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
        beard="full", jaw=1.05, neck=1.12, lips=0.8, brows=1.1, age=0.85, glasses="round",
    ),
    "dina": Portrait(
        skin="#96613f", shade="#6d412a", lip="#8e3f3b", hair="#1f1513", hair_light="#4d342b", brow="#1d1311",
        iris="#2c1a11", cloth="#cf7a34", under="#f3e3cf", ground="#f1e0cd", style="curls", clothes="roundneck", jaw=0.97,
        neck=0.92, lashes=0.9, lips=1.25, brows=0.95, earrings=True,
    ),
    "grace": Portrait(
        skin="#7d4f34", shade="#583320", lip="#8a4440", hair="#a39e9a", hair_light="#d3cfca", brow="#5d5450",
        iris="#2a1b12", cloth="#8c3f4d", under="#f4e9d8", ground="#e9e0e6", style="afro", clothes="cardigan", jaw=1.02, chin=-2,
        neck=0.98, lashes=0.4, lips=1.2, brows=0.8, nose=1.18, age=0.95, glasses="round", earrings=True,
    ),
    "tomas": Portrait(
        skin="#f0c7ab", shade="#cf9577", lip="#b8695d", hair="#8c4a26", hair_light="#c07a48", brow="#7d4526",
        iris="#5b7a64", cloth="#2f5d57", under="#eef1ec", ground="#dde7df", style="side", clothes="shirt", beard="full",
        jaw=1.06, chin=2, neck=1.14, lips=0.85, brows=1.05, age=0.35, chair=True,
    ),
    "mei": Portrait(
        skin="#f0cba6", shade="#cd9b73", lip="#b95c56", hair="#181619", hair_light="#4a4650", brow="#2a2426",
        iris="#2d2019", cloth="#c35a54", under="#fbf1e6", ground="#f3e2dc", style="fringe", clothes="blazer", jaw=0.96, chin=-3,
        neck=0.88, lashes=0.6, lips=1.0, brows=0.75, nose=1.04, eyes=0.92, fold=0.25, age=0.05, glasses="square",
    ),
    "omid": Portrait(
        skin="#d9a57c", shade="#b07a54", lip="#a9604f", hair="#231a17", hair_light="#54423a", brow="#211815",
        iris="#3c291c", cloth="#5a6f96", under="#e6e9f0", ground="#dce3ef", style="tousled", clothes="hoodie",
        jaw=0.95, chin=-2, neck=0.98, lips=0.95, brows=1.1, eyes=1.08,
    ),
    "yusuf": Portrait(
        skin="#5f3b27", shade="#402417", lip="#74403a", hair="#171210", hair_light="#3a302c", brow="#15100e",
        iris="#20140d", cloth="#e3b34c", under="#fffaf0", ground="#efe5cf", style="crop", clothes="shirt", beard="goatee",
        jaw=1.1, chin=3, neck=1.2, lips=1.15, brows=1.05, nose=1.22, age=0.5,
    ),
    "amina": Portrait(
        skin="#a8714b", shade="#7c4c30", lip="#96484a", hair="#b5532f", hair_light="#e08a55", brow="#2a1912",
        iris="#33200f", cloth="#4a4f7c", under="#efe3f0", ground="#e3dff0", style="wrap", clothes="rollneck", jaw=0.95,
        neck=0.9, lashes=1.0, lips=1.2, brows=0.9, nose=1.06, earrings=True,
    ),
    "ingrid": Portrait(
        skin="#f3d3c0", shade="#d3a48c", lip="#bb7068", hair="#d9d6d1", hair_light="#f4f2ee", brow="#a79f97",
        iris="#5f86a3", cloth="#5c7fa0", under="#f7f3ec", ground="#dfe9ef", style="bun", clothes="roundneck", jaw=0.97,
        neck=0.88, lashes=0.25, lips=0.75, brows=0.7, age=1.0, earrings=True,
    ),
    "noa": Portrait(
        skin="#f2c9a8", shade="#d49c78", lip="#c2655f", hair="#a8622f", hair_light="#d99a5b", brow="#8a5129",
        iris="#4f7a52", cloth="#6a8f63", under="#eef3e6", ground="#e6eddb", style="tail", clothes="hoodie", jaw=0.94, chin=-4,
        neck=0.86, lashes=0.6, lips=1.05, brows=0.85, eyes=1.1, freckles=True,
    ),
    "kenji": Portrait(
        skin="#e6bd93", shade="#bf8d63", lip="#a9655a", hair="#5b5a5c", hair_light="#9a999b", brow="#3f3c3c",
        iris="#2b1e16", cloth="#3f4450", under="#e8ecf2", ground="#dfe2e6", style="side", clothes="jacket", beard="moustache",
        jaw=1.04, neck=1.06, lips=0.8, brows=1.0, nose=1.05, eyes=0.9, fold=0.3, age=0.75, glasses="square",
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
