"""What is found by what is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicesim.desktop.searching import finds, folded


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("coat", "The Coat that stayed away"),
        ("COAT away", "The coat that stayed away"),
        ("istanbul", "İSTANBUL Kargo"),
        ("ISTANBUL", "istanbul"),
        ("ilgi", "Ilık bir ILGI"),
        ("isik", "IŞIK ışık"),
        ("sikayet", "Şikâyet"),
        ("musteri", "MÜŞTERİ"),
        ("ehvalat", "Əhvalat"),
        ("كيف", "کیف"),
        ("کیف", "كيف"),
        ("موسى", "موسی"),
        ("میشود", "می‌شود"),
        ("ارام", "آرام باشید"),
        ("سلام", "سَلامٌ"),
        ("سلام", "ســلام"),
        ("12", "فاکتور ۱۲"),
        ("۱۲", "invoice 12"),
        ("שלומ", "שָׁלוֹם"),
        ("cafe", "Café Adèle"),
        ("moller", "Møller"),
        ("strasse", "Hauptstraße"),
        ("dont", "don’t".replace("’", "")),
        ("don't", "don’t"),
        ("ﬁle", "a file"),
    ],
)
def test_letters_are_found_however_they_are_written(typed: str, text: str) -> None:
    assert finds(typed, text)


def test_every_word_must_stand_somewhere_in_any_of_the_texts() -> None:
    assert finds("leyla phone", "The coat", "Leyla Karimova", "On the phone")
    assert not finds("leyla chat", "The coat", "Leyla Karimova", "On the phone")


def test_a_word_does_not_reach_from_one_text_into_the_next() -> None:
    assert not finds("coatleyla", "coat", "leyla")


def test_nothing_typed_finds_everything() -> None:
    assert finds("", "The coat")
    assert finds("  \u200c ", "The coat")


@given(st.text(max_size=30))
def test_any_text_finds_itself_and_folding_twice_changes_nothing(text: str) -> None:
    assert finds(text, text)
    assert folded(folded(text)) == folded(text)
