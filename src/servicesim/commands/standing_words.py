"""Where somebody stands in a programme, in plain words for a terminal, and as plain data for programs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from servicesim.assessment.across import LAST, Alike, GoodAlways, Pair, Treated
from servicesim.assessment.standing import Next, Reason, Standing, State, StepStanding
from servicesim.assessment.told import number
from servicesim.scenario.programme import Plan, Step, promises

STATES: dict[State, str] = {
    "locked": "locked", "open": "open", "due-soon": "due soon", "overdue": "overdue", "done": "done",
    "used-up": "used up", "not-needed": "not needed",
}  # fmt: skip
KEPT = {
    "unpromised": "not promised yet", "waiting": "promised, and still to come", "kept": "made in time", "late": "made too late",
    "broken": "not made, and the day has passed",
}  # fmt: skip


# --- the plan --------------------------------------------------------------------------------------------------------


def plan_lines(plan: Plan) -> Iterator[str]:
    """The plan itself: what is to be played, by when, and after what."""
    wide = max(len(name) for name in plan.programme.encounters)
    for step in plan.programme.steps:
        yield f"  {step.encounter.ljust(wide)}  {plan.scenarios[step.encounter].title}: {'; '.join(_asked(plan, step))}"


def _asked(plan: Plan, step: Step) -> Iterator[str]:
    promised = plan.promised_in(step.encounter)
    if promised:
        days = sorted({promise.within for name in promised for promise in promises(plan.scenarios[name]) if promise.call_back == step.encounter})
        yield f"an appointment, if promised in {_or(promised)}: within {_or(tuple(map(str, days)))} days"
    if step.due is not None:
        day = f"by day {step.due}" if step.due else "on the first day"
        yield f"{day} if not promised" if promised else day
    if plan.scenarios[step.encounter].unscored:
        yield "not scored"
    else:
        yield f"pass with {plan.pass_mark(step)}"
    if step.after:
        yield f"after {_and(step.after)}"
    if step.attempts is not None:
        yield f"at most {_times(step.attempts)}"


# --- one person ------------------------------------------------------------------------------------------------------


def standing_lines(now: Standing) -> Iterator[str]:
    """Where somebody stands: what comes next, every step, promises, and what is seen across encounters."""
    yield next_in_words(now)
    yield ""
    wide = max(len(step.encounter) for step in now.steps)
    for step in now.steps:
        about = "; ".join(_about(step))
        yield f"  {STATES[step.state].ljust(10)}  {step.encounter.ljust(wide)}  {step.title}{f': {about}' if about else ''}"
    yield ""
    yield from _promises(now)
    yield good_always_in_words(now.good_always)
    yield from _alike(now.alike)


def next_in_words(now: Standing) -> str:
    """The next thing to do, in one sentence."""
    next_, step = now.next, None if now.next.encounter is None else now.step(now.next.encounter)
    if step is None:
        return "Everything is done."
    match next_.do:
        case "begin":
            return f"Begin with '{step.title}' ({step.encounter}){_by(next_, now.today)}."
        case "go-on":
            return f"Go on with '{step.title}' ({step.encounter}), which was left in the middle{_by(next_, now.today)}."
        case "call":
            return f"You promised {step.customer} a call: '{step.title}' ({step.encounter}){_by(next_, now.today)}."
        case "again":
            return f"Play '{step.title}' ({step.encounter}) again{_left(step)}{_by(next_, now.today)}."
        case "stuck" if step.state == "used-up":
            return f"The attempts at '{step.title}' ({step.encounter}) are used up: ask your trainer."
        case "stuck":
            return f"'{step.title}' ({step.encounter}) waits for something that cannot come: ask your trainer."
        case _:
            return f"Play '{step.title}' ({step.encounter}){_by(next_, now.today)}."


def _by(next_: Next, today: date) -> str:
    if next_.by is None:
        return ""
    return f", which was due on {next_.by}" if next_.by < today else " today" if next_.by == today else f" by {next_.by}"


def _left(step: StepStanding) -> str:
    return "" if step.left is None else f" ({_times(step.left)} left)"


def _about(step: StepStanding) -> Iterator[str]:
    if step.state == "done" and step.done_on is not None:
        best = "" if step.best is None else f"{number(step.best)} of {step.pass_mark}, "
        yield f"{best}on {step.done_on}{' (late)' if step.done_late else ''}"
    elif step.state in ("locked", "not-needed"):
        yield from (reason_in_words(reason) for reason in step.reasons)
    else:
        if step.due is not None:
            yield f"by {step.due}"
        if step.best is not None:
            yield f"best so far {number(step.best)} of {step.pass_mark}"
        if step.left is not None:
            yield f"{_times(step.left)} left"


def reason_in_words(reason: Reason) -> str:
    """Why a step is locked or not asked for."""
    match reason.why:
        case "comes-first":
            return f"after {reason.encounter}"
        case "not-promised-yet":
            return f"if you promise it in {reason.encounter}"
        case "nothing-promised":
            return f"you promised no call in {reason.encounter}"


def _promises(now: Standing) -> Iterator[str]:
    for step in now.appointments:
        told = step.appointment
        if told is not None and told.kept != "unpromised":
            ending = "" if told.consoled is None else "; it consoled" if told.consoled else "; it did not console"
            when = f"on {told.called_on}" if told.called_on is not None else f"by {told.by}"
            yield f"promise to {step.customer} ({told.promised_in}, {told.promised_on}): {KEPT[told.kept]}, {when}{ending}"


def good_always_in_words(good: GoodAlways) -> str:
    """Whether somebody is good always, with the attempts that tell."""
    marks = ", ".join(f"{one.encounter} {number(one.conduct)}{' (under the mark)' if one.under else ''}" for one in good.evidence)
    verdict = {"kept": "yes", "broken": "no", "not-yet": f"too early to say: {len(good.evidence)} of {LAST} attempts"}[good.verdict]
    return f"good always: {verdict}{f' ({marks})' if marks else ''}"


def _alike(told: Alike) -> Iterator[str]:
    met = [f"{kind} {_treated(one)}" for kind, one in told.types.items() if one.attempts]
    if met:
        yield f"by customer type (a report, no score): {', '.join(met)}"
    yield from (_pair(pair) for pair in told.pairs if pair.difference is not None)


def _pair(pair: Pair) -> str:
    one, other = (f"{name} {_treated(treated)}" for name, treated in zip(pair.customers, pair.treated, strict=True))
    words = {"too-few": "too few attempts to say anything", "alike": "treated alike", "differs": "not treated alike"}
    return f"the same replies, other people: {one}, {other}: {words[pair.verdict]}"


def _treated(one: Treated) -> str:
    return f"{'–' if one.conduct is None else number(one.conduct, 0)} ({_times(one.attempts)})"


def _times(count: int) -> str:
    return f"{count} attempt{'' if count == 1 else 's'}"


def _and(names: tuple[str, ...]) -> str:
    return " and ".join(names)


def _or(names: tuple[str, ...]) -> str:
    return " or ".join(names)


# --- as data ---------------------------------------------------------------------------------------------------------


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The plan for programs."""
    steps = [
        {
            "encounter": step.encounter,
            "title": plan.scenarios[step.encounter].title,
            "due": step.due,
            "pass": None if plan.scenarios[step.encounter].unscored else plan.pass_mark(step),
            "attempts": step.attempts,
            "after": list(step.after),
            "promised_in": list(plan.promised_in(step.encounter)),
            "remembers": step.remembers,
        }
        for step in plan.programme.steps
    ]
    return {"programme": plan.programme.id, "title": plan.programme.title, "summary": plan.programme.summary, "steps": steps}


