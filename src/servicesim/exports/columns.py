"""Which columns a file has: all of ours, or those that a company's own system wants.

A mapping is a YAML file that names the columns in order, each with where its cells come from and how they are written:

    servicesim: 1
    title: Moodle grade import
    rows: {attempts: best, one-encounter: true}
    columns:
      - {heading: ID number, from: person}
      - {heading: Grade, from: conduct, number: "0.00"}
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from servicesim.errors import FilesHaveFindings
from servicesim.exports.clock import PATTERN
from servicesim.exports.filters import WHICH, Which
from servicesim.exports.rows import COLUMNS, PRINCIPLE_COLUMNS, Column, Kind
from servicesim.scenario import source as source_files
from servicesim.scenario.authored import Steps
from servicesim.scenario.findings import Finding, in_order
from servicesim.scenario.source import Source

CODES: dict[str, str] = {
    "M001": "A field that does not exist",
    "M002": "A field that is missing",
    "M003": "Something else is expected here",
    "M004": "A column that does not exist",
    "M005": "A way of writing that does not fit the column",
    "M006": "A heading twice",
}

NUMBERS = {f"0{point}{'0' * places}": (point, places) for point in ".," for places in range(1, 5)} | {"0": (".", 0)}
"""How a number can be written: its decimal sign, and how many decimals."""

_PLACES = {column.name: place for place, column in enumerate(COLUMNS)}
_FIELDS = ("servicesim", "title", "rows", "columns")
_ROWS = ("attempts", "passed", "one-encounter")
_WAYS = ("number", "date", "words")


@dataclass(frozen=True, slots=True)
class Field:
    """One column of a file: its heading, where its cells come from, and how they are written.

    `place` is the cell of our row, and `name` our name for it; None where every cell is `always`.
    """

    heading: str
    kind: Kind = "text"
    place: int | None = None
    name: str = ""
    always: str = ""
    number: str = ""
    date: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    names: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file, and which rows it wants."""

    fields: tuple[Field, ...]
    attempts: Which | None = None
    passed: bool | None = None
    one_encounter: bool = False

    @property
    def names(self) -> list[str]:
        """The headings of columns that tell who somebody is."""
        return [field.heading for field in self.fields if field.names]


def plain(columns: Iterable[Column]) -> Layout:
    """All these columns as they are."""
    return Layout(tuple(Field(column.name, column.kind, place, column.name, names=column.names) for place, column in enumerate(columns)))


EVERYTHING = plain(COLUMNS)
PRINCIPLES = plain(PRINCIPLE_COLUMNS)


def demand_layout(path: Path) -> Layout:
    """The layout in a mapping file; raises FilesHaveFindings with all that is wrong."""
    layout, found = load_layout(source_files.read(path))
    if layout is None:
        more = f"what a code means, and an example mended: servicesim explain {found[0].code}"
        raise FilesHaveFindings("\n".join([*map(str, found[:20]), more]))
    return layout


def load_layout(source: Source) -> tuple[Layout | None, list[Finding]]:
    """The layout that a mapping describes, and what is wrong with it."""
    reader = _Reader(source)
    layout = reader.layout() if source.root is not None else None
    found = in_order([*source.findings, *reader.findings])
    return (None if found else layout), found


