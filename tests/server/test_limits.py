"""How much anybody may ask: what is larger, slower, packed or more often than that is refused in one sentence."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi import APIRouter, Request

from server.conftest import Clock, TestClient
from servicesim.server import limits
from servicesim.server.addresses import address, limited_by
from servicesim.server.app import application
from servicesim.server.house import House, Rates, ServerSettings
from servicesim.server.limits import MOST, Buckets

Answer = tuple[int, dict[str, str], dict[str, Any]]


@pytest.fixture
def app(house: House) -> Any:
    """A server with an address that says how many bytes came."""
    router, app = APIRouter(), application(house)

    @router.post("/api/weigh")
    async def weigh(request: Request) -> int:
        return len(await request.body())

    app.include_router(router)
    return app


def ask(app: Any, pieces: Iterator[bytes | None], *, path: str = "/api/weigh", **headers: str) -> Answer:
    """One request, piece by piece as it comes over the network; None is a piece that never comes."""
    told: list[Any] = []

    async def receive() -> dict[str, Any]:
        piece = next(pieces, b"")
        if piece is None:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    async def send(message: Any) -> None:
        told.append(message)

    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "scheme": "http", "headers": [(b"host", b"127.0.0.1"), *sent], "client": ("192.0.2.7", 50), "server": ("127.0.0.1", 80)}
    asyncio.run(app(scope, receive, send))
    start, body = told[0], b"".join(message.get("body", b"") for message in told[1:])
    return start["status"], {name.decode(): value.decode() for name, value in start["headers"]}, json.loads(body)


@pytest.mark.parametrize(("size", "status"), [(0, 200), (MOST, 200), (MOST + 1, 413)])
def test_a_body_of_one_mebibyte_is_the_most(app: Any, size: int, status: int) -> None:
    pieces = [b"x" * 65_536] * (size // 65_536) + [b"x" * (size % 65_536)]
    code, headers, told = ask(app, iter(pieces))
    assert code == status
    if status == 413:
        assert told["detail"] == "the content is larger than 1 MiB, which is the most that is taken here"
        assert headers["connection"] == "close"
        assert "content-security-policy" in headers


def test_a_body_that_says_it_is_too_large_is_not_read_at_all(app: Any) -> None:
    def unread() -> Iterator[bytes]:
        raise AssertionError("it was read")
        yield b""

    assert ask(app, unread(), content_length=str(100 * MOST))[0] == 413


def test_a_body_that_never_ends_is_read_no_further_than_it_may_be_long(app: Any) -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield b"x" * 65_536

    assert ask(app, endless())[0] == 413
    assert taken == 17


def test_a_table_of_people_may_be_longer(app: Any) -> None:
    code, _, _ = ask(app, iter([b"x" * MOST] * 4), path="/people/import", origin="http://127.0.0.1")
    assert code == 401  # it was read, and then nobody was signed in
    assert ask(app, iter([b"x" * MOST] * 6), path="/people/import", origin="http://127.0.0.1")[0] == 413


def test_a_body_that_does_not_come_to_its_end_in_time_is_refused(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.LONGEST == 10
    monkeypatch.setattr(limits, "LONGEST", 0.02)
    code, headers, told = ask(app, iter([b"a", b"b", None]))
    assert (code, headers["connection"]) == (408, "close")
    assert told["title"] == "Too slow"


@pytest.mark.parametrize("encoding", ["gzip", "br", "gzip, identity"])
def test_what_is_packed_is_refused_unopened(app: Any, encoding: str) -> None:
    code, _, told = ask(app, iter([b""]), content_encoding=encoding)
    assert (code, told["detail"]) == (415, "send the content as it is, not compressed")


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "9" * 5000, "x"])
def test_a_length_that_is_none_is_refused(app: Any, length: str) -> None:
    headers = {"content_length": length}
    with_bytes = headers if length.isascii() else {"content_length": "%D9%A3"}
    assert ask(app, iter([b""]), **with_bytes)[0] in (400, 413)


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("/api/weigh\0", b"", "application/json"),
        ("/api/weigh", b'{"code": "\\u0000"}', "application/json"),
        ("/api/weigh", b"name=%00", "application/x-www-form-urlencoded"),
        ("/api/weigh", b"a\0b", "text/plain"),
    ],
)
def test_a_nul_that_postgresql_could_not_keep_is_refused(app: Any, path: str, body: bytes, kind: str) -> None:
    code, _, told = ask(app, iter([body]), path=path, content_type=kind)
    assert (code, told["detail"]) == (400, "what was sent holds a character that is no part of any text (NUL)")


def test_a_nul_in_what_is_asked_for_is_refused_but_a_file_may_hold_it(app: Any, browser: TestClient) -> None:
    assert browser.get("/people?name=%00").status_code == 400
    assert ask(app, iter(["Leyla".encode("utf-16")]), content_type="multipart/form-data; boundary=x")[0] == 200


@pytest.mark.parametrize(("headers", "status"), [({"x": "a" * 16_000}, 200), ({"x": "a" * 17_000}, 431), ({f"x{number}": "" for number in range(100)}, 431)])
def test_what_stands_before_the_content_has_its_limits_too(app: Any, headers: dict[str, str], status: int) -> None:
    assert ask(app, iter([b""]), **headers)[0] == status


# --- how often -------------------------------------------------------------------------------------------------------


def test_a_bucket_is_emptied_by_requests_and_filled_by_time() -> None:
    buckets = Buckets()
    assert [buckets.take("leyla", 2, 0) for _ in range(10)] == [0] * 8 + [1, 1]
    assert buckets.take("omid", 2, 0) == 0
    assert buckets.take("leyla", 2, 500) == 0
    assert buckets.take("leyla", 2, 500) == 1
    assert buckets.take("leyla", 0.1, 500) >= 1


def test_a_clock_that_is_put_back_fills_no_bucket_and_empties_none() -> None:
    buckets = Buckets()
    for _ in range(4):
        buckets.take("leyla", 1, 10_000)
    assert buckets.take("leyla", 1, 0) == 1


def test_buckets_do_not_grow_without_end() -> None:
    buckets = Buckets(most=100)
    for number in range(1000):
        buckets.take(f"address {number}", 1, number)
    assert len(buckets._left) == 100


def _quick(house: House, **rates: float) -> Any:
    return application(replace(house, settings=replace(house.settings, rates=Rates(**rates))))


def test_a_desk_that_asks_too_often_is_told_when_to_come_back(house: House, clock: Clock) -> None:
    browser = TestClient(_quick(house, desk=1), base_url="http://127.0.0.1", headers={"authorization": "Bearer leylas"})
    answers = [browser.get("/api/1/nothing") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [404] * 4 + [429]
    assert answers[-1].headers["retry-after"] == "1"
    assert browser.get("/api/1/nothing", headers={"authorization": "Bearer omids"}).status_code == 404
    clock.pass_by(seconds=1)
    assert browser.get("/api/1/nothing").status_code == 404


def test_inventing_keys_helps_nobody_to_ask_more_often(house: House) -> None:
    browser = TestClient(_quick(house, address=1), base_url="http://127.0.0.1")
    answers = [browser.get("/api/1/nothing", headers={"authorization": f"Bearer {number}"}).status_code for number in range(5)]
    assert answers == [404] * 4 + [429]


def test_how_the_server_is_may_always_be_asked(house: House) -> None:
    browser = TestClient(_quick(house, browser=0.25), base_url="http://127.0.0.1")
    assert [browser.get("/nothing").status_code for _ in range(2)] == [404, 429]
    assert {browser.get("/healthz").status_code for _ in range(5)} == {200}


# --- from where ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("peer", "forwarded", "address_is"),
    [
        ("192.0.2.7", [], "192.0.2.7"),
        ("192.0.2.7", ["203.0.113.5"], "192.0.2.7"),
        ("10.0.0.5", ["203.0.113.5"], "203.0.113.5"),
        ("10.0.0.5", ["1.1.1.1, 203.0.113.5"], "203.0.113.5"),
        ("10.0.0.5", ["1.1.1.1", "203.0.113.5, 10.0.0.6"], "203.0.113.5"),
        ("10.0.0.5", ["1.1.1.1, <script>"], "10.0.0.5"),
        ("10.0.0.5", [], "10.0.0.5"),
        ("10.0.0.5", ["10.0.0.6"], "10.0.0.5"),
    ],
)
def test_only_our_own_proxies_are_believed_and_only_what_they_added(peer: str, forwarded: list[str], address_is: str) -> None:
    settings = ServerSettings("Kestrel Parcels", behind=frozenset({"10.0.0.0/24"}))
    scope = {"type": "http", "client": (peer, 1), "headers": [(b"x-forwarded-for", one.encode()) for one in forwarded]}
    assert address(scope, settings) == address_is


def test_an_address_of_many_is_counted_with_all_that_its_owner_has() -> None:
    assert limited_by("2001:db8:1:2:3::4") == limited_by("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert limited_by("192.0.2.7") == "192.0.2.7"
    assert limited_by("unknown") == "unknown"


def test_an_exposed_port_answers_its_proxies_only(house: House) -> None:
    settings = replace(house.settings, url="https://train.example.org", exposed=True, behind=frozenset({"10.0.0.5"}))
    app = application(replace(house, settings=settings))
    assert TestClient(app, client=("10.0.0.5", 1)).get("/healthz").status_code == 200
    told = TestClient(app, client=("192.0.2.7", 1)).get("/healthz", headers={"x-forwarded-for": "10.0.0.5"})
    assert told.status_code == 403


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1"])
def test_another_name_than_this_computers_is_refused_where_no_other_is_known(browser: TestClient, host: str) -> None:
    assert browser.get("/sign-in", headers={"host": host}).status_code == 400


def test_every_page_comes_with_what_keeps_it_to_itself(browser: TestClient) -> None:
    headers = browser.get("/sign-in").headers
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert "strict-transport-security" not in headers
    assert browser.get("/api/1/nothing").headers["cache-control"] == "no-store"
