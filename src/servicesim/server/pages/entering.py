"""The two pages that are there before any other: signing in, and setting a password of one's own."""

from __future__ import annotations

from fastapi import Request, Response
from markupsafe import Markup

from servicesim.server import passwords
from servicesim.server.pages.sheet import shown, words_for
from servicesim.server.sessions import FRESH_PASSWORD, Visitor

# What was wrong: the field that it is about, and what is said there.
_TOLD = {
    "wrong-password": ("now", "password-wrong"),
    "not-the-same": ("again", "password-not-the-same"),
    "the-old-one": ("new", "password-the-old-one"),
    "too-short": ("new", "password-too-short"),
}


def sign_in_page(request: Request, *, to: str, name: str = "", refused: bool = False) -> Response:
    """A name and a password; where one goes from there is kept in the form."""
    errors = {"password": words_for(request)("sign-in-refused")} if refused else {}
    return shown(request, "sign_in.html.j2", status=401 if refused else 200, to=to, name=name, errors=errors)


def password_page(request: Request, visitor: Visitor, *, told: str = "") -> Response:
    """The password that one has now, and twice the new one; `told` says what was wrong."""
    words = words_for(request)
    least, most = Markup(words.number(passwords.SHORTEST)), Markup(words.number(passwords.LONGEST))
    errors = {field: words(key, least=least, most=most) for field, key in [_TOLD[told]]} if told else {}
    return shown(
        request, "password.html.j2", visitor, status=422 if told else 200, once=visitor.once, action=FRESH_PASSWORD, errors=errors, least=least,
    )  # fmt: skip
