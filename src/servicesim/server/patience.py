"""How long a connection may take to say what it wants: whoever sends a letter a minute would hold it for ever."""

from __future__ import annotations

from asyncio import TimerHandle, Transport

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LONGEST = 10.0
"""Seconds from the first letter of a request, or from the connection, to the end of its headers."""


class Impatient(H11Protocol):
    """uvicorn's HTTP, which closes a connection whose headers do not come to their end in time."""

    _due: TimerHandle | None = None

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._forget()
        elif self._due is None:
            self._due = self.loop.call_later(LONGEST, self._close)

    def _close(self) -> None:
        self._due = None
        if self.conn.their_state is h11.IDLE:
            self.transport.close()

    def _forget(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None
