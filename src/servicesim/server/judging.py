"""The server's own judgement: what a desk sends is played again by the full script, scored here, and signed.

    judging = Judging(house)
    sent, feelings = judging.take(desk, sent, Posted(first=0, lines=lines, untimed=False, clock=now))
    sent.verdict                      # once the encounter is over

Nothing that a desk says about feelings, endings or scores is asked for: only which moves were made, and when. When `take`
returns, the disk holds all of it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock

from servicesim.encounter import rules
from servicesim.encounter.events import Began, Event
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings, Situation, opening
from servicesim.encounter.transcript import UnreadableTranscript, from_line, from_lines, to_line
from servicesim.errors import PlayedElsewhere, ServicesimError, UsageError
from servicesim.records.attempt import Attempt, Result
from servicesim.records.chain import head, last_link, seal
from servicesim.records.desks import Batch, Desk, Sent, Ticket
from servicesim.records.results import Judge
from servicesim.records.signed import Verdict, verdict_body
from servicesim.records.verifying import CannotReplay, Verifier
from servicesim.server.house import House

SLACK = 60.0
"""Seconds by which a desk's seconds may run ahead of the server's."""
SLOWEST, FASTEST = 0.5, 2.0
"""Times the usual speed that a customer may speak at."""
MOST_SCRIPTS = 256
MOST_STANDINGS = 1000


class Gap(ServicesimError):
    """Lines were sent whose predecessors are not kept; `kept` is the number to go on from."""

    def __init__(self, kept: int) -> None:
        super().__init__(f"events from number {kept} on are missing before these: send them first")
        self.kept = kept


class NotPlayable(UsageError):
    """What was sent cannot have happened."""


@dataclass(frozen=True, slots=True)
class Posted:
    """What a desk sends of an attempt: lines from event number `first` on; `clock` is what it takes the time to be (UTC, milliseconds)."""

    first: int
    lines: Sequence[str]
    untimed: bool
    clock: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What is kept of an attempt, and the situation that it led to."""

    attempt: Attempt | None
    lines: tuple[str, ...]
    events: tuple[Event, ...]
    situation: Situation
    result: Result | None = None

    @property
    def at(self) -> float:
        """When the last event happened, in seconds."""
        return self.events[-1].at if self.events else 0.0


