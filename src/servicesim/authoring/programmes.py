"""What is wrong with a programme as a whole: whether its encounters are there, and whether somebody can complete it.

    weighed = Weighed(plan, source, reaches)
    findings = [finding for check in TOGETHER for finding in check(weighed)]

A programme can be completed if each of its encounters can be passed at the mark that is asked for, if some order lets every
step be done by its day, and if those who pass can promise the calls that are its appointments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from servicesim.analysis.proof import Reach
from servicesim.assessment.told import number
from servicesim.authoring.told import rounded_up
from servicesim.scenario.findings import Finding, Severity
from servicesim.scenario.programme import Plan, Programme, Step, promises
from servicesim.scenario.programme_checks import circles
from servicesim.scenario.shape import meant
from servicesim.scenario.source import Source

Path = tuple[str | int, ...]

CODES: dict[str, str] = {
    "G004": "a day before that of what comes first",
    "G005": "a step without a day",
    "G006": "a field that means nothing for this step",
    "G007": "an encounter that is not there",
    "G008": "an encounter that cannot be used",
    "G009": "a promised call that no step keeps",
    "G010": "an appointment that comes too early",
    "G011": "something remembered that cannot be",
    "R017": "a pass mark that no play reaches",
    "R018": "a call that nobody promises who passes",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A programme that can be read, with what was proved of its encounters; of those that were not proved nothing is said."""

    plan: Plan
    source: Source
    reaches: Mapping[str, Reach] = field(default_factory=dict)
    promising: Mapping[tuple[str, str], Reach] = field(default_factory=dict)  # of the plays of an encounter that promise another

    @property
    def programme(self) -> Programme:
        """The programme itself."""
        return self.plan.programme

    def steps(self) -> Iterator[tuple[Path, Step]]:
        """Every step whose encounter is there, and where it stands."""
        for place, step in enumerate(self.programme.steps):
            if step.encounter in self.plan.scenarios:
                yield ("steps", place), step

    def finding(self, code: str, path: Path, message: str, hint: str = "", severity: Severity = "error", key: bool = False) -> Finding:
        """A finding where it stands in the file."""
        return self.source.finding(code, path, message, hint, severity, key)


@dataclass(frozen=True, slots=True)
class Completion:
    """That a programme can be completed, by which day; not `proved` where an encounter could not be looked at to the end."""

    encounters: int
    last_day: int
    proved: bool


def completion(weighed: Weighed) -> Completion:
    """How a programme without errors can be completed, as far as that was proved."""
    days = [day for _, step in weighed.steps() if (day := step.due) is not None]
    days += (day for _, step in weighed.steps() for day in _promised_days(weighed, step))
    scored = [step for _, step in weighed.steps() if not weighed.plan.scenarios[step.encounter].unscored]
    proved = all(_is_passed(weighed.reaches.get(step.encounter), weighed.plan.pass_mark(step)) for step in scored)
    return Completion(len(weighed.programme.steps), max(days, default=0), proved and all(_is_promised(weighed, step) for step in scored))


def _is_promised(weighed: Weighed, step: Step) -> bool:
    """Whether some play that passes promises an appointment; true of what is none."""
    marks = {one.encounter: weighed.plan.pass_mark(one) for one in weighed.programme.steps if one.encounter in weighed.plan.scenarios}
    promisers = weighed.plan.promised_in(step.encounter)
    return not promisers or any(_is_passed(weighed.promising.get((name, step.encounter)), marks[name]) for name in promisers)


def _is_passed(reach: Reach | None, mark: int) -> bool:
    """Whether a play is known that ends well with this conduct, from each start."""
    return reach is not None and reach.passing is not None and reach.passing.value >= mark


Check = Callable[[Weighed], Iterator[Finding]]


def promised_in_circles(weighed: Weighed) -> Iterator[Finding]:
    """G003: steps that wait for one another because of a promise; those that `after` alone makes are told of before."""
    plan = weighed.plan
    before = {step.encounter: {*step.after, *_promisers(weighed, step)} for _, step in weighed.steps()}
    if any(plan.promised_in(encounter) for encounter in before):
        yield from circles(weighed.programme, weighed.source, before)


