"""The two pages that are there before any other: signing in, and setting a password of one's own."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from servicesim.server import passwords
from servicesim.server.house import house_of
from servicesim.server.sessions import FRESH_PASSWORD, Visitor

_REFUSED = "There is no account with this name and this password. Check both, and try again."
_TOLD = {
    "wrong-password": "The password that you have now is another one. Nothing was changed.",
    "not-the-same": "The new password was not typed the same way twice. Nothing was changed.",
    "the-old-one": "The new password is the old one. Nothing was changed.",
    "too-short": f"A password has {passwords.SHORTEST} to {passwords.LONGEST} characters. Nothing was changed.",
}
_ONCE = "This password was good for signing in once. Set one of your own now."


def sign_in_page(request: Request, *, to: str, name: str = "", refused: bool = False) -> Response:
    """A name and a password; where one goes from there is kept in the form."""
    fields = [("name", "Your id", "text", "username", name), ("password", "Password", "password", "current-password", "")]
    told = _REFUSED if refused else ""
    return _page(request, 401 if refused else 200, title="Sign in", told=told, action="/sign-in", hidden=[("to", to)], fields=fields)


def password_page(request: Request, visitor: Visitor, *, told: str = "") -> Response:
    """The password that one has now, and twice the new one."""
    fields = [
        ("now", "The password that you have now", "password", "current-password", ""),
        ("new", "The new password", "password", "new-password", ""),
        ("again", "The new password again", "password", "new-password", ""),
    ]
    words = _TOLD[told] if told else _ONCE if visitor.once else ""
    return _page(request, 422 if told else 200, title="Set a password", told=words, action=FRESH_PASSWORD, hidden=[("csrf", visitor.csrf)], fields=fields)


def _page(request: Request, status: int, **values: Any) -> Response:
    return HTMLResponse(_template().render(organisation=house_of(request).settings.name, **values), status)


@cache
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent / "templates")
    return Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True).get_template("entrance.html.j2")
