"""Handing results over as files, each with a line in the log, and that log."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast, get_args
from zipfile import ZIP_DEFLATED, ZipFile

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import StreamingResponse
from markupsafe import Markup

from servicesim import shipped
from servicesim.exports.clock import clock_of
from servicesim.exports.columns import EVERYTHING, Layout, demand_layout
from servicesim.exports.filters import Filter
from servicesim.exports.handover import Kind, Order, digest_of, write
from servicesim.exports.report.contents import By, contents
from servicesim.exports.report.page import report
from servicesim.exports.report.words import Words, words_in
from servicesim.server.house import House, house_of
from servicesim.server.pages.asked import CLOCK, asking, filter_of
from servicesim.server.pages.home import PageNumber
from servicesim.server.pages.sheet import paged, part, shown, words_for
from servicesim.server.roles import Deed
from servicesim.server.sessions import Visitor, sending, visiting

router = APIRouter()
KINDS: tuple[Kind, ...] = get_args(Kind)
_TYPES = {
    "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/jsonl; charset=utf-8", "xapi": "application/jsonl; charset=utf-8", "zip": "application/zip", "html": "text/html; charset=utf-8",
}  # fmt: skip
_PIECE = 64 * 1024
Short = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was asked for in the form, as it was written."""

    kind: str = "csv"
    columns: str = ""
    times: str = "local"
    person: str = ""
    with_names: bool = False
    with_principles: bool = False
    with_practice: bool = False
    given: dict[str, str] = field(default_factory=lambda: {"encounter": "", "programme": "", "team": "", "since": "", "until": "", "attempts": "all"})


@router.get("/export", response_class=Response)
def export_page(request: Request, visitor: Annotated[Visitor, Depends(visiting(Deed.EXPORT))], page: PageNumber = 1) -> Response:
    """What can be ordered, and the log of what was."""
    return _page(request, visitor, Ordered(), {}, page)


@router.post("/export/file", response_class=Response)
def export_file(
    request: Request, visitor: Annotated[Visitor, Depends(sending(Deed.EXPORT))], kind: Short = "csv", columns: Short = "", times: Short = "local",
    encounter: Short = "", programme: Short = "", team: Short = "", person: Short = "", since: Short = "", until: Short = "", attempts: Short = "all",
    with_names: Short = "", with_principles: Short = "", with_practice: Short = "", by: Short = "team",
) -> Response:  # fmt: skip
    """The file, once it is whole and stands in the log."""
    house, words = house_of(request), words_for(request)
    given = {"encounter": encounter, "programme": programme, "team": team, "since": since, "until": until, "attempts": attempts}
    ordered = Ordered(kind, columns, times, person, bool(with_names), bool(with_principles), bool(with_practice), given)
    wanted, errors = filter_of(house, words, given)
    learner = _learner(house, words, person.strip(), errors)
    if kind == "report":
        return _page(request, visitor, ordered, errors, 1) if errors else _report(request, visitor, wanted, words, "cohort" if by == "cohort" else "team")
    layout = _sense(words, ordered, wanted, errors)
    if errors:
        return _page(request, visitor, ordered, errors, 1)
    whole: Any = {"learner": learner, "with_practice": ordered.with_practice, "passed": layout.passed}
    fitting = Filter(wanted.encounters, team=wanted.team, since=wanted.since, until=wanted.until, attempts=layout.attempts or wanted.attempts, **whole)
    return _handed_over(house, visitor, ordered, layout, fitting)


def mapping_paths() -> dict[str, Path]:
    """The mappings of columns that come with ServiceSim."""
    return {path.stem: path for path in sorted((shipped.assets() / "mappings").glob("*.yaml"))}


def _learner(house: House, words: Words, person: str, errors: dict[str, Markup]) -> str | None:
    known = house.people.named(person) if person else None
    if person and known is None:
        errors["person"] = words("error-unknown-person")
    return known.learner if known else None


def _sense(words: Words, ordered: Ordered, wanted: Filter, errors: dict[str, Markup]) -> Layout:
    """The layout that was asked for; what does not go together comes to the errors."""
    paths = mapping_paths()
    layout = demand_layout(paths[ordered.columns]) if ordered.columns in paths else EVERYTHING
    if ordered.kind not in KINDS:
        errors["kind"] = words("error-choice")
    if ordered.columns and (ordered.columns not in paths or ordered.kind not in ("csv", "xlsx")):
        errors["columns"] = words("error-columns-kind")
    elif ordered.columns and layout.names and not ordered.with_names:
        errors["with_names"] = words("error-columns-names")
    elif ordered.columns and layout.one_encounter and len(wanted.encounters) != 1:
        errors["encounter"] = words("error-one-encounter")
    if ordered.kind == "xapi" and (ordered.with_names or ordered.with_practice):
        errors["kind"] = words("error-xapi")
    if ordered.with_principles and ordered.kind not in ("csv", "xlsx"):
        errors["with_principles"] = words("error-principles")
    return layout


