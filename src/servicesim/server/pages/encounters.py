"""Encounters: what is on offer, publishing a version after seeing what it would change, and retiring one."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from threading import Lock
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from markupsafe import Markup

from servicesim import shipped
from servicesim.errors import FilesHaveFindings, UsageError
from servicesim.exports.report.words import Words, bdi, english
from servicesim.languages import LANGUAGES
from servicesim.scenario.loading import PRINCIPLES_FILE
from servicesim.server.drift import Drift, drift_of
from servicesim.server.house import House, house_of
from servicesim.server.pages.asked import CLOCK
from servicesim.server.pages.sheet import done, said_of, shown, words_for
from servicesim.server.problems import Problem, too_many
from servicesim.server.publishing import Encounter, checked_encounter, publish, retire
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, sending, visiting

router = APIRouter()
PROVED = 10.0
"""Seconds of computing that each proof may take."""
LARGEST = 512 * 1024  # characters of a file
Publishing = Annotated[Visitor, Depends(sending(Deed.PUBLISH))]
_CHECKING = Lock()  # one in each process
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be published: a file of the server's folder by its name, or a text that was sent, with principles of its own if any."""

    there: str = ""
    name: str = ""
    text: str = ""
    principles: str = ""


@router.get("/encounters", response_class=Response)
def encounters_page(request: Request, visitor: Annotated[Visitor, Depends(visiting(Deed.PUBLISH))]) -> Response:
    """What is on offer, and what was."""
    return _page(request, visitor, {})


@router.post("/encounters/check", response_class=Response)
def check(
    request: Request, visitor: Publishing, file: Annotated[UploadFile | None, File()] = None, principles: Annotated[UploadFile | None, File()] = None,
    there: Annotated[str, Form(max_length=100)] = "",
) -> Response:  # fmt: skip
    """What was found in it, and what it would change; nothing is published yet."""
    house, words = house_of(request), words_for(request)
    try:
        draft = _draft(house, file, principles, there)
    except ValueError:
        return _page(request, visitor, {"file": words("publish-error-file")})
    try:
        with _alone(), _lying(house, draft) as paths:
            encounter = checked_encounter(*paths, seconds=PROVED)
            drift = drift_of(house, encounter, seconds=PROVED)
    except (FilesHaveFindings, UsageError) as amiss:
        return shown(request, "publish_refused.html.j2", visitor, status=422, lines=_lines(str(amiss)))
    return shown(request, "publish_confirm.html.j2", visitor, draft=draft, **_told(words, encounter, drift))


@router.post("/encounters/publish", response_class=Response)
def publish_now(
    request: Request, visitor: Publishing, there: Annotated[str, Form(max_length=100)] = "", name: Annotated[str, Form(max_length=100)] = "",
    text: Annotated[str, Form(max_length=LARGEST)] = "", principles: Annotated[str, Form(max_length=LARGEST)] = "",
) -> Response:  # fmt: skip
    """Offer it to desks; it is checked once more, for the form could say anything."""
    house, words = house_of(request), words_for(request)
    draft = Draft(there, name if _NAME.fullmatch(name) else "encounter", text, principles)
    try:
        with _alone(), _lying(house, draft) as paths:
            version = publish(house, checked_encounter(*paths, seconds=PROVED), by=visitor.person)
    except (FilesHaveFindings, UsageError) as amiss:
        return shown(request, "publish_refused.html.j2", visitor, status=422, lines=_lines(str(amiss)))
    house.organisation.note(visitor.person, "publish", f"{version.scenario} {version.version}", at=house.now())
    return done("/encounters", "published", title=version.title, version=words.number(version.version))


@router.post("/encounters/{scenario}/retire", response_class=Response)
def retire_now(request: Request, visitor: Publishing, scenario: str) -> Response:
    """Offer it no more."""
    house = house_of(request)
    version = retire(house, scenario, by=visitor.person)
    house.organisation.note(visitor.person, "retire", f"{version.scenario} {version.version}", at=house.now())
    return done("/encounters", "retired", title=version.title)


