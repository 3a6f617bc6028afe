"""Rounded panels with soft shadows, anti-aliased: nine slices cut from one small picture per kind of panel."""

from __future__ import annotations

import io
from functools import lru_cache

import pygame
from pygame import Rect, Surface

from servicesim.desktop.theme import Colour

Elevation = int  # 0 lies flat, 1 a card, 2 what one may press under the pointer, 3 a dialogue

_SHADOWS = {1: (3, 1, 34), 2: (7, 3, 46), 3: (20, 8, 70)}  # softness, drop (design units), strength 0-255


def rounded(size: tuple[int, int], radius: float, fill: Colour | None, border: Colour | None, width: float) -> Surface:
    """A rounded rectangle as a picture of its own."""
    w, h = size
    inset = width / 2 if border else 0.0
    paint = f'fill="{fill.hex}"' if fill else 'fill="none"'
    stroke = f'stroke="{border.hex}" stroke-width="{width}"' if border else ""
    radius = max(0.0, min(radius, w / 2, h / 2) - inset)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        f'<rect x="{inset}" y="{inset}" width="{w - 2 * inset}" height="{h - 2 * inset}"'
        f' rx="{radius}" ry="{radius}" {paint} {stroke}/></svg>'
    )
    return picture(svg, size)


def picture(svg: str, size: tuple[int, int]) -> Surface:
    """An SVG text drawn at a size, in the byte order that blits fastest; nothing where a window leaves no room for it."""
    if min(size) <= 0:
        return Surface((0, 0), pygame.SRCALPHA, 32)
    drawn = pygame.image.load_sized_svg(io.BytesIO(svg.encode()), size)
    return drawn.convert(_pattern())


@lru_cache(maxsize=1)
def _pattern() -> Surface:
    return Surface((1, 1), pygame.SRCALPHA, 32)


def draw_panel(
    surface: Surface,
    rect: Rect,
    *,
    fill: Colour | None,
    border: Colour | None = None,
    width: int = 1,
    radius: int = 0,
    elevation: Elevation = 0,
    scale: float = 1.0,
    shadow: Colour | None = None,
) -> None:
    """Draw a panel whose edge is `rect`; its shadow falls outside."""
    if rect.w <= 0 or rect.h <= 0:
        return
    radius = min(radius, rect.w // 2, rect.h // 2)
    tile, corner = _tile(radius, fill, border, width), _corner(radius, width)
    if fill and rect.inflate(-2 * corner, -2 * corner).contains(surface.get_clip()):
        surface.fill(tile.get_at((corner, corner)))  # a small part of it is drawn, far from its edges
        return
    if elevation and shadow:
        softness, drop, strength = _SHADOWS[elevation]
        soft, fall = max(1, round(softness * scale)), round(drop * scale)
        fading = _shadow(radius, soft, shadow, strength)
        hidden = fill is not None  # the middle of the shadow, by the panel itself
        _draw_slices(surface, fading, rect.inflate(2 * soft, 2 * soft).move(0, fall), radius + 2 * soft, hollow=hidden)
    _draw_slices(surface, tile, rect, corner, hollow=fill is None)


def _corner(radius: int, width: int) -> int:
    return max(radius, width) + 1


@lru_cache(maxsize=512)
def _tile(radius: int, fill: Colour | None, border: Colour | None, width: int) -> Surface:
    side = 2 * _corner(radius, width) + 1
    return rounded((side, side), radius, fill, border, width)


@lru_cache(maxsize=64)
def _shadow(radius: int, soft: int, colour: Colour, strength: int) -> Surface:
    corner = radius + 2 * soft
    side = 2 * corner + 1
    tile = Surface((side, side), pygame.SRCALPHA, 32)
    tile.fill((*colour.rgb, 0))
    inner = Rect(soft, soft, side - 2 * soft, side - 2 * soft)
    shape = rounded(inner.size, radius, colour, None, 0)
    shape.fill((255, 255, 255, strength), special_flags=pygame.BLEND_RGBA_MULT)
    tile.blit(shape, inner, special_flags=pygame.BLEND_RGBA_MAX)
    return pygame.transform.box_blur(pygame.transform.box_blur(tile, max(1, soft // 2)), max(1, soft // 2))


def _draw_slices(surface: Surface, tile: Surface, rect: Rect, corner: int, *, hollow: bool) -> None:
    """Corners as they are, edges stretched, the middle filled."""
    side = tile.get_width()
    left, top = min(corner, rect.w // 2), min(corner, rect.h // 2)
    right, bottom = min(corner, rect.w - left), min(corner, rect.h - top)
    inner_w, inner_h = rect.w - left - right, rect.h - top - bottom
    far_x, far_y = rect.right - right, rect.bottom - bottom
    surface.blit(tile, rect.topleft, (0, 0, left, top))
    surface.blit(tile, (far_x, rect.y), (side - right, 0, right, top))
    surface.blit(tile, (rect.x, far_y), (0, side - bottom, left, bottom))
    surface.blit(tile, (far_x, far_y), (side - right, side - bottom, right, bottom))
    if inner_w > 0:
        surface.blit(_stretched(tile, (corner, 0, 1, top), (inner_w, top)), (rect.x + left, rect.y))
        surface.blit(_stretched(tile, (corner, side - bottom, 1, bottom), (inner_w, bottom)), (rect.x + left, far_y))
    if inner_h > 0:
        surface.blit(_stretched(tile, (0, corner, left, 1), (left, inner_h)), (rect.x, rect.y + top))
        surface.blit(_stretched(tile, (side - right, corner, right, 1), (right, inner_h)), (far_x, rect.y + top))
    if inner_w > 0 and inner_h > 0 and not hollow:
        _fill_middle(surface, tile.get_at((corner, corner)), Rect(rect.x + left, rect.y + top, inner_w, inner_h))


def _fill_middle(surface: Surface, colour: pygame.Color, rect: Rect) -> None:
    if colour.a == 255:
        surface.fill(colour, rect)
    elif colour.a:
        surface.blit(_sheet((colour.r, colour.g, colour.b, colour.a), rect.size), rect)


@lru_cache(maxsize=512)
def _stretched(tile: Surface, part: tuple[int, int, int, int], size: tuple[int, int]) -> Surface:
    return pygame.transform.scale(tile.subsurface(part), size)


@lru_cache(maxsize=32)
def _sheet(colour: tuple[int, int, int, int], size: tuple[int, int]) -> Surface:
    sheet = Surface(size, pygame.SRCALPHA, 32)
    sheet.fill(colour)
    return sheet
