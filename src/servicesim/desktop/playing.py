"""One attempt at the desk: the encounter, its clock, and the pen that keeps every event before its effect is shown.

The situation that is shown changes only when the disk holds what led to it. A move that is made while something is
being written waits its turn, with the time at which it was made. If writing fails, nothing has changed: the choice is
still open, the clock stands, and `trouble` says why.
"""

from __future__ import annotations

import secrets
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Protocol

from servicesim.assessment.assess import Assessment, assess
from servicesim.desktop.glimpse import heard, patience_left
from servicesim.encounter import rules
from servicesim.encounter.encounter import began, replayed, unfolded
from servicesim.encounter.events import Event, Listening, ReplyChosen
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Situation, opening
from servicesim.encounter.transcript import from_lines, to_lines
from servicesim.errors import ServicesimError
from servicesim.records.attempt import Attempt, Result
from servicesim.records.results import result_of
from servicesim.scenario.model import fingerprint

Move = Callable[[Situation, float], Event]


class Writes(Protocol):
    """What is needed of the pen."""

    def begin(self, attempt: Attempt, lines: Sequence[str] = ()) -> Future[None]: ...

    def write(self, attempt_id: str, first_seq: int, lines: Sequence[str], result: Result | None = None) -> Future[None]: ...


class Keeps(Protocol):
    """What is needed of the records."""

    def keep_text(self, kind: str, body: str) -> str: ...

    def lines(self, attempt_id: str) -> list[str]: ...


def utc_milliseconds() -> int:
    """Now, as records keep it."""
    return time.time_ns() // 1_000_000


def new_attempt(
    script: Script, learner: str, *, untimed: bool = False, practice: bool = False, language: str = "en",
    seed: int | None = None, started: int | None = None, id: str | None = None,
) -> Attempt:  # fmt: skip
    """An attempt that begins now, with a seed and an id of its own; at an encounter without a score it is practice in any case.

    Its hashes are those of the texts that are kept: a sealed edition's fingerprint is another one's.
    """
    return Attempt(
        id=id or str(uuid.uuid4()),
        learner=learner,
        scenario=script.scenario.id,
        scenario_hash=fingerprint(script.text),
        principles_hash=fingerprint(script.principles_text),
        rules_version=rules.VERSION,
        seed=secrets.randbelow(2**31) if seed is None else seed,
        untimed=untimed,
        practice=practice or script.scenario.unscored,
        language=language,
        started=utc_milliseconds() if started is None else started,
    )


def keep_texts(records: Keeps, script: Script) -> None:
    """Keep what the attempt is played by, so that editing the file later changes no score."""
    records.keep_text("scenario", script.text)
    records.keep_text("principles", script.principles_text)


@dataclass(slots=True)
class Clock:
    """Seconds of the encounter: they go on from the last event, and stand while the encounter is paused."""

    at: float
    since: float | None = None

    def now(self, outside: float) -> float:
        """The encounter's time; `outside` is a monotonic clock."""
        return self.at if self.since is None else self.at + (outside - self.since)

    def go(self, outside: float) -> None:
        """Go on."""
        if self.since is None:
            self.since = outside

    def stand(self, outside: float) -> None:
        """Stand still."""
        self.at, self.since = self.now(outside), None


