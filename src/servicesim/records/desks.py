"""The desks that are enrolled for a person, and what they were given: codes, keys, tickets, batches, verdicts."""

from __future__ import annotations

from servicesim.records.store import Store


class Desks:
    """The part of the organisation's store that holds them."""

    _store: Store
