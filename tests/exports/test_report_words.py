"""The words of the report: the same in five languages, with numbers and days as each of them writes them."""

from __future__ import annotations

import pytest

from servicesim.exports.clock import Clock
from servicesim.exports.report.words import bdi, direction_of, english, words_in
from servicesim.exports.report.words_en import ENGLISH
from servicesim.languages import LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_left_in_english(language: str) -> None:
    words = words_in(language)
    same = {key for key, text in ENGLISH.items() if words.text(key, 2) == text}
    assert language == "en" or same <= {"moment", "between", "spread-hidden", "review-on"}


@pytest.mark.parametrize(("language", "told"), [("en", "1:02.4"), ("tr", "1:02,4"), ("az", "1:02,4"), ("fa", "۱:۰۲٫۴"), ("he", "1:02.4")])
def test_seconds_are_written_as_the_language_writes_them(language: str, told: str) -> None:
    assert words_in(language).seconds(62.4) == told


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
