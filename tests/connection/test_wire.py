"""Questions to the server, and what its answers may be: anything that is not of the right kind is trouble, and nothing of it is believed."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from typing import Any

import pytest

from servicesim.connection.wire import Refused, Trouble, Wire, Withdrawn, demand_server
from servicesim.errors import UsageError

KEY = "open-sesame-0123456789"
HASH = "e" * 64


@dataclass(slots=True)
class Says:
    """A server that says one thing, whatever it is asked."""

    status: int = 200
    body: bytes = b"{}"
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)
    url: str = ""


@contextmanager
def saying(status: int, told: Any = None, **headers: str) -> Iterator[Says]:
    says = Says(status, told if isinstance(told, bytes) else json.dumps(told).encode(), {name.replace("_", "-"): value for name, value in headers.items()})

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            says.asked.append((self.command, self.path, dict(self.headers), self.rfile.read(int(self.headers.get("Content-Length", 0)))))
            self.send_response(says.status)
            for name, value in {"Content-Length": str(len(says.body)), **says.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(says.body)

        do_GET = do_POST

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    says.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield says
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def problem(status: int, detail: str, **more: Any) -> dict[str, Any]:
    return {"type": "about:blank", "title": "No", "status": status, "detail": detail, **more}


def test_a_question_bears_the_key_and_an_answer_is_read() -> None:
    with saying(200, {"kept": 2, "late": False, "ended": False, "verdict": None, "more": "of a newer server"}) as says, Wire(says.url, KEY) as wire:
        assert wire.send("a-1", 0, ['{"event":"began"}', "سلام"], untimed=False, clock=7).kept == 2
        ((method, path, headers, body),) = says.asked
    assert (method, path) == ("POST", "/api/1/attempts/a-1/events")
    assert headers["Authorization"] == f"Bearer {KEY}"
    assert json.loads(body) == {"first": 0, "lines": ['{"event":"began"}', "سلام"], "untimed": False, "clock": 7}


def test_a_list_that_has_not_changed_is_not_sent_again() -> None:
    with saying(200, {"encounters": []}, ETag='"mark"') as says, Wire(says.url, KEY) as wire:
        found = wire.encounters("")
        assert found is not None
        assert (found[0].encounters, found[1]) == ((), '"mark"')
        says.status, says.body = 304, b""
        assert wire.encounters('"mark"') is None
        assert says.asked[-1][2]["If-None-Match"] == '"mark"'


@pytest.mark.parametrize(
    "told",
    [
        b"", b"<html>welcome to our hotel</html>", b"[]", b"null", b"[" * 100_000, b'{"kept": 2}', b"\xff\xfe",
        {"kept": -1, "late": False, "ended": False}, {"kept": "2", "late": False, "ended": False}, {"kept": 2.5, "late": False, "ended": False},
        {"kept": 1 << 60, "late": False, "ended": False}, {"kept": True, "late": False, "ended": False}, {"kept": 2, "late": 0, "ended": False},
        {"kept": 2, "late": False, "ended": True, "verdict": {"body": "x" * 200_000, "signature": "s"}},
        b'{"kept": 2, "late": false, "ended": true, "verdict": {"body": "\\ud800", "signature": "s"}}',
    ],
    ids=lambda told: str(told)[:40],
)  # fmt: skip
def test_what_is_no_answer_is_trouble(told: Any) -> None:
    with saying(200, told) as says, Wire(says.url, KEY) as wire, pytest.raises(Trouble, match="does not understand: it may be another version"):
        wire.progress("a-1")


FELT = {"expects": 60, "received": 45, "trust": 3, "anger": 1}


def test_feelings_are_read_where_they_are_told() -> None:
    kept = {"kept": 2, "late": False, "ended": False}
    with saying(200, kept) as says, Wire(says.url, KEY) as wire:
        assert wire.progress("a-1").feelings is None
        for told in (None, FELT):
            says.body = json.dumps(kept | {"feelings": told}).encode()
            said = wire.progress("a-1").feelings
            assert (said and dict(said)) == told


@pytest.mark.parametrize("spoilt", [
    {"expects": 101}, {"received": -1}, {"trust": 6}, {"anger": -1}, {"anger": 1.5}, {"anger": "1"}, {"trust": True}, {"expects": None},
    {"received": 1 << 70},
])  # fmt: skip
def test_feelings_that_nobody_can_have_are_no_answer(spoilt: dict[str, Any]) -> None:
    for feelings in (FELT | spoilt, {name: value for name, value in FELT.items() if name not in spoilt}, [60, 45, 3, 1], "calm"):
        told = {"kept": 2, "late": False, "ended": False, "feelings": feelings}
        with saying(200, told) as says, Wire(says.url, KEY) as wire, pytest.raises(Trouble, match="does not understand"):
            wire.progress("a-1")


@pytest.mark.parametrize("spoilt", [
    {"attempt": "../../etc/passwd"}, {"attempt": "a" * 65}, {"attempt": "a-1\n"}, {"scenario": "Late Parcel"}, {"edition": "E" * 64}, {"seed": 1 << 63},
    {"seed": -1}, {"language": "en\x00"}, {"opens": None}, {"closes": "soon"},
])  # fmt: skip
def test_a_ticket_that_cannot_be_one_is_none(spoilt: dict[str, Any]) -> None:
    ticket = {"attempt": "a-1", "scenario": "late-parcel", "edition": HASH, "principles": HASH, "seed": 7, "language": "en", "opens": 1, "closes": 2}
    with saying(200, {"tickets": [ticket]}) as says, Wire(says.url, KEY) as wire:
        assert wire.tickets([HASH]).tickets[0].seed == 7
        says.body = json.dumps({"tickets": [ticket | spoilt]}).encode()
        with pytest.raises(Trouble):
            wire.tickets([HASH])


@pytest.mark.parametrize("status", [403, 404, 409, 413, 422])
def test_a_refusal_is_told_in_the_servers_words(status: int) -> None:
    told = problem(status, "event 5 cannot\n happen \x1b[31mthere", kept=4)
    with saying(status, told) as says, Wire(says.url, KEY) as wire, pytest.raises(Refused) as refused:
        wire.progress("a-1")
    assert (refused.value.status, refused.value.kept) == (status, 4)
    assert refused.value.words == r"event 5 cannot happen \x1b[31mthere"


@pytest.mark.parametrize(
    ("status", "told", "means", "words"),
    [
        (401, problem(401, "no desk has this key"), Withdrawn, "does not know this desk any more: ask for a new code"),
        (401, b"<html>log in</html>", Trouble, "there is no ServiceSim server of this version"),
        (403, b"<html>no</html>", Trouble, "there is no ServiceSim server of this version"),
        (404, b"<html>no</html>", Trouble, "or another page stands in between"),
        (404, problem(200, "of another kind"), Trouble, "or another page stands in between"),
        (302, b"", Trouble, "sends us elsewhere (302), where nothing is sent"),
        (405, b"", Trouble, "there is no ServiceSim server of this version"),
        (409, b"", Trouble, "it answers 409"),
        (500, problem(500, "what happened stands in its log under 1f"), Trouble, "stands in its log under 1f"),
        (503, problem(503, "try again in a moment"), Trouble, "try again in a moment"),
        (200, b"x" * (2 << 20), Trouble, "its answer is larger than 1 MiB"),
    ],
)
def test_other_answers_are_told_by_what_can_be_done(status: int, told: Any, means: type[Exception], words: str) -> None:
    with saying(status, told) as says, Wire(says.url, KEY) as wire, pytest.raises(means) as failed:
        wire.progress("a-1")
    assert words in str(failed.value)


def test_how_long_the_server_asks_to_be_left_alone_is_kept() -> None:
    with saying(429, problem(429, "too many requests"), Retry_After="7") as says, Wire(says.url, KEY) as wire, pytest.raises(Trouble) as failed:
        wire.progress("a-1")
    assert failed.value.after == 7.0


def test_the_key_is_nowhere_to_be_read() -> None:
    with saying(422, problem(422, f"what is {KEY}?")) as says, Wire(says.url, KEY) as wire:
        with pytest.raises(Refused) as refused:
            wire.progress("a-1")
        assert "what is ***?" in "".join(traceback.format_exception(refused.value))
        assert KEY not in "".join(traceback.format_exception(refused.value)) + repr(wire)


def test_a_line_that_was_given_up_asks_no_more() -> None:
    with saying(200, {"kept": 2, "late": False, "ended": False}) as says, Wire(says.url, KEY) as wire:
        wire.give_up()
        with pytest.raises(Trouble, match="it was given up"):
            wire.progress("a-1")
        assert says.asked == []


def test_a_name_that_is_looked_up_for_ever_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a network, looking a name up can take half a minute; neither a deadline nor the end of a window waits for it."""
    answered = Event()

    def slow(*_: object, **__: object) -> list[object]:
        answered.wait(20)
        return []

    monkeypatch.setattr("socket.getaddrinfo", slow)
    began = time.monotonic()
    with Wire("http://localhost:1", KEY, deadline=0.1) as wire, pytest.raises(Trouble, match=r"it did not answer within 0\.1 seconds"):
        wire.progress("a-1")
    assert time.monotonic() - began < 5
    answered.set()
    for thread in enumerate_threads():
        if thread.name == "looked-up":
            thread.join()


@pytest.mark.parametrize(
    ("url", "plain"),
    [("https://training.example.com/", "https://training.example.com"), ("http://127.0.0.1:8000", "http://127.0.0.1:8000"), ("https://a.example/sim/", "https://a.example/sim")],
)
def test_where_a_server_may_be(url: str, plain: str) -> None:
    assert demand_server(url) == plain


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://training.example.com", "anybody on the way could read: write https"),
        ("training.example.com", "is no address of a ServiceSim server; write it like https://training.example.com"),
        ("https://training.example.com/?code=1", "is no address of a ServiceSim server"),
        ("ftp://training.example.com", "is no address of a ServiceSim server"),
        ("https://leyla:hush@training.example.com", "the address must not hold a name or a password"),
    ],
)
def test_where_it_may_not(url: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        demand_server(url)
    assert told in str(refused.value)
    assert "hush" not in str(refused.value)
