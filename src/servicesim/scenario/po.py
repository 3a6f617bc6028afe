"""Gettext PO files as an encounter needs them to be played: the translation of each key, and where it stands.

Writing them, plural forms and the rest of the format are Babel's (`authoring/translations.py`); this reads a file of three
hundred texts in some milliseconds, and any bytes give entries or findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from servicesim.platform import read_beginning
from servicesim.scenario.authored import Source, sayable
from servicesim.scenario.characters import LINE_BREAK, visible
from servicesim.scenario.findings import Finding

MOST_BYTES = 4 << 20
MOST_FINDINGS = 20

_QUOTED = r'"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
_STRINGS = rf"{_QUOTED}(?:\n{_QUOTED})*"
# One entry in its usual form, or what is kept after the last one.
_QUICK = re.compile(
    rf"(?P<notes>(?:#[^~\n][^\n]*\n)*)(?:msgctxt (?P<key>{_STRINGS})\n)?msgid (?P<text>{_STRINGS})\nmsgstr (?P<said>{_STRINGS})\n+"
    r"|(?:#~?[^\n]*\n)+\n*"
)
_LINE = re.compile(r'(?:(msgctxt|msgid|msgstr)\s+)?"((?:[^"\\]|\\.)*)"\s*')
_PREVIOUS = re.compile(r'(msgctxt|msgid_plural|msgid)?\s*"((?:[^"\\]|\\.)*)"')
_LANGUAGE = re.compile(r"^Language: *(\S+)", re.MULTILINE)
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One text, its translation, and the text that it was translated from, if that was another one."""

    key: str
    text: str
    said: str
    line: int
    """Where the translation stands."""
    fuzzy: bool = False
    previous: str = ""

    @property
    def made_from(self) -> str:
        """The text that was translated."""
        return (self.previous if self.fuzzy else "") or self.text


@dataclass(frozen=True)
class Po:
    """One file: its text, its language if it says so, its entries by their keys, and what is wrong with its form."""

    source: Source
    language: str = ""
    entries: dict[str, Entry] = field(default_factory=dict)

    @property
    def short_language(self) -> str:
        """Its language without a country: fa, where it says fa_IR."""
        return re.split(r"[-_@.]", self.language)[0].lower()

    def finding(self, line: int, message: str, hint: str) -> Finding:
        """L001: something that keeps the file from being read."""
        return Finding("L001", "error", self.source.name, line, 1, sayable(message), sayable(hint))


