"""Declare4Py: conformance checking on an event log that is in memory already."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import process_time
from typing import Any

from Declare4Py.D4PyEventLog import D4PyEventLog
from Declare4Py.ProcessMiningTasks.ConformanceChecking.MPDeclareAnalyzer import MPDeclareAnalyzer
from Declare4Py.ProcessModels.DeclareModel import DeclareModel
from pm4py.objects.log.obj import Event, EventLog, Trace
from timing import best, given, tell

TEMPLATES = {
    "existence": "Existence1[{}] | |",
    "absence": "Absence1[{}] | |",
    "precedence": "Precedence[{}, {}] | | |",
    "response": "Response[{}, {}] | | |",
    "alternate-response": "Alternate Response[{}, {}] | | |",
}
BEGUN = datetime(2024, 1, 1, tzinfo=UTC)


def log_of(traces: list[list[str]]) -> D4PyEventLog:
    """The traces as an event log; acts follow each other by a second."""
    properties = {"pm4py:param:timestamp_key": "time:timestamp", "pm4py:param:activity_key": "concept:name"}
    log = EventLog(properties=properties)
    for number, trace in enumerate(traces):
        events = [Event({"concept:name": act, "time:timestamp": BEGUN + timedelta(seconds=at)}) for at, act in enumerate(trace)]
        log.append(Trace(events, attributes={"concept:name": str(number)}))
    return D4PyEventLog(log=log)


def main() -> None:
    """Check the traces; which rules each trace breaks."""
    work = given()
    acts = sorted({act for trace in work["traces"] for act in trace} | {act for _, named in work["rules"] for act in named})
    rules = [TEMPLATES[template].format(*named) for template, named in work["rules"]]
    model = DeclareModel().parse_from_string("\n".join([*(f"activity {act}" for act in acts), *rules]))
    log = log_of(work["traces"])

    def check() -> Any:
        return MPDeclareAnalyzer(log=log, declare_model=model, consider_vacuity=True).run()

    if [told.partition(" |")[0] for told in model.serialized_constraints] != [rule.partition(" |")[0] for rule in rules]:
        raise ValueError(f"Declare4Py has read other rules: {model.serialized_constraints}")
    states = check().get_metric(metric="state").values.tolist()  # 0 is violated
    broken = [[place for place, state in enumerate(row) if state == 0] for row in states]
    tell("declare4py", broken=broken, seconds={"its event log": best(check, work["seconds"], process_time)})


if __name__ == "__main__":
    main()