class _Reader:
    """Takes one mapping apart, and notes what is wrong."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.findings: list[Finding] = []

    def layout(self) -> Layout:
        root: dict[str, Any] = dict(self.source.root or {})
        self._known(root, (), _FIELDS)
        if root.get("servicesim") != 1 or isinstance(root.get("servicesim"), bool):
            self._find("M002", ("servicesim",), "the version of the format is missing", "begin the file with 'servicesim: 1'")
        rows = self._mapping(root.get("rows", {}), ("rows",), _ROWS)
        return Layout(
            self._fields(root),
            attempts=self._one_of(rows, "attempts", WHICH),
            passed=self._flag(rows, "passed"),
            one_encounter=bool(self._flag(rows, "one-encounter")),
        )

    def _fields(self, root: dict[str, Any]) -> tuple[Field, ...]:
        written = root.get("columns")
        if not isinstance(written, list) or not written:
            self._find("M002", ("columns",), "a mapping needs a list of columns", "write 'columns:' and below it a line '- from: attempt' for each")
            return ()
        fields = tuple(self._field(one, ("columns", number)) for number, one in enumerate(written))
        for number, one in enumerate(fields):
            if one.heading in [other.heading for other in fields[:number]]:
                self._find("M006", ("columns", number), f"there are two columns with the heading '{one.heading}'", "give one of them another heading")
        return fields

    def _field(self, written: object, path: Steps) -> Field:
        told = self._mapping(written, path, ("heading", "from", "always", *_WAYS))
        if ("from" in told) == ("always" in told):
            self._find("M002", path, "a column needs either 'from' or 'always'", "write 'from: conduct' for a column of ours, 'always: text' for the same in every row")
            return Field("")
        if "always" in told:
            self._fits(told, path, ())
            return Field(self._text(told, "heading", path), always=self._text(told, "always", path))
        name = self._text(told, "from", path)
        if name not in _PLACES:
            near = get_close_matches(name, _PLACES, n=1)
            self._find("M004", (*path, "from"), f"there is no column '{name}'", f"did you mean '{near[0]}'?" if near else f"possible are: {', '.join(_PLACES)}")
            return Field(str(told.get("heading", "")))
        return self._mapped(told, COLUMNS[_PLACES[name]], path)

    def _mapped(self, told: dict[str, Any], column: Column, path: Steps) -> Field:
        self._fits(told, path, {"number": ("number",), "time": ("date",), "offset": (), "id": ()}.get(column.kind, ("words",)))
        return Field(
            heading=self._text(told, "heading", path) if "heading" in told else column.name,
            kind=column.kind,
            place=_PLACES[column.name],
            name=column.name,
            number=self._pattern(told, "number", path, NUMBERS.__contains__, "write it as \"0\", \"0.00\" or \"0,00\""),
            date=self._pattern(told, "date", path, _is_date, "use YYYY MM DD hh mm ss ZZ, with other signs between them"),
            words=self._words(told, path),
            names=column.names,
        )

    def _fits(self, told: dict[str, Any], path: Steps, possible: tuple[str, ...]) -> None:
        for way in _WAYS:
            if way in told and way not in possible:
                hint = f"possible here: {', '.join(possible)}" if possible else "remove it"
                self._find("M005", (*path, way), f"'{way}' does not fit this column", hint)

    def _pattern(self, told: dict[str, Any], name: str, path: Steps, right: Callable[[str], object], hint: str) -> str:
        text = self._text(told, name, path) if name in told else ""
        if text and not right(text):
            self._find("M005", (*path, name), f"'{text}' is no way to write this", hint)
        return text

    def _words(self, told: dict[str, Any], path: Steps) -> dict[str, str]:
        if "words" not in told:
            return {}
        words = self._mapping(told["words"], (*path, "words"), None)
        return {word: self._text(words, word, (*path, "words")) for word in words}

    def _mapping(self, written: object, path: Steps, known: tuple[str, ...] | None) -> dict[str, Any]:
        if not isinstance(written, dict):
            self._find("M003", path, "fields are expected here, each with a colon", "write it as {from: conduct}" if path[0] == "columns" else "")
            return {}
        if known is not None:
            self._known(written, path, known)
        return written

    def _known(self, written: dict[str, Any], path: Steps, known: tuple[str, ...]) -> None:
        for name in written:
            if name not in known:
                near = get_close_matches(name, known, n=1)
                hint = f"did you mean '{near[0]}'?" if near else f"possible are: {', '.join(known)}"
                self._find("M001", (*path, name), f"there is no field '{name}' here", hint, key=True)

    def _text(self, told: dict[str, Any], name: str, path: Steps) -> str:
        text = told.get(name)
        if name not in told:
            self._find("M002", path, f"the field '{name}' is missing", f"add '{name}:' here")
        elif not isinstance(text, str):
            self._find("M003", (*path, name), f"'{name}' wants a text", "put it in quotes")
        return text if isinstance(text, str) else ""

    def _flag(self, told: dict[str, Any], name: str) -> bool | None:
        value = told.get(name)
        if name in told and not isinstance(value, bool):
            self._find("M003", ("rows", name), f"'{name}' is true or false", "write true or false")
        return value if isinstance(value, bool) else None

    def _one_of(self, told: dict[str, Any], name: str, possible: tuple[Which, ...]) -> Which | None:
        value = told.get(name)
        if name in told and value not in possible:
            self._find("M003", ("rows", name), f"'{value}' is not possible for '{name}'", f"possible are: {', '.join(possible)}")
        return next((one for one in possible if one == value), None)

    def _find(self, code: str, path: Steps, message: str, hint: str, *, key: bool = False) -> None:
        self.findings.append(self.source.finding(code, path, message, hint, key=key))


def _is_date(text: str) -> bool:
    return PATTERN.fullmatch(text.replace("T", " ")) is not None
