"""Titles that are read the other way than the page stand beside the face of their customer."""

from __future__ import annotations

from pathlib import Path

from desktop.seat import LATE_PARCEL, PERSIAN, Seat, seated


def _gap(seat: Seat, title: str) -> int:
    """How far a title in the list stands from the face beside it."""
    card = next(node for node in seat.stage.nodes.walk() if node.role == "option" and node.name == title)
    x, y, wide, tall = card.rect
    drawn = [one.rect for one in seat.stage.frame.of("text") if one.text == title and x <= one.rect.x < x + wide and y <= one.rect.y < y + tall]
    ((left, right),) = [(rect.left - x, x + wide - rect.right) for rect in drawn]
    return right if seat.way.words.direction == "rtl" else left


def test_every_title_begins_at_the_same_distance_from_the_edge_whichever_way_it_is_read(tmp_path: Path) -> None:
    for language in ("fa", "en"):
        with seated(tmp_path / language, [LATE_PARCEL, PERSIAN], language=language) as seat:
            seat.sit()
            seat.way.home()
            seat.stage.wait(0.1)
            titles = [entry.entry.scenario.title for entry in seat.screen.cards]
            assert len(titles) == 2
            first, second = (_gap(seat, title) for title in titles)
            assert abs(first - second) <= 2
