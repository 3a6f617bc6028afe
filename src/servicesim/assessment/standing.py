"""Where somebody stands in a programme: a pure function of the plan, of their attempts, and of the day.

    told = standing(plan, attempts, date(2026, 10, 28))
    told.next.kind, told.next.encounter        # "call", "a-week-later"

Everything is told as data, so that it can be said in any language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal

from servicesim.assessment.across import Alike, GoodAlways, alike, good_always
from servicesim.assessment.taken import Taken
from servicesim.scenario.model import Remembered
from servicesim.scenario.programme import Happened, Plan, Programme, Step

SOON = 1  # days before the last one from which a step is due soon

State = Literal["locked", "open", "due-soon", "overdue", "done", "used-up", "not-needed"]
#: Why a step is locked or not asked for: another comes first; the call is not promised yet; nothing was promised where it could be.
Why = Literal["comes-first", "not-promised-yet", "nothing-promised"]
#: Of an appointment: nobody has promised it; promised and still to come; called in time; called too late; the day has passed.
Kept = Literal["unpromised", "waiting", "kept", "late", "broken"]
#: What to do next: begin the programme, go on with an attempt, keep a promise, play, play once more; or nothing is left, or nothing can be done.
Do = Literal["begin", "go-on", "call", "play", "again", "finished", "stuck"]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a step is locked or not asked for, and which encounter that is about."""

    why: Why
    encounter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """A promised call: in which attempt it was promised, by when it is to be made, and what became of it."""

    kept: Kept
    promised_in: str | None = None  # the encounter
    promise: str | None = None  # the attempt
    promised_on: date | None = None
    by: date | None = None
    call: str | None = None  # the attempt
    called_on: date | None = None
    consoled: bool | None = None  # whether that call came to an ending that is not failed

    @property
    def verdict(self) -> Literal["kept", "broken", "open"]:
        """The principle across encounters: the call comes in time, and it consoles (C22, C45)."""
        if self.kept in ("unpromised", "waiting"):
            return "open"
        return "kept" if self.kept == "kept" and self.consoled else "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepStanding:
    """One step, and where somebody stands with it."""

    step: Step
    title: str
    customer: str
    state: State
    reasons: tuple[Reason, ...]
    pass_mark: int | None  # None where nothing is scored
    due: date | None  # None before the programme has begun, and where nothing sets a day
    best: Fraction | None  # the best conduct so far
    done_on: date | None
    used: int  # attempts that count
    left: int | None  # None: as many as one likes
    attempts: tuple[str, ...]
    unfinished: str | None  # an attempt to go on with
    remembers: Remembered  # with which facts it begins today
    appointment: Appointment | None

    @property
    def encounter(self) -> str:
        """The encounter's id."""
        return self.step.encounter

    @property
    def is_open(self) -> bool:
        """Whether it can be played now."""
        return self.state in ("open", "due-soon", "overdue")

    @property
    def done_late(self) -> bool:
        """Whether it was done after its day."""
        return self.done_on is not None and self.due is not None and self.done_on > self.due


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What to do next, in which encounter, and by when."""

    do: Do
    encounter: str | None = None
    by: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where somebody stands in a programme on a day."""

    programme: Programme
    today: date
    start: date | None
    steps: tuple[StepStanding, ...]
    next: Next
    good_always: GoodAlways
    alike: Alike

    @property
    def needed(self) -> tuple[StepStanding, ...]:
        """The steps that are asked for."""
        return tuple(step for step in self.steps if step.state != "not-needed")

    @property
    def done(self) -> int:
        """How many of the steps that are asked for are done."""
        return sum(step.state == "done" for step in self.needed)

    @property
    def percent(self) -> int:
        """How much of what is asked for is done, rounded down."""
        return 100 * self.done // len(self.needed) if self.needed else 100

    @property
    def appointments(self) -> tuple[StepStanding, ...]:
        """The steps that are appointments."""
        return tuple(step for step in self.steps if step.appointment is not None)

    def step(self, encounter: str) -> StepStanding:
        """The step of that encounter."""
        return next(step for step in self.steps if step.encounter == encounter)


