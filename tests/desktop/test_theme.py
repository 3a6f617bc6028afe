"""The colours, measured."""

from __future__ import annotations

import pytest

from servicesim.desktop.theme import (
    DARK,
    HIGH_CONTRAST,
    LIGHT,
    MARK_PAIRS,
    RING_PAIRS,
    TEXT_PAIRS,
    Colour,
    Palette,
    contrast,
    pairs,
)

LEAST = [pytest.param(LIGHT, 4.5, 3.0, id="light"), pytest.param(DARK, 4.5, 3.0, id="dark"), pytest.param(HIGH_CONTRAST, 7.0, 4.5, id="high contrast")]


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(Colour("#000000"), Colour("#FFFFFF")) == pytest.approx(21)
    assert contrast(Colour("#777777"), Colour("#FFFFFF")) == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize(("palette", "text", "mark"), LEAST)
def test_every_text_can_be_read_on_every_ground_it_may_stand_on(palette: Palette, text: float, mark: float) -> None:
    assert [pair for pair in pairs(palette, TEXT_PAIRS) if pair[2] < text] == []


@pytest.mark.parametrize(("palette", "text", "mark"), LEAST)
def test_every_border_and_icon_can_be_seen(palette: Palette, text: float, mark: float) -> None:
    assert [pair for pair in pairs(palette, MARK_PAIRS) if pair[2] < mark] == []


@pytest.mark.parametrize(("palette", "text", "mark"), LEAST)
def test_the_ring_can_be_seen_against_both_of_its_sides(palette: Palette, text: float, mark: float) -> None:
    assert [pair for pair in pairs(palette, RING_PAIRS) if pair[2] < 3.0] == []


def test_a_palette_that_is_too_faint_is_found() -> None:
    assert ("ink_soft", "surface", pytest.approx(contrast(LIGHT.ink_soft, LIGHT.surface))) in [pair for pair in pairs(LIGHT, TEXT_PAIRS) if pair[2] < 7.0]
