"""The words of the interface."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from servicesim.desktop import screens
from servicesim.desktop.wording import direction_of, reads, words_in
from servicesim.desktop.wording_en import ENGLISH
from servicesim.errors import StoreFull
from servicesim.languages import LANGUAGES


def test_every_word_that_a_screen_asks_for_is_there() -> None:
    asked = set()
    for path in Path(screens.__path__[0]).glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _is_words(call.func) and isinstance(call.args[0], ast.Constant):
                asked.add(call.args[0].value)
    assert len(asked) > 50
    assert asked - set(ENGLISH) == set()


def _is_words(function: ast.expr) -> bool:
    return (isinstance(function, ast.Name) and function.id == "words") or (
        isinstance(function, ast.Attribute) and function.attr == "words"
    )


def test_no_word_is_there_for_nothing() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in Path(screens.__path__[0]).parent.rglob("*.py") if "wording_" not in path.name)
    made = tuple(re.findall(r"""f["']([a-z-]+-)\{""", text))
    unused = [key for key in ENGLISH if f'"{key}"' not in text and f"'{key}'" not in text and not key.startswith(made)]
    assert not unused, unused


def test_numbers_take_the_digits_of_the_language_and_values_are_isolated() -> None:
    assert words_in("en")("pass-mark", points=75) == "Pass mark \u206875\u2069"
    assert words_in("fa")("pass-mark", points=75) == "حد قبولی \u2068۷۵\u2069"
    assert words_in("fa").clock(83.2) == "۱:۲۳"


def test_a_value_with_braces_is_not_read_again() -> None:
    assert words_in("en")("quoted", text="{text}{points}") == "“\u2068{text}{points}\u2069”"


def test_failures_are_sentences_in_the_language_of_the_page() -> None:
    full = StoreFull("no room is left")
    assert words_in("en").failure(full) == "No room is left."
    assert words_in("fa").failure(full).startswith("دیسک پر است")


def test_an_unknown_language_is_spoken_to_in_english() -> None:
    assert words_in("tlh").language == "en"
    assert words_in("fa-IR").language == "fa"


def test_directions_follow_the_language_and_the_first_strong_letter() -> None:
    assert (direction_of("fa-IR"), direction_of("he"), direction_of("de")) == ("rtl", "rtl", "ltr")
    assert (reads("«\u2068سلام\u2069»"), reads("12 days"), reads("…")) == ("rtl", "ltr", "ltr")


def test_on_the_telephone_nobody_is_said_to_ring_for_we_may_be_the_ones_who_do() -> None:
    told = {language: [words_in(language)(key, customer="Leyla") for key in ("briefing-calls-phone", "line-rings", "line-answer")] for language in LANGUAGES}
    assert told["en"] == ["On the line: \u2068Leyla\u2069", "ringing", "Begin the call"]
    assert [words[0].endswith(": \u2068Leyla\u2069") for words in told.values()] == [True] * 5
    assert {words[1] for words in told.values()}.isdisjoint({"calling", "arıyor", "zəng edir", "زنگ می‌زند"})
    assert {words[2] for words in told.values()}.isdisjoint({"Take the call", "Telefonu aç", "Zəngi qəbul edin", "پاسخ به تلفن", "לענות לשיחה"})