def standing(plan: Plan, taken: Iterable[Taken], today: date, *, start: date | None = None) -> Standing:
    """Where the person who made these attempts stands; `start` is the day of their first one if nobody says another."""
    judge = _Judge(plan, taken, today, start)
    steps = tuple(judge.told(step) for step in plan.programme.steps)
    marks = {step.encounter: plan.pass_mark(step) for step in plan.programme.steps}
    scored = [one for one in judge.taken if one.ended is not None and not (one.unscored or plan.scenarios[one.encounter].unscored)]
    return Standing(
        programme=plan.programme,
        today=today,
        start=judge.start,
        steps=steps,
        next=_next(steps, begun=judge.start is not None),
        good_always=good_always(scored, marks),
        alike=alike(scored, plan.scenarios),
    )


class _Judge:
    """The attempts of one person at the encounters of one programme, looked at on one day."""

    def __init__(self, plan: Plan, taken: Iterable[Taken], today: date, start: date | None) -> None:
        self.plan, self.today = plan, today
        mine = (one for one in taken if one.counts and one.encounter in plan.scenarios)
        self.taken = sorted(mine, key=lambda one: (one.moment, one.id))
        self.start = start or (self.taken[0].began if self.taken else None)
        self._steps = {step.encounter: step for step in plan.programme.steps}
        self._states: dict[str, tuple[State, tuple[Reason, ...]]] = {}

    def told(self, step: Step) -> StepStanding:
        scenario, attempts = self.plan.scenarios[step.encounter], self._attempts(step)
        state, reasons = self.state(step)
        done, conducts = self._done(step), [one.conduct for one in attempts if one.ended is not None]
        return StepStanding(
            step=step,
            title=scenario.title,
            customer=scenario.customer.name,
            state=state,
            reasons=reasons,
            pass_mark=None if scenario.unscored else self.plan.pass_mark(step),
            due=self._due(step),
            best=None if scenario.unscored else max(conducts, default=None),
            done_on=None if done is None else done.ended,
            used=len(attempts),
            left=None if step.attempts is None else max(0, step.attempts - len(attempts)),
            attempts=tuple(one.id for one in attempts),
            unfinished=next((one.id for one in reversed(attempts) if one.ended is None), None),
            remembers=tuple(fact for fact, happened in step.remembers.items() if self._happened(step, happened)),
            appointment=self._appointment(step),
        )

    # --- states ---

    def state(self, step: Step) -> tuple[State, tuple[Reason, ...]]:
        """The state of a step, and why."""
        if step.encounter not in self._states:
            self._states[step.encounter] = "locked", ()  # for steps that wait for one another
            self._states[step.encounter] = self._state(step)
        return self._states[step.encounter]

    def _state(self, step: Step) -> tuple[State, tuple[Reason, ...]]:
        if self._done(step) is not None:
            return "done", ()
        unpromised = tuple(self._unpromised(step))
        if unpromised and unpromised[0].why == "nothing-promised" and not self.plan.waits_for_nothing(step):
            return "not-needed", unpromised
        waiting = [reason for reason in unpromised if reason.why == "not-promised-yet"]
        waiting += (Reason("comes-first", name) for name in step.after if self._is_before(name))
        if waiting:
            return "locked", tuple(waiting)
        attempts = self._attempts(step)
        if step.attempts is not None and len(attempts) >= step.attempts and all(one.ended is not None for one in attempts):
            return "used-up", ()
        return self._open(self._due(step)), ()

    def _open(self, due: date | None) -> State:
        if due is None or self.today < due - timedelta(days=SOON):
            return "open"
        return "overdue" if self.today > due else "due-soon"

    def _is_before(self, encounter: str) -> bool:
        """Whether a step is still to be done, so that others wait for it."""
        return self.state(self._steps[encounter])[0] not in ("done", "not-needed")

    def _unpromised(self, step: Step) -> Iterator[Reason]:
        """Where an appointment was not promised: not yet, or not although it could have been."""
        promisers = self.plan.promised_in(step.encounter)
        if not promisers or self._promise(step) is not None:
            return
        open_ = [name for name in promisers if self.state(self._steps[name])[0] not in ("done", "used-up", "not-needed")]
        yield from (Reason("not-promised-yet", name) for name in open_)
        if not open_:
            yield from (Reason("nothing-promised", name) for name in promisers)

    # --- what was done ---

    def _attempts(self, step: Step) -> list[Taken]:
        """The attempts at a step, as many as are allowed; of an appointment those since it was promised."""
        promise = self._promise(step)
        made = [one for one in self.taken if one.encounter == step.encounter and (promise is None or one.moment > promise.moment)]
        return made[: step.attempts]

    def _done(self, step: Step) -> Taken | None:
        """The first attempt that is good enough."""
        mark = self.plan.pass_mark(step)
        return next((one for one in self._attempts(step) if one.reaches(mark)), None)

    def _promise(self, step: Step) -> Taken | None:
        """The attempt in which an appointment was promised first: whoever promises again wins no time."""
        promisers = self.plan.promised_in(step.encounter)
        return next(
            (
                one for one in self.taken
                if one.encounter in promisers and one.ended is not None and any(promised.encounter == step.encounter for promised in one.promised)
            ),
            None,
        )  # fmt: skip

    def _due(self, step: Step) -> date | None:
        promise = self._promise(step)
        if promise is not None and promise.ended is not None:
            within = next(one.within for one in promise.promised if one.encounter == step.encounter)
            return promise.ended + timedelta(days=within)
        if step.due is None or self.start is None:
            return None
        return self.start + timedelta(days=step.due)

    def _appointment(self, step: Step) -> Appointment | None:
        promise, by = self._promise(step), self._due(step)
        if not self.plan.promised_in(step.encounter):
            return None
        if promise is None or by is None:
            return Appointment(kept="unpromised")
        call = next((one for one in self._attempts(step) if one.ended is not None), None)
        promised = Appointment(kept="waiting", promised_in=promise.encounter, promise=promise.id, promised_on=promise.ended, by=by)
        if call is None or call.ended is None:
            return promised if self.today <= by else replace(promised, kept="broken")
        kept: Kept = "kept" if call.ended <= by else "late"
        return replace(promised, kept=kept, call=call.id, called_on=call.ended, consoled=call.ended_well)

    def _happened(self, step: Step, happened: Happened) -> bool:
        """Whether something has happened that a customer who is met today remembers."""
        promise, due = self._promise(step), self._due(step)
        match happened:
            case "overdue":
                return due is not None and self.today > due
            case "not-passed":
                return promise is not None and self._done(self._steps[promise.encounter]) is None
            case "nothing-promised":
                return promise is None and bool(self.plan.promised_in(step.encounter))


def _next(steps: tuple[StepStanding, ...], *, begun: bool) -> Next:
    """What is due first, and of that what stands first; what was promised comes before everything else of that day."""
    todo = sorted((step for step in steps if step.is_open), key=lambda step: (step.due or date.max, step.appointment is None))
    if not todo:
        stuck = next((step.encounter for step in steps if step.state == "used-up"), None)
        waiting = next((step.encounter for step in steps if step.state == "locked"), None)
        return Next(do="finished") if stuck is None and waiting is None else Next(do="stuck", encounter=stuck or waiting)
    first = todo[0]
    return Next(do=_deed(first, begun=begun), encounter=first.encounter, by=first.due)


def _deed(step: StepStanding, *, begun: bool) -> Do:
    if step.unfinished is not None:
        return "go-on"
    if not begun:
        return "begin"
    if step.appointment is not None and step.appointment.kept in ("waiting", "broken"):
        return "call"
    return "again" if step.used else "play"
