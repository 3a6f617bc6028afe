"""The only place that opens a connection: one server is asked, within limits of time and size.

https unless it is this computer; no redirects are followed; no proxy or password comes from the environment.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import partial
from ipaddress import ip_address
from threading import Lock, Thread
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

import httpx

T = TypeVar("T")

DEADLINE = 30.0
"""Seconds for one question and its whole answer."""
MOST = 1 << 20
"""Bytes of a question, and of an answer."""


class NoAnswer(Exception):
    """Nothing came back that could be an answer; the message says what happened instead, and holds no secret."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, within the limits of size and time."""

    status: int
    body: bytes = b""
    retry_after: str = ""
    location: str = ""
    etag: str = ""


class Transport:
    """A connection to the server of one address; `hidden` takes secrets and controls out of what a failure says."""

    def __init__(self, to: str, headers: Mapping[str, str], hidden: Callable[[str], str], *, deadline: float = DEADLINE) -> None:
        self._to, self._headers, self._hidden, self._deadline = to, headers, hidden, deadline
        # A loop of its own can give up at any point of a question: while a name is looked up, or between two bytes of a header.
        self._runner = asyncio.Runner()
        self._runner.get_loop().set_default_executor(_Aside())
        self._client: httpx.AsyncClient | None = None
        self._asking = Lock()
        self._task: asyncio.Task[Answer] | None = None
        self._given_up = False

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._runner.run(self._client.aclose())
        self._runner.close()

    def give_up(self) -> None:
        """From another thread: end the question that is being asked, and ask no more."""
        with self._asking:
            self._given_up = True
            if self._task is not None:
                self._task.get_loop().call_soon_threadsafe(self._task.cancel)

    def ask(self, method: str, path: str, *, query: Mapping[str, str] | None = None, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """Ask under the address; raises NoAnswer."""
        assert body is None or len(body) <= MOST, "a question is too large"
        try:
            return self._runner.run(self._alone(self._asked(method, f"{self._to}{path}", query or {}, body, headers or {})))
        except asyncio.CancelledError:
            raise NoAnswer("it was given up") from None
        except TimeoutError:
            raise NoAnswer(f"it did not answer within {self._deadline:g} seconds") from None
        except httpx.ConnectError as failure:
            raise NoAnswer(f"it cannot be reached ({self._why(failure)})") from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as failure:
            raise NoAnswer(f"the connection failed ({self._why(failure)})") from None

    def _why(self, failure: Exception) -> str:
        """What the failure says, which may quote the server."""
        said = re.sub(r"\s+", " ", self._hidden(str(failure)))
        return said[:200] or type(failure).__name__

    async def _alone(self, question: Coroutine[Any, Any, Answer]) -> Answer:
        """The question as a task that another thread can end."""
        with self._asking:
            if self._given_up:
                question.close()
                raise NoAnswer("it was given up")
            self._task = asyncio.ensure_future(question)
        try:
            return await self._task
        finally:
            with self._asking:
                self._task = None

    async def _asked(self, method: str, url: str, query: Mapping[str, str], body: bytes | None, headers: Mapping[str, str]) -> Answer:
        if self._client is None:
            self._client = self._opened()
        question = self._client.stream(method, url, params=query, content=body, headers=headers)
        async with asyncio.timeout(self._deadline), question as response:
            return Answer(
                status=response.status_code,
                body=await _read(response),
                retry_after=response.headers.get("Retry-After", ""),
                location=response.headers.get("Location", ""),
                etag=response.headers.get("ETag", ""),
            )

    def _opened(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={"Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity", **self._headers},
            # The certificates that this system trusts: a company's own server may have one of the company's.
            verify=ssl.create_default_context() if self._to.startswith("https:") else False,
            trust_env=False,
            follow_redirects=False,
            timeout=None,  # The deadline is for all of it together.
            limits=httpx.Limits(max_connections=1),
        )


class _Aside(ThreadPoolExecutor):
    """Where names are looked up: in threads that nobody waits for, since without a network that may take half a minute."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **more: Any) -> Future[T]:
        """Do it in a thread of its own, which ends with the process at the latest."""
        future: Future[T] = Future()
        Thread(target=_fulfil, args=(future, partial(fn, *args, **more)), name="looked-up", daemon=True).start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nobody is waited for."""


def _fulfil(future: Future[T], job: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        future.set_result(job())
    except Exception as failure:  # noqa: BLE001 - a future carries whatever happened to the one who asks for it
        future.set_exception(failure)


async def _read(response: httpx.Response) -> bytes:
    """The body, as it came: nothing is unpacked, and nothing too large is taken."""
    if response.headers.get("Content-Encoding", "identity").lower() not in ("", "identity"):
        raise NoAnswer("it answers in a packed form that was not asked for")
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > MOST:
            raise NoAnswer(f"its answer is larger than {MOST >> 20} MiB")
    return bytes(body)


# --- addresses and headers -------------------------------------------------------------------------------------------


def parts_of_address(to: str) -> SplitResult | None:
    """The parts of an address that can be asked under; None if it is none. A name or a password in it is left to the caller."""
    try:
        parts = urlsplit(to)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    sound = parts.scheme in ("http", "https") and host and not parts.query and not parts.fragment
    return parts if sound and to.isascii() and to.isprintable() and " " not in to else None


def holds_secret(to: str) -> bool:
    """Whether a name or a password stands in the address."""
    try:
        parts = urlsplit(to)
    except ValueError:
        return False
    return parts.username is not None or parts.password is not None


def is_open_to_all(parts: SplitResult) -> bool:
    """Whether anybody on the way could read what is sent: it is not https, and goes to another computer."""
    return parts.scheme == "http" and not _is_here(parts)


def _is_here(parts: SplitResult) -> bool:
    """Whether it is this computer."""
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def seconds_asked(retry_after: str, now: int) -> float | None:
    """How long a server asks us to wait, from its header Retry-After: seconds, or a date; `now` is UTC in milliseconds."""
    text = retry_after.strip()
    if re.fullmatch(r"[0-9]{1,9}", text):
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    until = until if until.tzinfo is not None else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.fromtimestamp(now / 1000, UTC)).total_seconds())