def encounter_paths(house: House) -> dict[str, Path]:
    """The files that can be published, by the name of the encounter: those that come with ServiceSim, and the organisation's own."""
    own = house.settings.files
    folders = [shipped.scenarios(), *([own / "scenarios"] if own else ())]
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.yaml")) if path.name != PRINCIPLES_FILE}


def _draft(house: House, file: UploadFile | None, principles: UploadFile | None, there: str) -> Draft:
    """Raises ValueError where nothing was chosen that could be read."""
    sent = _text(file)
    if sent:
        stem = Path((file.filename if file else "") or "").stem
        return Draft("", stem if _NAME.fullmatch(stem) else "encounter", sent, _text(principles))
    if there not in encounter_paths(house):
        raise ValueError(there)
    return Draft(there)


def _text(file: UploadFile | None) -> str:
    """Raises ValueError for what is no UTF-8, or too much."""
    text = file.file.read().decode("utf-8-sig") if file is not None else ""
    if len(text) > LARGEST:
        raise ValueError("too large")
    return text


@contextmanager
def _alone() -> Iterator[None]:
    """Proofs compute for many seconds: were several made at once, all desks would wait for them."""
    if not _CHECKING.acquire(blocking=False):
        raise too_many(ceil(PROVED))
    try:
        yield
    finally:
        _CHECKING.release()


@contextmanager
def _lying(house: House, draft: Draft) -> Iterator[tuple[Path, Path | None]]:
    """The files of a draft, for as long as they are looked at."""
    if draft.there:
        path = encounter_paths(house).get(draft.there)
        if path is None:
            raise Problem(404, "there is no such encounter")
        yield path, None
        return
    with tempfile.TemporaryDirectory(prefix="servicesim-draft-") as folder:
        path, principles = Path(folder, f"{draft.name}.yaml"), Path(folder, PRINCIPLES_FILE)
        path.write_text(draft.text, encoding="utf-8")
        if draft.principles:
            principles.write_text(draft.principles, encoding="utf-8")
        yield path, principles if draft.principles else None


def _lines(told: str) -> list[Markup]:
    """Findings, each without the folder that the file lay in."""
    return [english(re.sub(r"^\S*[/\\](?=[^/\\\s]+\.(yaml|po):)", "", line)) for line in told.splitlines()]


def _told(words: Words, encounter: Encounter, drift: Drift) -> dict[str, Any]:
    counts = [("drift-replayed", drift.replayed), ("drift-would-pass", drift.would_pass.count), ("drift-would-fail", drift.would_fail.count), ("drift-stuck", drift.stuck.count)]
    scenario = encounter.script.scenario
    return {
        "title": bdi(scenario.title, scenario.locale),
        "version": None if drift.version is None else words.number(drift.version),
        "counts": [(key, words.number(count)) for key, count in counts],
        "gone": drift.replies_gone,
        "new": drift.replies_new,
        "examples": [*drift.would_fail.latest, *drift.would_pass.latest, *drift.stuck.latest],
        "languages": _languages(language for language, _ in encounter.scripts),
        "findings": [line for finding in encounter.warnings for line in _lines(str(finding))],
    }


def _page(request: Request, visitor: Visitor, errors: dict[str, Markup]) -> Response:
    house, words = house_of(request), words_for(request)
    versions = [(one, words.number(one.version), _languages(edition.language for edition in one.editions), words.moment(one.at, CLOCK), words.moment(one.retired, CLOCK) if one.retired else "") for one in house.organisation.versions()]
    return shown(
        request, "encounters.html.j2", visitor, status=422 if errors else 200, said=said_of(request, "published", "retired"), errors=errors,
        on_offer=sorted((row for row in versions if row[0].retired is None), key=lambda row: row[0].scenario), before=[row for row in versions if row[0].retired is not None],
        there=list(encounter_paths(house)),
    )  # fmt: skip


def _languages(codes: Iterable[str]) -> Markup:
    return Markup(", ").join(bdi(LANGUAGES.get(code, code), code) for code in codes)
