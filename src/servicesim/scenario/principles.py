"""Principles: what is taught, as rules over the whole conversation, and the acts that the rules speak of.

A rule is a DECLARE template; which one, its key says. `from` and `until` are its scope (Dwyer's patterns).
"""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag, TypeAdapter, ValidationInfo
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from servicesim.scenario.model import (
    CONFIG,
    FROM_A_FILE,
    ActName,
    Channel,
    CustomerType,
    Feel,
    Id,
    OneOrMoreActs,
    OptionalText,
    Scenario,
    Text,
    Version,
    Written,
    YesOrNo,
    canonical,
)

Speaker = Literal["trainee", "customer", "world"]

#: Acts that playing brings about by itself, with their title and what they do to the customer's feelings.
#: `station-word` and `nod` warm the customer once a speech.
ACTS_OF_PLAY: dict[str, tuple[str, Feel]] = {
    "customer-speaks": ("The customer speaks", Feel()),
    "customer-writes": ("The customer writes", Feel()),
    "station": ("The customer pauses", Feel()),
    "station-word": ("Says a neutral word", Feel(trust=1)),
    "nod": ("Nods", Feel(trust=1)),
    "agree": ("Says yes too early", Feel()),
    "deny": ("Says no too early", Feel()),
    "interrupt": ("Interrupts", Feel(anger=1, trust=-1)),
    "silence": ("Stays silent", Feel(anger=1)),
    "golden-moment": ("A golden moment", Feel()),
}

#: The act that each listening move is.
LISTENING: dict[str, str] = {"go-on": "station-word", "nod": "nod", "yes": "agree", "no": "deny"}


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Act:
    """Something that is done by speaking: who does it, and what it does to the customer's feelings."""

    title: Text
    feel: Feel = Feel()
    by: Speaker = "trainee"


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class When:
    """Where a principle or rule holds: in these channels, with these types of customer; everywhere if not said."""

    channel: tuple[Channel, ...] = ()
    type: tuple[CustomerType, ...] = ()

    def fits(self, scenario: Scenario) -> bool:
        """Whether the scenario's channel and customer are meant."""
        return (not self.channel or scenario.channel in self.channel) and (
            not self.type or scenario.customer.type in self.type
        )


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Scoped:
    """What every rule may have: a scope, and a condition on channel and customer."""

    opened_by: Annotated[OneOrMoreActs | None, Written, Field(alias="from")] = None
    closed_by: Annotated[OneOrMoreActs | None, Written, Field(alias="until")] = None
    when: When = When()


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class First(Scoped):
    """The trainee's first reply does it (DECLARE init)."""

    first: OneOrMoreActs


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Last(Scoped):
    """The trainee's last reply does it (DECLARE end)."""

    last: OneOrMoreActs


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Existence(Scoped):
    """It happens at least once."""

    existence: OneOrMoreActs


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Absence(Scoped):
    """It never happens; with `per`, it does not happen between one of those and the next."""

    absence: OneOrMoreActs
    per: Annotated[OneOrMoreActs | None, Written] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class NeedsThen:
    """`then` is right only after one of `needs`."""

    needs: OneOrMoreActs
    then: OneOrMoreActs


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Precedence(Scoped):
    """Each `then` comes after some `needs`."""

    precedence: NeedsThen


def _within(value: object) -> object:
    if value == "next-reply":
        return value
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 600:
        return float(value)
    raise PydanticCustomError("within", "{value}", {"value": str(value)})


Within = Annotated[float | Literal["next-reply"], BeforeValidator(_within)]


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class AfterThen:
    """After each `after` comes some `then`: later, within some seconds, or in the trainee's next reply."""

    after: OneOrMoreActs
    then: OneOrMoreActs
    within: Annotated[Within | None, Written] = None


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Response(Scoped):
    """Each `after` is answered by some later `then`."""

    response: AfterThen


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class AlternateResponse(Scoped):
    """Each `after` is answered by a `then` of its own before the next `after`."""

    alternate_response: Annotated[AfterThen, Field(alias="alternate-response")]


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class AfterNever:
    """After `after`, `never` is out of place."""

    after: OneOrMoreActs
    never: OneOrMoreActs


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class NotResponse(Scoped):
    """No `never` comes after an `after`."""

    not_response: Annotated[AfterNever, Field(alias="not-response")]


