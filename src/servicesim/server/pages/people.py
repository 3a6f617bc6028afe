"""People: who is known, the page of one of them, and bringing them in from a file of HR's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from markupsafe import Markup

from servicesim.exports.report.words import Words, bdi
from servicesim.languages import LANGUAGES
from servicesim.records.people import Person
from servicesim.server import people_csv
from servicesim.server.house import House, house_of
from servicesim.server.pages.asked import Short
from servicesim.server.pages.attempts import demand_theirs
from servicesim.server.pages.home import PageNumber, rows_of
from servicesim.server.pages.planned import standings_of
from servicesim.server.pages.sheet import AT_ONCE, done, paged, said_of, shown, words_for
from servicesim.server.problems import Problem
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, sending, visiting

router = APIRouter()
MOST_SHOWN = 200
"""Lines of each kind that a preview shows; how many there are, it says of all."""
Importing = Annotated[Visitor, Depends(visiting(Deed.PEOPLE))]
Imports = Annotated[Visitor, Depends(sending(Deed.PEOPLE))]


@router.get("/people", response_class=Response)
def people_page(request: Request, visitor: Annotated[Visitor, Depends(visiting(Deed.RESULTS, Deed.PEOPLE))], name: Short = "", team: Short = "", page: PageNumber = 1) -> Response:
    """Everybody who is known."""
    house, words = house_of(request), words_for(request)
    shown_now, found = _portion(house, name.strip(), team, page)
    counts = house.records.counts_of([one.learner for one in shown_now]).values()
    return shown(
        request, "people.html.j2", visitor, said=said_of(request, "imported"), rows=list(zip(shown_now, map(words.number, counts), strict=True)),
        pages=paged(request, words, page, found), asked={"name": name, "team": team}, teams=house.people.team_names(),
        may_import=visitor.may(Deed.PEOPLE), sees_all=visitor.may(Deed.RESULTS),
    )  # fmt: skip


def _portion(house: House, name: str, team: str, page: int) -> tuple[Sequence[Person], int]:
    """Who stands on this page, and how many there are. Only a part of a name is looked for among everybody."""
    if not name:
        return house.people.some(team=team or None, skip=(page - 1) * AT_ONCE, most=AT_ONCE), house.people.count(team or None)
    return house.people.found(name, team=team or None, skip=(page - 1) * AT_ONCE, most=AT_ONCE)


@router.get("/people/import", response_class=Response)
def import_page(request: Request, visitor: Importing) -> Response:
    """Where a file is chosen."""
    return _choosing(request, visitor, {})


@router.post("/people/import", response_class=Response)
def take_in(
    request: Request, visitor: Imports, file: Annotated[UploadFile | None, File()] = None, encoding: Annotated[str, Form(max_length=20)] = "",
    text: Annotated[str | None, Form()] = None,
) -> Response:  # fmt: skip
    """What a file would do, or, with the text that a preview was made of, doing it.

    What it would do is found anew then: somebody may have been faster.
    """
    house, words = house_of(request), words_for(request)
    try:
        told = people_csv.text_of(file.file.read() if file is not None else b"", encoding) if text is None else text
        plan = people_csv.planned(told, house.people.known())
    except people_csv.Unreadable as unreadable:
        return _choosing(request, visitor, {"file": words(unreadable.why, **unreadable.values)}, encoding)
    if text is None:
        return shown(request, "import_preview.html.j2", visitor, plan=plan, most=MOST_SHOWN, text=told, told=_told(words, plan))
    people_csv.apply(plan, house.people)
    house.organisation.note(visitor.person, "import-people", f"{len(plan.new)} new, {len(plan.changed)} changed", at=house.now())
    return done("/people", "imported", new=words.number(len(plan.new)), changed=words.number(len(plan.changed)))


def _choosing(request: Request, visitor: Visitor, errors: dict[str, Markup], encoding: str = "") -> Response:
    encodings = [("", words_for(request)("encoding-utf-8")), *((one, words_for(request)(f"encoding-{one}")) for one in people_csv.ENCODINGS)]
    return shown(
        request, "import.html.j2", visitor, status=422 if errors else 200, errors=errors, encoding=encoding, encodings=encodings,
        languages=", ".join(LANGUAGES),
    )  # fmt: skip


def _told(words: Words, plan: people_csv.Plan) -> list[tuple[str, list[list[Markup]]]]:
    """The parts of a preview: what would be new, would change, is refused."""
    new = [[_number(words, row.line), bdi(row.id), bdi(row.name), bdi(row.team), bdi(LANGUAGES[row.language])] for row in plan.new[:MOST_SHOWN]]
    changed = [
        [_number(words, row.line), bdi(row.id), _change(words, person.name, row.name), _change(words, person.team, row.team), _change(words, LANGUAGES.get(person.language, person.language), LANGUAGES[row.language])]
        for row, person in plan.changed[:MOST_SHOWN]
    ]  # fmt: skip
    refused = [[_number(words, one.line), words(f"import-{one.why}", what=words.digits(one.what) if one.why == "twice" else one.what)] for one in plan.refused[:MOST_SHOWN]]
    return [("new", new), ("changed", changed), ("refused", refused)]


def _number(words: Words, line: int) -> Markup:
    return Markup(words.number(line))


def _change(words: Words, before: str, after: str) -> Markup:
    return bdi(after) if before == after else words("from-to", before=before or "–", after=after or "–")


@router.get("/people/{learner}", response_class=Response)
def person_page(
    request: Request, learner: str, visitor: Annotated[Visitor, Depends(visiting(Deed.RESULTS, Deed.OWN_RESULTS))], page: PageNumber = 1,
) -> Response:  # fmt: skip
    """One person: where they stand in their programmes, and their attempts."""
    house, words = house_of(request), words_for(request)
    demand_theirs(request, visitor, learner, learner)
    person = house.people.person(learner)
    rows, pages = rows_of(request, house, learner, page)
    if person is None and not rows:
        raise Problem(404, "there is nobody of this id")
    return shown(
        request, "person_page.html.j2", visitor, person=person, facts=_facts(words, house, learner, person), rows=rows, pages=pages,
        standings=standings_of(house, words, person) if person else [], sees_all=visitor.may(Deed.RESULTS), may_code=person is not None and visitor.may(Deed.CODES),
    )  # fmt: skip


def _facts(words: Words, house: House, learner: str, person: Person | None) -> list[tuple[Markup, list[Markup]]]:
    if person is None:
        return [(words("learner"), [bdi(learner)])]
    return [
        (words("company-id"), [bdi(person.id)]),
        (words("team-of"), [bdi(person.team) if person.team else words("no-team")]),
        (words("language"), [bdi(LANGUAGES.get(person.language, person.language))]),
        (words("learner"), [bdi(learner)]),
        (words("nav-desks"), [Markup(words.number(sum(desk.withdrawn is None for desk in house.organisation.desks(learner))))]),
    ]
