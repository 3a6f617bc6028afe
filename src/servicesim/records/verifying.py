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

State = Literal["REPLAY_VERIFIED", "SERVER_VERIFIED", "CLIENT_ATTESTED", "BROKEN"]
"""Played again with the same result; played again, with the result that the server signed; whole, but not to be played again or judged
here; or not as it was written."""

Judged = Callable[[Attempt, tuple[str, ...]], Result | None]
"""The result that the server signed of an attempt with these lines; None where it said none. Raises VerificationFailed if the verdict
that is kept is not the server's, or of something else (records/signed.py: verified_by_server)."""


@dataclass(frozen=True, slots=True)
class Verified:
    """How far one attempt can be trusted, and why no further, in a sentence."""

    attempt: Attempt
    state: State
    why: str


def judged_by_nobody(attempt: Attempt, lines: tuple[str, ...]) -> Result | None:
    """For records that no server judges."""
    return None


def verified(records: Records, people: People | None = None, judged: Judged = judged_by_nobody) -> Iterator[Verified | Rot]:
    """Everything that is kept in a folder, held against itself: what has rotted beside the attempts, then each attempt."""
    yield from records.rot_around()
    if people is not None:
        yield from people.verify_rot()
    verifier = Verifier(records.text, judged)
    yield from surviving("attempts", lambda: map(verifier.verified, records.kept()))


@dataclass(frozen=True, slots=True)
class Again:
    """One attempt, played again with the same result: the script and the transcript that it was played by."""

    attempt: Attempt
    script: Script
    events: tuple[Event, ...]
    result: Result | None


class CannotReplay(Exception):
    """The attempt cannot be played again here, or not judged; nothing is wrong with it for all we know."""


class Verifier:
    """Plays attempts again. `text` finds a kept text by its hash, and raises VerificationFailed if it is missing or damaged;
    `judged` finds what a server said of an attempt. A sealed edition says itself nothing of how it is judged."""

    def __init__(self, text: Callable[[str], str], judged: Judged = judged_by_nobody) -> None:
        self._judged = judged
        self._text = lru_cache(maxsize=64)(text)
        self.judge = lru_cache(maxsize=64)(self._judge)

    def verified(self, kept: Kept) -> Verified:
        """How far an attempt can be trusted."""
        try:
            if kept.rot is not None:
                raise VerificationFailed(kept.rot)
            state = self.replay(kept.attempt, kept.lines, kept.result)
        except VerificationFailed as wrong:
            return Verified(kept.attempt, "BROKEN", str(wrong))
        except CannotReplay as unknown:
            return Verified(kept.attempt, "CLIENT_ATTESTED", str(unknown))
        return Verified(kept.attempt, state, "")

    def again(self, records: Records, attempt_id: str) -> Again:
        """One attempt of these records; raises VerificationFailed if it is not as it was written, or CannotReplay."""
        found = records.attempt(attempt_id)
        if found is None or not records.chain(attempt_id).whole:
            raise VerificationFailed(f"attempt {attempt_id} is not as it was written: look for it in a backup")
        (attempt, result), lines = found, tuple(records.lines(attempt_id))
        self.replay(attempt, lines, result)
        script = self.judge(attempt.scenario_hash, attempt.principles_hash).script
        return Again(attempt, script, tuple(from_lines(lines)), result)

    def replay(self, attempt: Attempt, lines: tuple[str, ...], result: Result | None) -> State:
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
            return "REPLAY_VERIFIED"
        situation = replayed(judge.script, events)
        _demand_same_beginning(attempt, events, judge.script)
        if judge.script.scenario.sealed is not None and situation.ended:
            return self._as_the_server_said(attempt, lines, result)
        if situation.ended != (result is not None):
            raise VerificationFailed(
                "its transcript ends, but it has no result" if result is None else "it has a result, but its transcript does not end"
            )
        if result is None:
            return "REPLAY_VERIFIED"
        _demand_same(result, judge.result(events, situation, ended=result.ended))
        return "REPLAY_VERIFIED" if self._signed(attempt, lines, result) is None else "SERVER_VERIFIED"

    def _as_the_server_said(self, attempt: Attempt, lines: tuple[str, ...], result: Result | None) -> State:
        if result is None or self._signed(attempt, lines, result) is None:
            raise CannotReplay("it was played by a sealed edition, and no verdict that can be checked here is kept with it")
        return "SERVER_VERIFIED"

    def _signed(self, attempt: Attempt, lines: tuple[str, ...], result: Result) -> Result | None:
        """The result that a server signed, which must be the one that is kept; None if it signed none."""
        said = self._judged(attempt, lines)
        if said is not None:
            _demand_same(result, said, "the server's verdict gives")
        return said

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


def _demand_same(kept: Result, found: Result, giver: str = "its transcript gives") -> None:
    for name, was, comes in _differences(kept, found):
        raise VerificationFailed(f"its {name} is kept as {was}, but {giver} {comes}")


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
