"""What can go wrong between us and a learning record store, done on purpose by a proxy on this computer."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.utils import formatdate
from http.client import HTTPConnection
from time import sleep

from exports.lrs_stores import Kept

HTML = b"<html><body><h1>Please log in to the hotel's network</h1></body></html>"
TICK = 0.02  # seconds between two bytes of a server that dribbles


@dataclass(frozen=True, slots=True)
class Asked:
    """What came in."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def ids(self) -> list[str]:
        return [one["id"] for one in json.loads(self.body)] if self.body else []


class Line:
    """One connection of the proxy: what it was asked, what the store behind it says to that, and how to answer."""

    def __init__(self, connection: socket.socket, asked: Asked, store: Kept) -> None:
        self._connection, self.asked, self._store = connection, asked, store

    def forward(self) -> tuple[int, bytes]:
        """What the store answers; it has done what was asked then."""
        behind = HTTPConnection("127.0.0.1", self._store.port, timeout=10)
        try:
            method, path, _ = self.asked.line.split(" ")
            behind.request(method, path, self.asked.body or None, {name: value for name, value in self.asked.headers.items() if name != "host"})
            answer = behind.getresponse()
            return answer.status, answer.read()
        finally:
            behind.close()

    def answer(self, status: int, body: bytes = b"", *headers: str, length: int | None = None) -> None:
        """Say this, and no more."""
        told = (f"HTTP/1.1 {status} Told", f"Content-Length: {len(body) if length is None else length}", "Connection: close", *headers)
        self.send("\r\n".join(told).encode() + b"\r\n\r\n" + body)

    def send(self, content: bytes) -> None:
        self._connection.sendall(content)

    def dribble(self, content: bytes) -> None:
        """A byte now and then, until nobody listens any more."""
        for byte in content:
            self.send(bytes([byte]))
            sleep(TICK)

    def reset(self) -> None:
        """End the connection as a crash does."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


Fault = Callable[[Line], None]


def honest(line: Line) -> None:
    line.answer(*line.forward())


def silent(line: Line) -> None:
    """Until the other side gives up."""
    with suppress(OSError):
        line._connection.recv(1)


def reset_unread(line: Line) -> None:
    line.reset()


def reset_after_it_was_stored(line: Line) -> None:
    line.forward()
    line.reset()


def closed_without_a_word(line: Line) -> None:
    line.forward()


def dribbled_headers(line: Line) -> None:
    line.forward()
    line.dribble(b"HTTP/1.1 200 OK\r\n" + b"X-Slow: very\r\n" * 1000)


def dribbled_body(line: Line) -> None:
    line.forward()
    line.send(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n")
    line.dribble(b" " * 5000)


def dribbled_chunks(line: Line) -> None:
    line.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    line.dribble(b"1\r\n \r\n" * 1000)


def says(status: int, body: bytes = b"", *headers: str) -> Fault:
    return lambda line: line.answer(status, body, *headers)


def says_after_storing(status: int, body: bytes = b"", *headers: str) -> Fault:
    def fault(line: Line) -> None:
        line.forward()
        line.answer(status, body, *headers)

    return fault


def to_several(status: int, body: bytes = b"") -> Fault:
    """To one alone this would be the store's word on it."""
    return lambda line: line.answer(status, body) if len(line.asked.ids) > 1 else honest(line)


def other_ids(line: Line) -> None:
    line.answer(200, json.dumps(["11111111-1111-5111-8111-111111111111" for _ in line.asked.ids]).encode())


def one_id_less(line: Line) -> None:
    line.answer(200, json.dumps(line.asked.ids[1:]).encode())


