"""The text that a trainer wrote, as plain data that knows its lines: the only reader of YAML.

Any bytes give a `Source`. What YAML offers beyond fields, lists and texts is refused with a finding.
"""

from __future__ import annotations

import gc
import os
import re
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

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
from servicesim.scenario.authored import START, Mapping, Mark, Sequence, Source, Value, locate, place_of
from servicesim.scenario.characters import LINE_BREAK, described, refuse, refused, visible
from servicesim.scenario.findings import Finding, Place
from servicesim.scenario.plain import TYPED_STARTS, looks_like_yaml11, typed

__all__ = ["CODES", "Mapping", "Sequence", "Source", "Value", "looks_like_yaml11", "parse", "read"]

MAX_BYTES = 1 << 20
MAX_DEPTH = 24
MAX_NODES = 100_000
MAX_SCALAR = 8_000
MAX_FINDINGS = 200

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
PROSE = frozenset(["say", "do", "customer", "why", "title", "summary", "company", "name", "says", "card", "tells", "delighted", "satisfied", "dissatisfied"])


def read(path: Path) -> Source:
    """Read a file: a regular one of at most 1 MiB. That it cannot be read is a finding as well."""
    data = written(path)
    return data if isinstance(data, Source) else parse(data, visible(str(path)))


def written(path: Path) -> bytes | Source:
    """What stands in a file, or a source that says why it cannot be read."""
    name = visible(str(path))
    try:
        data = _bytes(path)
    except (OSError, ValueError) as error:
        return _unusable(name, "F001", f"the file cannot be read: {_why(error)}", "check its name and place")
    if data is None:
        return _unusable(name, "F001", "this is not a file that can be read", "name a scenario file, such as late-parcel.yaml")  # fmt: skip
    return data


def _bytes(path: Path) -> bytes | None:
    """At most one byte more than allowed; None if it is not a regular file. Opening never waits."""
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    descriptor = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        with open(descriptor, "rb", closefd=False) as file:
            return file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)


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


def _unusable(name: str, code: str, message: str, hint: str, place: Place = START) -> Source:
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
    with collector_off():
        root = composer.compose()
    # A tab or a control may be what confused the reader: what it complained about may be gone with them.
    findings = composer.findings if composer.readable or not characters else []
    return Source(name, text, root, [*characters, *findings], composer.marks)


@contextmanager
def collector_off() -> Iterator[None]:
    """Composing makes many objects and no garbage cycles: collecting meanwhile only costs time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class PureParser(yaml.reader.Reader, yaml.scanner.Scanner, yaml.parser.Parser):
    """PyYAML's own reader, for a PyYAML without its C extension: right, but slow."""

    def __init__(self, text: str) -> None:
        yaml.reader.Reader.__init__(self, text)
        yaml.scanner.Scanner.__init__(self)
        yaml.parser.Parser.__init__(self)


_Parser: Callable[[str], Any]
try:
    from yaml._yaml import CParser as _Parser
except ImportError:
    _Parser = PureParser


class _Stop(Exception):
    """Nothing after this point can be understood."""


