"""What happened at this desk is sent to the server, and its verdicts are fetched.

What waits is worked out each time from the records and from what the server has acknowledged: there is no queue that could be lost.
To send the same again is harmless, so whatever ends it between a question and its note only costs a repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from servicesim.connection import connections, judged
from servicesim.connection.connections import Connection
from servicesim.connection.editions import Scripts
from servicesim.connection.judged import Keeps, Log
from servicesim.connection.said import Progress, SignedVerdict
from servicesim.connection.wire import Refused, Trouble, Wire
from servicesim.encounter.events import Ended
from servicesim.encounter.situation import Feelings
from servicesim.encounter.transcript import UnreadableTranscript, from_line
from servicesim.errors import ServicesimError, VerificationFailed
from servicesim.records.attempt import Attempt
from servicesim.records.connected import Connected
from servicesim.records.tickets import Open, Refusal

LINES_AT_ONCE = 500
BYTES_AT_ONCE = 1 << 19


@dataclass(frozen=True, slots=True)
class Waiting:
    """An attempt that was begun, and of which the server has not everything or has not said its verdict."""

    open: Open
    attempt: Attempt
    lines: tuple[str, ...]

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return is_over(self.lines)

    @property
    def is_due(self) -> bool:
        """Whether the server is still to be told or asked something."""
        return self.open.upto < len(self.lines) or self.ended


def is_over(lines: Sequence[str]) -> bool:
    """Whether a transcript has come to its end; one that cannot be read has not, and the server says what it thinks of it."""
    try:
        return bool(lines) and isinstance(from_line(lines[-1]), Ended)
    except UnreadableTranscript:
        return False


@dataclass(slots=True)
class Sending:
    """Sending for one learner. `home` is where the connection lies, which learns the keys that the server signs with."""

    connection: Connection
    wire: Wire
    records: Keeps
    connected: Connected
    scripts: Scripts
    home: Path
    now: Callable[[], int]
    log: Log
    felt: dict[str, Feelings] = field(default_factory=dict)
    """How the customer feels in each attempt that was sent, as the server said last; in memory only."""

    def waiting(self, *, among: Collection[str] | None = None, refused_too: bool = False) -> Iterator[Waiting]:
        """What waits, in the order in which the tickets came; only these attempts if they are named."""
        yield from waiting(self.records, self.connected, self.connection.learner, among=among, refused_too=refused_too)

    def send(self, *, among: Collection[str] | None = None, refused_too: bool = False) -> None:
        """Send all that waits. What is amiss with one attempt stops no other; raises NotReached where it cannot go on, and at the end."""
        amiss: list[ServicesimError] = []
        for one in self.waiting(among=among, refused_too=refused_too):
            try:
                self._send(one)
            except Refused as why:
                self._refused(one, why)
            except VerificationFailed as why:
                self.log(f"attempt {one.attempt.id}: {why}")
                amiss.append(why)
        if amiss:
            raise Trouble(str(amiss[0]))

    def _send(self, one: Waiting) -> None:
        """Send what is new of an attempt, and take its verdict; raises Refused, NotReached, VerificationFailed."""
        progress = _Batches(self, one).sent()
        if not one.ended:
            return
        verdict = progress.verdict if progress is not None else None
        verdict = verdict or self._told(one, self.wire.progress(one.attempt.id)).verdict
        if verdict is not None:
            self._judged(one, verdict)

    def _told(self, one: Waiting, progress: Progress) -> Progress:
        """What the server says it has, kept; raises where it cannot be."""
        if progress.kept > len(one.lines):
            raise Refused(409, f"the server has {progress.kept} events of this attempt, and this computer {len(one.lines)}: it was played elsewhere, or the records here are an old copy")
        self.connected.acknowledge(one.attempt.id, progress.kept, late=progress.late, at=self.now())
        if progress.feelings is not None:
            self.felt[one.attempt.id] = Feelings(**dict(progress.feelings))
        return progress

    def _judged(self, one: Waiting, signed: SignedVerdict) -> None:
        if not judged.knows_key(signed, self.connection):
            self.learn_keys()
        judged.take(
            signed, self.connection, one.open.ticket, one.attempt, one.lines, self.records, self.connected, self.scripts, at=self.now(), log=self.log,
        )  # fmt: skip

    def learn_keys(self) -> None:
        """Ask which keys the server signs with now, and keep those that are new."""
        told = {one.id: one.public for one in self.wire.me().keys}
        knowing = self.connection.knowing(told)
        if knowing.keys != self.connection.keys:
            connections.keep(self.home, knowing)
            self.log(f"{self.connection.url} signs with a new key; known now: {', '.join(knowing.keys)}")
            self.connection = knowing

    def _refused(self, one: Waiting, why: Refused) -> None:
        self.log(f"attempt {one.attempt.id} was not taken ({why.status}): {why.words}")
        self.connected.refuse(Refusal(one.attempt.id, self.connected.upto(one.attempt.id), why.status, why.words, self.now()))


def waiting(
    records: Keeps, connected: Connected, learner: str, *, among: Collection[str] | None = None, refused_too: bool = False
) -> Iterator[Waiting]:
    """What waits of somebody's attempts."""
    for one in connected.open_tickets(learner, refused_too=refused_too):
        if among is not None and one.ticket.attempt not in among:
            continue
        found = records.attempt(one.ticket.attempt)
        # Practice stays here: an encounter without a score is never anything else.
        if found is not None and not found[0].practice and (each := Waiting(one, found[0], tuple(records.lines(one.ticket.attempt)))).is_due:
            yield each


class _Batches:
    """The lines of one attempt on their way, in pieces that the server takes."""

    def __init__(self, sending: Sending, one: Waiting) -> None:
        self._sending, self._one = sending, one
        self._upto, self._most = one.open.upto, LINES_AT_ONCE
        self._went_back = False

    def sent(self) -> Progress | None:
        """Send what the server does not have; its last answer, None if there was nothing to send."""
        progress = None
        while batch := self._batch():
            try:
                progress = self._answered(batch)
            except Refused as why:
                self._mended(batch, why)
        return progress

    def _batch(self) -> Sequence[str]:
        size = 0
        batch = self._one.lines[self._upto : self._upto + self._most]
        for count, line in enumerate(batch):
            size += 2 * len(line.encode()) + 3  # a quotation mark in it is sent as two characters
            if size > BYTES_AT_ONCE and count:
                return batch[:count]
        return batch

    def _answered(self, batch: Sequence[str]) -> Progress:
        sending, attempt = self._sending, self._one.attempt
        answer = sending.wire.send(attempt.id, self._upto, batch, untimed=attempt.untimed, clock=sending.now())
        progress = sending._told(self._one, answer)
        if progress.kept < self._upto + len(batch):
            raise Trouble(f"{sending.connection.url} says that it has kept less than it was sent")
        self._upto = progress.kept
        return progress

    def _mended(self, batch: Sequence[str], why: Refused) -> None:
        """Go on from where the server says that it is, or with less at once; raises what it was given where neither helps."""
        if why.status == 413 and len(batch) > 1:
            self._most = len(batch) // 2
        elif why.status == 409 and why.kept is not None and why.kept < self._upto and not self._went_back:
            self._went_back, self._upto = True, why.kept
        else:
            raise why
