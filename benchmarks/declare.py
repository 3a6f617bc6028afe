"""Do our rules mean what DECLARE means? Ours against Declare4Py and pm4py, on random traces.

    python -m benchmarks.declare [--traces 10000] [--seed N] [--peers-python PATH]...

Each template is drawn in several families (plain, with lists, with scopes ...), so many traces each. A peer is asked
twice: word for word, as far as it has words for the rule; and with the trace cut so that bare DECLARE is left, where
verdict and counts must be the same without exception. Where its word differs from ours, the difference must have a
name, be seen in that trace, and be gone when the trace is cut. What is left is unexplained, and the run ends with 1.
Last, automata that are wrong on purpose are judged: each must be caught.

The peers run in interpreters of their own, named in SERVICESIM_PEERS_PYTHON (separated as in PATH) or by
--peers-python; pm4py is AGPL, and Declare4Py builds on it. Where one is missing, the run ends with 4 and proves nothing.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from benchmarks.declare_compare import Answers, Found, Job, Judges, Sample, compare, distinct, gather, judged, samples
from benchmarks.declare_families import DECLARE4PY, DIFFERENCES, PM4PY, Family, families
from benchmarks.declare_traces import Asked
from benchmarks.declare_wrong import WRONG
from benchmarks.engine_peers import PYTHONS, Missing, Peer, ask

SAME, DIFFERENT, NO_PEERS = 0, 1, 4
SHOWN = 5  # unexplained traces of a family
MOST_AT_ONCE = 100_000  # traces that a peer is handed
ENOUGH = 1_000  # traces of a family that a wrong automaton is judged by
PEERS = (
    Peer(PM4PY, "pm4py", "pm4py_declare.py", "pip install pm4py (AGPL: in an environment of its own)"),
    Peer(DECLARE4PY, "Declare4Py", "declare4py_declare.py", "pip install declare4py (in an environment of its own)"),
)
NOT_ASKED = """
- stands where the peer was asked with cut traces only: pm4py has no end, and of not response only what its non-succession
says of plain acts; and "together" has many differences at a time, which no single name explains."""
Drawn = list[tuple[Family, list[Sample]]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, ask, compare and report."""
    asked = _asked(arguments)
    os.environ[PYTHONS] = os.pathsep.join([*asked.peers_python, os.environ.get(PYTHONS, "")])
    print(f"seed {asked.seed}, {asked.traces:,} traces for each family")
    missing = [f"{peer.name}: {told.why}" for peer in PEERS if isinstance(told := ask(peer, {"jobs": []}), Missing)]
    if missing:
        return _no_peers(missing)
    drawn = [(family, samples(family, asked.traces, asked.seed)) for family in families()]
    known = dict[str, Answers]()
    for peer in PEERS:
        answers = _answers(peer, drawn)
        if isinstance(answers, Missing):
            return _no_peers([f"{peer.name}: {answers.why}"])
        known[peer.name] = answers
    return _report(drawn, known)


def _answers(peer: Peer, drawn: Drawn) -> Answers | Missing:
    answers = Answers()
    for family, some in drawn:
        gather(answers, peer.name, family, some)
    version = "?"
    for jobs in _batches(answers.jobs()):
        told = ask(peer, {"jobs": jobs})
        if isinstance(told, Missing):
            return told
        version = told["version"]
        for job, said in zip(jobs, told["answers"], strict=True):
            answers.fill(job, said)
    print(f"{peer.name} {version} has judged {sum(len(one) for one in answers.known.values()):,} different traces", flush=True)
    return answers


def _batches(jobs: Iterable[Job]) -> Iterator[list[Job]]:
    """Some jobs at a time, so that a peer on a busy machine does not run out of the time that it has."""
    batch = list[Job]()
    for job in jobs:
        if sum(len(one["traces"]) for one in batch) + len(job["traces"]) > MOST_AT_ONCE:
            yield batch
            batch = []
        batch.append(job)
    yield batch


def _no_peers(missing: Sequence[str]) -> int:
    print("\n".join(missing), file=sys.stderr)
    print(f"Without them nothing is compared. Tell where they are: {PYTHONS}=/path/to/bin/python, or --peers-python.", file=sys.stderr)
    return NO_PEERS


def _report(drawn: Drawn, known: dict[str, Answers]) -> int:
    found = [one for family, some in drawn for one in _compared(family, some, known, Asked.automaton)]
    print("\n".join(_table(found)))
    print(NOT_ASKED)
    print("\nwhere a peer's word differs, and why")
    print("\n".join(_differences(found)))
    print("\nwrong on purpose: traces that give it away")
    missed = list(_missed(drawn, known))
    unexplained = [one for some in found for one in some.unexplained]
    print(f"\n{len(unexplained):,} unexplained; {len(missed)} of {len(WRONG)} faults not caught")
    return DIFFERENT if unexplained or missed else SAME


def _table(found: Sequence[Found]) -> Iterator[str]:
    yield f"\n{'template':20}{'family':12}{'peer':12}{'traces':>8}{'word for word':>15}{'the same':>10}{'named':>8}{'unexplained':>13}"
    for one in found:
        family, named = one.family, one.asked - one.same - sum(" word for word" in told for told in one.unexplained)
        asked = f"{one.asked:,}" if one.asked else "-"
        same, named_ = (f"{one.same:,}", f"{named:,}") if one.asked else ("-", "-")
        yield f"{family.template:20}{family.about:12}{one.peer:12}{one.traces:>8,}{asked:>15}{same:>10}{named_:>8}{len(one.unexplained):>13,}"
        yield from (f"    {told}" for told in one.unexplained[:SHOWN])


def _differences(found: Sequence[Found]) -> Iterator[str]:
    told = {(name, peer): traces for name, peer, traces in distinct(found)}
    for name, says in DIFFERENCES.items():
        counts = [f"{peer} {told[name, peer]:,}" for peer in (PM4PY, DECLARE4PY) if (name, peer) in told]
        yield f"  {name}: {says} ({', '.join(counts) or 'not met'})"


def _compared(family: Family, some: Sequence[Sample], known: dict[str, Answers], judges: Judges) -> list[Found]:
    """Ours, or what is wrong on purpose, against each peer."""
    told = judged(some, judges)
    return [compare(family, peer, answers, some, told) for peer, answers in known.items()]


def _missed(drawn: Drawn, known: dict[str, Answers]) -> Iterator[str]:
    for wrong in WRONG:
        caught = Counter[str]()
        for family, some in drawn:
            if wrong.where(family):
                caught.update({one.peer: len(one.unexplained) for one in _compared(family, some[:ENOUGH], known, wrong.judges)})
        print(f"  {wrong.fault}: {', '.join(f'{peer} {traces:,}' for peer, traces in caught.items())}")
        if not any(caught.values()):
            print("    NOT CAUGHT")
            yield wrong.fault


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.declare", description=__doc__.split("\n")[0])
    parser.add_argument("--traces", type=int, default=10_000, help="for each family; 10,000 take about five minutes")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000), help="a new one each time, if not said")
    parser.add_argument("--peers-python", action="append", default=[], metavar="PATH", help="an interpreter that has peers; may be repeated")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
