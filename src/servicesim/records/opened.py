"""What is open until it is closed: a store, and what is read and written through it."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from servicesim.records.store import Store


class Opened:
    """Lets go of its store when the block is left."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of what is open."""
        self._store.close()
