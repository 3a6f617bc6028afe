"""What a verdict says: a reason that a trainee, a trainer and HR can check against the transcript."""

from __future__ import annotations

from typing import assert_never

from servicesim.assessment.reasons import Named, Reason
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

OWED = Reason("owed")


def marked(mark: float) -> Reason:
    """For a trainer's own rating."""
    return Reason("marked", number=mark)


def moment_shown(rule: Rule, kept: bool, arose: Moment | None, decided: Moment | None) -> Moment | None:
    """The moment that stands for a verdict: where it was decided, or where it arose when nothing came."""
    if isinstance(rule, Response | AlternateResponse) and not kept:
        return arose
    if isinstance(rule, Absence) and kept:
        return arose
    return decided if decided is not None else arose


def reason(rule: Rule, kept: bool, arose: Moment | None, decided: Moment | None, script: Script) -> Reason:
    """Why a rule is kept or broken."""
    verdict = "kept" if kept else "broken"

    def acts(named: tuple[str, ...], at: Moment | None = None) -> tuple[Named, ...]:
        if at is not None and at.act in named and at.act not in MARKS:
            return (Named(at.act, script.principles.title(at.act)),)
        return tuple(Named(act, script.principles.title(act)) for act in named if act != "nod" or act in script.listening)

    def after_then(kind: str, after: tuple[str, ...], then: tuple[str, ...], seconds: float | None = None) -> Reason:
        return Reason(f"{kind}-{verdict}", (("after", acts(after, arose)), ("then", acts(then, decided))), seconds)

    match rule:
        case First():
            return Reason(f"first-{verdict}", (("act", acts(rule.first, decided)),))
        case Last():
            return Reason(f"last-{verdict}", (("act", acts(rule.last, decided)),))
        case Existence():
            return Reason(f"existence-{verdict}", (("act", acts(rule.existence, decided if kept else None)),))
        case Absence():
            return Reason(f"absence-{verdict}", (("act", acts(rule.absence, None if kept else decided)),))
        case Precedence():
            asked = rule.precedence
            return Reason(f"precedence-{verdict}", (("then", acts(asked.then, decided)), ("needs", acts(asked.needs))))
        case Response():
            return after_then(*_within(rule.response))
        case AlternateResponse():
            return after_then(*_within(rule.alternate_response))
        case NotResponse():
            return after_then("not-response", rule.not_response.after, rule.not_response.never)
        case _:
            assert_never(rule)


def _within(asked: AfterThen) -> tuple[str, tuple[str, ...], tuple[str, ...], float | None]:
    """The kind of a response by its limit, its acts, and its seconds if they are the limit."""
    if asked.after == ("station",):
        return "response-station", asked.after, asked.then, None
    if asked.within == "next-reply":
        return "response-next-reply", asked.after, asked.then, None
    return ("response" if asked.within is None else "response-seconds"), asked.after, asked.then, asked.within
