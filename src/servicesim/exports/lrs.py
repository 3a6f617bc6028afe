"""The only place that opens a connection: one learning record store is asked, within limits of time and size.

https unless it is this computer; no redirects are followed; no proxy or password comes from the environment.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from ipaddress import ip_address
from types import TracebackType
from typing import Self
from urllib.parse import SplitResult, urlsplit

import httpx

from servicesim import __version__
from servicesim.errors import UsageError
from servicesim.exports.answers import Answer
from servicesim.exports.credentials import Credentials
from servicesim.exports.text import clean

DEADLINE = 30.0
"""Seconds for one question and its whole answer."""
MOST = 1 << 20
"""Bytes of a question, and of an answer."""
_VERSION = "1.0.3"


class NoAnswer(Exception):
    """Nothing came back that could be an answer; the message says what happened instead, and holds no secret."""


class Lrs:
    """A learning record store.

    >>> with Lrs("https://lrs.example.com/xapi", credentials) as lrs:
    ...     answer = lrs.post(b"[{...}]")
    """

    def __init__(self, to: str, credentials: Credentials, *, deadline: float = DEADLINE) -> None:
        self._statements, self._credentials, self._deadline = f"{to}/statements", credentials, deadline
        # A loop of its own can give up at any point of a question: while a name is looked up, or between two bytes of a header.
        self._runner = asyncio.Runner()
        self._client: httpx.AsyncClient | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the connection."""
        if self._client is not None:
            self._runner.run(self._client.aclose())
        self._runner.close()

    def post(self, body: bytes) -> Answer:
        """Send statements, as a JSON list; raises NoAnswer."""
        assert len(body) <= MOST, "a question is too large"
        return self._ask("POST", {}, body)

    def get(self, statement: str) -> Answer:
        """Ask for the statement of this id; raises NoAnswer."""
        return self._ask("GET", {"statementId": statement}, None)

    def _ask(self, method: str, query: dict[str, str], body: bytes | None) -> Answer:
        try:
            return self._runner.run(self._asked(method, query, body))
        except TimeoutError:
            raise NoAnswer(f"it did not answer within {self._deadline:g} seconds") from None
        except httpx.ConnectError as failure:
            raise NoAnswer(f"it cannot be reached ({self._why(failure)})") from None
        except (httpx.HTTPError, httpx.StreamError, OSError) as failure:
            raise NoAnswer(f"the connection failed ({self._why(failure)})") from None

    def _why(self, failure: Exception) -> str:
        """What the failure says, which may quote the store."""
        said = re.sub(r"\s+", " ", clean(self._credentials.hidden(str(failure))))
        return said[:200] or type(failure).__name__

    async def _asked(self, method: str, query: dict[str, str], body: bytes | None) -> Answer:
        if self._client is None:
            self._client = self._opened()
        async with asyncio.timeout(self._deadline), self._client.stream(method, self._statements, params=query, content=body) as response:
            return Answer(
                status=response.status_code,
                body=await _read(response),
                retry_after=response.headers.get("Retry-After", ""),
                location=response.headers.get("Location", ""),
            )

    def _opened(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            headers={
                "Authorization": self._credentials.authorization,
                "X-Experience-API-Version": _VERSION,
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": f"ServiceSim/{__version__}",
            },
            # The certificates that this system trusts: a company's own store may have one of the company's.
            verify=ssl.create_default_context() if self._statements.startswith("https:") else False,
            trust_env=False,
            follow_redirects=False,
            timeout=None,  # The deadline is for all of it together.
            limits=httpx.Limits(max_connections=1),
        )


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


def demand_address(to: str) -> str:
    """The address of a store without a slash at its end; raises UsageError if nothing may be sent there."""
    try:
        parts = urlsplit(to)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise _no_address(to) from None
    if parts.username is not None or parts.password is not None:
        # What stands there is not quoted: it is a secret.
        raise UsageError("the address must not hold a key or a secret; they come from the environment or a file (servicesim push --help)")
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment or not to.isascii() or not to.isprintable() or " " in to:
        raise _no_address(to)
    if parts.scheme == "http" and not _is_here(parts):
        raise UsageError(f"{to!r} would send results that anybody on the way could read: write https")
    return to.rstrip("/").removesuffix("/statements")


def _no_address(to: str) -> UsageError:
    return UsageError(f"{to!r} is no address of a learning record store; write it like https://lrs.example.com/xapi")


def _is_here(parts: SplitResult) -> bool:
    """Whether it is this computer."""
    host = parts.hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
