"""What may be drawn: no authored or typed text can steer the layout, hide characters or pile up marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

FSI, PDI = "\u2068", "\u2069"
ZWNJ, ZWJ = "\u200c", "\u200d"
MARKS_IN_A_ROW = 3

_JOINERS = frozenset({ZWNJ, ZWJ})
_ISOLATES = frozenset({FSI, PDI})
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_PLAIN = re.compile(r"[ -~\n]*")
_VARIATION_SELECTORS = (range(0xFE00, 0xFE10), range(0x180B, 0x1810), range(0xE0100, 0xE01F0))


def isolated(value: object) -> str:
    """A value to insert into a sentence (a name, a number) so that it cannot reorder what stands around it."""
    text = safe_text(str(value)).replace(FSI, "").replace(PDI, "")
    return f"{FSI}{text}{PDI}"


@lru_cache(maxsize=1024)
def safe_text(text: str) -> str:
    """The text in NFC without controls, noncharacters and bidi controls but our own closed isolates; newlines stay."""
    if _PLAIN.fullmatch(text):
        return text
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ").split("\n")
    return "\n".join(_safe_line(line) for line in lines)


def _safe_line(line: str) -> str:
    # NFC comes after the removals: what stood between a letter and its mark must not keep them apart.
    kept = unicodedata.normalize("NFC", "".join(character for character in line if _may_stay(character)))
    return _balanced(_few_marks(kept))


def _may_stay(character: str) -> bool:
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Zl", "Zp"):
        return False
    if category == "Cf":
        # The few visible format characters, such as the Arabic number sign, count as Arabic numbers.
        return character in _JOINERS or character in _ISOLATES or unicodedata.bidirectional(character) == "AN"
    code = ord(character)
    if any(code in selectors for selectors in _VARIATION_SELECTORS):
        return False
    return not (code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF)


def _few_marks(line: str) -> str:
    kept, marks = [], 0
    for character in line:
        # A joiner between two marks is no new letter: it must not reset the count.
        if unicodedata.category(character).startswith("M"):
            marks += 1
        elif character not in _JOINERS:
            marks = 0
        if marks <= MARKS_IN_A_ROW or character in _JOINERS:
            kept.append(character)
    return "".join(kept)


def _balanced(line: str) -> str:
    """Isolates that close where they open: a stray closer is dropped, an open one is closed at the line's end."""
    kept, opened = [], 0
    for character in line:
        if character == PDI and not opened:
            continue
        opened += (character == FSI) - (character == PDI)
        kept.append(character)
    return "".join(kept) + PDI * opened
