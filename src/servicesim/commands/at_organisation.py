"""What an organisation keeps of somebody beside their attempts, as `servicesim person` tells it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from servicesim.records.place import Place, is_address

if TYPE_CHECKING:
    from servicesim.records.audit import Noted
    from servicesim.records.forgetting import TicketKept
    from servicesim.records.organisation import Organisation
    from servicesim.records.people import Person


@contextmanager
def organisation_of(place: Place, *, read_only: bool = True) -> Iterator[Organisation | None]:
    """The organisation whose records these are; None for records that are one computer's own."""
    if not (is_address(place) or (place / "organisation.db").exists()):
        yield None
        return
    # Only here: it takes what signatures need, and a desk has none.
    from servicesim.records.organisation import open_organisation

    with open_organisation(place, read_only=read_only) as organisation:
        yield organisation


def known_by_account(organisation: Organisation | None, person_id: str) -> Person | None:
    """Somebody who only has an account: they never learn here."""
    from servicesim.records.people import Person

    if organisation is None or organisation.account(person_id) is None:
        return None
    return Person(person_id, "", "", "", "")


def lines_about(organisation: Organisation, person: Person) -> list[Noted]:
    """The lines of the log that name them, a desk or an attempt of theirs."""
    desks = [one.id for one in organisation.desks(person.learner)]
    names = [person.id, *filter(None, [person.learner]), *desks, *(f"desk {desk}" for desk in desks)]
    return organisation.noted_about(names, things=[one.ticket.attempt for one in organisation.tickets_of(person.learner)])


def lines(organisation: Organisation, person: Person) -> Iterator[str]:
    """All of it, for people to read."""
    from servicesim.exports.clock import Clock

    moment = Clock(None).text
    yield "kept by the organisation:"
    account = organisation.account(person.id)
    if account is None:
        yield "  no account"
    else:
        disabled = "" if account.disabled is None else f", disabled {moment(account.disabled)}"
        yield f"  account: {', '.join(sorted(account.roles))}, made {moment(account.created)}{disabled}; of the password only a hash"
        yield f"  signed in, not signed out: {organisation.sessions_of(person.id)}"
    for code in organisation.codes_of(person.learner):
        became = "not used" if code.desk is None else f"became desk {code.desk}"
        yield f"  code for a desk, made {moment(code.at)} by {code.by}, good until {moment(code.ends)}: {became}"
    for desk in organisation.desks(person.learner):
        withdrawn = "" if desk.withdrawn is None else f", withdrawn {moment(desk.withdrawn)}"
        yield f"  desk {desk.id}, {desk.name}: enrolled {moment(desk.at)}, last seen {moment(desk.seen)}{withdrawn}; of the key only a hash"
    for kept in organisation.tickets_of(person.learner):
        yield f"  {_ticket(kept)}: from {moment(kept.ticket.opens)} until {moment(kept.ticket.closes)}, {_came(kept)}"
    for one in organisation.assigned_to(person.learner, person.team):
        if one.to == "person":
            yield f"  assigned {moment(one.at)} by {one.by}: {one.programme}, from {one.begins}"
    noted = lines_about(organisation, person)
    yield f"  the log of who did what, {len(noted)} line{'' if len(noted) == 1 else 's'}{':' if noted else ''}"
    for line in noted:
        yield f"    {moment(line.at)} {line.who}: {line.deed} {line.about} ({line.outcome})"


def _ticket(kept: TicketKept) -> str:
    return f"ticket for {kept.ticket.scenario}, version {kept.ticket.version}, in {kept.ticket.language}, attempt {kept.ticket.attempt}"


def _came(kept: TicketKept) -> str:
    if not kept.batches:
        return "not used"
    parts = f"it came in {kept.batches} part{'' if kept.batches == 1 else 's'}"
    return f"{parts}, result signed" if kept.verdict is not None else f"{parts}, no result signed"


def as_json(organisation: Organisation, person: Person) -> dict[str, Any]:
    """All of it, to be taken elsewhere."""
    account = organisation.account(person.id)
    shown = None if account is None else {"roles": sorted(account.roles), "created": account.created, "disabled": account.disabled}
    assigned = [one for one in organisation.assigned_to(person.learner, person.team) if one.to == "person"]
    return {
        "account": shown,
        "sessions": organisation.sessions_of(person.id),
        "codes": [asdict(one) for one in organisation.codes_of(person.learner)],
        "desks": [asdict(one) for one in organisation.desks(person.learner)],
        "tickets": [_ticket_as_json(one) for one in organisation.tickets_of(person.learner)],
        "assigned": [asdict(one) | {"begins": one.begins.isoformat()} for one in assigned],
        "log": [asdict(one) for one in lines_about(organisation, person)],
    }


def _ticket_as_json(kept: TicketKept) -> dict[str, Any]:
    verdict = None if kept.verdict is None else json.loads(kept.verdict)
    return {**asdict(kept.ticket), "batches": kept.batches, "verdict": verdict}


def tell_erased(person: Person, noted: int) -> Iterator[str]:
    """What is gone of it, and what stays."""
    yield "codes, desks with their keys, tickets, account and sessions at the organisation are removed"
    count = f"{noted} line{'' if noted == 1 else 's'}"
    yield f"the log of who did what stays whole: {count} of it name{'s' if noted == 1 else ''} {person.id}, the learner id or a desk of theirs"
