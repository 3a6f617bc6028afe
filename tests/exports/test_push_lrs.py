"""A question to a learning record store keeps its limits of time, size and place, and tells nobody the secret."""

from __future__ import annotations

import json
import logging
import os
import ssl
import subprocess
import threading
import time
import traceback
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from exports.lrs_faults import PASSING, SLOW, STOPPING, Proxy, dribbled_body, proxy
from exports.lrs_stores import Small, serving, small
from servicesim import platform
from servicesim.errors import UsageError
from servicesim.exports import credentials
from servicesim.exports.credentials import of_key, of_token
from servicesim.exports.lrs import MOST, Lrs, NoAnswer, demand_address
from tools import program

KEY, SECRET = "desk-3", "open sesame, please"
OPENS = of_key(KEY, SECRET)
ONE = b'[{"id":"a-1","actor":{"account":{"homePage":"https://a.example"}}}]'


@pytest.fixture
def store() -> Iterator[Small]:
    with small() as store:
        yield store


@pytest.fixture
def between(store: Small) -> Iterator[Proxy]:
    with proxy(store) as between:
        yield between


def to(store: Small) -> str:
    return f"http://127.0.0.1:{store.port}/xapi"


# What is sent


def test_a_question_says_who_asks_and_by_which_version(store: Small) -> None:
    with Lrs(to(store), OPENS) as lrs:
        assert lrs.post(ONE).body == b'["a-1"]'
        assert json.loads(lrs.get("a-1").body)["id"] == "a-1"
        assert lrs.get("a/?&é-2").status == 404
    (_, headers, body), *_ = store.asked
    assert body == ONE
    assert headers["Authorization"] == "Basic ZGVzay0zOm9wZW4gc2VzYW1lLCBwbGVhc2U="
    assert headers["X-Experience-API-Version"] == "1.0.3"
    assert headers["Content-Type"] == "application/json"
    assert headers["Accept-Encoding"] == "identity"


def test_a_token_is_borne(store: Small) -> None:
    with Lrs(to(store), of_token("t0ken")) as lrs:
        lrs.post(ONE)
    assert store.asked[0][1]["Authorization"] == "Bearer t0ken"


def test_neither_proxies_nor_passwords_come_from_the_environment(store: Small, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login other password other\n", encoding="utf-8")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with Lrs(to(store), OPENS) as lrs:
        assert lrs.post(ONE).status == 200
    assert store.asked[0][1]["Authorization"] == OPENS.authorization


def test_nobody_is_followed_elsewhere(store: Small, between: Proxy) -> None:
    with small() as elsewhere, Lrs(between.to, OPENS) as lrs:
        for status in (301, 302, 303, 307, 308):
            there = f"{to(elsewhere)}/statements"
            between.faults = [lambda line, status=status, there=there: line.answer(status, b"", f"Location: {there}")]  # type: ignore[misc]
            answer = lrs.post(ONE)
            assert (answer.status, answer.location) == (status, there)
        assert elsewhere.asked == []


# Limits


@pytest.mark.parametrize("fault", SLOW)
def test_the_deadline_is_for_all_of_it_together(between: Proxy, fault: str) -> None:
    between.faults = [SLOW[fault], None]
    with Lrs(between.to, OPENS, deadline=0.3) as lrs:
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=r"it did not answer within 0\.3 seconds"):
            lrs.post(ONE)
        assert time.monotonic() - began < 3
    with Lrs(between.to, OPENS) as lrs:
        assert lrs.post(ONE).status == 200


def test_a_limit_for_each_byte_would_not_have_been_enough(between: Proxy) -> None:
    """The control: between any two bytes of this server less time passes than the deadline."""
    import httpx

    between.faults = [dribbled_body]
    began = time.monotonic()
    with httpx.Client(timeout=0.3, trust_env=False) as client, client.stream("POST", f"{between.to}/statements", content=ONE) as response:
        for _ in response.iter_raw():
            if time.monotonic() - began > 0.6:
                break
    assert time.monotonic() - began > 0.6


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("2 MB", "its answer is larger than 1 MiB"),
        ("packed", "it answers in a packed form that was not asked for"),
        ("reset unread", "the connection failed ("),
        ("closed without a word", "the connection failed ("),
        ("truncated", "the connection failed ("),
        ("garbage", "the connection failed ("),
        ("endless headers", "the connection failed ("),
    ],
)
def test_what_is_no_answer_is_told(between: Proxy, fault: str, told: str) -> None:
    between.faults = [PASSING[fault], None]
    with Lrs(between.to, OPENS) as lrs:
        with pytest.raises(NoAnswer) as failed:
            lrs.post(ONE)
        assert told in str(failed.value)
        assert len(str(failed.value)) < 250
        assert lrs.post(ONE).status == 200