def truncated(line: Line) -> None:
    status, body = line.forward()
    line.answer(status, body[: len(body) // 2], length=len(body))


def large(line: Line) -> None:
    line.forward()
    with suppress(OSError):
        line.answer(200, b"[" + b" " * (2 << 20) + b"]")


def packed(line: Line) -> None:
    line.answer(200, b"\x1f\x8b" + b"\0" * 50, "Content-Encoding: gzip")


def deep(line: Line) -> None:
    line.answer(200, b"[" * 100_000)


def garbage(line: Line) -> None:
    line.send(b"\0\xff SSH-2.0-OpenSSH_9.2p1\r\n")


def endless_headers(line: Line) -> None:
    with suppress(OSError):
        line.send(b"HTTP/1.1 200 OK\r\n" + b"X-More: and more\r\n" * 100_000)


def date_of(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


PASSING: dict[str, Fault] = {
    "reset unread": reset_unread,
    "reset after it was stored": reset_after_it_was_stored,
    "closed without a word": closed_without_a_word,
    "408": says(408),
    "429": says(429, b"slow down", "Retry-After: 2"),
    "500": says(500, b"NullPointerException"),
    "500 after it was stored": says_after_storing(500),
    "502 in HTML": says(502, HTML),
    "503 with Retry-After": says(503, b"", "Retry-After: 7"),
    "503 until a date": says(503, b"", f"Retry-After: {date_of(1_793_000_030)}"),
    "503 with nonsense for Retry-After": says(503, b"", "Retry-After: soon"),
    "504": says(504),
    "200 and no body": says(200),
    "200 and no body after it was stored": says_after_storing(200),
    "200 in HTML": says(200, HTML),
    "200 and broken JSON": says_after_storing(200, b'["abc'),
    "200 and JSON of another kind": says(200, b'{"ok":true}'),
    "200 and numbers": says(200, b"[1,2,3]"),
    "200 and very deep JSON": deep,
    "200 with other ids": other_ids,
    "200 with one id less": one_id_less,
    "truncated": truncated,
    "2 MB": large,
    "packed": packed,
    "garbage": garbage,
    "endless headers": endless_headers,
    "400 without a reason": to_several(400, b"try halves"),
    "409 without a reason": to_several(409),
    "413": to_several(413, HTML),
    "422": to_several(422, b"no"),
}
"""After these it goes on by itself."""

SLOW: dict[str, Fault] = {
    "silence": silent,
    "dribbled headers": dribbled_headers,
    "dribbled body": dribbled_body,
    "dribbled chunks": dribbled_chunks,
}
"""After these too, once the deadline is over."""

STOPPING: dict[str, Fault] = {
    "301": says(301, b"", "Location: https://elsewhere.example.com/xapi/statements"),
    "307": says(307, b"", "Location: http://127.0.0.1:1/xapi/statements"),
    "401": says(401, b"who are you?"),
    "403": says(403, b"not you"),
    "404": says(404, HTML),
    "405": says(405),
    "418": says(418),
    "503 for an hour": says(503, b"", "Retry-After: 3600"),
}
"""With these somebody has to do something first; then it goes on."""


class Proxy:
    """Stands in front of a store. `faults` are for the next requests, one each; None is no fault."""

    def __init__(self, store: Kept) -> None:
        self.store = store
        self.faults: list[Fault | None] = []
        self.asked: list[Asked] = []
        self._socket = self._listening(0)
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, args=(self._socket,), daemon=True)
        self._thread.start()

    @property
    def to(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.store.path}"

    def die(self) -> None:
        """Nobody listens any more."""
        # Shut down, as to close alone does not wake who waits for the next connection.
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def rise(self) -> None:
        """Listen again, on the same port."""
        self._socket = self._listening(self.port)
        self._thread = threading.Thread(target=self._serve, args=(self._socket,), daemon=True)
        self._thread.start()

    def _listening(self, port: int) -> socket.socket:
        return socket.create_server(("127.0.0.1", port))

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            asked = _read(connection)
            if asked is None:
                return
            self.asked.append(asked)
            fault = self.faults.pop(0) if self.faults else None
            (fault or honest)(Line(connection, asked, self.store))


@contextmanager
def proxy(store: Kept) -> Iterator[Proxy]:
    """A proxy in front of a store, as long as the block lasts."""
    between = Proxy(store)
    try:
        yield between
    finally:
        between.die()


def _read(connection: socket.socket) -> Asked | None:
    content = b""
    while b"\r\n\r\n" not in content:
        more = connection.recv(65_536)
        if not more:
            return None
        content += more
    head, _, body = content.partition(b"\r\n\r\n")
    line, *rest = head.decode("ascii").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in rest)}
    while len(body) < int(headers.get("content-length", 0)):
        body += connection.recv(65_536)
    return Asked(line, headers, body)
