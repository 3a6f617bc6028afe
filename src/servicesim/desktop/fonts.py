"""The shipped fonts at one size: which file has a character, how wide a run is, how it is drawn."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pygame
import pygame.freetype

from servicesim.desktop.safe_text import FSI, PDI, ZWJ, ZWNJ
from servicesim.shipped import assets

UNDRAWN = frozenset({FSI, PDI, "\n"})
_NEEDS_NO_GLYPH = UNDRAWN | {ZWJ, ZWNJ}
_WIDTHS_KEPT = 8192
_LETTERS_APART, _WORDS_APART = 0.12, 0.16  # parts of the type's height, as WCAG 2 has it in 1.4.12

_FAMILIES = ("Vazirmatn", "NotoSansHebrew")


def font_files(bold: bool) -> tuple[Path, ...]:
    """The font files in the order in which they are asked for a character."""
    weight = "Bold" if bold else "Regular"
    return tuple(assets() / "fonts" / f"{family}-{weight}.ttf" for family in _FAMILIES)


@cache
def _coverage(file: Path) -> dict[str, bool]:
    """What has been learned about a file so far: character -> has a glyph."""
    return {}


class FontStack:
    """Fonts of one size and weight, used together on one baseline."""

    def __init__(self, size: int, bold: bool = False, airy: bool = False) -> None:
        self.size, self.bold, self.airy = size, bold, airy
        self.files = font_files(bold)
        self._fonts: dict[tuple[int, str, bool], pygame.font.Font] = {}
        self._glyphs: dict[int, pygame.freetype.Font] = {}
        self._choices: dict[tuple[str, int], int] = {}
        self._widths: dict[tuple[str, int, str, bool], int] = {}
        self.ascent = max(self.font(file, "Latn", False).get_ascent() for file in range(len(self.files)))
        self.descent = max(-self.font(file, "Latn", False).get_descent() for file in range(len(self.files)))

    @property
    def height(self) -> int:
        """Pixels from the top of the tallest letter to the bottom of the deepest."""
        return self.ascent + self.descent

    def has(self, file: int, character: str) -> bool:
        """Whether the file has a glyph; pygame.font cannot tell, pygame.freetype can."""
        known = _coverage(self.files[file])
        if character not in known:
            known[character] = self._glyph_font(file).get_metrics(character)[0] is not None
        return known[character]

    def missing(self, text: str) -> set[str]:
        """The characters of a text that no font file can draw."""
        return {character for character in set(text) - _NEEDS_NO_GLYPH if self._first_with(character) is None}

    def choose(self, text: str) -> Iterator[int]:
        """For each character the font file that draws it; signs and spaces stay with the letters before them."""
        chosen = 0
        for character in text:
            key = (character, chosen)
            if key not in self._choices:
                self._choices[key] = chosen if character in _NEEDS_NO_GLYPH else self._file_of(character, chosen)
            chosen = self._choices[key]
            yield chosen

    def _file_of(self, character: str, previous: int) -> int:
        if not character.isalpha() and self.has(previous, character):
            return previous
        return self._first_with(character) or 0

    def _first_with(self, character: str) -> int | None:
        return next((file for file in range(len(self.files)) if self.has(file, character)), None)

    def font(self, file: int, script: str, to_left: bool) -> pygame.font.Font:
        """A font of its own for each script and direction: pygame's fonts hold these as state."""
        key = (file, script, to_left)
        if key not in self._fonts:
            font = pygame.font.Font(self.files[file], self.size)
            font.set_script(script)
            font.set_direction(pygame.DIRECTION_RTL if to_left else pygame.DIRECTION_LTR)
            self._fonts[key] = font
        return self._fonts[key]

    def width(self, text: str, file: int, script: str, to_left: bool) -> int:
        """Pixels from one end of a shaped run to the other."""
        key = (text, file, script, to_left)
        if key not in self._widths:
            if len(self._widths) >= _WIDTHS_KEPT:
                self._widths.clear()
            self._widths[key] = self._measured(text, self.font(file, script, to_left), script)
        return self._widths[key]

    def render(self, text: str, file: int, script: str, to_left: bool, colour: pygame.Color) -> pygame.Surface:
        """A shaped run as a picture, as wide as `width` says."""
        font = self.font(file, script, to_left)
        if not self.airy:
            return font.render(text, True, colour)
        picture = pygame.Surface((self.width(text, file, script, to_left), font.get_height()), pygame.SRCALPHA, 32)
        x = 0
        for piece in _pieces(text, script):
            wide = self._advance(piece, font, script)
            if not piece.isspace() and font.size(piece)[0]:
                drawn = font.render(piece, True, colour)
                picture.blit(drawn, (picture.get_width() - x - drawn.get_width() if to_left else x, 0))
            x += wide
        return picture

    def _measured(self, text: str, font: pygame.font.Font, script: str) -> int:
        if not self.airy:
            return font.size(text)[0]
        return sum(self._advance(piece, font, script) for piece in _pieces(text, script))

    def _advance(self, piece: str, font: pygame.font.Font, script: str) -> int:
        """How far the next piece stands from the beginning of this one."""
        if piece.isspace():
            return font.size(piece)[0] + round(self.size * _WORDS_APART) * len(piece)
        return font.size(piece)[0] + (0 if script == "Arab" else round(self.size * _LETTERS_APART))

    def _glyph_font(self, file: int) -> pygame.freetype.Font:
        if file not in self._glyphs:
            pygame.freetype.init()
            self._glyphs[file] = pygame.freetype.Font(str(self.files[file]), self.size)
        return self._glyphs[file]


def _pieces(text: str, script: str) -> Iterator[str]:
    """What is set apart: letters with their marks; in Arabic script whole words, for their letters join."""
    piece = ""
    for character in text:
        joins = not character.isspace() and (script == "Arab" or unicodedata.category(character)[0] in "MC")
        if piece and (character.isspace() != piece[0].isspace() or not (joins or character.isspace())):
            yield piece
            piece = ""
        piece += character
    if piece:
        yield piece