def test_where_nobody_listens_is_told(between: Proxy) -> None:
    between.die()
    with Lrs(between.to, OPENS) as lrs, pytest.raises(NoAnswer, match="it cannot be reached"):
        lrs.post(ONE)
    between.rise()


def test_more_than_may_be_sent_is_a_slip_of_ours(store: Small) -> None:
    with Lrs(to(store), OPENS) as lrs, pytest.raises(AssertionError):
        lrs.post(b"x" * (MOST + 1))


def test_many_questions_share_one_connection(store: Small) -> None:
    with Lrs(to(store), OPENS) as lrs:
        for _ in range(3):
            lrs.post(ONE)
        before = threading.active_count()
        lrs.post(ONE)
        assert threading.active_count() == before


def test_a_store_whose_certificate_is_not_trusted_is_told_nothing(tmp_path: Path) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    subprocess.run(
        [program("openssl"), "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)],
        check=True, capture_output=True,
    )  # fmt: skip
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked.append(self.headers)

    class Quiet(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """The handshake fails, as it is meant to."""

    server = Quiet(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    with serving(server), Lrs(f"https://127.0.0.1:{server.server_port}/xapi", OPENS) as lrs:
        untrusted = pytest.raises(NoAnswer, match=r"it cannot be reached .*certificate verify failed")
        with untrusted:
            lrs.post(ONE)
    assert asked == []


# Secrets


def test_the_secret_is_nowhere_to_be_read(between: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    """Not in logs, not in exceptions and what led to them, not in how things look."""
    caplog.set_level(logging.DEBUG)
    forms = (SECRET, OPENS.authorization, OPENS.authorization.removeprefix("Basic "))
    with Lrs(between.to, OPENS) as lrs:
        for fault in (*PASSING.values(), *STOPPING.values()):
            between.faults = [fault]
            try:
                lrs.post(ONE)
            except NoAnswer as failure:
                said = "".join(traceback.format_exception(failure))
                assert not any(form in said for form in forms)
        assert not any(form in repr(lrs) + repr(OPENS) + str(OPENS) for form in forms)
    assert caplog.text
    assert not any(form in caplog.text for form in forms)


def test_what_a_store_echoes_is_hidden(between: Proxy) -> None:
    echo = f'"{OPENS.authorization}" "{SECRET}" "open%20sesame%2C%20please"'
    assert OPENS.hidden(echo) == '"Basic ***" "***" "***"'
    between.faults = [lambda line: line.send(f"HTTP/1.1 {SECRET}\r\n\r\n".encode())]
    with Lrs(between.to, OPENS) as lrs, pytest.raises(NoAnswer) as failed:
        lrs.post(ONE)
    assert SECRET not in str(failed.value)


# Where to


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("https://lrs.example.com/xapi", "https://lrs.example.com/xapi"),
        ("https://lrs.example.com/xapi/", "https://lrs.example.com/xapi"),
        ("https://lrs.example.com/xapi/statements", "https://lrs.example.com/xapi"),
        ("https://lrs.example.com:8443", "https://lrs.example.com:8443"),
        ("http://localhost:8080/xapi", "http://localhost:8080/xapi"),
        ("http://127.0.0.1/xapi", "http://127.0.0.1/xapi"),
        ("http://[::1]:80/xapi", "http://[::1]:80/xapi"),
    ],
)
def test_where_statements_may_be_sent(address: str, plain: str) -> None:
    assert demand_address(address) == plain


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://lrs.example.com/xapi", "anybody on the way could read: write https"),
        ("http://127.0.0.1.example.com/xapi", "anybody on the way could read: write https"),
        ("http://localhost.example.com/xapi", "anybody on the way could read: write https"),
        ("http://10.0.0.1/xapi", "anybody on the way could read: write https"),
        ("ftp://lrs.example.com", "is no address of a learning record store"),
        ("lrs.example.com", "is no address of a learning record store"),
        ("https://", "is no address of a learning record store"),
        ("https://[", "is no address of a learning record store"),
        ("https://lrs.example.com:port/", "is no address of a learning record store"),
        ("https://lrs.example.com/?key=1", "is no address of a learning record store"),
        ("https://lrs.example.com/#x", "is no address of a learning record store"),
        ("https://lrs.exa mple.com/", "is no address of a learning record store"),
        ("https://lrs.example.com/\r\nX: y", "is no address of a learning record store"),
        ("https://lrs.exämple.com/", "is no address of a learning record store"),
        ("https://desk:hush@lrs.example.com/xapi", "the address must not hold a key or a secret"),
    ],
)
def test_where_they_may_not(address: str, told: str) -> None:
    with pytest.raises(UsageError) as refused:
        demand_address(address)
    assert told in str(refused.value)
    assert "hush" not in str(refused.value)


