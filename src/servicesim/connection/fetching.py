"""What may be played is fetched: the list of editions, their texts, and a ticket for each, so that it can be played without the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from servicesim.connection import editions
from servicesim.connection.assigned import programmes_in
from servicesim.connection.editions import Scripts
from servicesim.connection.judged import Keeps, Log
from servicesim.connection.said import Encounters
from servicesim.connection.starts import Start, starts_of
from servicesim.connection.wire import Refused, Trouble, Wire
from servicesim.errors import VerificationFailed
from servicesim.records.connected import Connected
from servicesim.records.tickets import Contact, Offer, Ticket

AT_ONCE = 500
"""Editions in one question for tickets."""
LOOKED_AT = 3
"""Tickets of one edition that are looked at; a desk holds one or two that can be used."""


@dataclass(frozen=True, slots=True)
class Fetching:
    """Fetching for one learner."""

    learner: str
    wire: Wire
    records: Keeps
    connected: Connected
    scripts: Scripts
    now: Callable[[], int]
    log: Log

    def fetch(self) -> None:
        """Bring the offers up to date, and get tickets where there are none; raises NotReached.

        An edition that cannot be played is left out and logged; the list is asked for again the next time.
        """
        kept = self.connected.contact(self.learner)
        found = self.wire.encounters(kept.etag if kept is not None else "")
        if found is not None:
            encounters, etag = found
            offers = list(_offers(encounters))
            good = [offer for offer in offers if self._has_texts(offer)]
            self.connected.keep_offers(self.learner, good)
            self._note(etag if good == offers else "")
        programmes = self.wire.programmes()
        self.connected.keep_programmes(self.learner, programmes)
        offers = self.connected.offers(self.learner)
        self.get_tickets(offers, starts_of(programmes_in(programmes).each, offers, self.scripts))

    def get_tickets(self, offers: Iterable[Offer], starts: Iterable[Start] = ()) -> int:
        """Get tickets for those of the editions, and of their starts, that have none which is open for long; how many came."""
        now = self.now()
        free = free_tickets(self.records, self.connected, self.learner)
        there = {ticket.edition for ticket in free if 2 * (ticket.closes - now) > ticket.closes - ticket.opens}
        wanted = list(dict.fromkeys(offer.edition for offer in offers if offer.edition not in there))
        begun = list({start.edition: start for start in starts if start.edition not in there}.values())
        for start in begun:
            self.connected.keep_text("scenario", start.text)
        plain = sum(self._tickets(wanted[first : first + AT_ONCE], []) for first in range(0, len(wanted), AT_ONCE))
        return plain + sum(self._tickets([], begun[first : first + AT_ONCE]) for first in range(0, len(begun), AT_ONCE))

    def _tickets(self, editions: Sequence[str], starts: Sequence[Start]) -> int:
        wanted = {*editions, *(start.edition for start in starts)}
        try:
            told = self.wire.tickets(editions, [(start.offer.edition, start.remembers) for start in starts])
        except Refused as why:
            raise Trouble(f"the server gives no tickets: {why.words}") from why
        got = (Ticket(**dict(one)) for one in told.tickets if one.edition in wanted)
        return self.connected.keep_tickets(self.learner, got, at=self.now())

    def _has_texts(self, offer: Offer) -> bool:
        """Whether both texts of an edition are here, fetched if need be, and can be played."""
        lacking = self.connected.lacking((offer.edition, offer.principles))
        try:
            if lacking:
                self._fetch_texts(offer, lacking)
        except (Refused, VerificationFailed) as why:
            self.log(f"the edition {offer.edition[:12]} of '{offer.scenario}' ({offer.language}) is left out: {why}")
            return False
        return True

    def _fetch_texts(self, offer: Offer, lacking: list[str]) -> None:
        texts = {name: self._text(name) if name in lacking else self.connected.text(name) for name in (offer.edition, offer.principles)}
        script = editions.script_of(texts[offer.edition], texts[offer.principles])
        editions.demand_sealed(script, offer.scenario, offer.language)
        for name, kind in ((offer.edition, "scenario"), (offer.principles, "principles")):
            if name in lacking:
                self.connected.keep_text(kind, texts[name])

    def _text(self, name: str) -> str:
        body = self.wire.text(name).body
        editions.demand_text(name, body)
        return body

    def _note(self, etag: str) -> None:
        now = self.now()
        self.connected.keep_contact(self.learner, Contact(now, now, "", etag))


def free_tickets(records: Keeps, connected: Connected, learner: str) -> Iterator[Ticket]:
    """Tickets with which nothing was begun here, of each edition the newest; those that close last come first."""
    looked_at = Counter[str]()
    unused = (one.ticket for one in connected.open_tickets(learner) if one.upto == 0)
    for ticket in sorted(unused, key=lambda one: -one.closes):
        looked_at[ticket.edition] += 1
        # Tickets that nobody used gather over the months: the server replaces them before they close.
        if looked_at[ticket.edition] <= LOOKED_AT and records.attempt(ticket.attempt) is None:
            yield ticket


def _offers(encounters: Encounters) -> Iterator[Offer]:
    for one in encounters.encounters:
        for language, edition in one.languages.items():
            yield Offer(one.scenario, language, one.title, edition.edition, edition.principles)
