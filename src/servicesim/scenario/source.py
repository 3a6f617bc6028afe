"""The text that a trainer wrote, as plain data that knows its lines: the only reader of YAML.

Any bytes give a `Source`. What YAML offers beyond fields, lists and texts is refused with a finding.
"""

from __future__ import annotations

import gc
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from servicesim.scenario import syntax
from servicesim.scenario.characters import LINE_BREAK, described, refuse, refused
from servicesim.scenario.findings import Finding, Place, Severity

MAX_BYTES = 1 << 20
MAX_DEPTH = 24
MAX_NODES = 100_000
MAX_SCALAR = 8_000
MAX_FINDINGS = 1_000

CODES: dict[str, str] = {
    "F001": "The file cannot be read",
    "F002": "The file is too large",
    "F003": "The file is not UTF-8",
    "F004": "A character that cannot be used",
    "F005": "A tab",
    "F006": "A hidden change of direction",
    "F007": "A hidden line break",
    "F009": "The file holds no fields",
    "F010": "An anchor or alias",
    "F011": "A tag",
    "F012": "A key is written twice",
    "F013": "A directive",
    "F014": "A merge key",
    "F015": "A second document",
    "F016": "A key that is no plain word",
    "F017": "Nested too deep",
    "F018": "Too many values",
    "F019": "A text that is too long",
    "F020": "A comment cuts a text",
    **syntax.CODES,
}

# Their values are read by people, so that a text cut short by ` #` would go unnoticed.
PROSE = frozenset({"say", "do", "customer", "why", "title", "summary", "company", "name", "says", "card"})


class Mapping(dict[str, "Value"]):
    """An authored mapping; `places` holds where each key and each value begins."""

    __slots__ = ("places",)
    places: dict[str, tuple[Any, Any]]


class Sequence(list["Value"]):
    """An authored list; `places` holds where each value begins."""

    __slots__ = ("places",)
    places: list[Any]


Value: TypeAlias = bool | int | float | str | Mapping | Sequence | None
Steps: TypeAlias = tuple[str | int, ...]

_START = Place(1, 1)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(?:\.[0-9]{1,17})?")
_TYPED_STARTS = frozenset(["", *"-0123456789tfn"])
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "": None}
_YAML11 = re.compile(
    r"""(?ix)
      y | yes | n | no | true | false | on | off            # truth values
    | ~ | null | = | <<                                     # nothing, and two signs with a meaning
    | [-+]? 0b [01_]+ | [-+]? 0x [0-9a-f_]+ | [-+]? 0o? [0-7_]+
    | [-+]? [0-9][0-9_]* (?: :[0-9]{1,2} )* (?: \.[0-9_]* )? (?: e[-+]?[0-9]+ )?
    | [-+]? \.[0-9_]+ (?: e[-+]?[0-9]+ )?
    | [-+]? \.inf | \.nan
    | [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} (?: (?: t | [ ]+ ) [0-9]{1,2}:[0-9]{2}:[0-9]{2} .* )?
    """
)


def looks_like_yaml11(text: str) -> bool:
    """Whether other YAML readers would take this unquoted text for something else: `no`, `12:30`, `010`, a day."""
    return not text or _YAML11.fullmatch(text) is not None


@dataclass(frozen=True)
class Source:
    """One file: its text, its fields (`root`; None if it cannot be used at all), and what is wrong with its form."""

    name: str
    text: str
    root: Mapping | None
    findings: list[Finding] = field(default_factory=list)

    @cached_property
    def _lines(self) -> list[str]:
        return LINE_BREAK.split(self.text)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; empty if there is none."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def place(self, path: Steps) -> Place:
        """Where the value at `path` begins, or else the nearest thing around it that was written."""
        return self._marks(path)[1]

    def key_place(self, path: Steps) -> Place:
        """Where the key of the value at `path` begins; in a list, the value itself."""
        return self._marks(path)[0]

    def _marks(self, path: Steps) -> tuple[Place, Place]:
        key = value = None
        node: Value = self.root
        for step in path:
            if isinstance(node, Mapping) and step in node:
                key, value = node.places[str(step)]
                node = node[str(step)]
            elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node):
                key = value = node.places[step]
                node = node[step]
        return _place(key), _place(value)

    def was_plain(self, path: Steps) -> bool:
        """Whether the value at `path` was written without quotes and not as a block."""
        place = self.place(path)
        return self.line(place.line)[place.column - 1 : place.column] not in ("'", '"', "|", ">")

    def finding(
        self, code: str, path: Steps, message: str, hint: str = "", severity: Severity = "error", key: bool = False
    ) -> Finding:
        """A finding about the value at `path`, or about its key."""
        place = self.key_place(path) if key else self.place(path)
        return Finding(code, severity, self.name, place.line, place.column, message, hint)


