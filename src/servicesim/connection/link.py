"""The link of a window to the organisations of those who play here. A window never waits for it: a thread of its own does what takes time.

    with Link(home) as link:
        ticket = link.ticket(learner, "late-parcel", "en")
        ...
        link.happened(ticket.attempt)

What is to be sent is what the records hold and the server has not acknowledged, so nothing is lost with a window that ends.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Event, Lock, RLock, Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

from servicesim import platform
from servicesim.connection.told import Debriefed, Kept, NoTicket, Offered, Programmes, Standing
from servicesim.errors import NotReached, ServicesimError

if TYPE_CHECKING:
    from servicesim.connection.connections import Connection
    from servicesim.connection.line import House, Line, Pace
    from servicesim.connection.starts import Start
    from servicesim.encounter.situation import Feelings
    from servicesim.records.connected import Connected
    from servicesim.records.records import Records
    from servicesim.records.tickets import Offer, Ticket

LOCK = "connection.sending"
"""The file that stands for sending from this home: one window at a time does."""
IDLE = 60.0
"""Seconds after which a link looks around by itself."""
ELSEWHERE = 2.0
"""Seconds until it is tried again while another window sends."""
PATIENCE = 10.0
"""Seconds for a question that somebody waits for."""
AT_THE_END = 2.0
"""Seconds that a window waits for its link to end."""

Changed = Callable[[], None]


class Link:
    """For everybody who is connected at this computer. `start=False` leaves out the thread, for tests."""

    def __init__(
        self, home: Path, records: Callable[[], Records] | None = None, connected: Callable[[], Connected] | None = None, *,
        pace: Pace | None = None, start: bool = True,
    ) -> None:  # fmt: skip
        self._home, self._open_records, self._open_connected, self._pace = home, records, connected, pace
        self._lines: dict[str, Line] = {}
        self._subscribed: list[Changed] = []
        self._nudged, self._nudging = set[str](), Lock()
        self._wake, self._closing, self._opening = Event(), Event(), RLock()
        self._told: object = None
        self._debriefs: dict[str, Debriefed] = {}
        self._felt: dict[str, Feelings] = {}
        self._programmes: dict[str, tuple[str, Programmes]] = {}
        self._thread = Thread(target=self._run, name="link", daemon=True)
        if start:
            self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End soon, whatever the network does; what was not sent waits in the records."""
        self._closing.set()
        self._wake.set()
        for line in list(self._lines.values()):
            line.give_up()
        if self._thread.is_alive():
            self._thread.join(AT_THE_END)
        if not self._thread.is_alive():
            self._let_go()

    # Who and what

    def people(self) -> frozenset[str]:
        """The learners who are connected here."""
        return frozenset(self._connections())

    def offers(self, learner: str) -> tuple[Offered, ...]:
        """The editions that lie here for somebody; one whose texts are damaged is passed over."""
        from servicesim.connection.fetching import free_tickets

        if not self._connections():
            return ()
        free = [ticket.edition for ticket in free_tickets(self.house.records, self.house.connected, learner)]
        found = []
        for offer in self.house.connected.offers(learner):
            with suppress(ServicesimError):
                script = self.house.scripts.of(offer.edition, offer.principles)
                found.append(Offered(offer.scenario, offer.title, offer.language, script, free.count(offer.edition)))
        return tuple(found)

    def programmes(self, learner: str) -> Programmes:
        """What is assigned to somebody, as the server said last; never waits."""
        from servicesim.connection.assigned import programmes_in

        body = self.house.connected.programmes(learner) if self._connections() else ""
        known = self._programmes.get(learner)
        if known is None or known[0] != body:
            known = self._programmes[learner] = body, programmes_in(body)
        return known[1]

    def ticket(self, learner: str, scenario: str, language: str, remembers: Sequence[str] = ()) -> Ticket:
        """A ticket with which nothing was begun, for an encounter whose customer remembers this; where none lies here the server is
        asked. Raises NoTicket, in words."""
        from servicesim.connection.starts import start_of

        offer = self._offer(learner, scenario, language)
        start = start_of(offer, self.house.scripts, remembers) if remembers else None
        edition = offer.edition if start is None else start.edition
        ticket = self._free_ticket(learner, edition)
        if ticket is None:
            with suppress(NotReached):
                self._get_ticket(learner, start or offer)
            ticket = self._free_ticket(learner, edition)
        if ticket is None:
            raise NoTicket(f"'{offer.title}' can be begun again once {self._connection(learner).organisation} has been reached")
        return ticket

    def begun(self, attempt_id: str, ticket: object) -> None:
        """An attempt begins with a ticket; the ticket is used up by the attempt's own first event in the records."""
        self.happened(attempt_id)

    def happened(self, attempt_id: str) -> None:
        """More of the attempt is in the records; never waits."""
        with self._nudging:
            self._nudged.add(attempt_id)
        self._wake.set()

    def standing(self, learner: str) -> Standing:
        """How somebody's connection stands."""
        line = self._lines.get(learner)
        return line.standing if line is not None else Standing(False, 0)

    def feelings(self, attempt_id: str) -> Feelings | None:
        """How the customer of an attempt feels, as the server said last while this link was there; never waits."""
        return self._felt.get(attempt_id)

    def verdict(self, attempt_id: str) -> Kept | None:
        """The server's word on an attempt, if it has come."""
        judged = self.house.connected.verdict(attempt_id)
        if judged is None:
            refusal = self.house.connected.refusal(attempt_id)
            return None if refusal is None else Kept(refused=refusal.words)
        names = tuple(one.name for one in judged.differences)
        return Kept(judged.body, judged.signature, names, _late(judged.body), found=judged.differences)

    def debrief(self, attempt_id: str) -> Debriefed:
        """What an attempt was judged by, asked of the server; raises NotReached. It is kept in memory only."""
        if attempt_id not in self._debriefs:
            self._debriefs[attempt_id] = self._asked_debrief(attempt_id)
        return self._debriefs[attempt_id]

    def subscribe(self, callback: Changed) -> None:
        """Have this called, on the link's thread, whenever something may be another: the standing, a verdict, feelings, what is offered."""
        self._subscribed.append(callback)

    # Parts

    @cached_property
    def house(self) -> House:
        """The stores, opened when they are needed first."""
        from servicesim.connection.editions import Scripts
        from servicesim.connection.line import House, utc_milliseconds
        from servicesim.connection.logbook import logbook
        from servicesim.records.connected import open_connected
        from servicesim.records.records import open_records

        with self._opening:
            if "house" in vars(self):
                made: House = vars(self)["house"]
                return made
            records = self._open_records() if self._open_records else open_records(self._home)
            connected = self._open_connected() if self._open_connected else open_connected(self._home)
            house = House(self._home, records, connected, Scripts(connected), utc_milliseconds, logbook(self._home), felt=self._felt)
            vars(self)["house"] = house
            return house

    def _connections(self) -> Mapping[str, Connection]:
        from servicesim.connection.connections import FOLDER, connections

        return connections(self._home) if (self._home / FOLDER).is_dir() else {}

    def _connection(self, learner: str) -> Connection:
        found = self._connections().get(learner)
        if found is None:
            raise NotReached("nobody is connected to an organisation here under this name; to connect, run: servicesim connect URL CODE")
        return found

    def _offer(self, learner: str, scenario: str, language: str) -> Offer:
        offers = self.house.connected.offers(learner)
        found = next((one for one in offers if (one.scenario, one.language) == (scenario, language)), None)
        if found is None:
            raise NoTicket(f"'{scenario}' is not on offer here in this language any more")
        return found

    def _free_ticket(self, learner: str, edition: str) -> Ticket | None:
        """A ticket that no attempt was begun with, and that no other window has in its hands."""
        from servicesim.connection.fetching import free_tickets

        for ticket in free_tickets(self.house.records, self.house.connected, learner):
            if ticket.edition == edition:
                with suppress(ServicesimError), self.house.records.hold(ticket.attempt):
                    return ticket
        return None

    def _get_ticket(self, learner: str, wanted: Offer | Start) -> None:
        from servicesim.connection.fetching import Fetching
        from servicesim.connection.starts import Start
        from servicesim.connection.wire import Wire

        connection, house = self._connection(learner), self.house
        with Wire(connection.url, connection.key, deadline=PATIENCE) as wire:
            fetching = Fetching(learner, wire, house.records, house.connected, house.scripts, house.now, house.log)
            fetching.get_tickets([], [wanted]) if isinstance(wanted, Start) else fetching.get_tickets([wanted])

    def _asked_debrief(self, attempt_id: str) -> Debriefed:
        from servicesim.connection.debriefing import debrief

        found = self.house.connected.ticket(attempt_id)
        if found is None:
            raise NotReached("this attempt was not played for an organisation: it has no debrief from one")
        ticket, learner = found
        script, result = debrief(self._connection(learner), ticket, self.house, deadline=PATIENCE)
        return Debriefed(script, result, self.verdict(attempt_id) or Kept())

    # The thread

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.clear()
            try:
                wait = self.turn()
            except Exception as failure:  # noqa: BLE001 - the last shell of this thread: whatever it is goes to the log, and it goes on
                self._log_fault(failure)
                wait = IDLE
            self._wake.wait(wait)
        self._close_lines()

    def _close_lines(self) -> None:
        while self._lines:
            self._lines.popitem()[1].close()

    def turn(self) -> float:
        """Do once what is due; the seconds until the next time."""
        with self._nudging:
            nudged, self._nudged = frozenset(self._nudged), set()
        self._refresh_lines()
        wait = min((self._serve(line, nudged) for line in self._lines.values()), default=IDLE)
        self._tell()
        return min(wait, IDLE)

    def _serve(self, line: Line, nudged: frozenset[str]) -> float:
        waiting = line.look(nudged)
        wait = line.due_in(waiting, nudged=bool(nudged))
        if wait > 0:
            return wait
        self._tell()
        try:
            with platform.locked(self._home / LOCK):
                line.sync(waiting)
        except BlockingIOError:
            return ELSEWHERE
        except NotReached:
            pass  # the line knows, and tells
        return line.due_in(line.look(nudged), nudged=False)

    def _refresh_lines(self) -> None:
        """A line for everybody who is connected now."""
        found = self._connections()
        for learner, line in list(self._lines.items()):
            now = found.get(learner)
            if now is None or (now.url, now.key) != (line.connection.url, line.connection.key):
                self._lines.pop(learner).close()
        for learner, connection in found.items():
            if learner not in self._lines and not self._closing.is_set():
                self._lines[learner] = self._line(connection)

    def _line(self, connection: Connection) -> Line:
        from servicesim.connection.line import Line, Pace

        self._pace = self._pace or Pace()
        return Line(connection, self.house, self._pace)

    def _tell(self) -> None:
        """Call those who want to hear of it, if anything is another than when they were called last."""
        stands = {learner: (line.standing.online, line.standing.waiting, line.standing.told, self._offered(learner)) for learner, line in self._lines.items()}
        now = stands, dict(self._felt)
        if now != self._told:
            self._told = now
            for callback in self._subscribed:
                callback()

    def _offered(self, learner: str) -> tuple[list[Offer], str]:
        """What somebody may play, and what is assigned to them."""
        return self.house.connected.offers(learner), self.house.connected.programmes(learner)

    def _log_fault(self, failure: Exception) -> None:
        import traceback

        from servicesim.connection.logbook import logbook

        with suppress(OSError):
            logbook(self._home)("".join(traceback.format_exception(failure)))

    def _let_go(self) -> None:
        """Close what was opened here."""
        self._close_lines()
        house: House | None = vars(self).pop("house", None)
        if house is not None and self._open_records is None:
            house.records.close()
        if house is not None and self._open_connected is None:
            house.connected.close()


def _late(body: str) -> bool:
    from servicesim.connection.said import VerdictBody, read

    told = read(VerdictBody, body)
    return told is not None and told.late