class Judging:
    """Takes in what desks send, for one process. What it remembers saves time only, and may be forgotten at any moment."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.judge = lru_cache(maxsize=MOST_SCRIPTS)(Verifier(house.records.text).judge)
        self._standings = OrderedDict[str, Standing]()
        self._lock = Lock()

    def take(self, desk: Desk, sent: Sent, posted: Posted) -> tuple[Sent, Feelings]:
        """Keep these lines of an attempt, and judge it when it is over; what is known of it then, and how the customer feels.

        All or none are kept, and the same again is harmless. Raises Gap, NotPlayable, or PlayedElsewhere if other lines are kept.
        """
        standing = self._taken(sent, posted, _events(posted))
        return self._noted(desk, sent, posted, standing), standing.situation.feelings

    def settled(self, sent: Sent) -> Sent:
        """The same, with the verdict if the attempt has a result: a crash may have come between the two."""
        if sent.verdict is not None or not sent.covered:
            return sent
        found = self._house.records.attempt(sent.ticket.attempt)
        if found is None or found[1] is None:
            return sent
        attempt, result = found[0], found[1]
        lines = self._house.records.lines(attempt.id)
        # The last batch may not be noted yet, because of a crash or because it is kept in this very moment.
        late = sent.late or (len(lines) > sent.covered and result.ended > sent.ticket.closes)
        verdict = self._verdict(sent, attempt, result, lines, late=late)
        kept = self._house.organisation.keep_verdict(attempt.id, verdict, at=self._house.now())
        return Sent(sent.ticket, len(lines), late, kept)

    def judge_of(self, ticket: Ticket) -> Judge:
        """Who judges by the full texts that this ticket stands for."""
        try:
            return self.judge(ticket.scenario_hash, ticket.principles_hash)
        except CannotReplay as unknown:
            raise NotPlayable("this version of the server cannot read the texts that the ticket was given for") from unknown

    # What is kept

    def _remembered(self, ticket: Ticket) -> Standing | None:
        with self._lock:
            standing = self._standings.get(ticket.attempt)
            if standing is not None:
                self._standings.move_to_end(ticket.attempt)
        return standing

    def _remember(self, ticket: Ticket, standing: Standing) -> None:
        with self._lock:
            self._standings[ticket.attempt] = standing
            self._standings.move_to_end(ticket.attempt)
            while len(self._standings) > MOST_STANDINGS:
                self._standings.popitem(last=False)

    def _kept(self, sent: Sent) -> Standing:
        """As it stands in the records."""
        ticket, records = sent.ticket, self._house.records
        script = self.judge_of(ticket).script
        found = records.attempt(ticket.attempt)
        if found is None:
            if records.is_purged(ticket.attempt):
                raise NotPlayable("this attempt was removed from the records, and cannot come back")
            return Standing(None, (), (), opening(script))
        attempt, result = found
        lines = tuple(records.lines(ticket.attempt))
        events, situation = tuple(from_lines(lines)), opening(script)
        for event in events:
            situation = situation.after(event)
        return Standing(attempt, lines, events, situation, result)

    def _new(self, sent: Sent) -> Standing | None:
        """The standing of an attempt of which nothing came so far, as far as is known."""
        if sent.covered or self._house.records.is_purged(sent.ticket.attempt):
            return None
        return Standing(None, (), (), opening(self.judge_of(sent.ticket).script))

    def _forget(self, ticket: Ticket) -> None:
        with self._lock:
            self._standings.pop(ticket.attempt, None)

    # Going on

    def _taken(self, sent: Sent, posted: Posted, events: Sequence[Event]) -> Standing:
        standing = self._remembered(sent.ticket) or self._new(sent)
        if standing is not None:
            self._forget(sent.ticket)  # until it is known to be right
            # Another process may have gone on, or keeps the same in this moment: then it is found at the second look.
            with suppress(Gap, NotPlayable, PlayedElsewhere):
                return self._go_on(sent.ticket, standing, posted, events)
        with suppress(PlayedElsewhere):
            return self._go_on(sent.ticket, self._kept(sent), posted, events)
        return self._go_on(sent.ticket, self._kept(sent), posted, events)

    def _go_on(self, ticket: Ticket, before: Standing, posted: Posted, events: Sequence[Event]) -> Standing:
        """Keep what is new; the standing then. Raises PlayedElsewhere where what was before is not what is kept."""
        new = _new(before, posted.first, events)
        if not new:
            return before
        situation = self._situation(ticket, before, new, posted)
        attempt = before.attempt or self._attempt(ticket, posted)
        lines = (*before.lines, *posted.lines[len(posted.lines) - len(new) :])
        after = Standing(attempt, lines, (*before.events, *new), situation)
        if situation.ended:
            self._demand_kept(before)
            after = self._judged(ticket, after)
        self._keep(before, after)
        if not situation.ended:
            self._remember(ticket, after)
        return after

    def _demand_kept(self, before: Standing) -> None:
        """How it ends is judged by what is kept, not by what is remembered; a new attempt cannot be another."""
        if before.attempt is not None and tuple(self._house.records.lines(before.attempt.id)) != before.lines:
            raise PlayedElsewhere("other events of this attempt are kept under these numbers")

    def _situation(self, ticket: Ticket, before: Standing, new: Sequence[Event], posted: Posted) -> Situation:
        """The situation after these events; raises NotPlayable at the first that cannot have happened."""
        latest = (self._house.now() - ticket.opens) / 1000 + SLACK
        situation, last = before.situation, before.at
        for number, event in enumerate(new, len(before.events)):
            if not last <= event.at <= latest:
                raise NotPlayable(f"event number {number} cannot have happened at that time")
            if number == 0:
                _demand_of_ticket(event, ticket, situation.script)
            elif isinstance(event, Began) or not rules.allows(situation, event):
                raise NotPlayable(f"event number {number} cannot happen there")
            situation, last = situation.after(event), event.at
        if situation.untimed != posted.untimed:
            raise NotPlayable("the attempt began in another manner: with or without time limits")
        return situation

    def _attempt(self, ticket: Ticket, posted: Posted) -> Attempt:
        return Attempt(
            id=ticket.attempt, learner=ticket.learner, scenario=ticket.scenario, scenario_hash=ticket.scenario_hash,
            principles_hash=ticket.principles_hash, rules_version=rules.VERSION, seed=ticket.seed, untimed=posted.untimed,
            practice=False, language=ticket.language, started=self._house.now(),
        )  # fmt: skip

    def _judged(self, ticket: Ticket, standing: Standing) -> Standing:
        result = self.judge_of(ticket).result(standing.events, standing.situation, ended=self._house.now())
        return replace(standing, result=result)

    def _keep(self, before: Standing, after: Standing) -> None:
        records, attempt, lines = self._house.records, after.attempt, after.lines[len(before.lines) :]
        assert attempt is not None
        if before.attempt is None:
            records.begin(attempt, () if after.result else lines)
        if before.attempt is not None or after.result is not None:
            records.append(attempt.id, len(before.lines), lines, after.result)

    # What is told of it

    def _noted(self, desk: Desk, sent: Sent, posted: Posted, standing: Standing) -> Sent:
        """Note the batch, and keep the verdict; what was noted before is left as it is."""
        until, now = posted.first + len(posted.lines), self._house.now()
        if until <= sent.covered and (standing.result is None or sent.verdict is not None):
            return sent
        late = until > sent.covered and now > sent.ticket.closes
        verdict = sent.verdict
        if standing.result is not None and verdict is None:
            assert standing.attempt is not None
            verdict = self._verdict(sent, standing.attempt, standing.result, standing.lines, late=sent.late or late)
        batch = Batch(sent.ticket.attempt, posted.first, len(posted.lines), desk.id, now, posted.clock, late)
        return self._house.organisation.keep_batch(sent, batch, verdict)

    def _verdict(self, sent: Sent, attempt: Attempt, result: Result, lines: Sequence[str], *, late: bool) -> Verdict:
        last, signer = last_link(head(attempt), 0, lines), self._house.signer
        body = verdict_body(
            attempt, result, last, seal(last, result), organisation=self._house.settings.name, edition=sent.ticket.edition,
            late=late, at=result.ended, key=signer.key_id,
        )  # fmt: skip
        return Verdict(body, signer.sign(body))


def _events(posted: Posted) -> list[Event]:
    return [_event(number, line) for number, line in enumerate(posted.lines, posted.first)]


def _event(number: int, line: str) -> Event:
    """The event in a line; raises NotPlayable where it is none, or is written in another way than we would write it."""
    try:
        event = from_line(line)
        written = to_line(event)
    except (UnreadableTranscript, ValueError) as wrong:
        raise NotPlayable(f"event number {number} cannot be read") from wrong
    # One event has one line, or the chain of an attempt could be another for the same play. Times are in milliseconds.
    if written != line or line.find('"at":-') >= 0 or round(event.at, 3) != event.at:
        raise NotPlayable(f"event number {number} is not written as events are")
    return event


def _new(before: Standing, first: int, events: Sequence[Event]) -> Sequence[Event]:
    """Those of the events that are not kept yet; raises Gap, or PlayedElsewhere where others are kept under their numbers."""
    if first > len(before.events):
        raise Gap(len(before.events))
    kept = before.events[first : first + len(events)]
    if any(one != other for one, other in zip(kept, events, strict=False)):
        raise PlayedElsewhere("other events of this attempt are kept under these numbers")
    return events[len(kept) :]


def _demand_of_ticket(event: Event, ticket: Ticket, script: Script) -> None:
    """Raise NotPlayable unless this is how an attempt of this ticket begins."""
    if not isinstance(event, Began) or event.at != 0:
        raise NotPlayable("an attempt begins with 'began' at 0 seconds, and with nothing else")
    told = (event.scenario, event.fingerprint, event.principles, event.seed)
    if told != (script.scenario.id, ticket.scenario_hash, ticket.principles_hash, ticket.seed):
        raise NotPlayable("the attempt was begun with another encounter, version or seed than its ticket says")
    if event.rules != rules.VERSION:
        raise NotPlayable(f"the attempt was played by version {event.rules} of the rules of play, and the server knows version {rules.VERSION}")
    if not SLOWEST <= event.pace <= FASTEST:
        raise NotPlayable("no customer speaks at that speed")
