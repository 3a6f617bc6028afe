"""Counting verdicts in bulk: all rules of a scenario folded over a transcript, without evidence.

Rules are folded a few at a time: their states together are one node, and each step from a node is remembered, so that
what a reply does to several rules costs one look-up. All rules at once would be fewer look-ups, but have so many states
together that most steps would be new. What a step decides is added up in one large integer, a field for each count.
Rules with a limit in seconds depend on the clock and are stepped by themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from struct import Struct
from typing import Any

from servicesim.assessment.assess import CRITICAL_CAP, automata, exactly, is_untimed
from servicesim.assessment.opportunity import offered, owed
from servicesim.assessment.rules import A, Automaton, Rulings, State, too_late
from servicesim.assessment.trace import acts_of, moments
from servicesim.encounter.events import Event, Listened, ReplyChosen, SpeechBegan, SpeechEnded
from servicesim.encounter.script import PAUSE, Script
from servicesim.scenario.principles import Principle

BITS = 16  # of each count; a play has far fewer than 65,536 acts of a kind
TOGETHER = 4  # rules in a fold: with more, most steps of the first thousand transcripts are new
MOST_STEPS = 10_000  # remembered by a fold before it is halved, or begun anew if it has one rule

Acts = tuple[str, ...]
Placed = tuple[int, Automaton]  # a rule, and the number of its principle
Told = tuple[int, int, int, dict[str, int]]  # what beginning and end of a speech bring, what its scene offers, and its replies
Ruled = tuple[int, Automaton, int]  # the same with the bit that says whether anything was offered to it


class Tally:
    """Kept and broken of every principle, and conduct, for many transcripts of one script."""

    def __init__(self, script: Script) -> None:
        self.script = script
        taught = script.principles.principles
        self.names = [name for name, one in taught.items() if one.applies(name, script.scenario)]
        self._place = {name: number for number, name in enumerate(self.names)}
        self._rules = [(self._place[name], rule) for name in self.names for rule in automata(taught[name], script)]
        self._scores = [
            (taught[name].weight, exactly(taught[name].enough), taught[name].critical, _owed(taught[name], name, script))
            for name in self.names
        ]
        self._marks = {
            (stage.name, option.reply.id): [
                (self._place[name], exactly(mark)) for name, mark in option.reply.marks.items() if name in self._place
            ]
            for stage in script.stages
            for option in stage.options
            if option.reply.marks
        }
        self._fields = Struct(f"<{2 * len(self.names)}H")
        self._folds: dict[bool, _Folds] = {}

    def counts(self, events: Sequence[Event]) -> list[tuple[int, int]]:
        """Kept and broken of each principle by its rules, in the order of `names`; a trainer's marks are not in it."""
        fields = iter(self._fields.unpack(self._total(events).to_bytes(self._fields.size, "little")))
        return list(zip(fields, fields, strict=True))

    def conduct(self, events: Sequence[Event]) -> Fraction:
        """The conduct, exactly as `assess` finds it."""
        marks, untimed = self._marked(events) if self._marks else {}, is_untimed(events)
        # Whole points apart from parts of one: whole numbers are added far faster than fractions.
        weights, whole, parts, capped = 0, 0, Fraction(0), False
        for place, ((kept, broken), one) in enumerate(zip(self.counts(events), self._scores, strict=True)):
            weight, enough, critical, owes = one
            share = _share(kept, broken, marks.get(place))
            if share is not None:
                weights += weight
                if share >= enough:
                    whole += weight
                elif share:
                    parts += weight * share / enough
                capped = capped or (critical and share < 1)
            elif owes[untimed]:
                weights += weight
        conduct = 100 * (whole + parts) / weights if weights else Fraction(0)
        return min(conduct, Fraction(CRITICAL_CAP)) if capped else conduct

    def _marked(self, events: Sequence[Event]) -> dict[int, list[Fraction]]:
        marked: dict[int, list[Fraction]] = {}
        for event in events:
            if type(event) is ReplyChosen:
                for place, mark in self._marks.get((event.scene, event.reply), ()):
                    marked.setdefault(place, []).append(mark)
        return marked

    def _total(self, events: Sequence[Event]) -> int:
        untimed = is_untimed(events)
        folds = self._folds.get(untimed)
        if folds is None:
            folds = self._folds[untimed] = _Folds(self.script, self._rules, untimed=untimed)
        return folds.total(events)