TEMPLATES: dict[str, type[Scoped]] = {
    "first": First,
    "last": Last,
    "existence": Existence,
    "absence": Absence,
    "precedence": Precedence,
    "response": Response,
    "alternate-response": AlternateResponse,
    "not-response": NotResponse,
}


def _template(value: Any) -> str | None:
    if isinstance(value, Scoped):
        return next(name for name, template in TEMPLATES.items() if isinstance(value, template))
    named = [key for key in value if key in TEMPLATES] if isinstance(value, dict) else []
    return named[0] if len(named) == 1 else None


Rule = First | Last | Existence | Absence | Precedence | Response | AlternateResponse | NotResponse

WrittenRule = Annotated[
    Annotated[First, Tag("first")]
    | Annotated[Last, Tag("last")]
    | Annotated[Existence, Tag("existence")]
    | Annotated[Absence, Tag("absence")]
    | Annotated[Precedence, Tag("precedence")]
    | Annotated[Response, Tag("response")]
    | Annotated[AlternateResponse, Tag("alternate-response")]
    | Annotated[NotResponse, Tag("not-response")],
    Discriminator(
        _template,
        custom_error_type="template",
        custom_error_message="a rule",
    ),
]

#: Templates that ask for something; a principle in `learn` that has one is owed (DESIGN section 5).
OBLIGING = (First, Last, Existence, Response, AlternateResponse)


def _source_line(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"[A-E][1-9][0-9]?", value):
        raise PydanticCustomError("source_line", "{value}", {"value": value})
    return value


SourceLine = Annotated[str, BeforeValidator(_source_line)]


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Principle:
    """One teachable rule of conduct, with the source lines it comes from and the weight it has in the score."""

    title: Text
    says: Text
    why: Text
    source: Annotated[tuple[SourceLine, ...], Field(min_length=1)]
    rules: tuple[WrittenRule, ...] = ()
    weight: Annotated[int, Field(strict=True, ge=1, le=10)] = 1
    critical: YesOrNo = False
    enough: Annotated[float, Field(gt=0, le=1, strict=True)] = 1.0
    when: When = When()
    elective: YesOrNo = False
    card: OptionalText = None

    def applies(self, id_: str, scenario: Scenario) -> bool:
        """Whether it counts in this scenario at all."""
        return self.when.fits(scenario) and (not self.elective or id_ in scenario.learn)


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Card:
    """What is told of lines of the sources that no rule measures: a text to read before an encounter or after it."""

    title: Text
    source: Annotated[tuple[SourceLine, ...], Field(min_length=1)]
    card: Text


def some_in_a_file(value: object, info: ValidationInfo) -> object:
    """In a file there is at least one; a sealed edition has none."""
    if value == {} and info.context == FROM_A_FILE:
        raise PydanticCustomError("too_short", "nothing")
    return value


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Principles:
    """A whole principles file: the acts that can be done, the principles that judge them, and what is told besides."""

    servicesim: Version
    acts: dict[ActName, Act]
    principles: Annotated[dict[Id, Principle], BeforeValidator(some_in_a_file)]
    cards: dict[Id, Card] = Field(default_factory=dict)

    def title(self, act: str) -> str:
        """What an act is called, for people."""
        return self.acts[act].title if act in self.acts else ACTS_OF_PLAY[act][0]

    def feel(self, act: str) -> Feel:
        """What an act does to the customer's feelings."""
        return self.acts[act].feel if act in self.acts else ACTS_OF_PLAY[act][1]

    def known(self, act: str) -> bool:
        """Whether the act is declared, or an act of play."""
        return act in self.acts or act in ACTS_OF_PLAY


@cache
def principles_adapter() -> TypeAdapter[Principles]:
    """Reads and writes principles files; built once, and only by commands that need it."""
    return TypeAdapter(Principles)


def canonical_principles(principles: Principles) -> str:
    """The principles' canonical text; `principles_from_canonical` reads it back."""
    return canonical(principles, principles_adapter())


@lru_cache(maxsize=64)  # A few texts stand for all attempts that are told of.
def principles_from_canonical(text: str) -> Principles:
    """The principles that were kept as canonical text."""
    return principles_adapter().validate_python(json.loads(text))