def due_before_what_comes_first(weighed: Weighed) -> Iterator[Finding]:
    """G004: whoever does what comes first on its last day is late with this step."""
    for path, step in () if any(promised_in_circles(weighed)) else weighed.steps():
        for name in step.after:
            first = _latest_sensible(weighed, name)
            if step.due is not None and first is not None and step.due < first:
                message = f"'{step.encounter}' is due on day {step.due}, and comes after '{name}', which is due on day {first}"
                yield weighed.finding("G004", (*path, "due"), message, f"write {first} or more, or let '{name}' be due earlier")


def steps_without_a_day(weighed: Weighed) -> Iterator[Finding]:
    """G005: a step that no promise sets a day for, and that has none itself."""
    for path, step in weighed.steps():
        if step.due is None and not weighed.plan.promised_in(step.encounter):
            yield weighed.finding("G005", path, f"nothing says by when '{step.encounter}' is due", "add 'due:' with a number of days after the start")
        elif step.due is None and weighed.plan.waits_for_nothing(step):
            yield weighed.finding("G005", path, f"nothing says by when '{step.encounter}' is due if nobody promises it", "add 'due:' for those who promise nothing")


def fields_in_vain(weighed: Weighed) -> Iterator[Finding]:
    """G006: a day where the promise sets it, a mark where nothing is scored."""
    for path, step in weighed.steps():
        if step.due is not None and weighed.plan.promised_in(step.encounter) and not weighed.plan.waits_for_nothing(step):
            hint = "remove it; the promise says by when, and without one this step is not asked for"
            yield weighed.finding("G006", (*path, "due"), f"'{step.encounter}' is an appointment: the promise sets its day", hint, "warning", key=True)
        if weighed.plan.scenarios[step.encounter].unscored:
            for name, written in (("pass", step.pass_mark), ("attempts", step.attempts)):
                if written is not None:
                    yield weighed.finding("G006", (*path, name), f"'{step.encounter}' is not scored, so '{name}' means nothing", "remove it", "warning", key=True)
        elif step.pass_mark is not None and step.pass_mark < weighed.plan.scenarios[step.encounter].pass_mark:
            own = weighed.plan.scenarios[step.encounter].pass_mark
            message = f"the encounter asks for {own}, and its debrief says so, whatever the programme takes"
            yield weighed.finding("G006", (*path, "pass"), message, f"write {own} or more, or leave it out", "warning", key=True)


def promises_that_no_step_keeps(weighed: Weighed) -> Iterator[Finding]:
    """G009: a call may be promised in an encounter of the programme, and is no step of it."""
    for path, step in weighed.steps():
        for promised in dict.fromkeys(promise.call_back for promise in promises(weighed.plan.scenarios[step.encounter])):
            if promised not in weighed.programme.encounters:
                message = f"'{step.encounter}' can end with a promise to call in '{promised}', and no step is that call"
                yield weighed.finding("G009", (*path, "encounter"), message, f"add a step with 'encounter: {promised}'")


def appointments_too_early(weighed: Weighed) -> Iterator[Finding]:
    """G010: an appointment whose day comes before what has to be done first."""
    for path, step in weighed.steps():
        by = _promised_day(weighed, step)
        for place, name in enumerate(step.after):
            first = _latest_sensible(weighed, name)
            if by is not None and first is not None and first > by and name not in weighed.plan.promised_in(step.encounter):
                message = f"the call in '{step.encounter}' is promised for day {by} or earlier, and waits for '{name}', which is due on day {first}"
                yield weighed.finding("G010", (*path, "after", place), message, f"let '{name}' be due earlier, or take it out of 'after'")


