"""Hostile strings in every place where a text comes out again: each is shown, kept or refused, and runs or steers nothing.

1,000 strings: changes of direction, controls, heaps of marks, formulas, format strings, quotes, halves of characters, joiners,
lines of 100 kB. What comes out is judged by Unicode's own properties, not by the lists that the program cleans with. The negative
controls are a CSV without the sign before formulas, a terminal that is sent what it is given, and a window that draws it.
"""

from __future__ import annotations

import random
import re
import time
from unittest import mock

from benchmarks.reliability_report import Failing, Report
from benchmarks.reliability_text_sinks import SINKS, Faults, Rooms, arguments, paragraph, rooms, spreadsheet
from servicesim.commands import telling
from servicesim.exports import csv as exported

STRINGS = 1_000
FEWEST = 25
LONG = 100_000

_PIECES = (
    "\u202e", "\u202d", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f", "\u061c", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff",
    "\0", "\x07", "\x08", "\x1b[31m", "\x1b]0;owned\x07", "\x1bc", "\x7f", "\x85", "\x9b31m", "\r", "\n", "\r\n", "\t", "\v", "\u2028", "\u2029",
    "=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\uff1d1", "\uff0b1", "\uff20x", "\ufe661", "\u2003=1", "\u3000@x", "\t=1", "'=1", "\"=1",
    "{0.__class__.__mro__}", "{trainee}", "{e.__init__.__globals__}", "%s%n%x", "%(name)s", "${HOME}", "{{7*7}}", "{", "}", "{}", "`id`", "$(id)",
    '"', "'", '""', "\\", "\\u202e", "<script>", "&amp;", "';DROP TABLE attempts;--", ",", ";", "|", "#", ": ", "- ", "---", "*a", "&a", "!!x", "../..",
    "\ud800", "\udcff", "\ud83d", "\udfff", "\ufffe", "\uffff", "\ufdd0", "\U0001fffe", "\U0010ffff", "\ue000", "\ufffd", "\u034f", "\u115f", "\u3164",
    "e\u0301\u0327\u0332\u0333", "Z" + "\u0335" * 40, "\u0301", "ب\u064b\u064c\u064d\u064e", "\ufe0f", "\u20e3", "ﷺ", "\ufdfa", "a\u0345\u0345",
    "\U0001f9d1\u200d\U0001f4bb", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e6\U0001f1ff", "\U0001f44d\U0001f3fd", "\U000e0041", "\u200d" * 9,
    "سلام", "می\u200cخواهم", "שלום", "Əli", "İı", "ß", "48-2291", "٤٨", "x", " ", "\u00a0", "", "null", "~", "yes", "1e9", "-0", "nan",
)  # fmt: skip


def run(scale: float, seed: int) -> Report:
    """Every string to every sink, and the controls with some of them."""
    began = time.perf_counter()
    failing = Failing("text")
    texts = list(failing.first(hostile(random.Random(f"{seed}/{number}")) for number in range(max(FEWEST, round(STRINGS * scale)))))
    with rooms() as there:
        faults = [(text, f"{sink}: {fault}") for sink in SINKS for text, fault in SINKS[sink](there, texts)]
        caught = {control: len(list(wrong(there, texts))) for control, wrong in _CONTROLS.items()}
    for text, fault in faults:
        failing.keep(text, fault)
    return Report(
        "hostile texts",
        f"{len(texts):,} strings x {len(SINKS)} sinks",
        f"{len(faults)} wrong" + "".join(f"; {fault} {text[:30]!a}" for text, fault in faults[:3]),
        "; ".join(f"{control}: caught {count} times" for control, count in caught.items()),
        time.perf_counter() - began,
        not faults and all(caught.values()),
    )


def hostile(draw: random.Random) -> str:
    """A string that somebody might type, paste or write to do harm."""
    pieces = [draw.choice(_PIECES) for _ in range(draw.choice((1, 1, 2, 3, 8)))]
    match draw.randrange(40):
        case 0:
            return _long(draw)
        case 1 | 2:
            return "".join(chr(draw.randrange(draw.choice((0x100, 0x3000, 0x110000)))) for _ in range(draw.randrange(30)))
        case 3:
            return draw.choice(pieces) * draw.randrange(2, 400)
        case _:
            return "".join(pieces)


def _long(draw: random.Random) -> str:
    piece = draw.choice(("a", "ab ", "سلام ", "س", '"', "'", "=1", "{", "\\", "\u200d", "\U0001f9d1\u200d", "e\u0301", "\u202e", "\x1b[31m", "a-", ",", "%s"))
    return piece * (LONG // len(piece))


# --- negative controls -----------------------------------------------------------------------------------------------


def _unprefixed(there: Rooms, texts: list[str]) -> Faults:
    with mock.patch.object(exported, "_FORMULA", re.compile("(?!)")):
        yield from spreadsheet(there, texts)


def _raw_terminal(there: Rooms, texts: list[str]) -> Faults:
    with mock.patch("servicesim.scenario.characters.visible", str), mock.patch.object(telling, "visible", str):
        yield from arguments(there, texts[:15])


def _raw_window(there: Rooms, texts: list[str]) -> Faults:
    with mock.patch("servicesim.desktop.paragraph.safe_text", str):
        yield from paragraph(there, [text for text in texts if len(text) < 1_000][:FEWEST])


_CONTROLS = {"CSV without the sign": _unprefixed, "raw terminal": _raw_terminal, "raw window": _raw_window}
