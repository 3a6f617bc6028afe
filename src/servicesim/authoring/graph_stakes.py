"""What is at stake in a reply: the principles whose rules read its acts, and which way it goes for them.

Nothing is played here: of each scene it is known which acts may, and which must, have been done before its replies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from servicesim.encounter.script import Script
from servicesim.scenario.model import Line, Reply, Scene
from servicesim.scenario.principles import (
    ACTS_OF_PLAY,
    Absence,
    AfterThen,
    AlternateResponse,
    Existence,
    First,
    Last,
    NotResponse,
    Precedence,
    Response,
    Rule,
)

#: `+` it does what the principle asks, `-` what it forbids, `?` right or wrong by what came before or comes after.
Sign = Literal["+", "-", "?"]
Acts = frozenset[str]

MOST = 2  # stakes that are named on one reply
_NONE: Acts = frozenset()


@dataclass(frozen=True, slots=True)
class Stake:
    """One principle that a reply touches."""

    principle: str
    title: str
    sign: Sign


@dataclass(frozen=True, slots=True)
class Before:
    """The acts that may, and those that must, have been done when something is said."""

    may: Acts
    must: Acts

    def then(self, may: Iterable[str], must: Iterable[str]) -> Before:
        """The same, after these."""
        return Before(self.may.union(may), self.must.union(must))

    def joined(self, other: Before) -> Before:
        """What holds for both ways of coming here."""
        return Before(self.may | other.may, self.must & other.must)


def stakes(script: Script) -> Callable[[str, Reply], tuple[Stake, ...]]:
    """What is at stake in each reply: those that the scenario is about first, then the heavier ones; two at most."""
    before, applying = _before_replies(script), _applying(script)

    def of(scene: str, reply: Reply) -> tuple[Stake, ...]:
        found = _found(applying, script, scene, reply, before.get(scene, Before(_NONE, _NONE)))
        return tuple(sorted(found, key=lambda stake: _rank(script, stake)))[:MOST]

    return of


def _applying(script: Script) -> list[tuple[str, str, list[Rule]]]:
    """The principles that count in this scenario: id, title and those of their rules that hold here."""
    return [
        (name, principle.title, [rule for rule in principle.rules if rule.when.fits(script.scenario)])
        for name, principle in script.principles.principles.items()
        if principle.applies(name, script.scenario)
    ]


def _rank(script: Script, stake: Stake) -> tuple[bool, int, int]:
    principle = script.principles.principles[stake.principle]
    return stake.principle not in script.scenario.learn, "-+?".index(stake.sign), -principle.weight


def _found(
    applying: list[tuple[str, str, list[Rule]]], script: Script, scene: str, reply: Reply, before: Before
) -> Iterator[Stake]:
    for name, title, rules in applying:
        if name in reply.marks:
            yield Stake(name, title, "+" if reply.marks[name] >= 0.5 else "-")
            continue
        signs = {sign for rule in rules for sign in _signs(rule, script, scene, reply, before)}
        if signs:
            yield Stake(name, title, min(signs, key="-+?".index))


def _signs(rule: Rule, script: Script, scene: str, reply: Reply, before: Before) -> Iterator[Sign]:
    """What a rule has to say about each act of a reply, one after the other."""
    match rule:
        case First(first=acts):
            if scene == script.scenario.start and _any_does(script.scenario.scenes[scene].replies, acts):
                yield _does(reply, acts)
        case Last(last=acts):
            if reply.end is not None:
                yield _does(reply, acts)
        case Response(response=response) if response.within == "next-reply":
            yield from _next(response, script.scenario.scenes[scene], reply)
        case _:
            for act in reply.acts:
                if rule.opened_by is None or not before.may.isdisjoint(rule.opened_by):
                    yield from _sign(rule, act, reply, before)
                before = before.then((act,), (act,))


def _does(reply: Reply, acts: Iterable[str]) -> Sign:
    return "-" if set(acts).isdisjoint(reply.acts) else "+"


def _any_does(replies: Iterable[Reply], acts: tuple[str, ...]) -> bool:
    return any(_does(reply, acts) == "+" for reply in replies)


def _next(response: AfterThen, scene: Scene, reply: Reply) -> Iterator[Sign]:
    """Whether a reply gives the answer that what the customer has just said calls for."""
    called = [not set(response.after).isdisjoint((*scene.happens, *line.acts)) for line in scene.customer]
    if all(called):
        yield _does(reply, response.then)
    elif any(called):
        yield "+" if _does(reply, response.then) == "+" else "?"


def _sign(
    rule: Existence | Absence | Precedence | Response | AlternateResponse | NotResponse, act: str, reply: Reply, before: Before
) -> Iterator[Sign]:
    """What a rule has to say about one act of a reply, by what came before it."""
    match rule:
        case Existence():
            if act in rule.existence:
                yield "+"
        case Absence():
            if act in rule.absence:
                yield "-"
        case Precedence():
            if act in rule.precedence.then:
                reopens = rule.opened_by is not None and len(before.may.intersection(rule.opened_by)) > 1
                yield _after_all(rule.precedence.needs, before, "+", "-", sure=not reopens)
        case Response(response=response) | AlternateResponse(alternate_response=response):
            if act in response.then and not before.may.isdisjoint(response.after):
                yield "+"
            if act in response.after and _does(reply, response.then) == "-":
                yield "?"
        case NotResponse():
            if act in rule.not_response.never and not before.may.isdisjoint(rule.not_response.after):
                yield _after_all(rule.not_response.after, before, "-", "+", sure=True)
        case _:
            assert_never(rule)


def _after_all(acts: Iterable[str], before: Before, done: Sign, undone: Sign, *, sure: bool) -> Sign:
    """One sign if these acts have certainly been done, another if they cannot have been; else it depends."""
    if before.may.isdisjoint(acts):
        return undone
    return done if sure and not before.must.isdisjoint(acts) else "?"


def _before_replies(script: Script) -> dict[str, Before]:
    """What may and must have been done before the replies of each scene that a play may come to."""
    scenario = script.scenario
    arriving = {scenario.start: Before(frozenset(ACTS_OF_PLAY), frozenset({script.speaks}))}
    waiting = [scenario.start]
    while waiting:
        name = waiting.pop()
        scene = scenario.scenes[name]
        spoken = _spoken(scene, arriving[name])
        for target, after in _onward(scene, spoken):
            joined = arriving[target].joined(after) if target in arriving else after
            if joined != arriving.get(target):
                arriving[target] = joined
                waiting.append(target)
    return {name: _spoken(scenario.scenes[name], before) for name, before in arriving.items()}


def _spoken(scene: Scene, before: Before) -> Before:
    lines: tuple[Line, ...] = scene.customer
    may = frozenset(act for line in lines for act in line.acts)
    must = frozenset.intersection(*(frozenset(line.acts) for line in lines))
    return before.then((*scene.happens, *may), (*scene.happens, *must))


def _onward(scene: Scene, before: Before) -> Iterator[tuple[str, Before]]:
    for reply in scene.replies:
        if reply.go is not None:
            yield reply.go, before.then(reply.acts, reply.acts)
    if scene.on_silence is not None and scene.on_silence.go is not None:
        yield scene.on_silence.go, before
