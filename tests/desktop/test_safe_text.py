"""Nothing that is drawn can steer the layout, hide or pile up."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicesim.desktop.safe_text import FSI, PDI, isolated, safe_text

HOSTILE = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from(
            "a\u0301\u0327\u0655\u200c\u200d\u200e\u202e\u2066\u2067\u2068\u2069\n\r\t\u2028\ufeff\ufffe\ue000\u1161ب"
        ),
    )
)


@pytest.mark.parametrize(
    ("given_text", "drawn"),
    [
        ("I have waited three weeks.\nThree!", "I have waited three weeks.\nThree!"),
        ("Şəhla, «bəli» – 40 ₼", "Şəhla, «bəli» – 40 ₼"),
        ("نمی\u200cدانم", "نمی\u200cدانم"),
        ("cafe\u0301", "café"),
        ("ready\x00\x07\x1b[31m", "ready[31m"),
        ("one\r\ntwo\u2028three\tfour", "one\ntwo\nthree four"),
        ("invoice\u202egnp.exe", "invoicegnp.exe"),
        ("\u2067right\u2069 to left\u200e", "right to left"),
        ("z\u0336\u0337\u0338\u0335\u0334!", "z\u0336\u0337\u0338!"),
        ("z\u0336\u0337\u200d\u0338\u0335!", "z\u0336\u0337\u200d\u0338!"),
        ("a\u200b\u0301 \u00adb\ufeff", "á b"),
        ("\ud800x\ufdd0\uffff\U0001fffe", "x"),
        (f"order {FSI}48{PDI} late{PDI}", f"order {FSI}48{PDI} late"),
        (f"order {FSI}48\nlate", f"order {FSI}48{PDI}\nlate"),
        ("hidden\U000e0041\ufe0f", "hidden"),
    ],
)
def test_what_is_given_and_what_is_drawn(given_text: str, drawn: str) -> None:
    assert safe_text(given_text) == drawn


def test_an_inserted_value_is_closed_in_and_cannot_break_out() -> None:
    assert isolated(f"48{PDI}{PDI}-2291\u202e") == f"{FSI}48-2291{PDI}"
    assert isolated(7) == f"{FSI}7{PDI}"


@given(HOSTILE)
def test_safe_text_is_safe_and_stays_as_it_is(text: str) -> None:
    drawn = safe_text(text)
    assert safe_text(drawn) == drawn
    assert unicodedata.is_normalized("NFC", drawn)
    assert drawn.count(FSI) == drawn.count(PDI)
    assert not {unicodedata.category(character) for character in drawn.replace("\n", "")} & {"Cc", "Cs", "Zl", "Zp"}
