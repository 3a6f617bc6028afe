"""`servicesim serve`: processes that answer until they are told to stop, and never in the open."""

from __future__ import annotations

import multiprocessing
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from argon2 import PasswordHasher

from server.conftest import TestClient
from servicesim.cli import run
from servicesim.server import passwords, process
from servicesim.server.process import Listening


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    """A store that was just made."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    for name in (process.STORE, process.KEY, process.URL, process.BEHIND, process.EXPOSED):
        monkeypatch.delenv(name, raising=False)
    assert run(["organisation", "init", "--store", str(tmp_path / "store"), "--name", "Kestrel Parcels", "--admin", "1001"]) == 0
    capsys.readouterr()
    return tmp_path / "store"


@pytest.fixture
def started(place: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Two processes that serve, and where."""
    command = [sys.executable, "-m", "servicesim", "serve", "--port", "0", "--workers", "2"]
    environment = {**os.environ, process.STORE: str(place)}
    server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert server.stdout is not None
    told = server.stdout.readline()
    address = re.search(r"^Kestrel Parcels: listening at (http://127\.0\.0\.1:\d+); stop it with Ctrl\+C$", told)
    try:
        assert address is not None, (told, server.communicate(timeout=20))
        yield server, address[1]
    finally:
        server.kill()
        # The processes that answer end by themselves when nobody looks after them any more.
        server.communicate(timeout=60)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_several_processes_answer_and_stop_when_they_are_told_to(started: tuple[subprocess.Popen[str], str]) -> None:
    server, address = started
    # The port listens before the processes are ready: what comes early waits.
    assert urllib.request.urlopen(f"{address}/healthz", timeout=60).read() == b'{"status":"well"}'
    assert "Kestrel Parcels" in urllib.request.urlopen(f"{address}/sign-in", timeout=60).read().decode()
    server.send_signal(signal.SIGTERM)
    _, err = server.communicate(timeout=60)
    assert (server.returncode, err) == (0, "")


def test_what_answers_ends_when_who_looks_after_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    gone, ended = threading.Event(), threading.Event()
    monkeypatch.setattr(multiprocessing, "parent_process", lambda: SimpleNamespace(join=gone.wait))
    monkeypatch.setattr(os, "kill", lambda who, how: ended.set() if (who, how) == (os.getpid(), signal.SIGTERM) else None)
    process._end_with_parent()
    assert not ended.is_set()
    gone.set()
    assert ended.wait(10)


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--host", "0.0.0.0"], 2, "passwords would cross the network in the open: let a proxy with https stand in front"),
        (["--host", "192.0.2.7", "--behind", "10.0.0.5"], 2, "where do people reach the proxy? add --url https://..."),
        (["--host", "0.0.0.0", "--behind", "proxy", "--url", "https://train.example.org"], 2, "--behind is the address of a proxy"),
        (["--url", "http://train.example.org"], 2, "--url is where people reach the server, such as https://train.example.org"),
        (["--url", "https://train.example.org/servicesim"], 2, "--url is where people reach"),
        (["--url", "https://me:secret@train.example.org"], 2, "--url is where people reach"),
        (["--workers", "0"], 2, "--workers is a number from 1 to 64"),
        (["--files", "nowhere"], 2, "nowhere is no folder: --files names the one that has your scenarios and programmes in it"),
        (["--key", "nowhere.pem"], 2, "the key that signs verdicts cannot be read from nowhere.pem"),
    ],
)
def test_what_would_not_be_safe_or_cannot_be_is_refused_before_anything_listens(
    place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, told: str
) -> None:
    monkeypatch.setattr(process, "_listening", lambda host, port: pytest.fail("it listens"))
    assert run(["serve", "--store", str(place), *arguments]) == code
    assert told in capsys.readouterr().err


def test_a_store_that_is_not_there_is_told_with_the_way_to_make_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["serve", "--store", str(tmp_path / "nowhere")]) == 2
    assert "servicesim organisation init" in capsys.readouterr().err


def test_a_port_that_another_program_has_is_told(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert run(["serve", "--store", str(place), "--port", str(port)]) == 4
    assert f"cannot listen on 127.0.0.1, port {port}" in capsys.readouterr().err


def test_a_proxy_in_front_makes_another_address_possible() -> None:
    wanted = Listening(Path("store"), None, "0.0.0.0", 8000, 2, "https://train.example.org", ("10.0.0.0/24", "::1"))
    wanted.demand_sense()
    assert process._settings_of(wanted).exposed
    assert process._settings_of(wanted).secure


def test_the_folder_with_the_organisation_s_own_files_reaches_every_process(place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (process.STORE, process.KEY, process.URL, process.BEHIND, process.EXPOSED, process.FILES):
        monkeypatch.setenv(name, "")
    monkeypatch.setattr(process, "_end_with_parent", lambda: None)
    process._tell_workers(Listening(place, None, "127.0.0.1", 8000, 2, None, (), tmp_path))
    app = process.served()
    with TestClient(app):
        assert app.state.house.settings.files == tmp_path
