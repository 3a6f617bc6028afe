"""What the server says of somebody's programmes, read as something that could be anything; what is wrong with one keeps back no other."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Annotated

from pydantic import Field, StringConstraints

from servicesim.assessment.taken import Promised, Taken
from servicesim.connection import said
from servicesim.connection.said import Said, _AttemptId, _Language, _Name, _Text, _Whole
from servicesim.connection.told import Assigned, Programmes
from servicesim.errors import FilesHaveFindings
from servicesim.scenario.authored import sayable
from servicesim.scenario.programme import Programme, canonical_programme
from servicesim.scenario.programmes import programme_from_canonical

_Day = Annotated[str, StringConstraints(pattern=r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
_Share = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,18}/[1-9][0-9]{0,18}$")]


class TextsSaid(Said):
    """What a programme is called in one language."""

    title: _Text
    summary: _Text


class ProgrammeSaid(Said):
    """A programme that is assigned."""

    programme: Annotated[str, StringConstraints(max_length=200_000)]
    texts: Annotated[dict[_Language, TextsSaid], Field(max_length=100)]
    begins: _Day
    missing: Annotated[dict[_Name, _Text], Field(max_length=1_000)]


class PromisedSaid(Said):
    """A call that was promised."""

    encounter: _Name
    within: Annotated[int, Field(ge=0, le=365)]


class TakenSaid(Said):
    """An attempt that has ended, at whichever desk."""

    attempt: _AttemptId
    scenario: _Name
    moment: _Whole
    began: _Day
    ended: _Day
    counts: bool
    conduct: _Share
    ended_well: bool
    promised: Annotated[tuple[PromisedSaid, ...], Field(max_length=100, strict=False)]


class ProgrammesSaid(Said):
    """What is assigned, and what was made of it."""

    programmes: Annotated[tuple[ProgrammeSaid, ...], Field(max_length=100, strict=False)]
    attempts: Annotated[tuple[TakenSaid, ...], Field(max_length=20_000, strict=False)]


def programmes_in(body: str) -> Programmes:
    """What was kept of the server's answer; nothing where it cannot be read."""
    answer = said.read(ProgrammesSaid, body) if body else None
    return Programmes() if answer is None else Programmes(tuple(_assigned(answer)), tuple(_taken(answer)))


def _assigned(answer: ProgrammesSaid) -> Iterator[Assigned]:
    for one in answer.programmes:
        with suppress(FilesHaveFindings, ValueError):
            programme, begins = programme_from_canonical(one.programme), date.fromisoformat(one.begins)
            told = {language: _said(programme, text) for language, text in one.texts.items()}
            missing = {name: sayable(title) for name, title in one.missing.items()}
            yield Assigned(programme, begins, told, missing)


def _said(programme: Programme, text: TextsSaid) -> Programme:
    """The programme in another language: what the server says there is read as strictly as all of it."""
    return programme_from_canonical(canonical_programme(replace(programme, title=text.title, summary=text.summary)))


def _taken(answer: ProgrammesSaid) -> Iterator[Taken]:
    for one in answer.attempts:
        with suppress(ValueError):
            yield Taken(
                id=one.attempt, encounter=one.scenario, moment=one.moment, began=date.fromisoformat(one.began), counts=one.counts,
                ended=date.fromisoformat(one.ended), conduct=Fraction(one.conduct), ended_well=one.ended_well,
                promised=tuple(Promised(encounter=made.encounter, within=made.within) for made in one.promised),
            )  # fmt: skip
