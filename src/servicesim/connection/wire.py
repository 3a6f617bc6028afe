"""The organisation's server, asked one question at a time; what it answers is of the right kind, or raises.

    Refused     it understood, and will not: the same again would not go better
    Trouble     it may go well another time
    Withdrawn   it does not know this desk's key any more
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self, TypeVar

from servicesim import __version__
from servicesim.connection import said
from servicesim.connection.assigned import ProgrammesSaid
from servicesim.connection.said import Encounters, Enrolled, FullTexts, Me, Progress, SealedText, Tickets
from servicesim.errors import NotReached, ServicesimError, UsageError
from servicesim.scenario.authored import sayable
from servicesim.transport import (
    Answer,
    NoAnswer,
    Transport,
    holds_secret,
    is_open_to_all,
    parts_of_address,
    seconds_asked,
)

DEADLINE = 20.0
"""Seconds for one question and its whole answer; the server gives up after ten."""
API = "/api/1"

K = TypeVar("K", bound=said.Said)


class Refused(ServicesimError):
    """The server will not; `kept` is how many events of the attempt it has, if it says so."""

    def __init__(self, status: int, words: str, kept: int | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.kept = status, words, kept


class Trouble(NotReached):
    """It may go well another time: after so many seconds, if the server says so."""

    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.after = after


class Withdrawn(NotReached):
    """The server does not know this desk's key any more."""


class Wire:
    """A server, and the key by which it knows this desk; without one, only a code can be used.

    >>> with Wire("https://training.example.com", key) as wire:
    ...     wire.progress(attempt)
    """

    def __init__(self, url: str, key: str = "", *, deadline: float = DEADLINE) -> None:
        headers = {"User-Agent": f"ServiceSim/{__version__}"} | ({"Authorization": f"Bearer {key}"} if key else {})
        self._url, self._key = url, key
        self._transport = Transport(f"{url}{API}", headers, self._hidden, deadline=deadline)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        self._transport.close()

    def give_up(self) -> None:
        """From another thread: end what is being asked, and ask no more."""
        self._transport.give_up()

    # Questions

    def enrol(self, code: str, desk: str) -> Enrolled:
        """A key for this desk, for a code that works once."""
        return self._expected(Enrolled, self._ask("POST", "/enrol", {"code": code, "desk": desk}), 201)

    def me(self) -> Me:
        """Who the key stands for."""
        return self._expected(Me, self._ask("GET", "/me"))

    def encounters(self, etag: str) -> tuple[Encounters, str] | None:
        """All that can be played, and the mark of this list; None if it still has this mark."""
        answer = self._ask("GET", "/encounters", headers={"If-None-Match": etag} if etag else {})
        return None if answer.status == 304 and etag else (self._expected(Encounters, answer), _mark(answer.etag))

    def text(self, name: str) -> SealedText:
        """The text of a sealed edition."""
        return self._expected(SealedText, self._ask("GET", f"/texts/{name}"))

    def tickets(self, editions: Sequence[str], starts: Sequence[tuple[str, Sequence[str]]] = ()) -> Tickets:
        """Open tickets for these editions, and for editions as they begin where the customer remembers something."""
        begun = [" ".join((edition, *remembers)) for edition, remembers in starts]
        return self._expected(Tickets, self._ask("POST", "/tickets", {"editions": list(editions)} | ({"starts": begun} if begun else {})))

    def programmes(self) -> str:
        """The programmes that are assigned, as the server says it: it can be read."""
        answer = self._ask("GET", "/programmes")
        self._expected(ProgrammesSaid, answer)
        return answer.body.decode()

    def send(self, attempt: str, first: int, lines: Sequence[str], *, untimed: bool, clock: int) -> Progress:
        """What happened, from event number `first` on; sent again it does no harm."""
        told = {"first": first, "lines": list(lines), "untimed": untimed, "clock": clock}
        return self._expected(Progress, self._ask("POST", f"/attempts/{attempt}/events", told))

    def progress(self, attempt: str) -> Progress:
        """How much of an attempt the server has, and its verdict."""
        return self._expected(Progress, self._ask("GET", f"/attempts/{attempt}"))

    def debrief(self, attempt: str) -> FullTexts:
        """What an attempt that is over was judged by."""
        return self._expected(FullTexts, self._ask("GET", f"/attempts/{attempt}/debrief"))

    # Answers

    def _ask(self, method: str, path: str, told: Mapping[str, Any] | None = None, *, headers: Mapping[str, str] | None = None) -> Answer:
        body = None if told is None else packed(told)
        try:
            return self._transport.ask(method, path, body=body, headers=headers)
        except NoAnswer as why:
            raise Trouble(f"{self._url}: {why}") from None

    def _expected(self, kind: type[K], answer: Answer, status: int = 200) -> K:
        if answer.status == status:
            told = said.read(kind, answer.body)
            if told is not None:
                return told
            raise Trouble(f"{self._url} answers in a way that this version of ServiceSim does not understand: it may be another version, or another page stands in between")
        raise self._failure(answer)

    def _failure(self, answer: Answer) -> ServicesimError:
        problem = said.problem(answer)
        words = self._hidden(problem.words) if problem is not None else f"it answers {answer.status}"
        match answer.status:
            case 401 if problem is not None:
                return Withdrawn(f"{self._url} does not know this desk any more: ask for a new code, and say servicesim connect {self._url} CODE")
            case 403 | 404 | 409 | 413 | 422 if problem is not None:
                return Refused(answer.status, words, problem.kept)
            case status if 300 <= status < 400:
                return Trouble(f"{self._url} sends us elsewhere ({status}), where nothing is sent: ask for the right address")
            case 401 | 403 | 404 | 405 | 410 | 501:
                return Trouble(f"there is no ServiceSim server of this version at {self._url} ({answer.status}), or another page stands in between")
            case _:
                return Trouble(f"{self._url}: {words}", seconds_asked(answer.retry_after, time.time_ns() // 1_000_000))

    def _hidden(self, text: str) -> str:
        """A text that may quote what was sent, without the key and without controls."""
        return sayable(text.replace(self._key, "***") if self._key else text)


def packed(told: Mapping[str, Any]) -> bytes:
    """A question as it is sent."""
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _mark(etag: str) -> str:
    """A mark that can be sent back as it came; none if it cannot."""
    return etag if len(etag) <= 200 and etag.isascii() and etag.isprintable() else ""


def demand_server(url: str) -> str:
    """The address of a server without a slash at its end; raises UsageError if nothing may be sent there."""
    if holds_secret(url):
        raise UsageError("the address must not hold a name or a password: the code is all that is needed")
    parts = parts_of_address(url)
    if parts is None:
        raise UsageError(f"{url!r} is no address of a ServiceSim server; write it like https://training.example.com")
    if is_open_to_all(parts):
        raise UsageError(f"{url!r} would send results that anybody on the way could read: write https")
    return url.rstrip("/")
