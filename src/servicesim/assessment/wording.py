"""What a verdict says: one sentence that a trainee, a trainer and HR can check against the transcript."""

from __future__ import annotations

from typing import assert_never

from servicesim.assessment.trace import MARKS, Moment
from servicesim.encounter.script import Script
from servicesim.scenario.principles import (
    Absence,
    AfterThen,
    AlternateResponse,
    Existence,
    First,
    Last,
    NotResponse,
    Precedence,
    Response,
    Rule,
)

OWED = "This encounter is about it, and the way that was taken never came to it."


def marked(mark: float) -> str:
    """For a trainer's own rating."""
    return f"The trainer rates this reply {mark:g} of 1."


def moment_shown(rule: Rule, kept: bool, arose: Moment | None, decided: Moment | None) -> Moment | None:
    """The moment that stands for a verdict: where it was decided, or where it arose when nothing came."""
    if isinstance(rule, Response | AlternateResponse) and not kept:
        return arose
    if isinstance(rule, Absence) and kept:
        return arose
    return decided if decided is not None else arose


def because(rule: Rule, kept: bool, arose: Moment | None, decided: Moment | None, script: Script) -> str:
    """Why a rule is kept or broken."""

    def said(acts: tuple[str, ...], at: Moment | None = None) -> str:
        if at is not None and at.act in acts and at.act not in MARKS:
            return f"“{script.principles.title(at.act)}”"
        return _any_of([script.principles.title(act) for act in acts if act != "nod" or act in script.listening])

    match rule:
        case First():
            return f"{'Done' if kept else 'Missing'} in the first reply: {said(rule.first, decided)}."
        case Last():
            return f"{'Done' if kept else 'Missing'} in the last reply: {said(rule.last, decided)}."
        case Existence():
            return f"Done: {said(rule.existence, decided)}." if kept else f"Never done: {said(rule.existence)}."
        case Absence():
            return f"Avoided here: {said(rule.absence)}." if kept else f"This happened: {said(rule.absence, decided)}."
        case Precedence():
            then, needs = said(rule.precedence.then, decided), said(rule.precedence.needs)
            return f"In good order: {then} after {needs}." if kept else f"Too early: {then} before {needs}."
        case Response():
            return _answered(kept, rule.response, said(rule.response.after, arose), said(rule.response.then, decided))
        case AlternateResponse():
            asked = rule.alternate_response
            return _answered(kept, asked, said(asked.after, arose), said(asked.then, decided))
        case NotResponse():
            never = rule.not_response
            after, then = said(never.after, arose), said(never.never, decided)
            return f"Avoided after {after}: {then}." if kept else f"This happened after {after}: {then}."
        case _:
            assert_never(rule)


def _any_of(titles: list[str]) -> str:
    quoted = [f"“{title}”" for title in titles]
    return " or ".join([*([", ".join(quoted[:-1])] if quoted[1:] else []), *quoted[-1:]])


def _answered(kept: bool, asked: AfterThen, after: str, then: str) -> str:
    limit = ""
    if asked.after == ("station",):
        limit = " before they went on"
    elif asked.within == "next-reply":
        limit = " in the next reply"
    elif asked.within is not None:
        limit = f" within {asked.within:g} seconds"
    return f"After {after}, {'done' if kept else 'missing'}{limit}: {then}."