def _place(mark: Any) -> Place:
    return Place(mark.line + 1, mark.column + 1) if mark is not None else _START


def read(path: Path) -> Source:
    """Read a file: a regular one of at most 1 MiB. That it cannot be read is a finding as well."""
    name = str(path).encode("utf-8", "backslashreplace").decode("utf-8")
    try:
        data = _bytes(path)
    except (OSError, ValueError) as error:
        return _unusable(name, "F001", f"the file cannot be read: {_why(error)}", "check its name and place")
    if data is None:
        return _unusable(name, "F001", "this is not a file that can be read", "name a scenario file, such as late-parcel.yaml")  # fmt: skip
    return parse(data, name)


def _bytes(path: Path) -> bytes | None:
    """At most one byte more than allowed; None if it is not a regular file. Opening never waits."""
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        return file.read(MAX_BYTES + 1)


def _why(error: OSError | ValueError) -> str:
    match error:
        case FileNotFoundError():
            return "there is no such file"
        case IsADirectoryError():
            return "it is a folder"
        case PermissionError():
            return "you have no right to read it"
        case OSError(strerror=str() as words):
            return words
    return "its name cannot be used"


def _unusable(name: str, code: str, message: str, hint: str, place: Place = _START) -> Source:
    finding = Finding(code, "error", name, place.line, place.column, message, hint)
    return Source(name, "", None, [finding])


def parse(data: bytes | str, name: str = "<text>") -> Source:
    """The same for what is already in memory."""
    size = len(data) if isinstance(data, bytes) else len(data.encode("utf-8", "surrogatepass"))
    if size > MAX_BYTES:
        return _unusable(name, "F002", "the file is larger than 1 MiB", "split it into several encounters")
    if isinstance(data, str):
        return _parse_text(data.removeprefix("\ufeff"), name)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or (b"\0" in data[:4] and data.count(b"\0") * 3 >= len(data)):
        return _unusable(name, "F003", "the file is saved as UTF-16", "save it as UTF-8")
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        return _parse_text(data.decode("utf-8"), name)
    except UnicodeDecodeError as error:
        return _not_utf8(data, error.start, name)


def _not_utf8(data: bytes, start: int, name: str) -> Source:
    lines = LINE_BREAK.split(data[:start].decode("utf-8"))
    place = Place(len(lines), len(lines[-1]) + 1)
    return _unusable(name, "F003", f"the byte {data[start]:02X} here is not UTF-8", "save the file as UTF-8", place)


def _parse_text(text: str, name: str) -> Source:
    characters, readable = refuse(text, name)
    composer = _Composer(readable, name)
    with _garbage_kept():
        root = composer.compose()
    findings = composer.findings
    if characters and not composer.readable:
        findings = []  # A tab or control may be what confused the reader.
    return Source(name, text, root, [*characters, *findings])


