"""Many desks at once, in a process of its own: reads from its input what to do, and writes what it measured.

    {"url", "desks": [key, ...], "plays": [[line, ...], ...], "at_once", "seconds"}            as fast as answers come
    {..., "arrivals": [seconds, ...]}                                                           each attempt at its time

A trainee asks for a ticket, sends the events of each reply in a request of their own, as a desk does, and gets the verdict. The
addresses of the desks differ, as behind a proxy.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx

Batch = list[str]


class Desks:
    """Desks that play one attempt after the other."""

    def __init__(self, work: dict[str, Any], client: httpx.AsyncClient) -> None:
        self._work, self._client = work, client
        self._numbers = count()
        self.seconds = list[float]()
        self.events = self.attempts = self.refused = self.late = 0
        self.behind = 0.0

    async def play(self, until: float) -> None:
        """One attempt after the other, each at the next desk, until that moment."""
        while time.perf_counter() < until:
            await self.attempt()

    async def attempt(self) -> None:
        """One attempt, from its ticket to its verdict."""
        number = next(self._numbers)
        desk = number % len(self._work["desks"])
        given = await self._ask(desk, "/api/1/tickets", {"editions": [self._work["edition"]]})
        if given is None:
            return
        (ticket,) = given["tickets"]
        kept = 0
        for batch in batches_of(self._work["plays"][number % len(self._work["plays"])], ticket["seed"]):
            began = time.perf_counter()
            clock = time.time_ns() // 1_000_000
            body = {"first": kept, "lines": batch, "untimed": True, "clock": clock}
            told = await self._ask(desk, f"/api/1/attempts/{ticket['attempt']}/events", body)
            if told is None:
                return
            self.seconds.append(time.perf_counter() - began)
            kept, self.events = told["kept"], self.events + len(batch)
        self.attempts += told["verdict"] is not None

    async def _ask(self, desk: int, path: str, body: dict[str, Any]) -> Any:
        headers = {"Authorization": f"Bearer {self._work['desks'][desk]}", "X-Forwarded-For": f"10.{desk >> 16}.{desk >> 8 & 255}.{desk & 255}"}
        answer = await self._client.post(path, json=body, headers=headers)
        if answer.status_code != 200:
            self.refused += 1
            if self.refused == 1:
                print(answer.status_code, answer.text[:300], file=sys.stderr)
            return None
        return answer.json()


def batches_of(lines: list[str], seed: int) -> Iterator[Batch]:
    """The events of each reply, the first ones with the beginning; the beginning bears the seed of the ticket."""
    first = json.loads(lines[0]) | {"seed": seed}
    batch = [json.dumps(first, ensure_ascii=False, separators=(",", ":"))]
    for line in lines[1:]:
        if '"event":"reply-chosen"' in line:
            yield batch
            batch = []
        batch.append(line)
    yield batch


async def run(work: dict[str, Any]) -> dict[str, Any]:
    """Drive the server; what was measured."""
    limits = httpx.Limits(max_connections=work["at_once"], max_keepalive_connections=work["at_once"])
    async with httpx.AsyncClient(base_url=work["url"], limits=limits, timeout=60, trust_env=False) as client:
        if "body" in work:
            return await _bare(work, client)
        desks = Desks(work, client)
        began = time.perf_counter()
        if "arrivals" in work:
            await _as_they_come(desks, work, began)
        else:
            await asyncio.gather(*(desks.play(began + work["seconds"]) for _ in range(work["at_once"])))
        took = time.perf_counter() - began
    told = _told(desks.seconds, took)
    return told | {"events": desks.events, "attempts": desks.attempts, "refused": desks.refused, "behind": desks.behind}


async def _as_they_come(desks: Desks, work: dict[str, Any], began: float) -> None:
    going = set[asyncio.Task[None]]()
    for at in work["arrivals"]:
        wait = began + at - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        desks.behind = max(desks.behind, -wait)
        task = asyncio.create_task(desks.attempt())
        going.add(task)
        task.add_done_callback(going.discard)
    await asyncio.gather(*going)


async def _bare(work: dict[str, Any], client: httpx.AsyncClient) -> dict[str, Any]:
    """The same body again and again, to whoever takes it."""
    seconds, bodies = list[float](), [body.encode() for body in work["body"]]
    until = time.perf_counter() + work["seconds"]

    async def ask(number: int) -> None:
        while time.perf_counter() < until:
            began = time.perf_counter()
            # Every body is another one where they are told apart.
            body = bodies[number % len(bodies)]
            number += work["at_once"]
            answer = await client.post(work["path"], content=body, headers={"Content-Type": "application/json"} | work["headers"])
            answer.raise_for_status()
            seconds.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(ask(number) for number in range(work["at_once"])))
    return _told(seconds, time.perf_counter() - began)


def _told(seconds: list[float], took: float) -> dict[str, Any]:
    ordered = sorted(seconds) or [0.0]
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "requests": len(seconds), "took": took, "median": ordered[len(ordered) // 2], "p99": ordered[int(len(ordered) * 0.99)],
        "cpu": (own.ru_utime + own.ru_stime) / took,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(asyncio.run(run(json.load(sys.stdin)))))
