"""Editions as they begin where the customer remembers something: each is judged by the full script that begins so.

Which start somebody gets is worked out at the desk, which may be without a network. That it was another than the server would have
given is noted in the log, and changes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace

from servicesim.errors import VerificationFailed
from servicesim.records.desks import Desk, Ticket
from servicesim.records.published import Edition
from servicesim.scenario.model import Remembered, Scenario, canonical_scenario, fingerprint, scenario_from_canonical
from servicesim.server.house import House
from servicesim.server.pages.planned import programme_of, stands


def begun(house: House, edition: Edition, remembers: Sequence[str]) -> Edition | None:
    """The edition with this start: its hashes name the texts that begin so. None where its customer cannot remember this.

    The full text is kept, so that a ticket for it is never given before it can be judged.
    """
    sealed = scenario_from_canonical(house.records.text(edition.edition))
    if not remembers or not set(remembers) <= set(sealed.remembers):
        return None
    full = scenario_from_canonical(house.records.text(edition.scenario_hash)).started(remembers)
    starts = sealed.sealed.starts if sealed.sealed is not None else {}
    text = canonical_scenario(full)
    if starts.get(" ".join(full.remembered)) != fingerprint(text):
        return None
    name = house.records.keep_text("scenario", text)
    return replace(edition, edition=fingerprint(canonical_scenario(sealed.started(remembers))), scenario_hash=name)


def note_start(house: House, desk: Desk, ticket: Ticket, played: Scenario) -> None:
    """Note in the log that an attempt began with another customer than any programme of the person asks for today."""
    if not played.remembers:
        return
    with suppress(VerificationFailed):  # of an attempt that cannot be read nothing is concluded
        asked = set(_asked(house, ticket))
        if asked and played.remembered not in asked:
            house.organisation.note(f"desk {desk.id}", "other-start", f"{ticket.attempt} {' '.join(played.remembered) or '-'}", at=house.now())


def _asked(house: House, ticket: Ticket) -> Iterator[Remembered]:
    """What the customer of this encounter would remember today, by each programme that has it."""
    person = house.people.person(ticket.learner)
    for one in house.organisation.assigned_to(person.learner, person.team) if person is not None else ():
        plan = programme_of(house, one.programme)
        if plan is not None and ticket.scenario in plan.programme.encounters:
            facts = stands(house, plan, ticket.learner, one.begins).step(ticket.scenario).remembers
            yield tuple(fact for fact in dict.fromkeys(plan.scenarios[ticket.scenario].remembers) if fact in facts)
