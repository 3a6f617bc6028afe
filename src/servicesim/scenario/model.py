"""The scenario as a trainer wrote it: immutable, and with nothing in it that cannot be written in the file.

Field names are the file's own; where one is a Python word or has a hyphen, its alias is the file's name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache, lru_cache
from itertools import combinations
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, ConfigDict, Field, PlainSerializer, TypeAdapter, ValidationInfo
from pydantic.dataclasses import dataclass
from pydantic.json_schema import SkipJsonSchema
from pydantic_core import PydanticCustomError

# Not `strict` as a whole: pydantic would then want instances where a file has mappings. The leaves are strict instead.
CONFIG = ConfigDict(extra="forbid", populate_by_name=True, defer_build=True)

Channel = Literal["in-person", "phone", "chat", "email"]
CustomerType = Literal["hostile", "unfriendly", "indifferent", "uninformed", "supporter", "fan", "wavering"]

# What the guide of an unscored encounter teaches at one part of a speech.
Lesson = Literal["listen", "go-on", "again", "nod", "interrupt", "no-side", "choose", "summarise", "patience"]

CHANNELS: tuple[Channel, ...] = ("in-person", "phone", "chat", "email")
CUSTOMER_TYPES: tuple[CustomerType, ...] = (
    "hostile", "unfriendly", "indifferent", "uninformed", "supporter", "fan", "wavering",
)  # fmt: skip
MOVES = ("go-on", "nod", "yes", "no", "interrupt", "silence")
PASS_MARK = 75  # where the file says no other
FEELINGS = ("expects", "received", "satisfaction", "trust", "anger")

ID = re.compile(r"[a-z][a-z0-9-]*")
FACT = re.compile(r"[a-z][a-z0-9_]*")
BAR = re.compile(r"(?<!\S)\|(?!\S)")


@lru_cache(maxsize=4096)  # each name stands in many places
def _is_name(text: str) -> bool:
    return len(text) <= 60 and ID.fullmatch(text) is not None


def _name(value: object) -> object:
    if isinstance(value, str) and not _is_name(value):
        raise PydanticCustomError("id", "{value}", {"value": value})
    return value


def _id(value: object) -> object:
    if isinstance(value, str) and value in MOVES:
        raise PydanticCustomError("reserved", "{value}", {"value": value})
    return _name(value)


def _fact(value: object) -> object:
    if isinstance(value, str) and (not FACT.fullmatch(value) or len(value) > 60):
        raise PydanticCustomError("fact_name", "{value}", {"value": value})
    return value


def _fact_value(value: object) -> object:
    if isinstance(value, bool) or (isinstance(value, int) and 0 <= value <= 9):
        return value
    raise PydanticCustomError("fact_value", "{value}", {"value": str(value)})


def _version(value: object) -> object:
    """`servicesim: true` is no version, though Python takes True for 1."""
    return str(value).lower() if isinstance(value, bool) else value


FROM_A_FILE = "from a file"  # the context in which a file is validated


def _written(value: object, info: ValidationInfo) -> object:
    """In a file no field may be empty: what is not wanted is left out."""
    if value is None and info.context == FROM_A_FILE:
        raise PydanticCustomError("nothing", "nothing")
    return value


UNKNOWN_FIELD = "unexpected_keyword_argument"  # pydantic's name for a field that there is not


def _never_written(value: object, info: ValidationInfo) -> object:
    """In a file there is no such field: only programs set it."""
    if info.context == FROM_A_FILE:
        raise PydanticCustomError(UNKNOWN_FIELD, "no such field")
    return value


def _one_or_many(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _one_as_such(names: tuple[str, ...]) -> str | list[str]:
    """A single name is kept as it is mostly written."""
    return names[0] if len(names) == 1 else list(names)


def _told(value: object) -> object:
    """What is told may be written as a text: then it is told whatever the outcome."""
    return {"say": value} if isinstance(value, str) else value


def _lines(value: object) -> object:
    """A speech may be written as a text, as one mapping or as a list of mappings: read them all as a list."""
    if isinstance(value, str):
        return ({"say": value},)
    return (value,) if isinstance(value, dict) else value


Version = Annotated[Literal[1], BeforeValidator(_version)]
Text = Annotated[str, Field(min_length=1, strict=True)]
Written = BeforeValidator(_written)
OptionalText = Annotated[Text | None, Written]
YesOrNo = Annotated[bool, Field(strict=True)]
Id = Annotated[str, Field(strict=True), BeforeValidator(_id)]
OptionalId = Annotated[Id | None, Written]
ActName = Annotated[str, Field(strict=True), BeforeValidator(_name)]
FactName = Annotated[str, Field(strict=True), BeforeValidator(_fact)]
FactValue = Annotated[bool | int, BeforeValidator(_fact_value)]
Ids = tuple[Id, ...]
Remembered = tuple[str, ...]  # the facts that a customer remembers at the start, in the order of `remembers`
Acts = tuple[ActName, ...]
OneOrMoreActs = Annotated[tuple[ActName, ...], Field(min_length=1), BeforeValidator(_one_or_many)]
Voices = Annotated[tuple[Text, ...], BeforeValidator(_one_or_many), PlainSerializer(_one_as_such)]
Seconds = Annotated[float, Field(gt=0, le=120, strict=True)]
Delta = Annotated[int, Field(strict=True, ge=-100, le=100)]
Share = Annotated[float, Field(ge=0, le=1, strict=True)]
Hash = Annotated[str, Field(strict=True, pattern=r"^[0-9a-f]{64}$")]


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Feel:
    """What somebody's feelings gain or lose: expectation and perception in points of 100, trust and anger of 5."""

    expects: Delta = 0
    received: Delta = 0
    trust: Delta = 0
    anger: Delta = 0


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Customer:
    """Who comes, and in which mood: `expects` and `received` 0-100 (A1), `trust` and `anger` 0-5."""

    name: Text
    type: CustomerType
    portrait: Id = "default"
    expects: Annotated[int, Field(strict=True, ge=0, le=100)]
    received: Annotated[int, Field(strict=True, ge=0, le=100)]
    trust: Annotated[int, Field(strict=True, ge=0, le=5)] = 0
    anger: Annotated[int, Field(strict=True, ge=0, le=5)] = 0


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Line:
    """What the customer says in a scene; of several lines the first whose condition holds is spoken."""

    say: Text
    acts: Acts = ()
    voice: Voices = ()  # the files: one for each part of the speech, or one for all
    lasts: tuple[Seconds, ...] = ()  # the seconds of each file, read from it when the scenario is loaded
    guide: tuple[Lesson, ...] = ()  # what is taught at each part of the speech, where nothing is scored
    condition: Annotated[Text | None, Written, Field(alias="if")] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class OnInterrupt:
    """How the customer protests when cut off."""

    customer: Text


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class OnSilence:
    """What the customer says when nobody answers, how it feels, and where it leads after the second time."""

    customer: OptionalText = None
    feel: Feel = Feel()
    go: OptionalId = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Promise:
    """An appointment to keep later in the programme (C45)."""

    call_back: Annotated[Id, Field(alias="call-back")]
    within: Annotated[int, Field(strict=True, ge=1, le=365)]


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Reply:
    """One thing that the trainee may say or do in a scene, what it does (`acts`) and where it leads."""

    id: Id
    say: OptionalText = None
    do: OptionalText = None
    acts: Acts
    go: OptionalId = None
    end: OptionalId = None
    why: OptionalText = None
    feel: Feel = Feel()
    set: dict[FactName, FactValue] = Field(default_factory=dict)
    condition: Annotated[Text | None, Written, Field(alias="if")] = None
    marks: dict[Id, Share] = Field(default_factory=dict)
    promise: Annotated[Promise | None, Written] = None

    @property
    def words(self) -> str:
        """What is said, or the deed that is done."""
        return self.say or self.do or ""


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Scene:
    """The customer speaks; the trainee answers with one of the replies."""

    customer: Annotated[tuple[Line, ...], Field(min_length=1), BeforeValidator(_lines)]
    replies: Annotated[tuple[Reply, ...], Field(min_length=1)]
    golden: YesOrNo = False
    happens: Acts = ()
    patience: Annotated[int, Field(strict=True, ge=3, le=300)] = 20
    on_interrupt: Annotated[OnInterrupt | None, Written, Field(alias="on-interrupt")] = None
    on_silence: Annotated[OnSilence | None, Written, Field(alias="on-silence")] = None
    do: OptionalText = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Tells:
    """What the customer tells a friend afterwards (A4): `say`, unless the outcome has words of its own."""

    say: OptionalText = None
    delighted: OptionalText = None
    satisfied: OptionalText = None
    dissatisfied: OptionalText = None

    def after(self, outcome: Literal["delighted", "satisfied", "dissatisfied"]) -> str | None:
        """The words for this outcome."""
        own = {"delighted": self.delighted, "satisfied": self.satisfied, "dissatisfied": self.dissatisfied}
        return own[outcome] or self.say


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Ending:
    """How an encounter can end; `failed` means that reaching it can never be a pass."""

    title: Text
    customer: OptionalText = None
    failed: YesOrNo = False
    tells: Annotated[Tells | None, Written, BeforeValidator(_told)] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Sealed:
    """What a sealed edition was made of: the hashes of the full canonical texts, and of those of its other starts."""

    scenario: Hash
    principles: Hash
    starts: dict[str, Hash] = Field(default_factory=dict)  # by the facts that the customer remembers, joined by spaces


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Scenario:
    """A whole encounter as written: customer, scenes, replies, endings."""

    servicesim: Version
    id: Id
    title: Text
    summary: Text
    channel: Channel
    locale: Annotated[str, Field(strict=True, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    company: Text
    pass_mark: Annotated[int, Field(strict=True, alias="pass", ge=50, le=100)] = PASS_MARK
    unscored: YesOrNo = False
    learn: Ids = ()
    customer: Customer
    facts: dict[FactName, FactValue] = Field(default_factory=dict)
    remembers: tuple[FactName, ...] = ()  # facts that a programme may make true at the start
    start: Id
    leaves: OptionalId = None
    scenes: Annotated[dict[Id, Scene], Field(min_length=1)]
    endings: Annotated[dict[Id, Ending], Field(min_length=1)]
    sealed: SkipJsonSchema[Annotated[Sealed | None, BeforeValidator(_never_written)]] = None

    def offers(self, acts: frozenset[str]) -> bool:
        """Whether any reply of any scene does one of these acts."""
        return any(not acts.isdisjoint(reply.acts) for scene in self.scenes.values() for reply in scene.replies)

    @property
    def starts(self) -> tuple[Remembered, ...]:
        """What the customer may remember when it begins: nothing first, then each fact in `remembers`, then several at once."""
        facts = tuple(dict.fromkeys(self.remembers))
        return tuple(some for many in range(len(facts) + 1) for some in combinations(facts, many))

    def started(self, remembered: Iterable[str]) -> Scenario:
        """The scenario as it begins where the customer remembers this: these facts are true from the start."""
        begun = replace(self, facts=self.facts | dict.fromkeys(remembered, True))
        if begun.sealed is None:
            return begun
        full = begun.sealed.starts.get(" ".join(begun.remembered), begun.sealed.scenario)
        return replace(begun, sealed=replace(begun.sealed, scenario=full))

    @property
    def remembered(self) -> Remembered:
        """What the customer remembers at the start, of what it may remember."""
        return tuple(fact for fact in dict.fromkeys(self.remembers) if self.facts[fact] is True)


def segments(say: str) -> tuple[str, ...]:
    """A speech cut at its stations: a bar between white space is a natural stop."""
    return tuple(" ".join(part.split()) for part in BAR.split(say))


@cache
def scenario_adapter() -> TypeAdapter[Scenario]:
    """Reads and writes scenarios; built once, and only by commands that need it."""
    return TypeAdapter(Scenario)


def canonical(value: object, adapter: TypeAdapter[Any]) -> str:
    """The one form in which a file's meaning is kept and hashed: sorted JSON without what was not written."""
    tree = adapter.dump_python(value, mode="json", by_alias=True, exclude_defaults=True)
    return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def canonical_scenario(scenario: Scenario) -> str:
    """The scenario's canonical text; `scenario_from_canonical` reads it back."""
    return canonical(scenario, scenario_adapter())


@lru_cache(maxsize=64)  # A few texts stand for all attempts that are told of.
def scenario_from_canonical(text: str) -> Scenario:
    """The scenario that was kept as canonical text."""
    return scenario_adapter().validate_python(json.loads(text))


def fingerprint(text: str) -> str:
    """SHA-256 of a canonical text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()