class _Composer:
    """Turns the events of one text into plain data, without recursion."""

    def __init__(self, text: str, name: str) -> None:
        self.text = text
        self.name = name
        self.findings: list[Finding] = []
        self.marks: list[Mark] = []  # Of all keys and values, in the order in which they were written.
        self.readable = True
        self._usable = True
        self._root: Value = None
        self._last: Any = None
        self._twice: list[tuple[Mapping, str, str]] = []
        self._comments = _commented_lines(text)

    def compose(self) -> Mapping | None:
        """The fields of the text; None if they cannot be used."""
        with suppress(_Stop):
            try:
                self._compose(_Parser(self.text).get_event)
            except yaml.YAMLError as error:
                self._explain(error)
            except _Stop:
                self._usable = False
            self._drop_what_is_written_twice()
            self._check_root()
        return self._root if self._usable and isinstance(self._root, Mapping) else None

    def _compose(self, next_event: Callable[[], Any]) -> None:
        """The hot loop of loading, so it is one: what is rare has methods of its own."""
        scalar, mapping_start, mapping_end = ScalarEvent, MappingStartEvent, MappingEndEvent
        sequence_start, sequence_end = SequenceStartEvent, SequenceEndEvent
        starts, prose, comments, marks = TYPED_STARTS, PROSE, self._comments, self.marks
        outer: list[tuple[Any, Any]] = []
        mapping: Any = None  # What is being filled, if it is a mapping ...
        items: Any = None  # ... and if it is a list.
        key: str | None = None
        value: Any
        for event in iter(next_event, None):
            kind = type(event)
            if kind is scalar:
                marks.append(event.start_mark)
                value = event.value
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                if len(value) > MAX_SCALAR or len(marks) > MAX_NODES:
                    self._refuse_size(event)
                style = event.style
                if style:
                    self._last = event
                    if style == '"':
                        self._check_escapes(event)
                if key is not None:
                    if not style:
                        if comments and key in prose:
                            self._check_cut(event)
                        if value[:1] in starts:
                            value = typed(value)
                    mapping[key] = value
                    key = None
                elif mapping is not None:
                    key = value
                    if value in mapping or value == "<<" or not value:
                        key = self._unusual_key(event, mapping)
                else:
                    if not style and value[:1] in starts:
                        value = typed(value)
                    if items is not None:
                        items.append(value)
                    else:
                        self._root = value
            elif kind is mapping_end or kind is sequence_end:
                mapping, items = outer.pop()
            elif kind is mapping_start or kind is sequence_start:
                marks.append(event.start_mark)
                if event.anchor is not None or event.tag is not None:
                    self._refuse_properties(event)
                if len(outer) >= MAX_DEPTH or len(marks) > MAX_NODES:
                    self._refuse_size(event)
                value = Mapping() if kind is mapping_start else Sequence()
                if key is not None:
                    mapping[key] = value
                    key = None
                elif items is not None:
                    items.append(value)
                elif mapping is not None:
                    self._refuse_key(event)
                else:
                    self._root = value
                outer.append((mapping, items))
                mapping, items = (value, None) if kind is mapping_start else (None, value)
            elif kind is AliasEvent:
                marks.append(event.start_mark)
                self._refuse_alias(event)
                if key is not None:
                    mapping[key] = None
                    key = None
                elif items is not None:
                    items.append(None)
                elif mapping is not None:
                    key = self._key_again(f"*{event.anchor}", mapping)
            elif kind is DocumentStartEvent:
                self._check_document(event)

    def _find(self, code: str, mark: Mark, message: str, hint: str) -> None:
        place = place_of(mark)
        self.findings.append(Finding(code, "error", self.name, place.line, place.column, message, hint))
        if len(self.findings) >= MAX_FINDINGS:
            raise _Stop

    def _refuse_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._find("F010", event.start_mark, f"'&{event.anchor}' is an anchor", "delete it, or put a text that begins with '&' in quotes")  # fmt: skip
        if event.tag is not None:
            self._find("F011", event.start_mark, "a text that begins with '!' is a tag here", "delete the tag, or put the text in quotes")  # fmt: skip

    def _refuse_alias(self, event: Any) -> None:
        self._usable = False
        self._find("F010", event.start_mark, f"'*{event.anchor}' repeats something from elsewhere", "write it out, or put a text that begins with '*' in quotes")  # fmt: skip

    def _refuse_size(self, event: Any) -> None:
        mark = event.start_mark
        if len(self.marks) > MAX_NODES:
            self._find("F018", mark, f"the file holds more than {MAX_NODES:,} values", "split it into several encounters")  # fmt: skip
            raise _Stop
        if isinstance(event, ScalarEvent):
            self._find("F019", mark, f"this text has {len(event.value):,} characters, at most {MAX_SCALAR:,} are possible", "shorten it")  # fmt: skip
            return
        self._find("F017", mark, f"this is nested more than {MAX_DEPTH} deep", "no scenario needs that: put a text with brackets or dashes in quotes")  # fmt: skip
        raise _Stop

    def _unusual_key(self, event: Any, mapping: Mapping) -> str:
        """The key under which a value is kept for now, when its own is none or taken."""
        key: str = event.value
        if key == "<<" and not event.style:
            self._usable = False
            self._find("F014", event.start_mark, "'<<' would mix in fields from elsewhere", "write the fields out")
        elif not key:
            self._find("F016", event.start_mark, "a key is missing here", "write a key before the colon")
        return self._key_again(key, mapping)

    def _key_again(self, key: str, mapping: Mapping) -> str:
        if key not in mapping:
            return key
        if len(self._twice) == MAX_FINDINGS:
            raise _Stop
        again = f"{key}\0{len(self._twice)}"
        self._twice.append((mapping, key, again))
        return again

    def _drop_what_is_written_twice(self) -> None:
        """Of fields with the same key the first stays. Only now is it known where that one stands."""
        if not self._twice or not isinstance(self._root, Mapping | Sequence):
            return
        locate(self._root, self.marks)
        for mapping, key, again in self._twice:
            if again in mapping:
                first, second = mapping.places[key][0].line, mapping.places[again][0]
                del mapping[again]
                if key not in ("", "<<"):
                    self._find("F012", second, f"the key {_shown(key)} is written twice, first in line {first + 1}", "keep one of them")  # fmt: skip

    def _refuse_key(self, event: Any) -> None:
        self._find("F016", event.start_mark, "a list or a group of fields cannot be a key", "put a text that begins with a bracket in quotes")  # fmt: skip
        raise _Stop

    def _check_document(self, event: Any) -> None:
        if self.marks:
            self._find("F015", event.start_mark, "a second document begins here", "keep one encounter in a file and delete '---'")  # fmt: skip
            raise _Stop
        if event.version or event.tags:
            self._find("F013", event.start_mark, "a line that begins with '%' is a directive", "delete the line")

    def _check_root(self) -> None:
        if isinstance(self._root, Mapping) or not self.readable or not self._usable:
            return
        what = "is a list" if isinstance(self._root, Sequence) else "is one text" if self._root is not None else "is empty"  # fmt: skip
        self.findings.append(Finding("F009", "error", self.name, 1, 1, f"the file {what}", "begin it with 'servicesim: 1' and write each field on a line of its own"))  # fmt: skip

    def _check_escapes(self, event: Any) -> None:
        character = refused(event.value)
        if character:
            code, what, hint = described(character)
            self._find(code, event.start_mark, f"a backslash in this text makes {what}", hint)

    def _check_cut(self, event: Any) -> None:
        end = event.end_mark
        line = self._comments.get(end.line)
        if line is not None and event.value and _COMMENT.match(line, end.column):
            self._find("F020", end, "this ' #' ends the text: what follows is a comment", "put the text in quotes, or move the comment to a line of its own")  # fmt: skip

    def _explain(self, error: yaml.YAMLError) -> None:
        self.readable = self._usable = False
        mark = getattr(error, "problem_mark", None)
        began = getattr(error, "context_mark", None)
        quoted = self._last and (self._last.start_mark, self._last.end_mark)
        complaint = syntax.Complaint(
            str(getattr(error, "problem", None) or ""),
            place_of(mark),
            place_of(began) if began else None,
            (place_of(quoted[0]), place_of(quoted[1])) if quoted else None,
        )
        told = syntax.explain(complaint, LINE_BREAK.split(self.text))
        self.findings.append(
            Finding(told.code, "error", self.name, told.place.line, told.place.column, told.message, told.hint)
        )


def _shown(text: str) -> str:
    """A piece of the file as a message may hold it: short, and nothing in it invisible."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


_COMMENT = re.compile(" +#")


def _commented_lines(text: str) -> dict[int, str]:
    """The lines, counted from 0, where a comment might follow something."""
    if " #" not in text:
        return {}
    return {number: line for number, line in enumerate(LINE_BREAK.split(text)) if " #" in line}