@contextmanager
def _garbage_kept() -> Iterator[None]:
    """Composing makes many objects and no garbage cycles: collecting meanwhile only costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


try:
    from yaml._yaml import CParser as _Parser
except ImportError:  # PyYAML without its C extension: right, but slow

    class _Parser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):  # type: ignore[no-redef]
        def __init__(self, text: str) -> None:
            yaml.reader.Reader.__init__(self, text)
            yaml.scanner.Scanner.__init__(self)
            yaml.parser.Parser.__init__(self)


class _Stop(Exception):
    """Nothing after this point can be understood."""


class _Composer:
    """Turns the events of one text into plain data, without recursion."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.findings: list[Finding] = []
        self.readable = True
        self.usable = True
        self._comments = _commented_lines(text)

    def compose(self) -> Mapping | None:
        """The fields of the text; None if they cannot be used."""
        try:
            root = self._root(_Parser(self.text).get_event)
        except _Stop:
            return None
        except yaml.YAMLError as error:
            self.readable = False
            self._explain(error)
            return None
        return root if self.usable else None

    def _root(self, next_event: Callable[[], Any]) -> Mapping | None:
        root = self._composed(next_event)
        if isinstance(root, Mapping):
            return root
        self._find("F009", None, "the file holds no fields", "begin it with 'servicesim: 1' and give each field a line of its own")  # fmt: skip
        return None

    def _composed(self, next_event: Callable[[], Any]) -> Value:
        """The hot loop of loading, so it is one: what is rare has methods of its own."""
        scalar, mapping_start, mapping_end = ScalarEvent, MappingStartEvent, MappingEndEvent
        sequence_start, sequence_end = SequenceStartEvent, SequenceEndEvent
        typed_starts, prose, comments = _TYPED_STARTS, PROSE, self._comments
        root: Value = None
        outer: list[tuple[Mapping | None, Any, Any]] = []
        mapping: Mapping | None = None  # What is being filled, if it is a mapping ...
        items: Any = None  # ... if it is a list ...
        places: Any = None  # ... and where its parts stand.
        key: str | None = None
        key_mark: Any = None
        value: Any
        nodes = 0
        for event in iter(next_event, None):
            kind = type(event)
            if kind is scalar:
                nodes += 1
                value = event.value
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                if len(value) > MAX_SCALAR or nodes > MAX_NODES:
                    self._refuse_size(event, nodes)
                style = event.style
                if style == '"':
                    self._check_escapes(event)
                if mapping is not None and key is None:
                    key, key_mark = value, event.start_mark
                    if value in mapping or value == "<<" or not value:
                        key_mark = self._unusual_key(event, mapping)
                    continue
                if not style:
                    if comments and key in prose:
                        self._check_cut(event)
                    if value[:1] in typed_starts:
                        value = _typed(value)
            elif kind is mapping_end or kind is sequence_end:
                mapping, items, places = outer.pop()
                continue
            elif kind is mapping_start or kind is sequence_start:
                nodes += 1
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                if len(outer) >= MAX_DEPTH or nodes > MAX_NODES:
                    self._refuse_size(event, nodes, len(outer) + 1)
                value = Mapping() if kind is mapping_start else Sequence()
                value.places = {} if kind is mapping_start else []
            elif kind is AliasEvent:
                self._refuse_alias(event)
                value = None
                if mapping is not None and key is None:
                    key, key_mark = f"*{event.anchor}", event.start_mark
                    continue
            else:
                if kind is DocumentStartEvent:
                    self._check_document(event, nodes)
                continue
            # A value is complete or begins: put it where it belongs.
            if key is not None and mapping is not None:
                mapping[key] = value
                places[key] = key_mark, event.start_mark
                key = None
            elif items is not None:
                items.append(value)
                places.append(event.start_mark)
            elif mapping is not None:
                self._refuse_key(event)
            else:
                root = value
            if kind is mapping_start:
                outer.append((mapping, items, places))
                mapping, items, places = value, None, value.places
            elif kind is sequence_start:
                outer.append((mapping, items, places))
                mapping, items, places = None, value, value.places
        return root

    def _find(self, code: str, mark: Any, message: str, hint: str) -> None:
        place = _place(mark)
        self.findings.append(Finding(code, "error", self.name, place.line, place.column, message, hint))
        if len(self.findings) >= MAX_FINDINGS:
            raise _Stop

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._find("F010", event.start_mark, f"'&{event.anchor}' is an anchor", "delete it, or put a text that begins with '&' in quotes")  # fmt: skip
        if event.tag is not None:
            self._find("F011", event.start_mark, "a text that begins with '!' is a tag here", "delete the tag, or put the text in quotes")  # fmt: skip

    def _refuse_alias(self, event: Any) -> None:
        self.usable = False
        self._find("F010", event.start_mark, f"'*{event.anchor}' repeats something from elsewhere", "write it out, or put a text that begins with '*' in quotes")  # fmt: skip

    def _refuse_size(self, event: Any, nodes: int, depth: int = 0) -> None:
        if nodes > MAX_NODES:
            self._find("F018", event.start_mark, f"the file holds more than {MAX_NODES:,} values", "split it into several encounters")  # fmt: skip
            raise _Stop
        if depth > MAX_DEPTH:
            self._find("F017", event.start_mark, f"this is nested more than {MAX_DEPTH} deep", "no scenario needs that: put a text with brackets or dashes in quotes")  # fmt: skip
            raise _Stop
        self._find("F019", event.start_mark, f"this text has {len(event.value):,} characters, at most {MAX_SCALAR:,} are possible", "shorten it")  # fmt: skip

    def _unusual_key(self, event: Any, mapping: Mapping) -> Any:
        """Where the key counts as standing: for one that is written twice, where it stands first."""
        key, mark = event.value, event.start_mark
        if key == "<<" and not event.style:
            self.usable = False
            self._find("F014", mark, "'<<' would mix in fields from elsewhere", "write the fields out")
        elif not key:
            self._find("F016", mark, "a key is missing here", "write a key before the colon")
        if key not in mapping:
            return mark
        first = mapping.places[key][0]
        self._find("F012", mark, f"the key {_shown(key)} is written twice, first in line {first.line + 1}", "keep one of them")  # fmt: skip
        return first

    def _refuse_key(self, event: Any) -> None:
        self._find("F016", event.start_mark, "a list or a group of fields cannot be a key", "put a text that begins with a bracket in quotes")  # fmt: skip
        raise _Stop

    def _check_document(self, event: Any, nodes: int) -> None:
        if nodes:
            self._find("F015", event.start_mark, "a second document begins here", "keep one encounter in a file and delete '---'")  # fmt: skip
            raise _Stop
        if event.version or event.tags:
            self._find("F013", event.start_mark, "a line that begins with '%' is a directive", "delete the line")

    def _check_escapes(self, event: Any) -> None:
        character = refused(event.value)
        if character:
            code, what, hint = described(character)
            self._find(code, event.start_mark, f"a backslash in this text makes {what}", hint)

    def _check_cut(self, event: Any) -> None:
        end = event.end_mark
        if end.line in self._comments and _COMMENT.match(self._comments[end.line], end.column):
            self._find("F020", end, "this ' #' ends the text: what follows is a comment", "put the text in quotes, or move the comment to a line of its own")  # fmt: skip

    def _explain(self, error: yaml.YAMLError) -> None:
        mark = getattr(error, "problem_mark", None)
        began = getattr(error, "context_mark", None)
        problem = str(getattr(error, "problem", None) or "")
        complaint = syntax.Complaint(problem, _place(mark), _place(began) if began else None)
        told = syntax.explain(complaint, LINE_BREAK.split(self.text))
        self.findings.append(
            Finding(told.code, "error", self.name, told.place.line, told.place.column, told.message, told.hint)
        )


def _typed(text: str) -> bool | int | float | str | None:
    """The value of an unquoted text: only these are more than text."""
    if text in _WORDS:
        return _WORDS[text]
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _shown(text: str) -> str:
    """A piece of the file as a message may hold it: short, and nothing in it invisible."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


_COMMENT = re.compile(" +#")


def _commented_lines(text: str) -> dict[int, str]:
    """The lines, counted from 0, where a comment might follow something."""
    if " #" not in text:
        return {}
    return {number: line for number, line in enumerate(LINE_BREAK.split(text)) if " #" in line}