class _Acts:
    """What events bring that means anything to a rule, as numbers of `lists`; 0 stands for nothing."""

    def __init__(self, script: Script, rules: Iterable[Automaton]) -> None:
        self._script = script
        self._meant = {act for rule in rules for act in rule.meaning}
        self.lists: list[Acts] = [()]
        self._numbers: dict[Acts, int] = {(): 0}

    def number(self, event: Event, scene: str = "", line: int = 0) -> int:
        """The number of what an event brings in a speech."""
        acts = tuple(act for act in acts_of(self._script, event, scene, line) if act in self._meant)
        if acts not in self._numbers:
            self._numbers[acts] = len(self.lists)
            self.lists.append(acts)
        return self._numbers[acts]


class _Node(dict[int, tuple["_Node", int]]):
    """The states of a fold's rules together; what follows from acts, by their number, is worked out when first asked."""

    __slots__ = ("_fold", "_offers", "_states", "end")

    def __init__(self, fold: _Fold, states: tuple[State, ...], offers: int) -> None:
        self._fold, self._states, self._offers = fold, states, offers
        self.end = fold.finish(states, offers)  # what is decided if the play ends here

    def __missing__(self, number: int) -> tuple[_Node, int]:
        states, decided = self._fold.step(self._states, number, self._offers)
        known = self[number] = self._fold.node(states, self._offers), decided
        return known


class _Fold:
    """A few rules folded together; `acts` are the acts that numbers stand for."""

    def __init__(self, rules: Sequence[Ruled], acts: Sequence[Acts]) -> None:
        self.rules, self._acts = rules, acts
        self._nodes: dict[tuple[tuple[State, ...], int], _Node] = {}
        self.remembered = 0

    def start(self, offers: int) -> _Node:
        """Where a play begins in which so much was offered."""
        own = sum(bit for _, _, bit in self.rules)
        return self.node(tuple(rule.start for _, rule, _ in self.rules), offers & own)

    def node(self, states: tuple[State, ...], offers: int) -> _Node:
        """The node of these states."""
        node = self._nodes.get((states, offers))
        if node is None:
            node = self._nodes[(states, offers)] = _Node(self, states, offers)
            self.remembered += 1
        return node

    def step(self, states: tuple[State, ...], number: int, offers: int) -> tuple[tuple[State, ...], int]:
        """The states after acts, and what these decide."""
        after, decided = list[State](), 0
        for (place, rule, bit), now in zip(self.rules, states, strict=True):
            for act in self._acts[number]:
                what = rule.meaning.get(act, 0)
                if what:
                    now, rulings = rule.step(now, what, 0, offers & bit != 0)
                    decided += _packed(place, rulings)
            after.append(now)
        self.remembered += 1
        return tuple(after), decided

    def finish(self, states: tuple[State, ...], offers: int) -> int:
        """What the end decides."""
        told = zip(self.rules, states, strict=True)
        return sum(_packed(place, rule.finish(now, offers & bit != 0)) for (place, rule, bit), now in told)

    def halves(self) -> list[_Fold]:
        """Two folds that have forgotten all, and remember less between them; one, where it has a single rule."""
        middle = len(self.rules) // 2
        parts = [self.rules[:middle], self.rules[middle:]]
        return [_Fold(part, self._acts) for part in parts if part]