# What opens it


def written(path: Path, text: str, mode: int = 0o600) -> Path:
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_what_opens_it_comes_from_the_environment_or_a_file(tmp_path: Path) -> None:
    key = {credentials.KEY: "desk", credentials.SECRET: "a:b"}
    assert credentials.found(None, key) == of_key("desk", "a:b")
    assert credentials.found(None, {credentials.TOKEN: "t"}) == of_token("t")
    assert credentials.found(written(tmp_path / "a", "key: desk\nsecret:  a:b \n\n"), {}) == of_key("desk", "a:b")
    assert credentials.found(written(tmp_path / "b", "\ufefftoken: t\r\n"), key) == of_token("t")


@pytest.mark.parametrize(
    "environment",
    [
        {credentials.KEY: "desk"}, {credentials.SECRET: "hush"}, {credentials.KEY: "desk", credentials.SECRET: ""}, {credentials.TOKEN: ""},
        {credentials.KEY: "desk", credentials.SECRET: "hush", credentials.TOKEN: "hush"},
    ],
)  # fmt: skip
def test_half_of_it_is_told(environment: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="the environment must hold a key and a secret for the learning record store, or a token alone"):
        credentials.found(None, environment)


def test_without_any_it_is_told_what_is_missing() -> None:
    with pytest.raises(UsageError, match="set SERVICESIM_LRS_KEY and SERVICESIM_LRS_SECRET, or SERVICESIM_LRS_TOKEN, or name a file with --credentials"):
        credentials.found(None, {})


@pytest.mark.parametrize("text", ["hush", "key: desk\nhush", "desk:hush", "password: hush", "\xff", "key: d\n" * 10_000])
def test_a_file_that_is_none_is_told_and_not_quoted(tmp_path: Path, text: str) -> None:
    path = tmp_path / "lrs"
    path.write_bytes(text.encode("latin-1"))
    path.chmod(0o600)
    with pytest.raises(UsageError, match=r"must hold lines 'key: ...' and 'secret: ...', or one line 'token: ...'") as refused:
        credentials.found(path, {})
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize(("key", "secret"), [("a:b", "hush"), ("a", "hush\r\nX: y"), ("ä", "hush"), ("a", "hush\0"), ("a", "hush" * 5000)])
def test_what_cannot_be_sent_is_told_and_not_quoted(key: str, secret: str) -> None:
    with pytest.raises(UsageError, match="for the learning record store") as refused:
        of_key(key, secret)
    assert "hush" not in str(refused.value)
    with pytest.raises(UsageError):
        of_token(f"t {secret}")


@pytest.mark.skipif(os.name != "posix", reason="the system has no such modes")
@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660, 0o610])
def test_a_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(UsageError, match=r"others can read .*lrs: say chmod 600"):
        credentials.found(written(tmp_path / "lrs", "token: t", mode), {})
    with (tmp_path / "lrs").open() as file:
        assert not platform.is_private(file.fileno())


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing", tmp_path):
        with pytest.raises(UsageError, match=r"cannot be read|is not a file"):
            credentials.found(path, {})
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe", 0o600)
        with pytest.raises(UsageError, match="is not a file"):
            credentials.found(tmp_path / "pipe", {})
