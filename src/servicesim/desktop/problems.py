"""What is wrong with a frame, measured: labels cut, texts over each other, too little contrast, outside of the window."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from pygame import Rect

from servicesim.desktop.frame import Drawn, Frame
from servicesim.desktop.theme import contrast

TEXT_CONTRAST = 4.5  # WCAG 2, AA; the lower limit for large type is not used
MARK_CONTRAST = 3.0
_SLACK = 1  # pixels by which rounding may be off


def problems(frame: Frame, *, text: float = TEXT_CONTRAST, mark: float = MARK_CONTRAST) -> list[str]:
    """Each defect of a frame as a sentence; an empty list for a good one. `text` and `mark`: the least contrast."""
    texts = [drawn for drawn in frame.of("text") if drawn.text.strip() and _seen(drawn)]
    return [
        *_cut(texts),
        *_outside([*texts, *(icon for icon in frame.of("icon") if _seen(icon))], Rect((0, 0), frame.size)),
        *_overlapping(texts),
        *_faint(texts, text),
        *_faint([icon for icon in frame.of("icon") if _seen(icon)], mark),
    ]


def _seen(drawn: Drawn) -> bool:
    return drawn.visible.w > 0 and drawn.visible.h > 0


def _within(rect: Rect, room: Rect) -> bool:
    return room.inflate(2 * _SLACK, 2 * _SLACK).contains(rect)


def _cut(texts: list[Drawn]) -> Iterator[str]:
    for text in texts:
        if text.box and not _within(text.rect, text.box):
            yield f"{text.text!r} is larger than its room: {_span(text.rect)} in {_span(text.box)}"
        if text.clip and not _within(text.rect, _reach(text, text.clip)):
            yield f"{text.text!r} is cut: {_span(text.rect)} shown through {_span(text.clip)}"
        if text.torn:
            yield f"{text.text!r} is broken inside of a word: {_span(text.rect)}"


def _reach(text: Drawn, clip: Rect) -> Rect:
    """A scrolling area may cut at its upper and lower edge: the rest is reached by scrolling."""
    return Rect(clip.x, text.rect.y, clip.w, text.rect.h) if text.scrolled else clip


def _outside(drawn: list[Drawn], window: Rect) -> Iterator[str]:
    for thing in drawn:
        if not _within(thing.visible, window):
            yield f"{thing.text!r} is outside of the window: {_span(thing.rect)} of {_span(window)}"


def _overlapping(texts: list[Drawn]) -> Iterator[str]:
    for one, other in combinations(texts, 2):
        shared = one.visible.clip(other.visible)
        if one.layer == other.layer and shared.w > 2 * _SLACK and shared.h > 2 * _SLACK:
            yield f"{one.text!r} and {other.text!r} overlap by {shared.w}x{shared.h}"


def _faint(drawn: list[Drawn], least: float) -> Iterator[str]:
    for thing in drawn:
        if thing.ink and thing.ground and contrast(thing.ink, thing.ground) < least:
            ratio = contrast(thing.ink, thing.ground)
            yield f"{thing.text!r} is faint: {thing.ink.hex} on {thing.ground.hex} is {ratio:.2f}, under {least}"


def _span(rect: Rect) -> str:
    return f"{rect.w}x{rect.h} at {rect.x},{rect.y}"
