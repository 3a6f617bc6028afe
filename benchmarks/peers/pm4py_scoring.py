"""pm4py: DECLARE conformance, from each of the forms in which it takes traces."""

from __future__ import annotations

from datetime import datetime, timedelta
from time import process_time

import pandas
import pm4py
from pm4py.algo.conformance.declare.variants import classic
from timing import best, given, tell

BEGUN = datetime(2024, 1, 1)
TEMPLATES = {
    "existence": "existence",
    "absence": "absence",
    "precedence": "precedence",
    "response": "response",
    "alternate-response": "altresponse",
}


def main() -> None:
    """Check the traces; which rules each trace breaks."""
    work = given()
    model: dict[str, dict[object, dict[str, int]]] = {}
    number: dict[tuple[str, object], int] = {}
    for place, (template, acts) in enumerate(work["rules"]):
        key = acts[0] if len(acts) == 1 else tuple(acts)
        model.setdefault(TEMPLATES[template], {})[key] = {"support": 1, "confidence": 1}
        number[TEMPLATES[template], key] = place
    traces, frame = work["traces"], frame_of(work["traces"])
    log = pm4py.convert_to_event_log(frame)
    ways = {
        "its data frame": lambda: pm4py.conformance_declare(frame, model),
        "its event log": lambda: pm4py.conformance_declare(log, model),
        "bare lists of acts": lambda: classic.apply_list(traces, model),
    }
    broken = [sorted(number[template, key] for template, key in one["deviations"]) for one in ways["its data frame"]()]
    tell("pm4py", broken=broken, seconds={way: best(check, work["seconds"], process_time) for way, check in ways.items()})


def frame_of(traces: list[list[str]]) -> pandas.DataFrame:
    """The traces as pm4py reads them from a file; acts follow each other by a second."""
    rows = [(f"{number:06}", act, BEGUN + timedelta(seconds=at)) for number, trace in enumerate(traces) for at, act in enumerate(trace)]
    return pandas.DataFrame(rows, columns=["case:concept:name", "concept:name", "time:timestamp"])


if __name__ == "__main__":
    main()
