"""Panels and icons as pictures."""

from __future__ import annotations

import pygame
import pytest
from pygame import Rect, Surface

from servicesim.desktop import icons
from servicesim.desktop.panels import draw_panel
from servicesim.desktop.theme import LIGHT, Colour

WHITE, TEAL = Colour("#FFFFFF"), Colour("#0C6B6B")


@pytest.fixture
def sheet() -> Surface:
    sheet = Surface((200, 120), 0, 32)
    sheet.fill("white")
    return sheet


def shades(sheet: Surface, rect: Rect) -> set[int]:
    return {sheet.get_at((x, y)).g for x in range(rect.left, rect.right) for y in range(rect.top, rect.bottom)}


def test_corners_are_rounded_smoothly_and_sides_are_sharp(sheet: Surface) -> None:
    draw_panel(sheet, Rect(20, 20, 160, 80), fill=TEAL, radius=16)
    assert sheet.get_at((20, 20)) == pygame.Color("white")
    assert len(shades(sheet, Rect(20, 20, 16, 16))) > 4
    assert shades(sheet, Rect(60, 18, 20, 2)) == {255}
    assert shades(sheet, Rect(60, 20, 20, 60)) == {0x6B}


def test_a_shadow_falls_outside_and_fades(sheet: Surface) -> None:
    draw_panel(sheet, Rect(40, 30, 120, 50), fill=WHITE, radius=8, elevation=2, shadow=LIGHT.shadow)
    below = [sheet.get_at((100, y)).g for y in range(80, 100)]
    assert below[0] < 250
    assert below == sorted(below)
    assert below[-1] == 255
    assert sheet.get_at((100, 50)) == pygame.Color("white")


@pytest.mark.parametrize("size", [(1, 1), (3, 40), (40, 3), (12, 12), (0, 10)])
def test_a_panel_may_be_smaller_than_its_corners(sheet: Surface, size: tuple[int, int]) -> None:
    draw_panel(
        sheet, Rect((50, 50), size), fill=TEAL, border=LIGHT.outline, radius=16, elevation=1, shadow=LIGHT.shadow
    )
    assert sheet.get_at((5, 5)) == pygame.Color("white")


def test_every_icon_has_a_picture_of_its_own() -> None:
    pictures = {name: pygame.image.tobytes(icons.icon(name, 24, TEAL), "RGBA") for name in icons.names()}
    assert len(set(pictures.values())) == len(pictures)
    assert all(any(picture) for picture in pictures.values())


def test_what_points_along_the_line_of_reading_is_mirrored_and_a_check_mark_is_not() -> None:
    def picture(name: icons.IconName, mirrored: bool) -> bytes:
        return pygame.image.tobytes(icons.icon(name, 24, TEAL, mirrored), "RGBA")

    assert picture("forward", True) != picture("forward", False)
    assert picture("check", True) == picture("check", False)


@pytest.mark.parametrize("side", [0, -3])
def test_a_window_without_room_for_an_icon_gets_none(side: int) -> None:
    assert icons.icon("check", side, TEAL).get_size() == (0, 0)
