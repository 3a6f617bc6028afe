"""The server as processes of this computer: where it listens, how many answer, and how it ends."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn
from fastapi import FastAPI
from uvicorn.supervisors import Multiprocess

from servicesim.errors import ServicesimError, UsageError
from servicesim.records.place import Place, place_of
from servicesim.server.addresses import is_loopback
from servicesim.server.app import application
from servicesim.server.house import ServerSettings
from servicesim.server.opening import opened
from servicesim.server.patience import Impatient

STORE, KEY, URL = "SERVICESIM_STORE", "SERVICESIM_KEY", "SERVICESIM_URL"
BEHIND, EXPOSED, FILES = "SERVICESIM_BEHIND", "SERVICESIM_EXPOSED", "SERVICESIM_FILES"
MOST_WORKERS = 64
_TO_FINISH = 10  # seconds for what is being answered when the server is told to stop
_HEADERS = 16_384  # bytes before the content of a request
_AT_ONCE = 1000  # connections of one process; more are told to come back
_WAITING = 2048  # connections that nobody has taken yet
_LOG = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(message)s"}},
    "handlers": {"errors": {"class": "logging.StreamHandler", "formatter": "line", "stream": "ext://sys.stderr"}},
    "loggers": {
        "servicesim": {"handlers": ["errors"], "level": "INFO", "propagate": False},
        "uvicorn": {"handlers": ["errors"], "level": "WARNING", "propagate": False},
    },
}


@dataclass(frozen=True, slots=True)
class Listening:
    """Where the server is to be reached, and by whom."""

    place: Place
    key: Path | None
    host: str
    port: int
    workers: int
    url: str | None
    behind: tuple[str, ...]
    files: Path | None = None

    def demand_sense(self) -> None:
        """Raises UsageError for what cannot be meant, and for plain http that would leave this computer."""
        if not 1 <= self.workers <= MOST_WORKERS:
            raise UsageError(f"--workers is a number from 1 to {MOST_WORKERS}")
        for one in self.behind:
            _demand_network(one)
        if self.files is not None and not self.files.is_dir():
            raise UsageError(f"{self.files} is no folder: --files names the one that has your scenarios and programmes in it")
        if self.url is not None:
            _demand_url(self.url)
        if is_loopback(self.host):
            return
        if not self.behind:
            raise UsageError(f"on {self.host} passwords would cross the network in the open: let a proxy with https stand in front, and name its address with --behind")
        if self.url is None:
            raise UsageError("where do people reach the proxy? add --url https://...")


def serve(wanted: Listening, told: Callable[[str], None]) -> None:
    """Serve until the process is told to stop; `told` gets one sentence when it listens. Raises ServicesimError."""
    wanted.demand_sense()
    with opened(wanted.place, wanted.key, _settings_of(wanted)) as house:
        name = house.settings.name
    _tell_workers(wanted)
    with _listening(wanted.host, wanted.port) as listener:
        told(f"{name}: listening at {_address(listener)}{f', reached at {wanted.url}' if wanted.url else ''}; stop it with Ctrl+C")
        _run(_config(wanted.workers), listener)


def served() -> FastAPI:
    """What each process answers with, made of what its environment says; the stores are let go when it ends."""
    url, behind = os.environ.get(URL) or None, os.environ.get(BEHIND, "").split()
    files, key = os.environ.get(FILES), os.environ.get(KEY)
    settings = ServerSettings("", url, frozenset(behind), exposed=bool(os.environ.get(EXPOSED)), files=Path(files) if files else None)
    stores = ExitStack()
    app = application(stores.enter_context(opened(place_of(os.environ[STORE]), Path(key) if key else None, settings)))

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        _end_with_parent()
        with stores:
            yield

    app.router.lifespan_context = living
    return app


def _end_with_parent() -> None:
    """Where several processes answer, none of them goes on, and keeps the port, when the one that looks after them is gone."""
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()


def _settings_of(wanted: Listening) -> ServerSettings:
    return ServerSettings("", wanted.url, frozenset(wanted.behind), exposed=not is_loopback(wanted.host), files=wanted.files)


def _tell_workers(wanted: Listening) -> None:
    """Each is a process of its own, and inherits the environment: nothing of it stands in a list of processes."""
    told = {STORE: str(wanted.place), KEY: str(wanted.key or ""), URL: wanted.url or "", BEHIND: " ".join(wanted.behind)}
    os.environ.update(told | {EXPOSED: "" if is_loopback(wanted.host) else "yes", FILES: str(wanted.files or "")})


def _config(workers: int) -> uvicorn.Config:
    return uvicorn.Config(
        "servicesim.server.process:served", factory=True, workers=workers, lifespan="on", http=Impatient, ws="none", loop="asyncio",
        log_config=_LOG, access_log=False, proxy_headers=False, server_header=False, limit_concurrency=_AT_ONCE,
        h11_max_incomplete_event_size=_HEADERS, timeout_graceful_shutdown=_TO_FINISH, timeout_keep_alive=15,
    )  # fmt: skip


def _run(config: uvicorn.Config, listener: socket.socket) -> None:
    # What told us to stop is raised again when all is answered, and would look like a crash.
    for stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(stop, signal.SIG_IGN)
    if config.workers > 1:
        Multiprocess(config, sockets=[listener]).run()
        return
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    if not server.started:
        raise ServicesimError("the server did not start; what happened stands above")


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # The port can be taken again at once after a stop; on Windows the same option would share it with others.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # Whoever comes before the processes are ready waits for them.
        listener.listen(_WAITING)
    except (OSError, OverflowError) as failure:
        listener.close()
        reason = getattr(failure, "strerror", None) or failure
        raise ServicesimError(f"the server cannot listen on {host}, port {port} ({reason}): choose another --port or --host") from failure
    listener.set_inheritable(True)
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _demand_network(text: str) -> None:
    try:
        ip_network(text)
    except ValueError:
        raise UsageError("--behind is the address of a proxy, such as 10.0.0.5 or 10.0.0.0/24") from None


def _demand_url(text: str) -> None:
    try:
        told = urlsplit(text)
        host, _ = told.hostname or "", told.port
    except ValueError:
        told, host = urlsplit(""), ""
    is_bare = told.path in ("", "/") and not told.query and not told.fragment and "@" not in told.netloc
    if not host or not is_bare or not (told.scheme == "https" or (told.scheme == "http" and is_loopback(host))):
        raise UsageError("--url is where people reach the server, such as https://train.example.org, and nothing after it")


logging.getLogger("servicesim").addHandler(logging.NullHandler())
