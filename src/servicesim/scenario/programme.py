"""A programme: encounters in an order, with days by which they are to be passed, and with customers who remember.

    plan = demand_plan(Path("programmes/first-week.yaml"))    # in programmes.py
    plan.programme.steps[0].encounter                         # "singing-kettle"

An encounter is found by its id in the folder `scenarios` beside the programme's own folder, or else among the shipped ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter
from pydantic.dataclasses import dataclass

from servicesim import shipped
from servicesim.scenario.model import CONFIG, FactName, Id, Ids, Promise, Scenario, Text, Version, Written, canonical

#: What can have happened before an encounter that its customer may remember.
Happened = Literal["overdue", "not-passed", "nothing-promised"]
MARK = "servicesim-programme"
Days = Annotated[int, Field(strict=True, ge=0, le=365)]
Mark = Annotated[int, Field(strict=True, ge=50, le=100)]
Times = Annotated[int, Field(strict=True, ge=1, le=99)]


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Step:
    """One encounter of a programme: by which day, at which mark, how often, after which others, and what its customer remembers."""

    encounter: Id
    due: Annotated[Days | None, Written] = None
    pass_mark: Annotated[Mark | None, Written, Field(alias="pass")] = None
    attempts: Annotated[Times | None, Written] = None
    after: Ids = ()
    remembers: dict[FactName, Happened] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, config=CONFIG)
class Programme:
    """A programme as a trainer wrote it."""

    version: Annotated[Version, Field(alias=MARK)]
    id: Id
    title: Text
    summary: Text
    locale: Annotated[str, Field(strict=True, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]

    @property
    def encounters(self) -> tuple[str, ...]:
        """The ids of its encounters, in its order."""
        return tuple(step.encounter for step in self.steps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A programme with the encounters that it is made of, each as its scenario is written now."""

    programme: Programme
    scenarios: Mapping[str, Scenario]

    def promised_in(self, encounter: str) -> tuple[str, ...]:
        """The other steps in which this encounter is promised as an appointment; none: it is no appointment."""
        others = (one for one in self.programme.encounters if one != encounter and one in self.scenarios)
        return tuple(one for one in others if any(promise.call_back == encounter for promise in promises(self.scenarios[one])))

    def pass_mark(self, step: Step) -> int:
        """The conduct that a step asks for."""
        return self.scenarios[step.encounter].pass_mark if step.pass_mark is None else step.pass_mark

    @property
    def spelt_out(self) -> Programme:
        """The programme with the mark written into each step that is scored: whoever has only sealed editions cannot know it."""
        steps = (step if self.scenarios[step.encounter].unscored else replace(step, pass_mark=self.pass_mark(step)) for step in self.programme.steps)
        return replace(self.programme, steps=tuple(steps))

    def waits_for_nothing(self, step: Step) -> bool:
        """Whether the step of an appointment is to be played even if nobody promised it."""
        return "nothing-promised" in step.remembers.values()


def promises(scenario: Scenario) -> Iterator[Promise]:
    """The appointments that replies of a scenario make."""
    replies = (reply for scene in scenario.scenes.values() for reply in scene.replies)
    return (reply.promise for reply in replies if reply.promise is not None)


@cache
def programme_adapter() -> TypeAdapter[Programme]:
    """Reads programmes; built once, and only by commands that need it."""
    return TypeAdapter(Programme)


def canonical_programme(programme: Programme) -> str:
    """The programme's canonical text; `programme_in` reads it back, as it reads a file."""
    return canonical(programme, programme_adapter())


def folders(programme: Path) -> tuple[Path, Path]:
    """Where the encounters of the programme in this file are looked for."""
    return programme.absolute().parent.parent / "scenarios", shipped.scenarios()


def encounter_file(encounter: str, programme: Path) -> Path | None:
    """The file of an encounter of the programme in this file; None if there is none."""
    return next((file for folder in folders(programme) if (file := folder / f"{encounter}.yaml").is_file()), None)
