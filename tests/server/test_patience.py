"""A connection that does not say what it wants is closed; one that waits between two requests is not."""

from __future__ import annotations

import asyncio
import socket

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from servicesim.server import patience
from servicesim.server.patience import Impatient


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers whatever is asked, after twice the time that headers may take."""
    await asyncio.sleep(2 * patience.LONGEST)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"hi"})


async def said(*pieces: bytes) -> bytes:
    """All that the server says to somebody who sends these, and then waits for it to close the connection."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(hello, http=Impatient, lifespan="off", ws="none", log_config=None, timeout_keep_alive=1)
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0.02)
        told = await asyncio.wait_for(reader.read(), 20)
        writer.close()
        server.should_exit = True
        await serving
    return told


@pytest.mark.parametrize("pieces", [(), (b"GET / HTTP/1.1\r\n", b"Host: a\r\n", b"X: "), (b"G", b"E", b"T")])
def test_headers_that_do_not_end_in_time_end_the_connection(monkeypatch: pytest.MonkeyPatch, pieces: tuple[bytes, ...]) -> None:
    assert patience.LONGEST == 10
    monkeypatch.setattr(patience, "LONGEST", 0.1)
    assert asyncio.run(said(*pieces)) == b""


def test_an_answer_may_take_longer_than_the_question(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "LONGEST", 0.1)
    assert asyncio.run(said(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")).endswith(b"\r\n\r\nhi")
