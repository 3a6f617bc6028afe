"""Who may sign in at the server: accounts, the sessions they have open, and sign-ins that failed."""

from __future__ import annotations

from servicesim.records.store import Store


class Accounts:
    """The part of the organisation's store that holds them."""

    _store: Store