def _handed_over(house: House, visitor: Visitor, ordered: Ordered, layout: Layout, wanted: Filter) -> Response:
    """Written whole, noted in the log, and only then sent: what names people never leaves without its line."""
    kind = cast(Kind, ordered.kind)
    folder = tempfile.TemporaryDirectory(prefix="servicesim-export-", ignore_cleanup_errors=True)
    try:
        order = Order(
            Path(folder.name, f"scores.{kind if kind != 'xapi' else 'xapi.jsonl'}"), kind, wanted, layout, ordered.with_names, ordered.with_principles, clock_of(ordered.times),
        )  # fmt: skip
        files: list[BinaryIO] = [path.open("w+b") for path in order.paths]
        rows = write(order, files, house.records, house.people).rows
        for count, file in zip(rows, files, strict=True):
            _log(house, visitor, kind, wanted, count, digest_of(file), with_names=ordered.with_names)
            file.close()
        path = order.path if len(files) == 1 else _packed(order.paths, Path(folder.name, "scores.zip"))
    except BaseException:
        folder.cleanup()
        raise
    kept = house.now()
    return _sent(folder, path, f"servicesim-{CLOCK.text(kept)[:10]}{''.join(path.suffixes)}", "zip" if path.suffix == ".zip" else kind)


def _log(house: House, visitor: Visitor, kind: str, wanted: Filter, rows: int, sha256: str, *, with_names: bool) -> None:
    at = house.now()
    house.records.log_export(at=at, who=visitor.person, kind=kind, filter=wanted.as_text(), rows=rows, sha256=sha256, with_names=with_names)
    house.organisation.note(visitor.person, "export", sha256[:16], at=at)


def _report(request: Request, visitor: Visitor, wanted: Filter, words: Words, by: By) -> Response:
    """The report of groups, as the command writes it: one file that needs nothing else."""
    house = house_of(request)
    folder = tempfile.TemporaryDirectory(prefix="servicesim-export-", ignore_cleanup_errors=True)
    held = contents(house.records, house.people, wanted, by=by, clock=CLOCK, language=words.language)
    path = Path(folder.name, "report.html")
    with path.open("w+b") as file:
        file.write(report(held, words_in(words.language), at=house.now()).encode())
        _log(house, visitor, "report", wanted, held.whole.values.n, digest_of(file), with_names=False)
    return _sent(folder, path, f"servicesim-report-{CLOCK.text(house.now())[:10]}.html", "html")


def _packed(paths: list[Path], to: Path) -> Path:
    with ZipFile(to, "w", ZIP_DEFLATED) as pack:
        for path in paths:
            pack.write(path, path.name)
    return to


def _sent(folder: tempfile.TemporaryDirectory[str], path: Path, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(os.path.getsize(path))}
    return StreamingResponse(_pieces(folder, path.open("rb")), headers=headers, media_type=_TYPES[kind])


def _pieces(folder: tempfile.TemporaryDirectory[str], file: BinaryIO) -> Iterator[bytes]:
    """Piece by piece; nothing of it stays, whether it was taken or not."""
    try:
        with file:
            while piece := file.read(_PIECE):
                yield piece
    finally:
        folder.cleanup()


def _page(request: Request, visitor: Visitor, ordered: Ordered, errors: dict[str, Markup], page: int) -> Response:
    house, words = house_of(request), words_for(request)
    log = house.records.export_log()[::-1]
    rows = [(words.moment(one.at, CLOCK), words.number(one.rows), one) for one in part(log, page)]
    kinds = [*((kind, words(f"kind-{kind}")) for kind in KINDS), ("report", words("kind-report"))]
    return shown(
        request, "export.html.j2", visitor, status=422 if errors else 200, ordered=ordered, errors=errors, asked=asking(request), kinds=kinds,
        columns=[("", words("columns-all")), *((name, name) for name in mapping_paths())], rows=rows, pages=paged(request, words, page, len(log)),
    )  # fmt: skip
