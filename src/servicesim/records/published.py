"""Which versions of encounters are published, and since when."""

from __future__ import annotations

from servicesim.records.store import Store


class Published:
    """The part of the organisation's store that holds them."""

    _store: Store
