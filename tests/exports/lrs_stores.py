"""Learning record stores on this computer: one that others wrote, and two small ones for where that is not installed."""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit

import tools

Statement = dict[str, Any]


class Kept(Protocol):
    """A store whose content can be looked at."""

    port: int
    path: str

    def kept(self, ids: list[str]) -> list[Statement]: ...


class Small:
    """A store in memory: takes all or nothing, knows ids, and refuses an actor without an address.

    One that is `strict` answers 409 to an id that it has, whether the statement is the same or not, as some do.
    """

    path = "/xapi"

    def __init__(self, *, strict: bool = False) -> None:
        self.strict = strict
        self.statements: list[Statement] = []
        self.asked: list[tuple[str, dict[str, str], bytes]] = []
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_of(self))
        self.port = self.server.server_port

    def kept(self, ids: list[str]) -> list[Statement]:
        """All that is kept under these ids, twice what is there twice."""
        return [one for one in self.statements if one["id"] in ids]

    def post(self, told: list[Statement]) -> tuple[int, bytes]:
        """The status and what is said."""
        with self.lock:
            wrong = [one["id"] for one in told if "://" not in one["actor"]["account"]["homePage"]]
            if wrong:
                return 400, json.dumps({"warnings": [f"Problem in the actor of {wrong[0]}"]}).encode()
            there = {one["id"]: one for one in self.statements}
            if any(one["id"] in there and (self.strict or there[one["id"]] != one) for one in told):
                return 409, b'{"message":"conflict"}'
            self.statements += [one for one in told if one["id"] not in there]
            return 200, json.dumps([one["id"] for one in told]).encode()

    def get(self, id: str) -> tuple[int, bytes]:
        """The status and the statement, with what a store adds."""
        for one in self.statements:
            if one["id"] == id:
                return 200, json.dumps(one | {"stored": "2026-10-26T08:00:00Z", "version": "1.0.3", "authority": {"mbox": "mailto:a@b.c"}}).encode()
        return 404, b""


def _handler_of(store: Small) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            store.asked.append(("POST", dict(self.headers), body))
            self.answer(*store.post(json.loads(body)))

        def do_GET(self) -> None:
            store.asked.append(("GET", dict(self.headers), b""))
            self.answer(*store.get(parse_qs(urlsplit(self.path).query)["statementId"][0]))

        def answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler


@contextmanager
def small(*, strict: bool = False) -> Iterator[Small]:
    """A small store, as long as the block lasts."""
    store = Small(strict=strict)
    with serving(store.server):
        yield store


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[None]:
    """A server that answers, as long as the block lasts."""
    server.daemon_threads, server.block_on_close = True, False
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Theirs:
    """The store of others."""

    path = "/xAPI"

    def __init__(self, port: int) -> None:
        self.port = port

    def kept(self, ids: list[str]) -> list[Statement]:
        """All that is kept about the registrations of these ids (the same for all of a test), page by page."""
        wanted, found = self._asked(f"/statements?statementId={ids[0]}"), list[Statement]()
        more = f"{self.path}/statements?registration={wanted['context']['registration']}&limit=100"
        while more:
            page = self._asked(more.removeprefix(self.path))
            found += page["statements"]
            more = page["more"]
        return found

    def _asked(self, path: str) -> Any:
        connection = HTTPConnection("127.0.0.1", self.port)
        try:
            connection.request("GET", f"{self.path}{path}", headers={"Authorization": "Basic azpz", "X-Experience-API-Version": "1.0.3"})
            return json.loads(connection.getresponse().read())
        finally:
            connection.close()


@contextmanager
def theirs(folder: Path) -> Iterator[Theirs]:
    """The store of others, as long as the block lasts; skips where it is not installed."""
    modules, node = tools.node_modules("xapi-statements", "express"), tools.program("node")
    command = [node, str(Path(__file__).with_name("lrs.cjs")), str(modules), str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=folder, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        port = process.stdout.readline()
        assert port, "the store did not start"
        try:
            yield Theirs(int(port))
        finally:
            process.stdin.close()
