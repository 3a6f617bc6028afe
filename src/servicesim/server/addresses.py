"""Where a request comes from, and where it was sent: what proxies say of that is believed only of those that are named."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import AddressValueError, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import Scope

from servicesim.server.house import ServerSettings

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
NOWHERE = "unknown"


def address_of(request: Request) -> str:
    """The address of whoever asks, as far as it is known."""
    return address(request.scope, request.app.state.house.settings)


def address(scope: Scope, settings: ServerSettings) -> str:
    """The last address in the chain of X-Forwarded-For that none of our proxies has; the peer's own if it is no proxy of ours."""
    peer = peer_of(scope)
    if not is_proxy(peer, settings.behind):
        return peer
    # Everything to the left of what our own proxies added may have been invented by whoever asks.
    told = [part.strip() for line in Headers(scope=scope).getlist("x-forwarded-for") for part in line.split(",")]
    for one in reversed(told):
        if not _is_address(one):
            return peer
        if not is_proxy(one, settings.behind):
            return one
    return peer


def peer_of(scope: Scope) -> str:
    """The address that the connection comes from."""
    client = scope.get("client")
    return str(client[0]) if client else NOWHERE


@lru_cache(maxsize=4096)
def is_proxy(address: str, behind: frozenset[str]) -> bool:
    """Whether a proxy of ours has this address."""
    return _is_address(address) and any(ip_address(address) in ip_network(one) for one in behind)


def limited_by(address: str) -> str:
    """What is counted together: an IPv4 address, or the /64 that an IPv6 customer has all to themselves."""
    try:
        network = int(IPv6Address(address)) >> 64
    except AddressValueError:
        return address
    return f"{IPv6Address(network << 64)}/64"


def is_loopback(host: str) -> bool:
    """Whether only this computer itself can be meant."""
    return host in _LOOPBACK


def host_asked_for(scope: Scope) -> str | None:
    """The name in the Host header, empty if there is none; None for what is no name at all."""
    try:
        told = urlsplit(f"//{Headers(scope=scope).get('host', '')}/")
        return (told.hostname or "") if told.port != 0 and "@" not in told.netloc else None
    except ValueError:
        return None


def host_is_ours(scope: Scope, settings: ServerSettings) -> bool:
    """Without a public address only this computer asks: another name in Host is a page elsewhere that had its name resolved to us."""
    return settings.url is not None or is_loopback(host_asked_for(scope) or "")


def origin_is_ours(scope: Scope, settings: ServerSettings) -> bool:
    """Whether a form was sent by one of our own pages, as the browser says."""
    headers = Headers(scope=scope)
    if headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return False
    return headers.get("origin", "") == own_origin(scope, settings)


def own_origin(scope: Scope, settings: ServerSettings) -> str:
    """What a browser names as the origin of our pages."""
    if settings.url is None:
        return f"http://{Headers(scope=scope).get('host', '')}"
    told = urlsplit(settings.url)
    return f"{told.scheme}://{told.netloc}".lower()


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