class _Folds:
    """All rules, for plays with or without clocks."""

    def __init__(self, script: Script, rules: Sequence[Placed], *, untimed: bool) -> None:
        self._script, self._untimed = script, untimed
        self._rules = [(place, rule, 1 << number) for number, (place, rule) in enumerate(rules)]
        plain = [ruled for ruled in self._rules if self._is_in_time(ruled[1])]
        self._timed = [ruled for ruled in self._rules if not self._is_in_time(ruled[1])]
        self._acts = _Acts(script, [rule for _, rule in rules])
        self._folds = [_Fold(plain[first : first + TOGETHER], self._acts.lists) for first in range(0, len(plain), TOGETHER)]
        self._starts: dict[int, list[_Node]] = {}
        self._always = self._offered(frozenset())
        self._speeches: dict[object, Told] = {}
        self._others: dict[object, int] = {}

    def _is_in_time(self, rule: Automaton) -> bool:
        return self._untimed or rule.seconds is None or (_of_stations(rule) and rule.seconds >= PAUSE)

    def total(self, events: Sequence[Event]) -> int:
        """All counts of one transcript, in the fields of one integer."""
        brought, offers = self._numbers(events)
        starts, total = self._starts.get(offers), 0
        if starts is None:
            starts = self._begin(offers)
        for node in starts:
            for number in brought:
                node, decided = node[number]
                if decided:
                    total += decided
            total += node.end
        for fold in self._folds:
            if fold.remembered > MOST_STEPS:
                self._remember_less()
                break
        if self._timed:
            total += self._by_the_clock(events, offers)
        return total

    def _begin(self, offers: int) -> list[_Node]:
        """Where each fold begins a play in which so much was offered."""
        if len(self._starts) > MOST_STEPS:
            self._starts = {}
        starts = self._starts[offers] = [fold.start(offers) for fold in self._folds]
        return starts

    def _numbers(self, events: Sequence[Event]) -> tuple[list[int], int]:
        """What the events bring, and what the scenes that they visit offer to the rules, as bits."""
        speeches, others, replies = self._speeches, self._others, dict[str, int]()
        numbers, offers, ends, scene = list[int](), self._always, 0, ""
        for event in events:
            kind = type(event)
            if kind is ReplyChosen:
                known = replies.get(event.reply)  # type: ignore[union-attr]
                number = self._of_reply(event, scene, replies) if known is None else known
            elif kind is SpeechBegan:
                scene = event.scene  # type: ignore[union-attr]
                number, ends, more, replies = speeches.get(event[1:]) or self._of_speech(event)
                offers |= more
            elif kind is SpeechEnded:
                number = ends
            else:
                key = event[1] if kind is Listened else kind  # type: ignore[misc]
                known = others.get(key)
                number = self._of_other(event, key) if known is None else known
            if number:
                numbers.append(number)
        return numbers, offers

    def _of_speech(self, event: Any) -> Told:
        began, ends = self._acts.number(event), self._acts.number(SpeechEnded(event.at), event.scene, event.line)
        told = self._speeches[event[1:]] = began, ends, self._offered(frozenset((event.scene,))), {}
        return told

    def _of_reply(self, event: Any, scene: str, replies: dict[str, int]) -> int:
        number = replies[event.reply] = self._acts.number(event, scene)
        return number

    def _of_other(self, event: Event, key: object) -> int:
        number = self._others[key] = self._acts.number(event)
        return number

    def _offered(self, visited: frozenset[str]) -> int:
        """What these scenes offer to each rule. Several scenes together offer what any of them does."""
        return sum(bit for _, rule, bit in self._rules if offered(rule.rule, self._script, visited, untimed=self._untimed))

    def _remember_less(self) -> None:
        """Halve what has grown too large."""
        halved = [fold.halves() if fold.remembered > MOST_STEPS else [fold] for fold in self._folds]
        self._folds = [fold for folds in halved for fold in folds]
        self._starts = {}

    def _by_the_clock(self, events: Sequence[Event], offers: int) -> int:
        """The counts of the rules that depend on the clock."""
        told = [(moment.at, moment.act) for moment in moments(self._script, events)]
        return sum(_timed(place, rule, told, offers & bit != 0) for place, rule, bit in self._timed)


def _timed(place: int, rule: Automaton, told: Sequence[tuple[float, str]], possible: bool) -> int:
    state, total, seconds = rule.start, 0, rule.seconds or 0.0
    for at, act in told:
        what = rule.meaning.get(act)
        if what is None:
            continue
        if state:
            state, late = too_late(state, seconds, at, float)
            total += _packed(place, late)
        state, rulings = rule.step(state, what, at, possible)
        total += _packed(place, rulings)
    return total + _packed(place, rule.finish(state, possible))


def _owed(principle: Principle, name: str, script: Script) -> tuple[bool, bool]:
    """Whether a principle is owed: in timed play, and in untimed play."""
    return owed(principle, name, script, untimed=False), owed(principle, name, script, untimed=True)


def _of_stations(rule: Automaton) -> bool:
    """Whether only stations wait for an answer: these close by themselves after a pause."""
    return all(act == "station" for act, what in rule.meaning.items() if what & A)


def _share(kept: int, broken: int, marks: list[Fraction] | None) -> Fraction | int | None:
    """What share was kept; None where there was no opportunity. Whole numbers where they do, since they are far faster."""
    if marks:
        return (kept + sum(marks)) / Fraction(kept + broken + len(marks))
    if not broken:
        return 1 if kept else None
    return Fraction(kept, kept + broken) if kept else 0


def _packed(place: int, rulings: Rulings) -> int:
    """Rulings of one principle as counts in its two fields."""
    kept = sum(ruling.kept for ruling in rulings)
    return (kept | len(rulings) - kept << BITS) << 2 * BITS * place
