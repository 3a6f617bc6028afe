"""One person's line to the server: when something is sent and fetched, how long is waited after trouble, and how it stands."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from pathlib import Path

from servicesim.connection.connections import Connection
from servicesim.connection.editions import Scripts
from servicesim.connection.fetching import Fetching
from servicesim.connection.judged import Log
from servicesim.connection.recovering import recover
from servicesim.connection.sending import Sending, Waiting
from servicesim.connection.told import Standing
from servicesim.connection.wire import DEADLINE, Refused, Trouble, Wire, Withdrawn
from servicesim.encounter.situation import Feelings
from servicesim.errors import NotReached, ServicesimError
from servicesim.records.connected import Connected
from servicesim.records.records import Records
from servicesim.records.tickets import Contact

LOOKED_EVERY = 600.0  # seconds; what begins in this window is known at once
NOTED_EVERY = 60_000  # milliseconds; that all is well is not written down more often


def utc_milliseconds() -> int:
    """Now, as records keep it."""
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Pace:
    """How often something is done, in seconds."""

    gather: float = 3.0
    """What happens in an encounter that goes on is sent together, this often at most."""
    fetch: float = 300.0
    """What may be played is asked for this often."""
    first: float = 1.0
    """Waited after the first trouble; then twice as long each time."""
    most: float = 60.0
    chance: Callable[[], float] = random.random
    clock: Callable[[], float] = time.monotonic

    def rest(self, failures: int) -> float:
        """How long to wait after so many failures in a row: not all desks come back at the same moment."""
        longest = min(self.most, self.first * 2.0 ** min(failures - 1, 10))
        return longest * (0.5 + self.chance() / 2)


@dataclass(frozen=True, slots=True)
class House:
    """What a line works with: the stores of this computer, its clock, its log, and what is remembered while it runs."""

    home: Path
    records: Records
    connected: Connected
    scripts: Scripts
    now: Callable[[], int]
    log: Log
    deadline: float = DEADLINE
    felt: dict[str, Feelings] = field(default_factory=dict)
    """How customers feel, by attempt, as the server said last; it is kept nowhere else."""


class Line:
    """Everything of one learner; used by one thread at a time, but for `standing` and `give_up`."""

    def __init__(self, connection: Connection, house: House, pace: Pace) -> None:
        self.connection, self._house, self._pace = connection, house, pace
        self._wire = Wire(connection.url, connection.key, deadline=house.deadline)
        contact = house.connected.contact(connection.learner)
        self.standing = Standing(False, 0, contact.trouble if contact else "", (contact.answered or 0) if contact else 0)
        self._pending: frozenset[str] = frozenset()
        self._failures = 0
        self._rests_until = self._left_alone_until = self._next_fetch = float("-inf")
        self._sent_at = self._looked_at = float("-inf")
        self._withdrawn = False

    def close(self) -> None:
        """Let go of the connection."""
        self._wire.close()

    def give_up(self) -> None:
        """From another thread: end what is being asked."""
        self._wire.give_up()

    # How it stands

    def look(self, news: Collection[str] = ()) -> list[Waiting]:
        """What waits now: among these attempts and those that waited before, and now and then among all that there are."""
        now = self._pace.clock()
        every = now - self._looked_at >= LOOKED_EVERY
        if every:
            self._put_in_order()
            self._looked_at = now
        found = list(self._sending().waiting(among=None if every else {*news, *self._pending}))
        self._pending = frozenset(one.attempt.id for one in found)
        self.standing = replace(self.standing, waiting=sum(1 for one in found if one.is_due))
        return found

    def _put_in_order(self) -> None:
        """Let go of what was purged from the records, and find again what was lost beside them."""
        house = self._house
        house.connected.purge(house.records.purged_ids(), at=house.now())
        recover(house.records, house.connected, self.connection.learner, at=house.now())

    # What is done

    def due_in(self, waiting: Collection[Waiting], *, nudged: bool) -> float:
        """Seconds until the server is to be asked; 0 if now."""
        now, until = self._pace.clock(), self._next_fetch
        if waiting:
            # Who has come to the end waits for the verdict; what is only on its way there is gathered.
            until = now if self._failures or any(one.ended for one in waiting) else self._sent_at + self._pace.gather
        if self._failures and not nudged:
            until = max(until, self._rests_until)
        if self._withdrawn:
            until = float("inf")
        return max(0.0, until - now, self._left_alone_until - now)

    def sync(self, waiting: Collection[Waiting] | None = None, *, refused_too: bool = False) -> None:
        """Send what waits, and fetch what may be played if that is due or something came to its end; raises NotReached."""
        if waiting is None:
            self._put_in_order()
        fetches = waiting is None or self._pace.clock() >= self._next_fetch or any(one.ended for one in waiting)
        sending = self._sending()
        try:
            sending.send(among=None if waiting is None else {one.attempt.id for one in waiting}, refused_too=refused_too)
            self.connection = sending.connection
            if fetches:
                self._fetch()
        except NotReached as why:
            self._failed(why)
            raise
        except ServicesimError as why:  # this desk may not ask what every desk may, or the disk of this computer fails
            trouble = Trouble(f"{self.connection.url}: {why}" if isinstance(why, Refused) else str(why))
            self._failed(trouble)
            raise trouble from why
        self._went_well()

    def _fetch(self) -> None:
        house = self._house
        Fetching(self.connection.learner, self._wire, house.records, house.connected, house.scripts, house.now, house.log).fetch()
        self._next_fetch = self._pace.clock() + self._pace.fetch

    def _sending(self) -> Sending:
        house = self._house
        return Sending(self.connection, self._wire, house.records, house.connected, house.scripts, house.home, house.now, house.log, house.felt)

    def _went_well(self) -> None:
        self._failures, self._sent_at, self._withdrawn = 0, self._pace.clock(), False
        self._left_alone_until = float("-inf")
        self.standing = replace(self.standing, online=True, told="", at=self._house.now())
        self._note("")

    def _failed(self, why: NotReached) -> None:
        now, self._failures, self._withdrawn = self._pace.clock(), self._failures + 1, isinstance(why, Withdrawn)
        self._rests_until = now + self._pace.rest(self._failures)
        asked = why.after if isinstance(why, Trouble) else None
        self._left_alone_until = now + min(asked, self._pace.most) if asked is not None else float("-inf")
        self.standing = replace(self.standing, online=False, told=str(why))
        self._note(str(why))

    def _note(self, trouble: str) -> None:
        """Keep how it went, for other windows and for `servicesim connect --status`."""
        now, learner = self._house.now(), self.connection.learner
        kept = self._house.connected.contact(learner)
        if kept is not None and kept.trouble == trouble and now - kept.asked < NOTED_EVERY:
            return
        answered = now if not trouble else (kept.answered if kept is not None else None)
        self._house.connected.keep_contact(learner, Contact(now, answered, trouble, kept.etag if kept is not None else ""))
