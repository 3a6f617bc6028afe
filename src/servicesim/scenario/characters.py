"""Characters that a scenario file may not hold: each can hide something or show it as something else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from servicesim.scenario.findings import Finding

LINE_BREAK = re.compile("\r\n|\n|\r")
MAX_FINDINGS = 200
MAX_CHARACTERS = 20_000

_DIRECTIONS = {
    0x061C: "ALM",
    0x200E: "LRM",
    0x200F: "RLM",
    0x202A: "LRE",
    0x202B: "RLE",
    0x202C: "PDF",
    0x202D: "LRO",
    0x202E: "RLO",
    0x2066: "LRI",
    0x2067: "RLI",
    0x2068: "FSI",
    0x2069: "PDI",
}
# The last two code points of each of the 17 planes, and 32 in the Arabic block, are noncharacters.
_NONCHARACTERS = "".join(rf"\U{plane << 16 | 0xFFFE:08X}-\U{plane << 16 | 0xFFFF:08X}" for plane in range(17))
_REFUSED_SET = (
    r"\x00-\x09\x0B\x0C\x0E-\x1F\x7F-\x9F"
    r"\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFEFF\uD800-\uDFFF\uFDD0-\uFDEF" + _NONCHARACTERS
)
_REFUSED = re.compile(rf"[{_REFUSED_SET}]")
_REFUSED_IN_FILES = re.compile(rf"[{_REFUSED_SET}]|\r(?!\n)")
_ODD_SPACES = re.compile("[\t\x85\u2028\u2029]")
_LONE_RETURN_SIGN = re.compile(r"\r(?!\n)")
_REFUSED_IN_TEXTS = re.compile(rf"[{_REFUSED_SET}\r]")
_GOOD_ASCII = bytes([0x0A, 0x0D, *range(0x20, 0x7F)])


@dataclass(frozen=True, slots=True)
class _Kind:
    code: str
    what: str
    hint: str


_TAB = _Kind("F005", "a tab", "use spaces instead")
_DIRECTION = _Kind("F006", "an invisible character that turns the direction of text", "delete it: ServiceSim finds the direction of each text by itself")  # fmt: skip
_BREAK = _Kind("F007", "a line break that some programs do not see", "delete it and press Enter instead")
_LONE_RETURN = _Kind("F007", "a line break of old computers (carriage return only)", "save the file with the line ends of Windows or Unix")  # fmt: skip
_BOM = _Kind("F004", "a byte order mark in the middle of the file", "delete it: it came with text pasted from another file")  # fmt: skip
_SURROGATE = _Kind("F004", "half a character", "delete it and type the character again")
_CONTROL = _Kind("F004", "an invisible control character", "delete it")
_NONCHARACTER = _Kind("F004", "a code that is no character", "delete it")


def _kind(character: str) -> _Kind:
    number = ord(character)
    if number in _DIRECTIONS:
        return _DIRECTION
    if number in (0x85, 0x2028, 0x2029):
        return _BREAK
    known = {0x09: _TAB, 0x0D: _LONE_RETURN, 0xFEFF: _BOM}.get(number)
    if known:
        return known
    if 0xD800 <= number <= 0xDFFF:
        return _SURROGATE
    return _CONTROL if number < 0xA0 else _NONCHARACTER


def _named(character: str) -> str:
    number = ord(character)
    name = _DIRECTIONS.get(number)
    return f"U+{number:04X} {name}" if name else f"U+{number:04X}"


class Refusals(NamedTuple):
    """The findings about the characters of a text, and the text with harmless ones in their stead, of the same length."""

    findings: list[Finding]
    text: str


def refused(text: str) -> str:
    """The first character that no text may hold, however it was written; empty if there is none."""
    found = _REFUSED_IN_TEXTS.search(text)
    return found[0] if found else ""


def visible(text: str) -> str:
    """A text as it may be printed: what could hide something in a terminal, or steer it, is shown by its code."""
    return _REFUSED_IN_TEXTS.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def described(character: str) -> tuple[str, str, str]:
    """Code, name and way out of a refused character."""
    kind = _kind(character)
    return kind.code, f"{kind.what} ({_named(character)})", kind.hint


def refuse(text: str, name: str) -> Refusals:
    """Find what may not stand in a file called `name`: one finding for each kind in each line."""
    if _harmless(text):
        return Refusals([], text)
    readable = _LONE_RETURN_SIGN.sub("\n", _ODD_SPACES.sub(" ", text))
    return Refusals(list(_findings(text, name)), _REFUSED.sub("\ufffd", readable))


def _harmless(text: str) -> bool:
    """The quick answer for nearly all files: take out what is good in plain English, look at the rest."""
    rest = text.encode("utf-8", "surrogatepass").translate(None, _GOOD_ASCII).decode("utf-8", "surrogatepass")
    return not _REFUSED_IN_TEXTS.search(rest) and ("\r" not in text or text.count("\r") == text.count("\r\n"))


def _findings(text: str, name: str) -> Iterator[Finding]:
    seen = set[tuple[int, str]]()
    line, start, at = 1, 0, 0
    for number, found in enumerate(_REFUSED_IN_FILES.finditer(text)):
        for line_break in LINE_BREAK.finditer(text, at, found.start()):
            line, start = line + 1, line_break.end()
        at = found.start()
        kind = _kind(found[0])
        if len(seen) == MAX_FINDINGS or number == MAX_CHARACTERS:
            yield Finding(kind.code, "error", name, line, 1, "from here on more such characters follow", kind.hint)
            return
        if (line, kind.what) in seen:
            continue
        seen.add((line, kind.what))
        yield _finding(found[0], name, line, at - start + 1)


def _finding(character: str, name: str, line: int, column: int) -> Finding:
    code, what, hint = described(character)
    return Finding(code, "error", name, line, column, f"{what} cannot stand here", hint)
