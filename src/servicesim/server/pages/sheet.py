"""What is around every page: the organisation's name, who is signed in, where one can go, and in which language it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from markupsafe import Markup

from servicesim.exports.report.filling import environment
from servicesim.exports.report.words import Words
from servicesim.languages import spoken
from servicesim.server.house import house_of
from servicesim.server.pages.words import offered, words_of
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor

Row = TypeVar("Row")
LANGUAGE = "language"
"""The cookie that keeps in which language somebody reads."""
AT_ONCE = 50
"""Rows on one page."""

# Where one can go, and the deeds of which one must be able to do one.
PLACES: tuple[tuple[str, str, tuple[Deed, ...]], ...] = (
    ("/heat", "nav-heat", (Deed.RESULTS,)),
    ("/programmes", "nav-programmes", (Deed.RESULTS, Deed.ASSIGN)),
    ("/people", "nav-people", (Deed.RESULTS, Deed.PEOPLE)),
    ("/encounters", "nav-encounters", (Deed.PUBLISH,)),
    ("/review", "nav-review", (Deed.REVIEW,)),
    ("/export", "nav-export", (Deed.EXPORT,)),
    ("/desks", "nav-desks", (Deed.CODES, Deed.KEYS)),
    ("/accounts", "nav-accounts", (Deed.ACCOUNTS,)),
    ("/audit", "nav-audit", (Deed.AUDIT,)),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the frame of every page is made of."""

    organisation: str
    name: str
    """Who is signed in; empty where nobody is."""
    csrf: str
    links: tuple[tuple[str, str, bool], ...]
    languages: tuple[tuple[str, str], ...]
    path: str
    """Of this page, with what was asked for."""
    here: str
    """The same without."""
    said: Markup | str = ""
    """What the deed that led here has done."""


@dataclass(frozen=True, slots=True)
class Pages:
    """Where one is among pages of rows."""

    told: Markup
    before: str
    after: str


def words_for(request: Request) -> Words:
    """In the language that was chosen in this browser, or else the first that it asks for and that is spoken here."""
    chosen = request.cookies.get(LANGUAGE, "")
    if chosen in offered():
        return words_of(chosen)
    wanted = (part.partition(";")[0].strip() for part in request.headers.get("accept-language", "")[:200].split(","))
    found = (spoken(one) for one in wanted if one and (spoken(one) != "en" or one.lower().startswith("en")))
    return words_of(next((one for one in found if one in offered()), "en"))


def shown(request: Request, template: str, visitor: Visitor | None = None, *, status: int = 200, said: Markup | str = "", **values: Any) -> HTMLResponse:
    """A page of this template for whoever is signed in."""
    words = words_for(request)
    told = environment("servicesim.server").get_template(template).render(words=words, sheet=_sheet(request, visitor, said), visitor=visitor, **values)
    return HTMLResponse(told, status, {"Cache-Control": "no-store", "Vary": "Cookie, Accept-Language"})


def done(place: str, key: str = "", **values: object) -> RedirectResponse:
    """After a deed: the browser goes on to a page that says what was done, so that loading it again does nothing again."""
    return RedirectResponse(f"{place}{'&' if '?' in place else '?'}{urlencode({'done': key, **values})}" if key else place, 303)


def said_of(request: Request, *keys: str) -> Markup | str:
    """What the deed that led here has done, if it is one of these."""
    key, asked = request.query_params.get("done", ""), request.query_params
    try:
        return words_for(request)(key, **{name: asked[name][:200] for name in asked if name != "done"}) if key in keys else ""
    except KeyError:  # An address that somebody wrote by hand says less than the sentence needs.
        return ""


def paged(request: Request, words: Words, page: int, found: int, *, at_once: int = AT_ONCE) -> Pages:
    """Where the `page`th (from 1) of so many rows stands."""
    last = max(1, -(-found // at_once))
    told = words("page-of", page=words.number(page), pages=words.number(last), rows=words.number(found))
    return Pages(told, _other(request, page - 1) if page > 1 else "", _other(request, page + 1) if page < last else "")


def portion(request: Request, words: Words, page: int, *, goes_on: bool) -> Pages:
    """As `paged`, where nobody counts how many rows there are."""
    told = words("page-number", page=words.number(page))
    return Pages(told, _other(request, page - 1) if page > 1 else "", _other(request, page + 1) if goes_on else "")


def part(rows: Sequence[Row], page: int, *, at_once: int = AT_ONCE) -> Sequence[Row]:
    """The rows of one page."""
    return rows[(page - 1) * at_once : page * at_once]


def _other(request: Request, page: int) -> str:
    asked = [(name, value) for name, value in request.query_params.multi_items() if name not in ("page", "done")]
    return f"{request.url.path}?{urlencode([*asked, ('page', page)])}"


def _sheet(request: Request, visitor: Visitor | None, said: Markup | str) -> Sheet:
    house, path = house_of(request), request.url.path
    name, links = "", tuple[tuple[str, str, bool], ...]()
    if visitor is not None:
        person = house.people.named(visitor.person)
        name = person.name if person else visitor.person
        links = _links(visitor, path)
    query = f"?{request.url.query}" if request.url.query and request.method == "GET" else ""
    here = path if request.method == "GET" else "/"
    return Sheet(house.settings.name, name, visitor.csrf if visitor else "", links, tuple(offered().items()), f"{here}{query}", path, said)


def _links(visitor: Visitor, path: str) -> tuple[tuple[str, str, bool], ...]:
    if visitor.once:
        return ()
    allowed = [(href, key) for href, key, deeds in PLACES if visitor.deeds & set(deeds)]
    home = ("/", "nav-home", path == "/")
    return home, *((href, key, path == href or path.startswith(f"{href}/")) for href, key in allowed)


def choices(values: Mapping[str, str] | Sequence[str]) -> list[tuple[str, str]]:
    """The options of a choice, of what they stand for."""
    return list(values.items()) if isinstance(values, Mapping) else [(value, value) for value in values]