def read(path: Path) -> Po:
    """The file at this place; that it cannot be read is a finding as well."""
    name = visible(str(path))
    try:
        data = read_beginning(path, MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        return _unusable(name, f"the file cannot be read: {getattr(error, 'strerror', None) or 'its name cannot be used'}")
    if data is None or len(data) > MOST_BYTES:
        return _unusable(name, "this is no file that can be read" if data is None else "the file is larger than 4 MiB")
    return parse(data, name)


def parse(data: bytes | str, name: str = "<text>") -> Po:
    """The same for what is already in memory."""
    try:
        text = data if isinstance(data, str) else data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1 if isinstance(data, bytes) else 1
        return _unusable(name, "this is not UTF-8", "save the file as UTF-8", line)
    po = Po(Source(name, text, None, []))
    language = ""
    for entry in _entries(po):
        if entry.key == "" and entry.text == "":
            found = _LANGUAGE.search(entry.said)
            language = found[1] if found else language
        elif entry.key in po.entries:
            _complain(po, entry.line, f"'{entry.key}' is translated twice", "remove one of the two")
        else:
            po.entries[entry.key] = entry
    return Po(po.source, language, po.entries)


def _unusable(name: str, message: str, hint: str = "check its name and place", line: int = 1) -> Po:
    po = Po(Source(name, "", None, []))
    _complain(po, line, message, hint)
    return po


def _complain(po: Po, line: int, message: str, hint: str) -> None:
    if len(po.source.findings) < MOST_FINDINGS:
        po.source.findings.append(po.finding(line, message, hint))


class _Reading:
    """What was read of one entry so far."""

    def __init__(self) -> None:
        self.parts: dict[str, list[str]] = {}
        self.previous: list[str] = []  # comments that begin with #|
        self.fuzzy = False
        self.line = 0
        self.field = ""

    def entry(self) -> Entry:
        """All of it."""
        key, text, said = ("".join(self.parts.get(field, ())) for field in ("msgctxt", "msgid", "msgstr"))
        return Entry(key, text, said, self.line, self.fuzzy, _previous(self.previous) if self.previous else "")


def _entries(po: Po) -> Iterator[Entry]:
    """The entries of a file: at once where all of it is written as ServiceSim and PO editors write it, else line by line."""
    text = po.source.text.replace("\r\n", "\n")
    at, line = 0, 1
    quick = list[Entry]()
    while at < len(text):
        found = _QUICK.match(text, at)
        if found is None:
            yield from _line_by_line(po)
            return
        if found["key"] is not None or found["text"] is not None:
            quick.append(_entry(found, line + text.count("\n", at, found.start("said"))))
        line += text.count("\n", at, found.end())
        at = found.end()
    yield from quick


def _entry(found: re.Match[str], line: int) -> Entry:
    notes = found["notes"]
    reading = _Reading()
    for note in notes.split("\n") if "#," in notes or "#|" in notes else ():
        _comment(note, reading)
    key, text, said = (_joined(found[name]) for name in ("key", "text", "said"))
    return Entry(key, text, said, line, reading.fuzzy, _previous(reading.previous) if reading.previous else "")


def _joined(quoted: str | None) -> str:
    """A text that may be written as several, one below the other."""
    if quoted is None:
        return ""
    return _unescaped(quoted[1:-1] if "\n" not in quoted else "".join(part.strip()[1:-1] for part in quoted.split("\n")))


def _line_by_line(po: Po) -> Iterator[Entry]:
    reading = _Reading()
    for number, line in enumerate(LINE_BREAK.split(po.source.text), 1):
        line = line.strip()
        if not line or line.startswith("#~"):
            continue
        if _begins(line, reading):
            if "msgstr" in reading.parts:
                yield reading.entry()
            reading = _Reading()
        if line.startswith("#"):
            _comment(line, reading)
        else:
            _string(line, number, reading, po)
    if "msgstr" in reading.parts:
        yield reading.entry()


def _begins(line: str, reading: _Reading) -> bool:
    """Whether this line belongs to the next entry."""
    if line.startswith(("#", "msgctxt")):
        return bool(reading.parts)
    return line.startswith("msgid") and "msgid" in reading.parts


def _comment(line: str, reading: _Reading) -> None:
    if line.startswith("#,"):
        reading.fuzzy = reading.fuzzy or "fuzzy" in line[2:].replace(",", " ").split()
    elif line.startswith("#|"):
        reading.previous.append(line[2:].strip())


def _previous(comments: list[str]) -> str:
    """The text that was translated, from comments of which a long one goes on in the next, broken even within its quotes."""
    text, is_id = list[str](), False
    for keyword, quoted in _PREVIOUS.findall(" ".join(comments)):
        is_id = keyword == "msgid" if keyword else is_id
        if is_id:
            text.append(_unescaped(quoted))
    return "".join(text)


def _string(line: str, number: int, reading: _Reading, po: Po) -> None:
    found = _LINE.fullmatch(line)
    if found is None:
        _complain(po, number, f"this line cannot be read: {line[:60]}", "a text stands in quotes after msgctxt, msgid or msgstr")
        return
    reading.field = found[1] or reading.field
    if found[1] == "msgstr":
        reading.line = number
    if reading.field:
        reading.parts.setdefault(reading.field, []).append(_unescaped(found[2]))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], found[1]), text) if "\\" in text else text
