"""Declare4Py: what it says of traces in letters, one template at a time; see benchmarks/declare.py."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from Declare4Py.D4PyEventLog import D4PyEventLog
from Declare4Py.ProcessMiningTasks.ConformanceChecking.MPDeclareAnalyzer import MPDeclareAnalyzer
from Declare4Py.ProcessModels.DeclareModel import DeclareModel
from pm4py.objects.log.obj import Event, EventLog, Trace
from timing import given, tell

BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
UNARY = {"init": "Init[{}] | |", "end": "End[{}] | |", "existence": "Existence1[{}] | |", "absence": "Absence{}[{}] | |"}
BINARY = {
    "precedence": "Precedence[{}, {}] | | |",
    "response": "Response[{}, {}] | | |",
    "alternate-response": "Alternate Response[{}, {}] | | |",
    "not-response": "Not Response[{}, {}] | | |",
}
Answer = list[int | None]  # 1 satisfied, 0 violated, None failed; and how often fulfilled and violated, where it counts


def main() -> None:
    """Answer all questions."""
    work = given()
    tell("declare4py", answers=[answers(job["template"], job["acts"], job["traces"], job["limit"]) for job in work["jobs"]])


def answers(template: str, acts: list[str], traces: list[str], limit: int | None) -> list[Answer]:
    """What it says of each trace. Of an empty one, init and end raise an error: these are asked one by one."""
    if template in ("init", "end"):
        told = iter(checked([rule(template, acts, limit)], [trace for trace in traces if trace]))
        return [next(told)[0] if trace else alone(rule(template, acts, limit)) for trace in traces]
    if template == "absence":  # it does not count them, but says whether there are 1, 2, 3 ...
        most = max((trace.partition("|")[0].count(acts[0]) for trace in traces), default=0)
        asked = [UNARY["absence"].format(number, acts[0]) for number in range(1, most + 2)]
        return [counted(states) for states in checked(asked, traces)]
    return [states[0] for states in checked([rule(template, acts, limit)], traces)]


def rule(template: str, acts: list[str], limit: int | None) -> str:
    """The rule in its notation; a limit in milliseconds."""
    seconds = "" if limit is None else f"0,{limit / 1000},s"
    return (UNARY | BINARY)[template].format(*acts) + seconds


def counted(states: list[Answer]) -> Answer:
    """How many there are, from: violated if there is 1, if there are 2 ..."""
    broken = sum(state == 0 for state, *_ in states)
    return [states[0][0], int(broken == 0), broken]


def alone(told: str) -> Answer:
    """What it says of an empty trace."""
    try:
        return checked([told], [""])[0][0]
    except IndexError:
        return [None, None, None]


def checked(rules: list[str], traces: list[str]) -> list[list[Answer]]:
    """What it says of each trace and rule."""
    if not traces:
        return []
    acts = sorted({act for trace in traces for act in trace.partition("|")[0]} | set("abcdqrswxy"))
    model = DeclareModel().parse_from_string("\n".join([*(f"activity {act}" for act in acts), *rules]))
    if [told.replace(" ", "") for told in model.serialized_constraints] != [told.replace(" ", "") for told in rules]:
        raise ValueError(f"it has read other rules: {model.serialized_constraints}")
    found = MPDeclareAnalyzer(log=log_of(traces), declare_model=model, consider_vacuity=True).run().model_check_res
    return [[[int(one.state.name == "SATISFIED"), one.num_fulfillments, one.num_violations] for one in row] for row in found]


def log_of(traces: list[str]) -> D4PyEventLog:
    """The traces as an event log; "ab|0,500" tells the milliseconds too."""
    log = EventLog(properties={"pm4py:param:timestamp_key": "time:timestamp", "pm4py:param:activity_key": "concept:name"})
    for number, trace in enumerate(traces):
        acts, _, times = trace.partition("|")
        moments: Any = [int(time) for time in times.split(",")] if times else range(len(acts))
        events = [Event({"concept:name": act, "time:timestamp": BEGUN + timedelta(milliseconds=at)}) for act, at in zip(acts, moments, strict=True)]
        log.append(Trace(events, attributes={"concept:name": str(number)}))
    return D4PyEventLog(log=log)


if __name__ == "__main__":
    main()
