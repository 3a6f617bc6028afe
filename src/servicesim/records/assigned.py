"""Which programmes are assigned to whom."""

from __future__ import annotations

from servicesim.records.store import Store


class Assigned:
    """The part of the organisation's store that holds them."""

    _store: Store
