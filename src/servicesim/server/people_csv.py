"""People from a file of HR's: what would be new, what would change, and what is refused, before anything is kept.

    text = text_of(data)                                # bytes of a CSV file, however it was saved
    plan = planned(text, people.known())                # nothing is kept yet
    apply(plan, people)                                 # each person once, however often it is done
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from servicesim.errors import UsageError
from servicesim.languages import LANGUAGES
from servicesim.records.people import People, Person

COLUMNS = ("id", "name", "team", "language")
NEEDED = ("id", "name")
ENCODINGS = {"windows-1252": "cp1252", "windows-1254": "cp1254", "windows-1255": "cp1255", "windows-1256": "cp1256"}
"""What spreadsheets of the West, Turkey, Israel and Iran save where they do not save UTF-8; nobody can tell them apart but by reading."""
LONGEST = 200  # characters of a name or a team
_ID = re.compile(r"[^\W_][\w.@-]{0,63}")
_FORMULA = "=+-@＝＋－＠"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

Why = Literal[
    "columns", "no-id", "bad-id", "no-name", "control", "formula", "too-long", "bad-language", "twice", "too-many-cells", "broken-quotes",
]  # fmt: skip


class Unreadable(UsageError):
    """A file of which not even the lines can be told apart; `why` is a key of the pages' words."""

    def __init__(self, why: str, **values: str) -> None:
        super().__init__(why)
        self.why, self.values = why, values


@dataclass(frozen=True, slots=True)
class Row:
    """One person as the file has them."""

    line: int
    id: str
    name: str
    team: str
    language: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A line that is not taken, why, and what in it is to blame."""

    line: int
    why: Why
    what: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an import would do."""

    new: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Person]] = field(default_factory=list)
    """With how the person is known now."""
    unchanged: list[Row] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)


def text_of(data: bytes, encoding: str = "") -> str:
    """The characters of a file, in UTF-8 or UTF-16 with its mark; in another of ENCODINGS only where one is named."""
    if not data.strip():
        raise Unreadable("import-empty")
    known = next((name for mark, name in _MARKS if data.startswith(mark)), ENCODINGS.get(encoding, "utf-8"))
    try:
        text = data.decode(known)
    except UnicodeDecodeError:
        raise Unreadable("import-encoding") from None
    if "\x00" in text:
        raise Unreadable("import-no-text")
    return text


def planned(text: str, known: Iterable[Person]) -> Plan:
    """What the file would do to those who are known."""
    people, plan = {person.id: person for person in known}, Plan()
    seen: dict[str, int] = {}
    for one in _rows(text, people):
        if isinstance(one, Refused):
            plan.refused.append(one)
        elif one.id in seen:
            plan.refused.append(Refused(one.line, "twice", str(seen[one.id])))
        else:
            seen[one.id] = one.line
            _sort_in(plan, one, people.get(one.id))
    return plan


def apply(plan: Plan, people: People) -> int:
    """Keep everybody who is new or has changed; how many that were."""
    rows = [*plan.new, *(row for row, _ in plan.changed)]
    for row in rows:
        people.enrol(row.id, row.name, row.team, row.language)
    return len(rows)


def _sort_in(plan: Plan, row: Row, person: Person | None) -> None:
    if person is None:
        plan.new.append(row)
    elif (row.name, row.team, row.language) == (person.name, person.team, person.language):
        plan.unchanged.append(row)
    else:
        plan.changed.append((row, person))


def _rows(text: str, known: Mapping[str, Person]) -> Iterator[Row | Refused]:
    lines = text.removeprefix("\ufeff").splitlines(keepends=True)
    first = 0
    if lines and (named := re.fullmatch(r"sep=(.)\s*", lines[0], re.IGNORECASE)):
        first, separator = 1, named[1]
    else:
        separator = _separator(lines[0] if lines else "")
    reader = csv.reader(lines[first:], delimiter=separator, strict=True)
    columns = _columns(_next(reader) or [])
    while True:
        line = reader.line_num + first + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield Refused(line, "broken-quotes")
            return
        if any(cell.strip() for cell in cells):
            yield _row(line, cells, columns, known)


def _separator(line: str) -> str:
    """The one that stands most often in the line of headings; Excel takes the semicolon wherever the comma is in numbers."""
    return max(",;\t", key=line.count)


def _next(reader: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(reader, None)
    except csv.Error:
        raise Unreadable("import-no-text") from None


def _columns(headings: list[str]) -> list[str]:
    found = [heading.strip().lower() for heading in headings]
    strange = [heading for heading in found if heading not in COLUMNS]
    missing = [heading for heading in NEEDED if heading not in found]
    if missing:
        raise Unreadable("import-columns-missing", columns=", ".join(missing))
    if strange or len(set(found)) < len(found):
        raise Unreadable("import-columns-strange", columns=", ".join(strange or found)[:200])
    return found


def _row(line: int, cells: list[str], columns: list[str], known: Mapping[str, Person]) -> Row | Refused:
    if len(cells) > len(columns) and any(cell.strip() for cell in cells[len(columns) :]):
        return Refused(line, "too-many-cells")
    told = {name: unicodedata.normalize("NFC", cell.strip()) for name, cell in zip(columns, cells, strict=False)}
    amiss = _amiss(told)
    if amiss is not None:
        return Refused(line, *amiss)
    person = known.get(told["id"])
    # A column that the file does not have changes nothing.
    team = told.get("team", person.team if person else "")
    language = told.get("language") or (person.language if person else "en")
    return Row(line, told["id"], told["name"], team, language)


def _amiss(told: Mapping[str, str]) -> tuple[Why, str] | None:
    """The first thing that is wrong with a line."""
    if not told.get("id"):
        return "no-id", ""
    for name, cell in told.items():
        if any(unicodedata.category(sign) in ("Cc", "Cs") or sign in "\u202a\u202b\u202d\u202e\u2066\u2067\u2068\ufeff" for sign in cell):
            return "control", name
        if cell[:1] in tuple(_FORMULA):
            return "formula", name
        if len(cell) > LONGEST:
            return "too-long", name
    if not _ID.fullmatch(told["id"]):
        return "bad-id", told["id"]
    if not told.get("name"):
        return "no-name", told["id"]
    if told.get("language", "") not in ("", *LANGUAGES):
        return "bad-language", told["language"]
    return None
