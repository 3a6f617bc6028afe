"""Playing an attempt alone: a second window on it is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from servicesim.errors import PlayedElsewhere
from servicesim.records.store import Held, Store

_SAFE_NAME = re.compile(r"[A-Za-z0-9-]{1,64}")


class Holding:
    """The part of the records that says who plays."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @contextmanager
    def hold(self, attempt_id: str) -> Iterator[None]:
        """Play this attempt alone, until the block is left or the process ends; raises PlayedElsewhere if another window does."""
        demand_safe_name(attempt_id)
        with ExitStack() as held:
            try:
                held.enter_context(self._store.alone(f"{attempt_id}.playing"))
            except Held as elsewhere:
                raise PlayedElsewhere("this attempt is open in another window: go on there, or close it first") from elsewhere
            yield


def demand_safe_name(attempt_id: str) -> None:
    """Raises ValueError if this cannot be an attempt's id: it names a file."""
    if not _SAFE_NAME.fullmatch(attempt_id):
        raise ValueError(f"an attempt's id has letters, digits and hyphens only, at most 64: {attempt_id!r}")
