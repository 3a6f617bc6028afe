"""The line of a finding is shown so that the caret stands under the place, whatever the line holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicesim.authoring.excerpt import cells, excerpt


def shown(line: str, column: int, width: int = 60, encoding: str = "utf-8") -> tuple[str, str]:
    """The excerpt, and what stands under the caret if every character takes the cells that a terminal gives it."""
    found = excerpt(line, column, width, encoding)
    return found.before + found.at + found.after, " " * found.caret + "^"


def test_a_short_line_is_shown_as_it_stands() -> None:
    assert shown("        acts: [inforn]", 16) == ("        acts: [inforn]", "               ^")


def test_a_place_after_the_end_of_a_line_has_its_caret_there() -> None:
    assert shown("say: [a", 8) == ("say: [a", "       ^")


def test_a_long_line_is_cut_around_the_place() -> None:
    line = "a" * 300 + "X" + "b" * 300
    text, caret = shown(line, 301, width=40)
    assert (len(text), text[0], text[-1], text[len(caret) - 1]) == (40, "…", "…", "X")
    assert shown(line, 1, width=10) == ("a" * 8 + "…", "^")
    assert shown(line, 601, width=10) == ("…" + "b" * 8, "        ^")


def test_wide_characters_take_two_cells_and_marks_none() -> None:
    assert shown("say: 日本 fund", 9) == ("say: 日本 fund", " " * 10 + "^")
    assert shown("say: e\u0301 fund", 9) == ("say: e\u0301 fund", " " * 7 + "^")
    assert shown("say: می\u200cخواهم fund", 15) == ("say: می\u200cخواهم fund", " " * 13 + "^")


@pytest.mark.parametrize(("hidden", "code"), [("\u202e", "\\u202e"), ("\t", "\\t"), ("\x07", "\\x07"), ("\u200b", "\\u200b"), ("\ufeff", "\\ufeff"), ("\ud800", "\\ud800")])
def test_what_cannot_be_seen_is_shown_by_its_code(hidden: str, code: str) -> None:
    assert shown(f"a: {hidden}b", 5) == (f"a: {code}b", " " * (3 + len(code)) + "^")


def test_what_the_output_cannot_hold_is_shown_by_its_code_and_the_caret_knows() -> None:
    assert shown("say: é fund", 8, encoding="ascii") == ("say: \\xe9 fund", " " * 10 + "^")
    assert shown("x" * 80, 80, width=20, encoding="ascii")[0].startswith("...")


def test_a_line_of_a_mebibyte_is_cut_at_once() -> None:
    text, _ = shown("日" * 1_000_000, 500_000, width=50)
    assert cells(text) <= 50


@given(st.text(max_size=120), st.integers(1, 130), st.integers(30, 100))
def test_no_excerpt_is_wider_than_asked_or_loses_its_place(line: str, column: int, width: int) -> None:
    found = excerpt(line, column, width)
    assert cells(found.before + found.at + found.after) <= width
    assert found.caret <= width
    assert bool(found.at) == (column <= len(line))