class Playing:
    """An attempt that is being played. `soon` runs a call on the drawing thread; `changed` is called when there is something new to draw."""

    def __init__(
        self, script: Script, attempt: Attempt, pen: Writes, *, soon: Callable[[Callable[[], None]], None],
        changed: Callable[[], None], pace: float = 1.0, kept: Sequence[str] = (),
    ) -> None:  # fmt: skip
        self.script, self.attempt = script, attempt
        self._pen, self._soon, self._changed = pen, soon, changed
        self.events: list[Event] = list(from_lines(kept))
        self.situation: Situation = replayed(script, self.events) if self.events else opening(script)
        self._pace = pace
        self.clock = Clock(self.events[-1].at if self.events else 0.0)
        self.trouble: ServicesimError | None = None
        self._busy = False
        self._waiting: list[tuple[Move, float]] = []
        self._unwritten: tuple[list[Event], Situation] | None = None

    # -- what is shown ----------------------------------------------------------------------------------------------

    @property
    def ended(self) -> bool:
        """Whether the encounter is over, and its end on disk."""
        return self.situation.ended

    @property
    def busy(self) -> bool:
        """Whether something is being written."""
        return self._busy

    def assessment(self) -> Assessment:
        """How the attempt is judged, as far as it has gone."""
        return assess(self.script, self.events)

    def heard(self, outside: float) -> tuple[int, float]:
        """How much of the speech can be heard: the segment, and which part of it (0-1)."""
        return heard(self.situation, self.clock.now(outside))

    def patience(self, outside: float) -> float | None:
        """How much of the customer's patience is left (1-0); None where there is no clock for it."""
        return patience_left(self.situation, self.clock.now(outside))

    def due_in(self, outside: float) -> float | None:
        """Seconds until the clock brings something; None if nothing comes by itself."""
        at = rules.due_at(self.situation)
        return None if at is None or self.clock.since is None else max(0.0, at - self.clock.now(outside))

    # -- what is done -----------------------------------------------------------------------------------------------

    def go(self, outside: float) -> None:
        """Begin, or go on after a pause or after trouble."""
        self.clock.go(outside)
        self.trouble = None
        if self._unwritten is not None and not self._busy:
            self._write(*self._unwritten)
        elif not self.events:
            first = began(self.script, seed=self.attempt.seed, untimed=self.attempt.untimed, pace=self._pace)
            following, situation = unfolded(self.situation.after(first), 0.0)
            self._write([first, *following], situation)

    def pause(self, outside: float) -> None:
        """Let the clock stand."""
        self.clock.stand(outside)

    def hold(self, at: float) -> None:
        """Let the clock stand at this second of the encounter, until `go`."""
        self.clock.at, self.clock.since = at, None

    def tick(self, outside: float) -> None:
        """Let happen what is due."""
        if self._busy or self.clock.since is None or self.trouble:
            return
        events, situation = unfolded(self.situation, self.clock.now(outside))
        if events:
            self._write(events, situation)

    def reply(self, reply: str, outside: float) -> None:
        """Give a reply; raises NotOffered if it is not offered."""
        self._do(lambda situation, at: rules.reply(situation, reply, at), outside)

    def listen(self, how: Listening, outside: float) -> None:
        """Say a neutral word, nod, yes or no."""
        self._do(lambda situation, at: rules.listen(situation, how, at), outside)

    def interrupt(self, outside: float) -> None:
        """Cut in."""
        self._do(rules.interrupt, outside)

    def move_on(self, outside: float) -> None:
        """Let the customer go on, in untimed play."""
        self._do(rules.move_on, outside)

    def _do(self, move: Move, outside: float) -> None:
        at = max(round(self.clock.now(outside), 3), self.situation.since)
        if self._busy:
            self._waiting.append((move, at))
        elif not self.trouble:
            self._perform(move, at)

    def _perform(self, move: Move, at: float) -> None:
        before, situation = unfolded(self.situation, at)
        event = move(situation, max(at, situation.since))
        following, situation = unfolded(situation.after(event), event.at)
        self._write([*before, event, *following], situation)

    # -- what is kept -----------------------------------------------------------------------------------------------

    def _write(self, events: list[Event], situation: Situation) -> None:
        self._busy, self._unwritten = True, (events, situation)
        lines = to_lines(events)
        if not self.events:
            written = self._pen.begin(self.attempt, lines)
        else:
            written = self._pen.write(self.attempt.id, len(self.events), lines, self._result(events, situation))
        written.add_done_callback(lambda done: self._soon(lambda: self._written(done)))

    def _result(self, events: list[Event], situation: Situation) -> Result | None:
        # What a sealed attempt was worth, the server's verdict says: the desk cannot know how it was conducted.
        if not situation.ended or self.script.scenario.sealed is not None:
            return None
        return result_of(self.script, [*self.events, *events], ended=utc_milliseconds())

    def _written(self, done: Future[None]) -> None:
        self._busy = False
        failure = done.exception()
        if failure is not None:
            self._failed(failure)
        elif self._unwritten is not None:
            events, self.situation = self._unwritten
            self.events += events
            self._unwritten = None
            self._next()
        self._changed()

    def _failed(self, failure: BaseException) -> None:
        if not isinstance(failure, ServicesimError):
            raise failure
        events, self._waiting = self._unwritten[0] if self._unwritten else [], []
        if any(isinstance(event, ReplyChosen) for event in events):
            self._unwritten = None  # the choice is open again
        self.trouble = failure
        # The clock stands at what could not be written: waiting for a disk costs nobody's patience.
        self.clock.at, self.clock.since = max([self.situation.since, *(event.at for event in events)]), None

    def _next(self) -> None:
        while self._waiting and not self._busy:
            move, at = self._waiting.pop(0)
            try:
                self._perform(move, at)
            except ServicesimError:
                continue  # what was offered when the key was pressed is not offered any more
