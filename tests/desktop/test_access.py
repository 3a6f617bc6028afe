"""What a screen reader meets on every screen: names, roles, states, the focus, and all that is to be read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.seat import LATE_PARCEL, Seat, seated
from desktop.tour import CASES, tour
from servicesim.desktop.access import Node
from servicesim.desktop.safe_text import FSI, PDI

PRESSED = {"button", "option", "textbox", "switch", "slider"}
_NO_ISOLATES = str.maketrans("", "", FSI + PDI)


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_screen_can_be_read_and_walked_through(tmp_path: Path, language: str) -> None:
    found: dict[str, list[str]] = {}
    with seated(tmp_path, [CASES[language][0], tmp_path / "missing.yaml"], language=language) as seat:
        for screen in tour(seat):
            seat.stage.settle()
            found[screen] = [*unreadable(seat)]
    assert {screen: defects for screen, defects in found.items() if defects} == {}
    assert len(found) == 25


def unreadable(seat: Seat) -> Iterator[str]:
    """What a screen reader would stumble over."""
    nodes = list(seat.stage.nodes.walk())
    yield from (f"{node} has no name" for node in nodes if "focusable" in node.states and not node.name.strip())
    yield from (f"{node} can have the focus, but is none of {sorted(PRESSED)}" for node in nodes if ("focusable" in node.states) != (node.role in PRESSED))
    yield from (f"key {key} is used {times} times" for key, times in Counter(node.key for node in nodes).items() if times > 1)
    if nodes[0].role not in ("window", "dialog") or not nodes[0].name:
        yield f"the screen itself is {nodes[0]}"
    if sum("focused" in node.states for node in nodes) > 1:
        yield "more than one has the focus"
    yield from _unread(seat, nodes)
    yield from _unreached(seat, nodes)


def _unread(seat: Seat, nodes: list[Node]) -> Iterator[str]:
    """Texts that can be seen and that no node says."""
    said = " ".join(f"{node.name} {node.value} {node.about}" for node in nodes).translate(_NO_ISOLATES)
    top = max(drawn.layer for drawn in seat.stage.frame.drawn)
    for drawn in seat.stage.frame.of("text"):
        text = drawn.text.translate(_NO_ISOLATES).strip()
        if drawn.layer == top and drawn.visible.w and len(text) > 5 and text not in said:
            yield f"{text!r} is seen, but not read"


def _unreached(seat: Seat, nodes: list[Node]) -> Iterator[str]:
    """What can be pressed, but not by Tab: once around must come to each of them."""
    stops = {node.key for node in nodes if "focusable" in node.states and "disabled" not in node.states}
    reached = set()
    before = seat.screen.focus.widget
    for _ in stops:
        seat.screen._move_to(seat.screen.focus.step(seat.screen._stops()))
        reached |= {node.key for node in seat.stage.nodes.walk() if "focused" in node.states}
    seat.screen.focus.give(before, ring=False)
    yield from (f"Tab does not come to {node}" for node in nodes if node.key in stops - reached)


def test_the_pause_is_read_as_a_dialogue_with_its_buttons_in_order(tmp_path: Path) -> None:
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.begin()
        seat.stage.press("escape")
        told = [str(node) for node in seat.stage.nodes.walk() if node.role not in ("group", "separator")]
    assert told == [
        "dialog 'Paused'",
        "heading 'Paused'",
        "label 'The clock stands still. If you leave, you can continue later from here.'",
        "button 'Leave' (focusable)",
        "button 'Settings' (focusable)",
        "button 'Continue' (focusable, focused)",
    ]


def test_what_happens_without_the_trainee_is_announced(tmp_path: Path) -> None:
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.begin(pace=2.0)
        seat.stage.wait(0.2)
        assert seat.stage.live.startswith("Hello?")
        seat.reply("welcome")
        assert "It's for my father" in seat.stage.live