def standing_as_json(now: Standing) -> dict[str, Any]:
    """Where somebody stands, for programs."""
    return {
        "programme": now.programme.id,
        "title": now.programme.title,
        "today": now.today.isoformat(),
        "start": _day(now.start),
        "percent": now.percent,
        "done": now.done,
        "needed": len(now.needed),
        "next": {"do": now.next.do, "encounter": now.next.encounter, "by": _day(now.next.by)},
        "steps": [_step_as_json(step) for step in now.steps],
        "good_always": {
            "verdict": now.good_always.verdict,
            "evidence": [{"attempt": one.attempt, "encounter": one.encounter, "conduct": number(one.conduct), "pass": one.mark} for one in now.good_always.evidence],
        },
        "alike": {
            "types": {kind: _treated_as_json(one) for kind, one in now.alike.types.items()},
            "customers": {name: _treated_as_json(one) for name, one in now.alike.customers.items()},
            "pairs": [
                {"encounters": list(pair.encounters), "difference": None if pair.difference is None else number(pair.difference), "verdict": pair.verdict}
                for pair in now.alike.pairs
            ],
        },
    }


def _step_as_json(step: StepStanding) -> dict[str, Any]:
    told = step.appointment
    return {
        "encounter": step.encounter,
        "title": step.title,
        "customer": step.customer,
        "state": step.state,
        "reasons": [{"why": reason.why, "encounter": reason.encounter} for reason in step.reasons],
        "due": _day(step.due),
        "pass": step.pass_mark,
        "best": None if step.best is None else number(step.best),
        "done_on": _day(step.done_on),
        "late": step.done_late,
        "attempts": list(step.attempts),
        "left": step.left,
        "unfinished": step.unfinished,
        "remembers": list(step.remembers),
        "appointment": None if told is None else {
            "kept": told.kept,
            "verdict": told.verdict,
            "promised_in": told.promised_in,
            "promise": told.promise,
            "promised_on": _day(told.promised_on),
            "by": _day(told.by),
            "call": told.call,
            "called_on": _day(told.called_on),
            "consoled": told.consoled,
        },
    }  # fmt: skip


def _treated_as_json(one: Treated) -> dict[str, Any]:
    return {"attempts": one.attempts, "conduct": None if one.conduct is None else number(one.conduct)}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
