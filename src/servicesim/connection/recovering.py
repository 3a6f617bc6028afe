"""What a desk knew of its attempts, put together again from the records: for when connected.db was lost or moved away."""

from __future__ import annotations

import json
from collections.abc import Iterator

from servicesim.errors import VerificationFailed
from servicesim.records.attempt import Attempt
from servicesim.records.connected import Connected
from servicesim.records.records import Records
from servicesim.records.tickets import Ticket


def recover(records: Records, connected: Connected, learner: str, *, at: int) -> int:
    """Keep a ticket for each attempt of somebody at a sealed edition that has none here, so that it is sent; how many there were.

    Only a ticket of the server begins such an attempt, and all that the ticket said stands in the attempt's own row.
    """
    return connected.keep_tickets(learner, map(_ticket, _lost(records, connected, learner)), at=at)


def _lost(records: Records, connected: Connected, learner: str) -> Iterator[Attempt]:
    known = {ticket.attempt for ticket in connected.tickets(learner)}
    sealed: dict[str, bool] = {}
    for attempt, _ in records.attempts(learner=learner):
        if attempt.id in known:
            continue
        if attempt.scenario_hash not in sealed:
            sealed[attempt.scenario_hash] = _is_sealed(records, attempt.scenario_hash)
        if sealed[attempt.scenario_hash]:
            yield attempt


def _is_sealed(records: Records, name: str) -> bool:
    """Whether this text is a sealed edition; one that is damaged is nothing that could be judged."""
    try:
        return json.loads(records.text(name)).get("sealed") is not None
    except VerificationFailed:
        return False


def _ticket(attempt: Attempt) -> Ticket:
    return Ticket(
        attempt.id, attempt.scenario, attempt.scenario_hash, attempt.principles_hash, attempt.seed, attempt.language, attempt.started, attempt.started,
    )  # fmt: skip
