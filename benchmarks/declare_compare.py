"""Ours against a peer, trace by trace: the same, or different in a way that has a name, or unexplained."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.declare_cuts import Cut, cut
from benchmarks.declare_families import (
    DECLARE4PY,
    EMPTY,
    HOW_OFTEN,
    NO_OPPORTUNITY,
    NOT_SUCCESSION,
    PM4PY,
    SECONDS,
    Family,
    Question,
    cut_questions,
    keeps_succession,
    nothing_asked,
    plain_questions,
    shows,
)
from benchmarks.declare_traces import Asked, Trace, drawn, rulings
from servicesim.assessment.rules import Automaton

AT_A_TIME = 20_000  # traces of a job
Answer = list[int | None]  # satisfied (1), violated (0) or failed (None); fulfilments; violations
Job = dict[str, Any]
Counts = tuple[int, int]  # kept, broken
Judges = Callable[[Asked], Automaton]


@dataclass(frozen=True, slots=True)
class Sample:
    """A rule, a trace, and the trace as bare DECLARE sees it."""

    asked: Asked
    trace: Trace
    cut: Cut


@dataclass(slots=True)
class Answers:
    """What one peer says; questions are gathered first, and each is asked once."""

    known: dict[Question, dict[str, Answer]] = field(default_factory=dict)

    def gather(self, question: Question, pieces: Iterable[str]) -> None:
        """Ask this too."""
        self.known.setdefault(question, {}).update((piece, []) for piece in pieces)

    def jobs(self) -> Iterator[Job]:
        """All questions, as they are handed over, so many traces at a time."""
        for question, traces in self.known.items():
            asked = {"template": question.template, "acts": list(question.acts), "limit": question.limit}
            waiting = list(traces)
            for first in range(0, len(waiting), AT_A_TIME):
                yield asked | {"traces": waiting[first : first + AT_A_TIME]}

    def fill(self, job: Job, told: Sequence[Answer]) -> None:
        """Take the answers to a job."""
        question = Question(job["template"], "".join(job["acts"]), job["limit"])
        self.known[question].update(zip(job["traces"], told, strict=True))


@dataclass(slots=True)
class Found:
    """What came of one family against one peer."""

    family: Family
    peer: str
    traces: int = 0
    asked: int = 0  # word for word
    same: int = 0
    named: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


def samples(family: Family, amount: int, seed: int) -> list[Sample]:
    """So many random rules and traces; the same for the same seed."""
    draw = random.Random(f"{seed} {family.template} {family.about}")
    found = []
    for _ in range(amount):
        asked, trace = family.rules(draw, family.template), drawn(draw, family.letters, alone=family.alone)
        found.append(Sample(asked, trace, cut(asked, trace)))
    return found


def gather(answers: Answers, peer: str, family: Family, drawn_: Iterable[Sample]) -> None:
    """All that the peer has to be asked about the samples."""
    for sample in drawn_:
        question, pieces, _each = cut_questions(peer, sample.cut)
        answers.gather(question, pieces)
        for word in plain_questions(peer, family, sample.asked):
            answers.gather(word, [_flat(sample.trace, word)])


def judged(drawn_: Sequence[Sample], judges: Judges = Asked.automaton) -> list[Counts]:
    """How often ours kept and broke the rule of each sample."""
    ready, told = dict[Asked, Automaton](), list[Counts]()
    for sample in drawn_:
        if sample.asked not in ready:
            ready[sample.asked] = judges(sample.asked)
        decided = [ruling.kept for ruling in rulings(ready[sample.asked], sample.trace)]
        told.append((sum(decided), len(decided) - sum(decided)))
    return told


def compare(family: Family, peer: str, answers: Answers, drawn_: Sequence[Sample], told: Sequence[Counts]) -> Found:
    """What ours has told of each sample, against what the peer says of it."""
    found = Found(family, peer, len(drawn_))
    for sample, ours in zip(drawn_, told, strict=True):
        if not _same_when_cut(peer, answers, sample, ours):
            found.unexplained.append(f"{_shown(sample)}: ours {_told(ours)}; cut to {list(sample.cut.pieces)}")
        else:
            _word_for_word(found, answers, sample, ours)
    return found


def _same_when_cut(peer: str, answers: Answers, sample: Sample, ours: Counts) -> bool:
    question, pieces, each = cut_questions(peer, sample.cut)
    told = [answers.known[question][piece] for piece in pieces]
    if each:
        kept = sum(one[0] == 1 for one in told)
        return ours == (kept, len(told) - kept)
    if all(one[1] is not None for one in told):
        return ours == (sum(one[1] or 0 for one in told), sum(one[2] or 0 for one in told))
    return (ours[1] == 0) == all(one[0] == 1 for one in told) and (ours == (0, 0)) == nothing_asked(sample.cut)


def _word_for_word(found: Found, answers: Answers, sample: Sample, ours: Counts) -> None:
    """What the peer says if the difference is not told to it, and the difference's name where that is another verdict."""
    questions = plain_questions(found.peer, found.family, sample.asked)
    if not questions:
        return
    found.asked += 1
    told = [answers.known[question][_flat(sample.trace, question)] for question in questions]
    theirs = None if any(one[0] is None for one in told) else all(one[0] == 1 for one in told)
    verdict = None if ours == (0, 0) else ours[1] == 0
    if theirs is not None and verdict is theirs:
        found.same += 1
        if found.family.about == "plain" and sum(ours) > 1 and (found.peer == PM4PY or found.family.template == "absence"):
            found.named[HOW_OFTEN] += 1
        return
    name = _name(found, sample, theirs, verdict)
    if name is None:
        found.unexplained.append(f"{_shown(sample)}: ours {_told(ours)}; {found.peer} says {theirs} word for word")
    else:
        found.named[name] += 1


def _name(found: Found, sample: Sample, theirs: bool | None, verdict: bool | None) -> str | None:
    family, asked, trace = found.family, sample.asked, sample.trace
    if theirs is None:
        return EMPTY if not trace.acts and family.template in ("first", "last") and found.peer == DECLARE4PY else None
    if verdict is None and theirs and nothing_asked(sample.cut):
        return NO_OPPORTUNITY
    if found.peer == PM4PY and family.template == "not-response":
        return NOT_SUCCESSION if theirs and not keeps_succession(trace, asked.a, asked.b) else None
    if family.difference is None or (family.difference == SECONDS and found.peer == DECLARE4PY):
        return None
    return family.difference if shows(family.difference, asked, trace, sample.cut) else None


def _flat(trace: Trace, question: Question) -> str:
    """The trace as it is handed over: its acts, and their times where there is a limit."""
    if question.limit is None:
        return trace.acts
    told = zip(trace.told, trace.times, strict=True)
    return f"{trace.acts}|{','.join(str(at) for one, at in told if one not in '()>')}"


def _shown(sample: Sample) -> str:
    return f"{sample.asked.written()} on {sample.trace.told!r}"


def _told(ours: Counts) -> str:
    return "no opportunity" if ours == (0, 0) else f"kept {ours[0]}, broken {ours[1]}"


def distinct(found: Iterable[Found]) -> Iterator[tuple[str, str, int]]:
    """Each difference that was met, by peer, with the number of its traces."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in found:
        for name, traces in one.named.items():
            counts[name, one.peer] += traces
    for (name, peer), traces in counts.items():
        yield name, peer, traces