def remembered_amiss(weighed: Weighed) -> Iterator[Finding]:
    """G011: a fact that the encounter does not remember, or something that cannot have happened."""
    for path, step in weighed.steps():
        known = weighed.plan.scenarios[step.encounter].remembers
        for fact, happened in step.remembers.items():
            at = (*path, "remembers", fact)
            if fact not in known:
                hint = meant(fact, list(known)) or f"write 'remembers: [{fact}]' in the encounter first"
                yield weighed.finding("G011", at, f"'{step.encounter}' cannot begin with '{fact}'", hint, key=True)
            elif happened != "overdue" and not weighed.plan.promised_in(step.encounter):
                message = f"nobody promises '{step.encounter}' in this programme, so '{happened}' cannot be"
                yield weighed.finding("G011", at, message, "remove it, or add the encounter in which it is promised")


def marks_out_of_reach(weighed: Weighed) -> Iterator[Finding]:
    """R017: no play of the encounter ends well with the conduct that the step asks for."""
    for path, step in weighed.steps():
        reach, mark = weighed.reaches.get(step.encounter), weighed.plan.pass_mark(step)
        if reach is None or reach.passable is False:
            continue  # the encounter's own finding says more
        if reach.passing is not None and reach.passing.bound < mark:
            message = f"'{step.encounter}' asks for {mark}, and no play of it that ends well comes to more than {rounded_up(reach.passing.bound)}"
            yield weighed.finding("R017", (*path, "pass"), message, f"write {number(reach.passing.value, 0)} or less", key=True)


def calls_that_nobody_promises(weighed: Weighed) -> Iterator[Finding]:
    """R018: those who pass what comes first never promise the call, so that nobody completes the programme by passing."""
    for path, step in weighed.steps():
        proved = [(name, weighed.promising.get((name, step.encounter))) for name in weighed.plan.promised_in(step.encounter)]
        if proved and all(reach is not None and _never(reach, weighed, name) for name, reach in proved):
            names = " or ".join(f"'{name}'" for name, _ in proved)
            message = f"nobody who passes {names} promises '{step.encounter}'"
            yield weighed.finding("R018", (*path, "encounter"), message, "let a reply on a way that passes make the promise")


def _never(reach: Reach, weighed: Weighed, name: str) -> bool:
    """Whether no play that promises the call passes the step in which it is promised."""
    if reach.passing is None:
        return reach.passable is False
    step = next(step for _, step in weighed.steps() if step.encounter == name)
    return reach.passing.bound < weighed.plan.pass_mark(step)


def _promisers(weighed: Weighed, step: Step) -> tuple[str, ...]:
    return weighed.plan.promised_in(step.encounter)


def _latest_sensible(weighed: Weighed, name: str) -> int | None:
    """The day by which a step is to be done: its own, or of an appointment the last day of the promise that comes first."""
    step = next((step for _, step in weighed.steps() if step.encounter == name), None)
    if step is None:
        return None
    if not weighed.plan.promised_in(name):
        return step.due
    return _promised_day(weighed, step)


def _promised_day(weighed: Weighed, step: Step) -> int | None:
    """The first day that a promise may set for an appointment, where it is made on the last day of the step that makes it."""
    return min(_promised_days(weighed, step), default=None)


def _promised_days(weighed: Weighed, step: Step) -> Iterator[int]:
    for name in weighed.plan.promised_in(step.encounter):
        due = next(one.due for one in weighed.programme.steps if one.encounter == name)
        if due is not None:
            yield from (due + promise.within for promise in promises(weighed.plan.scenarios[name]) if promise.call_back == step.encounter)


TOGETHER: tuple[Check, ...] = (
    promised_in_circles,
    due_before_what_comes_first,
    steps_without_a_day,
    fields_in_vain,
    promises_that_no_step_keeps,
    appointments_too_early,
    remembered_amiss,
    marks_out_of_reach,
    calls_that_nobody_promises,
)


# --- words -----------------------------------------------------------------------------------------------------------


def completion_in_words(completion: Completion) -> str:
    """That a programme can be completed, in a line."""
    if not completion.proved:
        return "whether it can be completed is not proved to the end; more time may help: --seconds 60"
    return f"it can be completed: {completion.encounters} encounters, at the latest on day {completion.last_day}"


def completion_as_json(completion: Completion) -> dict[str, Any]:
    """What `check --json` prints of a programme without errors; null is what is not known."""
    return {"encounters": completion.encounters, "last_day": completion.last_day, "completable": completion.proved or None}
