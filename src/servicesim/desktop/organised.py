"""A desk's side of the organisation: who is connected, what there is to play for them, and errands that may wait for the network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from servicesim.desktop.duration import minutes
from servicesim.desktop.library import Offer
from servicesim.desktop.link import is_sealed
from servicesim.desktop.pens import SentOn, Unkept, done
from servicesim.encounter.events import Ended
from servicesim.encounter.transcript import from_lines
from servicesim.errors import NotReached

if TYPE_CHECKING:
    from servicesim.desktop.link import Debriefed, Kept, Link, Offered, Programmes, Standing
    from servicesim.desktop.playing import Writes
    from servicesim.desktop.shelf import Opened
    from servicesim.encounter.situation import Feelings
    from servicesim.records.tickets import Ticket

T = TypeVar("T")


class Organised:
    """What lies beyond this computer; without a link nobody is connected, and nothing is ever asked."""

    def __init__(self, link: Link | None, *, at_once: bool = False) -> None:
        self._link, self._at_once = link, at_once
        self._people: frozenset[str] = frozenset()
        self._offers: dict[tuple[str, ...], Offer] = {}

    # -- off the drawing thread -------------------------------------------------------------------------------------

    def look(self) -> None:
        """See who is connected now."""
        if self._link is not None:
            self._people = self._link.people()

    def standing(self, learner: str) -> Standing | None:
        """How somebody's connection stands; None for those who have none."""
        return self._link.standing(learner) if self._link is not None and self.has(learner) else None

    def offers(self, learner: str) -> list[Offer]:
        """What the organisation has for somebody, each encounter once, in all its languages."""
        if self._link is None or not self.has(learner):
            return []
        editions: dict[str, list[Offered]] = {}
        for offered in self._link.offers(learner):
            editions.setdefault(offered.scenario, []).append(offered)
        return [self._offer(each) for each in editions.values()]

    def programmes(self, learner: str) -> Programmes | None:
        """What the organisation has assigned to somebody; None for those who have no connection."""
        return self._link.programmes(learner) if self._link is not None and self.has(learner) else None

    def ticket(self, learner: str, scenario: str, language: str, remembers: Sequence[str] = ()) -> Ticket:
        """The right to begin, where the customer remembers this; may wait for the network."""
        return self._demand().ticket(learner, scenario, language, remembers)

    def verdict(self, attempt_id: str) -> Kept | None:
        """What the server said of an attempt, as far as it is known here."""
        return self._link.verdict(attempt_id) if self._link is not None else None

    def refuses(self, attempt_id: str) -> bool:
        """Whether the server has not taken it, and will not."""
        kept = self.verdict(attempt_id)
        return kept is not None and bool(kept.refused)

    def debrief(self, attempt_id: str) -> Debriefed:
        """How an attempt went; waits for the network, and raises NotReached."""
        return self._demand().debrief(attempt_id)

    def _demand(self) -> Link:
        if self._link is None:
            raise NotReached("this computer is not connected to an organisation; to connect it, run: servicesim connect URL CODE")
        return self._link

    def _offer(self, editions: Sequence[Offered]) -> Offer:
        """Made once for as long as the editions are the same."""
        named = editions[0].scenario, *(f"{one.language} {one.script.fingerprint}" for one in editions)
        if named not in self._offers:
            scripts = {one.language: one.script for one in editions}
            self._offers[named] = Offer(Path(named[0]), editions[0].script, minutes(editions[0].script), _editions=scripts)
        return self._offers[named]

    # -- from everywhere --------------------------------------------------------------------------------------------

    def has(self, learner: str) -> bool:
        """Whether somebody was connected when it was looked at last."""
        return learner in self._people

    def feelings(self, attempt_id: str) -> Feelings | None:
        """How the customer of an attempt feels, as the server said last; None if it did not."""
        return self._link.feelings(attempt_id) if self._link is not None else None

    def subscribe(self, heard: Callable[[], None]) -> None:
        """Have this called, on any thread, when something is new."""
        if self._link is not None:
            self._link.subscribe(heard)

    def pen(self, pen: Writes, opened: Opened, aside: Callable[[Callable[[], None]], Future[None]]) -> Writes:
        """What an attempt is written with."""
        if opened.lent:
            return Unkept()
        if self._link is None or not is_sealed(opened.script) or opened.attempt.practice:
            return pen
        return SentOn(pen, self._link, opened.ticket, aside)

    def run(self, errand: Callable[[], T]) -> Future[T]:
        """Do what may wait for the network: in a thread of its own, that neither another job nor the end of the window waits for."""
        if self._at_once:
            return done(errand)
        asked: Future[T] = Future()
        Thread(target=lambda: _fulfil(asked, errand), name="organisation", daemon=True).start()
        return asked


def _fulfil(asked: Future[T], errand: Callable[[], T]) -> None:
    result = done(errand)
    failure = result.exception()
    if failure is not None:
        asked.set_exception(failure)
    else:
        asked.set_result(result.result())


def is_over(lines: Sequence[str]) -> bool:
    """Whether a transcript has come to its end."""
    return isinstance(next(from_lines(lines[-1:]), None), Ended)


def beside_published(published: Sequence[Offer], here: Sequence[Offer]) -> tuple[list[Offer], list[Offer]]:
    """What somebody plays who is connected, with the warm-up that comes with ServiceSim; and what else lies here, as practice."""
    names = {offer.script.scenario.id for offer in published if offer.script is not None}
    rest = [offer for offer in here if offer.script is None or offer.script.scenario.id not in names]
    warm_up = [offer for offer in rest if offer.script is not None and offer.script.scenario.unscored]
    return [*published, *warm_up], [offer for offer in rest if offer not in warm_up]
