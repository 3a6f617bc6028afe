"""UAX #9 against Unicode's own cases; the whole file when SERVICESIM_UNICODE=whole, else every tenth."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from servicesim.desktop.bidi import base_direction, resolve, visual_order

CASES = Path(__file__).parent.parent / "data" / "unicode" / "BidiCharacterTest.txt.gz"
STRIDE = 1 if os.environ.get("SERVICESIM_UNICODE") == "whole" else 10
BASES = {"0": 0, "1": 1, "2": None}


def cases() -> Iterator[tuple[str, int | None, str, list[str], list[int]]]:
    with gzip.open(CASES, "rt", encoding="utf-8") as lines:
        for line in islice((line for line in lines if line.strip() and not line.startswith("#")), 0, None, STRIDE):
            codes, direction, base, levels, order = line.strip().split(";")
            text = "".join(chr(int(code, 16)) for code in codes.split())
            yield text, BASES[direction], base, levels.split(), [int(index) for index in order.split()]


def test_levels_and_order_are_those_of_unicode() -> None:
    played = 0
    for text, base, expected_base, expected_levels, expected_order in cases():
        resolved = resolve(text, base)
        levels = resolved.line(0, len(text))
        shown = [str(level) if wanted != "x" else "x" for level, wanted in zip(levels, expected_levels, strict=True)]
        order = [index for index in visual_order(levels) if expected_levels[index] != "x"]
        assert (text, str(resolved.base), shown, order) == (text, expected_base, expected_levels, expected_order)
        played += 1
    assert played == {1: 91_707, 10: 9_171}[STRIDE]


def test_plain_english_is_not_reordered() -> None:
    resolved = resolve("Order 48-2291 (late)", None)
    assert (resolved.base, set(resolved.levels)) == (0, {0})


def test_english_in_a_persian_page_still_takes_the_page_as_base() -> None:
    assert resolve("Hello!", 1).levels == [2, 2, 2, 2, 2, 1]


def test_a_line_that_ends_in_spaces_lets_them_run_with_the_base() -> None:
    resolved = resolve("سلام abc  ", 1)
    assert resolved.line(5, 10) == [2, 2, 2, 1, 1]


def test_the_base_is_that_of_the_first_letter_outside_isolates() -> None:
    assert [base_direction(text) for text in ("48", "a ب", "ب a", "\u2068a\u2069 ب")] == [None, 0, 1, 1]
