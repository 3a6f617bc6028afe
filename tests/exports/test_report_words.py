"""The words of the report: the same in five languages, with numbers and days as each of them writes them."""

from __future__ import annotations

import re
from datetime import date

import pytest

from servicesim.commands.report import LANGUAGES as OFFERED
from servicesim.exports.clock import Clock
from servicesim.exports.report.words import LANGUAGES, TABLES, bdi, direction_of, english, words_in

BRACES = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_words_with_the_same_values(language: str) -> None:
    assert list(TABLES[language]) == list(TABLES["en"])
    for key, text in TABLES[language].items():
        assert sorted(set(BRACES.findall(text))) == sorted(set(BRACES.findall(TABLES["en"][key]))), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_empty_or_in_english(language: str) -> None:
    same = {key for key, text in TABLES[language].items() if text == TABLES["en"][key]}
    allowed = {"moment", "between", "spread-hidden", "review-on"}
    assert all(text.strip() for text in TABLES[language].values())
    assert language == "en" or same <= allowed


def test_the_command_offers_these_languages() -> None:
    assert OFFERED == LANGUAGES


@pytest.mark.parametrize(
    ("language", "number", "percent", "day", "seconds"),
    [
        ("en", "1,234.5", "62%", "5 January 2026", "1:02.4"),
        ("tr", "1.234,5", "%62", "5 Ocak 2026", "1:02,4"),
        ("az", "1.234,5", "62%", "5 yanvar 2026", "1:02,4"),
        ("fa", "۱٬۲۳۴٫۵", "۶۲٪", "۵ ژانویهٔ ۲۰۲۶", "۱:۰۲٫۴"),
        ("he", "1,234.5", "62%", "5 בינואר 2026", "1:02.4"),
    ],
)
def test_numbers_and_days_are_written_as_the_language_writes_them(
    language: str, number: str, percent: str, day: str, seconds: str
) -> None:
    words = words_in(language)
    told = words.number(1234.5, 1), words.percent(0.618), words.date(date(2026, 1, 5)), words.seconds(62.4)
    assert told == (number, percent, day, seconds)


def test_weeks_months_and_moments_have_names() -> None:
    words = words_in("fa")
    assert (words.week("2026-W02"), words.week("2026-W02", short=True)) == ("۵ ژانویهٔ ۲۰۲۶", "۵ ژانویه")
    assert words.month("2026-10") == "اکتبر ۲۰۲۶"
    assert words.moment(1_767_617_999_000, Clock()) == "۵ ژانویهٔ ۲۰۲۶، ۱۲:۵۹"
    assert words_in("he").week("2026-W02", short=True) == "5 בינו׳"


@pytest.mark.parametrize(("value", "told"), [(3.6, "+4"), (-3.6, "−4"), (0.4, "0"), (-0.4, "0")])
def test_differences_bear_their_sign(value: float, told: str) -> None:
    assert words_in("en").signed(value) == told


def test_two_languages_are_read_from_the_right() -> None:
    assert {language for language in LANGUAGES if words_in(language).direction == "rtl"} == {"fa", "he"}
    assert [direction_of(locale) for locale in ("fa-IR", "en", "ckb", "xx", "qqq-zz")] == ["rtl", "ltr", "rtl", "auto", "auto"]


def test_values_are_escaped_and_stand_apart() -> None:
    words = words_in("en")
    assert words("filter-team", team="<b>") == "team <bdi>&lt;b&gt;</bdi>"
    assert words("filter-team", team=english("A & B")) == 'team <bdi lang="en" dir="ltr">A &amp; B</bdi>'
    assert words.plain("filter-team", team="<b>\u202e") == "team \u2068<b>\u2069"
    assert bdi("a\u202eb\x00", 'x" onclick="y') == '<bdi lang="x&#34; onclick=&#34;y">ab</bdi>'
