"""Whether a score is right: its transcript is played again, by the very texts that the attempt was played by."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Literal

from servicesim.encounter import rules
from servicesim.encounter.encounter import replayed
from servicesim.encounter.events import Began, Event
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.errors import VerificationFailed
from servicesim.records.attempt import Attempt, Result
from servicesim.records.inspecting import Kept
from servicesim.records.people import People
from servicesim.records.records import Records
from servicesim.records.results import Judge
from servicesim.records.rot import Rot, surviving
from servicesim.scenario.model import scenario_from_canonical
from servicesim.scenario.principles import principles_from_canonical

State = Literal["REPLAY_VERIFIED", "CLIENT_ATTESTED", "BROKEN"]
"""Played again with the same result; whole, but not to be played again here; or not as it was written."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How far one attempt can be trusted, and why no further, in a sentence."""

    attempt: Attempt
    state: State
    why: str


def verified(records: Records, people: People | None = None) -> Iterator[Verified | Rot]:
    """Everything that is kept in a folder, held against itself: what has rotted beside the attempts, then each attempt."""
    yield from records.rot_around()
    if people is not None:
        yield from people.verify_rot()
    verifier = Verifier(records.text)
    yield from surviving("attempts", lambda: map(verifier.verified, records.kept()))


@dataclass(frozen=True, slots=True)
class Again:
    """One attempt, played again with the same result: the script and the transcript that it was played by."""

    attempt: Attempt
    script: Script
    events: tuple[Event, ...]
    result: Result | None


class CannotReplay(Exception):
    """This version of ServiceSim cannot play the attempt again; nothing is wrong with it for all we know."""


class Verifier:
    """Plays attempts again. `text` finds a kept text by its hash, and raises VerificationFailed if it is missing or damaged."""

    def __init__(self, text: Callable[[str], str]) -> None:
        self._text = lru_cache(maxsize=64)(text)
        self.judge = lru_cache(maxsize=64)(self._judge)

    def verified(self, kept: Kept) -> Verified:
        """How far an attempt can be trusted."""
        try:
            if kept.rot is not None:
                raise VerificationFailed(kept.rot)
            self.replay(kept.attempt, kept.lines, kept.result)
        except VerificationFailed as wrong:
            return Verified(kept.attempt, "BROKEN", str(wrong))
        except CannotReplay as unknown:
            return Verified(kept.attempt, "CLIENT_ATTESTED", str(unknown))
        return Verified(kept.attempt, "REPLAY_VERIFIED", "")

    def again(self, records: Records, attempt_id: str) -> Again:
        """One attempt of these records; raises VerificationFailed if it is not as it was written, or CannotReplay."""
        found = records.attempt(attempt_id)
        if found is None or not records.chain(attempt_id).whole:
            raise VerificationFailed(f"attempt {attempt_id} is not as it was written: look for it in a backup")
        (attempt, result), lines = found, tuple(records.lines(attempt_id))
        self.replay(attempt, lines, result)
        script = self.judge(attempt.scenario_hash, attempt.principles_hash).script
        return Again(attempt, script, tuple(from_lines(lines)), result)

    def replay(self, attempt: Attempt, lines: tuple[str, ...], result: Result | None) -> None:
        """Play an attempt again; raises VerificationFailed if it could not have been played so, or its result is another."""
        for name in (attempt.scenario_hash, attempt.principles_hash):
            self._text(name)
        if attempt.rules_version != rules.VERSION:
            raise CannotReplay(
                f"it was played by version {attempt.rules_version} of the rules of play, and this ServiceSim knows version {rules.VERSION} only"
            )
        judge = self.judge(attempt.scenario_hash, attempt.principles_hash)
        events = list(from_lines(lines))
        if not events and result is None:
            return
        situation = replayed(judge.script, events)
        _demand_same_beginning(attempt, events, judge.script)
        if situation.ended != (result is not None):
            raise VerificationFailed(
                "its transcript ends, but it has no result" if result is None else "it has a result, but its transcript does not end"
            )
        if result is not None:
            _demand_same(result, judge.result(events, situation, ended=result.ended))

    def _judge(self, scenario_hash: str, principles_hash: str) -> Judge:
        scenario, principles = self._text(scenario_hash), self._text(principles_hash)
        try:
            script = Script(scenario_from_canonical(scenario), principles_from_canonical(principles))
        except (ValueError, LookupError, RecursionError) as unknown:
            raise CannotReplay(
                "the texts that it was played by are whole, but this ServiceSim cannot read them; a newer one may"
            ) from unknown
        return Judge(script)


def _demand_same_beginning(attempt: Attempt, events: list[Event], script: Script) -> None:
    """The transcript's first event and the attempt's own row say the same."""
    (began, *_) = events
    assert isinstance(began, Began)
    told = (began.scenario, began.seed, began.untimed, script.scenario.id)
    if told != (attempt.scenario, attempt.seed, attempt.untimed, attempt.scenario):
        raise VerificationFailed("its transcript begins as another attempt than it is kept as")


def _demand_same(kept: Result, found: Result) -> None:
    for name, was, comes in _differences(kept, found):
        raise VerificationFailed(f"its {name} is kept as {was}, but its transcript gives {comes}")


def _differences(kept: Result, found: Result) -> Iterator[tuple[str, Any, Any]]:
    comes = asdict(found)
    for name, was in asdict(kept).items():
        if name == "principles":
            yield from _different_scores(was, comes[name])
        elif was != comes[name]:
            yield name, was, comes[name]


def _different_scores(kept: str, found: str) -> Iterator[tuple[str, Any, Any]]:
    """Compared by what they say: another version may write the same scores in another way."""
    if kept == found:
        return
    try:
        was = json.loads(kept)
    except (ValueError, RecursionError):
        was = None
    comes = json.loads(found)
    if type(was) is not dict:
        yield "scores of principles", "something unreadable", "others"
    elif was != comes:
        name = min(name for name in {*was, *comes} if was.get(name) != comes.get(name))
        yield f"score of {name}", json.dumps(was.get(name)), json.dumps(comes.get(name))
