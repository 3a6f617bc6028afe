"""What publishing a new version of an encounter would change: what can be reached in it, and who would have passed that did not.

    drift = drift_of(house, checked_encounter(path))
    drift.would_pass, drift.would_fail     # attempts at the version on offer, played again by their moves in the new one
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from servicesim.analysis.proof import Reach
from servicesim.analysis.reach import reach
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter as Play
from servicesim.encounter.events import (
    Began,
    Event,
    Interrupted,
    Listened,
    Listening,
    ReplyChosen,
    SilenceFell,
    SpeechEnded,
    StationReached,
)
from servicesim.encounter.rehearsal import HEAR_ON, play
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Situation, opening
from servicesim.encounter.transcript import from_lines
from servicesim.errors import NotOffered, VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.desks import DAY
from servicesim.records.published import Version
from servicesim.records.results import Judge
from servicesim.records.verifying import CannotReplay, Verifier
from servicesim.server.house import House
from servicesim.server.publishing import Encounter

SECONDS = 10.0
LOOKING_BACK = 90
"""Days; older attempts say little about those who play now."""
MOST_REPLAYED = 2_000
EXAMPLES = 5
_SMALL = (*get_args(Listening), HEAR_ON, "interrupt", "silence")
"""Moves that are left out where the new version has no occasion for them; only a reply that is gone ends a replay."""


@dataclass(frozen=True, slots=True)
class Group:
    """Some of the attempts: how many, and the ids of the latest of them."""

    count: int = 0
    latest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drift:
    """What a new version changes. Replies are told as `scene/reply`. Without a version on offer there is nothing before."""

    scenario: str
    version: int | None
    before: Reach | None
    after: Reach
    replies_gone: tuple[str, ...]
    replies_new: tuple[str, ...]
    replayed: int
    """Attempts whose moves lead to an end in the new version; the groups below are of these, but for `stuck`."""
    passed_before: int
    would_pass: Group
    """Did not pass, and would."""
    would_fail: Group
    """Passed, and would not."""
    stuck: Group
    """Attempts whose moves are not there any more, or lead to no end."""


def drift_of(house: House, new: Encounter, *, seconds: float = SECONDS) -> Drift:
    """What offering this in place of the version on offer would change; each proof takes at most so many seconds of computing."""
    scenario = new.script.scenario.id
    current = next((version for version in house.organisation.on_offer() if version.scenario == scenario), None)
    before = None if current is None else _script(house, current, new)
    old, now = _replies(before), _replies(new.script)
    anew = _Anew(house, current, new)
    return Drift(
        scenario=scenario,
        version=None if current is None else current.version,
        before=None if before is None else reached(before, seconds),
        after=reached(new.script, seconds),
        replies_gone=tuple(one for one in old if one not in now),
        replies_new=tuple(one for one in now if one not in old) if before is not None else (),
        replayed=anew.replayed,
        passed_before=anew.passed_before,
        would_pass=_group(anew.would_pass),
        would_fail=_group(anew.would_fail),
        stuck=_group(anew.stuck),
    )


def reached(script: Script, seconds: float) -> Reach:
    """What the plays of a script can come to; asked for again, it is not worked out again."""
    return _reached(_Told(script.fingerprint, script.principles_fingerprint, seconds, script))


@dataclass(frozen=True)
class _Told:
    """A script by its texts: two that say the same are equal."""

    scenario: str
    principles: str
    seconds: float
    script: Script

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Told) and self._by == other._by

    def __hash__(self) -> int:
        return hash(self._by)

    @property
    def _by(self) -> tuple[str, str, float]:
        return self.scenario, self.principles, self.seconds


@lru_cache(maxsize=64)
def _reached(told: _Told) -> Reach:
    return reach(told.script, seconds=told.seconds)


def _script(house: House, current: Version, new: Encounter) -> Script | None:
    """The version on offer, as it was written; in any of its languages where the new one was written in another."""
    own = new.scripts[0][0]
    edition = min(current.editions, key=lambda one: one.language != own)
    try:
        return Verifier(house.records.text).judge(edition.scenario_hash, edition.principles_hash).script
    except (CannotReplay, VerificationFailed):
        return None


def _replies(script: Script | None) -> dict[str, None]:
    if script is None:
        return {}
    return {f"{scene}/{reply}": None for scene, options in script.options.items() for reply in options}


def _group(ids: Sequence[str]) -> Group:
    return Group(len(ids), tuple(reversed(ids[-EXAMPLES:])))


# --- attempts, played again ------------------------------------------------------------------------------------------


class _Anew:
    """The attempts at the version on offer, by their moves in the new one."""

    def __init__(self, house: House, current: Version | None, new: Encounter) -> None:
        self.replayed = self.passed_before = 0
        self.would_pass, self.would_fail, self.stuck = list[str](), list[str](), list[str]()
        judges = {language: Judge(script) for language, script in new.scripts}
        first = next(iter(judges.values()))
        for attempt, result in [] if current is None else _latest(house, current):
            events = list(from_lines(house.records.lines(attempt.id)))
            self._count(attempt, result, _judged(judges.get(attempt.language, first), events))

    def _count(self, attempt: Attempt, before: Result, passes: bool | None) -> None:
        if passes is None:
            self.stuck.append(attempt.id)
            return
        self.replayed += 1
        self.passed_before += before.passed
        if passes and not before.passed:
            self.would_pass.append(attempt.id)
        if before.passed and not passes:
            self.would_fail.append(attempt.id)


def _latest(house: House, current: Version) -> Sequence[tuple[Attempt, Result]]:
    """The latest attempts at this version that ended, in the order in which they began."""
    hashes = {(edition.scenario_hash, edition.principles_hash) for edition in current.editions}
    found = house.records.attempts(scenario=current.scenario, since=house.now() - LOOKING_BACK * DAY, ended_only=True)
    return deque(
        ((one, result) for one, result in found if result is not None and (one.scenario_hash, one.principles_hash) in hashes),
        maxlen=MOST_REPLAYED,
    )


def _judged(judge: Judge, events: Sequence[Event]) -> bool | None:
    """Whether these events, or else their moves, are a pass by another script; None where they lead to no end there."""
    found = _same(judge.script, events) or _by_moves(judge.script, events)
    return None if found is None else judge.result(*found, ended=0).passed


def _same(script: Script, events: Sequence[Event]) -> tuple[Sequence[Event], Situation] | None:
    """The very same events, where the rules allow them in this script too."""
    situation = opening(script)
    for number, event in enumerate(events):
        if number and not rules.allows(situation, event):
            return None
        situation = situation.after(event)
    return (events, situation) if situation.ended else None


def _by_moves(script: Script, events: Sequence[Event]) -> tuple[Sequence[Event], Situation] | None:
    began = events[0]
    assert isinstance(began, Began)
    again = Play(script, seed=began.seed, untimed=began.untimed, pace=began.pace)
    try:
        for move in moves(events):
            if again.ended:
                break
            if move in _SMALL:
                with suppress(NotOffered):
                    play(again, move)
            else:
                play(again, move)
    except NotOffered:
        return None
    return (again.events, again.situation) if again.ended else None


def moves(events: Sequence[Event]) -> Iterator[str]:
    """The moves of a play, as `simulate --play` takes them."""
    for number, event in enumerate(events):
        match event:
            case ReplyChosen(_, _, reply):
                yield reply
            case Listened(_, how):
                yield how
            case Interrupted():
                yield "interrupt"
            case SilenceFell():
                yield "silence"
            case StationReached() if _listens_later(events, number):
                yield HEAR_ON
            case _:
                continue


def _listens_later(events: Sequence[Event], station: int) -> bool:
    """Whether this station passes without a sign, and a later one of the same speech gets one."""
    for number in range(station + 1, len(events)):
        match events[number]:
            case Listened():
                return number > station + 1
            case SpeechEnded() if number + 1 == len(events) or not isinstance(events[number + 1], Listened):
                return False
            case ReplyChosen() | Interrupted():
                return False
            case _:
                continue
    return False
