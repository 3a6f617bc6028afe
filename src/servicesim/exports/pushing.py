"""Statements that wait are sent to a learning record store: each is kept there once, or stands aside with the reason, or waits on.

Whatever happens between two lines of this, nothing is lost and a resend does no harm: a statement's id and text never change.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol, assert_never

from servicesim.errors import ServicesimError
from servicesim.exports import answers
from servicesim.exports.answers import Answer, Closed, Meaning, NotTaken, Taken, Trouble
from servicesim.exports.lrs import MOST, NoAnswer
from servicesim.records.outbox import Delivery, Waiting

AT_ONCE = 100  # statements in one question
BYTES_AT_ONCE = MOST // 2
TRIES = 6
LONGEST_WAIT = 60.0
"""Seconds between two tries; who asks for more is asked again another time."""
LONGEST_REST = 86_400.0
"""Seconds that a store can ask us to stay away."""
LONGEST_WORDS = 2_000
"""Characters of what a store said."""
REFUSED_IN_A_ROW = 20
"""After so many the reason is not in the statements."""


class Stopped(ServicesimError):
    """Nothing more can be sent now; what waits goes on waiting, and at `not_before` (UTC, milliseconds) at the earliest, if that is said."""

    def __init__(self, sentence: str, not_before: int | None = None) -> None:
        super().__init__(sentence)
        self.not_before = not_before


class Queue(Protocol):
    """What waits, and what became of it; `Records` is one."""

    def waiting(self, *, after: int = 0, most: int = 100) -> list[Waiting]: ...

    def keep_deliveries(self, delivered: Iterable[Delivery], *, at: int, place: str) -> None: ...


class Store(Protocol):
    """Who is told; `Lrs` is one."""

    def post(self, body: bytes) -> Answer: ...

    def get(self, statement: str) -> Answer: ...


def _now() -> int:
    return time.time_ns() // 1_000_000


@dataclass(frozen=True, slots=True)
class Clock:
    """Time and chance, so that tests have their own."""

    now: Callable[[], int] = _now
    """UTC, in milliseconds since 1970."""
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


@dataclass(slots=True)
class Pushing:
    """Sending under way. `hidden` takes a secret out of what the store said."""

    queue: Queue
    store: Store
    place: str
    hidden: Callable[[str], str]
    clock: Clock = Clock()
    _bytes_at_once: int = BYTES_AT_ONCE
    _refused: int = 0

    def deliveries(self) -> Iterator[Delivery]:
        """Send all that waits, in order: what became of each, once that is kept. Raises Stopped, and what the queue raises."""
        after = 0
        while batch := self._batch(after):
            yield from self._deliver(batch)
            after = batch[-1].number

    def _batch(self, after: int) -> list[Waiting]:
        """The next that go together: at least one, and no more than go into one question."""
        found = self.queue.waiting(after=after, most=AT_ONCE)
        size = 2
        for count, one in enumerate(found):
            size += len(one.body.encode()) + 1
            if size > self._bytes_at_once:
                return found[: max(1, count)]
        return found

    def _deliver(self, batch: Sequence[Waiting]) -> Iterator[Delivery]:
        """Send these; where one is not taken, halves of them, until it is found."""
        left = [batch]
        while left:
            part = left.pop()
            meaning = self._sent(part)
            if isinstance(meaning, NotTaken) and len(part) > 1:
                if meaning.too_large:
                    self._bytes_at_once = max(1, len(_body(part)) // 2)
                half = len(part) // 2
                left += [part[half:], part[:half]]
                continue
            if isinstance(meaning, NotTaken) and meaning.conflict:
                meaning = self._compared(part[0], meaning.words)
            yield from self._keep(part, meaning)

    def _sent(self, part: Sequence[Waiting]) -> Taken | NotTaken:
        body = _body(part)
        if len(body) > MOST:
            return NotTaken(f"not sent: it is larger than {MOST >> 20} MiB", too_large=True)
        ids = [one.id for one in part]
        return self._patiently(lambda: self.store.post(body), lambda answer: answers.of_post(answer, ids, now=self.clock.now()))

    def _compared(self, one: Waiting, words: str) -> Taken | NotTaken:
        """The store has this id already: is it the same statement?"""
        ours = json.loads(one.body)
        return self._patiently(
            lambda: self.store.get(one.id), lambda answer: answers.of_get(answer, ours, words, now=self.clock.now())
        )

    def _keep(self, part: Sequence[Waiting], meaning: Taken | NotTaken) -> Iterator[Delivery]:
        match meaning:
            case Taken():
                delivered = [Delivery(one.id, "known" if meaning.known else "sent") for one in part]
                self._refused = 0
            case NotTaken():
                delivered = [Delivery(one.id, "refused", self._words(meaning.words)) for one in part]
                self._refused += 1
            case _:
                assert_never(meaning)
        self.queue.keep_deliveries(delivered, at=self.clock.now(), place=self.place)
        yield from delivered
        if self._refused >= REFUSED_IN_A_ROW:
            raise Stopped(f"{self.place} refuses one statement after the other, so that no more are sent: {delivered[-1].words}")

    def _patiently(self, ask: Callable[[], Answer], meant: Callable[[Answer], Meaning]) -> Taken | NotTaken:
        """Ask until there is an answer that settles it; raises Stopped where there is none."""
        for tried in range(TRIES):
            try:
                meaning = meant(ask())
            except NoAnswer as failure:
                meaning = Trouble(str(failure))
            match meaning:
                case Taken() | NotTaken():
                    return meaning
                case Closed():
                    raise Stopped(f"{self.place}: {self._words(meaning.words)}")
                case Trouble():
                    self._wait(meaning, tried)
                case _:
                    assert_never(meaning)
        raise AssertionError("the last try waits for nothing")

    def _words(self, words: str) -> str:
        """What the store said, without the secret, and cut only after that."""
        said = self.hidden(words)
        return said if len(said) <= LONGEST_WORDS else f"{said[: LONGEST_WORDS - 1]}…"

    def _wait(self, trouble: Trouble, tried: int) -> None:
        """Before the next try: a moment drawn by chance, from twice as many with each try, and no shorter than the store asks."""
        said = f"{self.place}: {self._words(trouble.words)}"
        asked = min(trouble.after or 0.0, LONGEST_REST)
        if asked > LONGEST_WAIT:
            not_before = self.clock.now() + round(asked * 1000)
            raise Stopped(f"{said}; it asks to be left alone until {_time(not_before)}", not_before)
        if tried == TRIES - 1:
            raise Stopped(f"{said}; tried {TRIES} times, what waits is sent with the next servicesim push")
        self.clock.sleep(max(asked, self.clock.chance() * min(LONGEST_WAIT, 2.0**tried)))


def _body(part: Sequence[Waiting]) -> bytes:
    """The very texts that are kept, as one JSON list."""
    return f"[{','.join(one.body for one in part)}]".encode()


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
