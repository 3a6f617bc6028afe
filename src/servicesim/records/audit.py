"""Who did what at the server: a log that is only ever added to, sealed and chained."""

from __future__ import annotations

from servicesim.records.store import Store


class Audit:
    """The part of the organisation's store that holds them."""

    _store: Store
