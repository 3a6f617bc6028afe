"""What stands around every answer: headers that keep a page to itself, and the refusal of what a page elsewhere sends in somebody's name."""

from __future__ import annotations

from fastapi import Request
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from servicesim.server.addresses import host_asked_for, host_is_ours, is_proxy, origin_is_ours, peer_of
from servicesim.server.house import House
from servicesim.server.problems import Problem, tell

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Other places learn nothing; our own must know where a form comes from, which `no-referrer` would hide from them too.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}
_HTTPS_ONLY = "max-age=31536000"


class Headers:
    """Adds to every answer what it does not say by itself; the policy of content it cannot choose."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), _house(scope))
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def _add(headers: MutableHeaders, house: House) -> None:
    for name, value in _ALWAYS.items():
        headers.setdefault(name, value)
    headers["Content-Security-Policy"] = _POLICY
    if house.settings.secure:
        headers["Strict-Transport-Security"] = _HTTPS_ONLY


class Fence:
    """Refuses requests that a page elsewhere makes a browser send: under another host's name, or as a form of ours.

    What desks send carries a key of theirs and no cookie, so it comes from where it likes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif host_asked_for(scope) is None:
            # An address made of it could not be read by whatever answers.
            await Problem(400, "the Host of this request is no name of a computer").told()(scope, receive, send)
        elif (problem := _refusal(scope)) is not None:
            await tell(Request(scope), problem)(scope, receive, send)
        else:
            await self._app(scope, receive, send)


def _refusal(scope: Scope) -> Problem | None:
    settings = _house(scope).settings
    if settings.exposed and not is_proxy(peer_of(scope), settings.behind):
        return Problem(403, "ask the proxy in front of this server, which speaks https")
    if scope["path"].startswith("/api/"):
        return None
    if not host_is_ours(scope, settings):
        return Problem(400, "these pages are for the computer itself only, under the name localhost or 127.0.0.1")
    if scope["method"] not in _SAFE and not origin_is_ours(scope, settings):
        return Problem(403, "this form was not sent by a page of this server: open the page again, and send it from there")
    return None


def _house(scope: Scope) -> House:
    house: House = scope["app"].state.house
    return house
