"""The colours, measured."""

from __future__ import annotations

import pytest

from servicesim.desktop.theme import LIGHT, MARK_PAIRS, TEXT_PAIRS, Colour, contrast, pairs


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(Colour("#000000"), Colour("#FFFFFF")) == pytest.approx(21)
    assert contrast(Colour("#777777"), Colour("#FFFFFF")) == pytest.approx(4.478, abs=0.001)


def test_every_text_can_be_read_on_every_ground_it_may_stand_on() -> None:
    assert [pair for pair in pairs(LIGHT, TEXT_PAIRS) if pair[2] < 4.5] == []


def test_every_border_icon_and_focus_ring_can_be_seen() -> None:
    assert [pair for pair in pairs(LIGHT, MARK_PAIRS) if pair[2] < 3.0] == []
