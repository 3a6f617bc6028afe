"""pm4py: what it says of traces in letters, one template at a time; see benchmarks/declare.py."""

from __future__ import annotations

from pm4py.algo.conformance.declare.variants import classic
from timing import given, tell

TEMPLATES = {
    "init": "init",
    "existence": "existence",
    "absence": "absence",
    "precedence": "precedence",
    "response": "response",
    "alternate-response": "altresponse",
    "not-succession": "nonsuccession",
}


def main() -> None:
    """Answer all questions."""
    work = given()
    tell("pm4py", answers=[answers(job["template"], job["acts"], job["traces"]) for job in work["jobs"]])


def answers(template: str, acts: list[str], traces: list[str]) -> list[list[int | None]]:
    """For each trace 1 if it is satisfied, 0 if it is violated; it does not say how often."""
    model = {TEMPLATES[template]: {acts[0] if len(acts) == 1 else tuple(acts): {"support": 1, "confidence": 1}}}
    return [[int(told["is_fit"]), None, None] for told in classic.apply_list([list(trace) for trace in traces], model)]


if __name__ == "__main__":
    main()
