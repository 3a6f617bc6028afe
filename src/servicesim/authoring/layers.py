"""Where everything goes: cards in layers from the top down, and lines between them that cross as seldom as can be.

The layering itself (Sugiyama's) is graphlay's; here stands what it is asked, and what comes of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from math import inf
from typing import Any

Point = tuple[float, float]

_OPTIONS: dict[str, Any] = {
    "direction": "topbottom",
    "spacing": {"layer_gap": 56.0, "node_gap": 48.0, "dummy_gap": 26.0, "port_gap": 14.0},
    "routing": {"bundle_parallel": False},
    "tuning": {"routing": {"step_flatten": 0.0}},  # Or lines that are made straight touch cards.
}
_MARGINS = {"left": 14.0, "right": 14.0}  # that lines keep from cards
_MANY = 150  # cards; with more, no time is spent on the last few crossings
_TOP = {"side": "top"}
_STRAIGHT = 8.0  # how much more a line that matters wants to be straight


@dataclass(frozen=True, slots=True)
class Card:
    """Something with a size that is to be put somewhere."""

    name: str
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Line:
    """A way from one card to another, or round to the same; one that matters is drawn as straight as can be."""

    source: str
    target: str
    matters: bool = False

    @property
    def goes_round(self) -> bool:
        """Whether it ends where it began; nothing is drawn for it but its beginning."""
        return self.source == self.target


@dataclass(frozen=True, slots=True)
class Plan:
    """Where the middle of each card is; for each line its corners, and which of its card's slots it leaves from.

    The slots of a card divide its lower edge; they are counted from the left.
    """

    centres: dict[str, Point]
    lines: tuple[tuple[Point, ...], ...]
    slots: tuple[int, ...]


def laid_out(cards: Sequence[Card], lines: Sequence[Line], start: str) -> Plan:
    """A place for every card and every line; what leads back to where one comes from does not push cards down.

    Twice: once with lines that leave where they like, which tells their order, and once from slots in that order.
    """
    asked = _Asked(cards, lines, start)
    first = asked.found([{"side": "bottom"}] * len(lines))
    shares = _shares(lines, [points[0][0] if points else inf for points in first.lines])
    ports = [{"offset": {"side": "bottom", "t": (2 * slot + 1) / slots - 1}} for slot, slots in shares]
    found = asked.found(ports)
    return Plan(found.centres, found.lines, tuple(slot for slot, _ in shares))


def _shares(lines: Sequence[Line], places: Sequence[float]) -> list[tuple[int, int]]:
    """For each line its slot, and how many slots its card has, by where the lines leave."""
    leaving: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        leaving.setdefault(line.source, []).append(number)
    shares = [(0, 1)] * len(lines)
    for numbers in leaving.values():
        for slot, number in enumerate(sorted(numbers, key=places.__getitem__)):
            shares[number] = slot, len(numbers)
    return shares


class _Asked:
    """What graphlay is asked: always the same cards and lines."""

    def __init__(self, cards: Sequence[Card], lines: Sequence[Line], start: str) -> None:
        self._cards, self._lines = cards, lines
        ways = [(line.source, line.target) for line in lines]
        self._back = leading_back(ways, [start, *(card.name for card in cards)])

    def found(self, ports: Sequence[dict[str, Any]]) -> Plan:
        """The plan when each line leaves by its port."""
        import graphlay

        graph = graphlay.Graph()
        for card in self._cards:
            graph.node(card.name, width=card.width, height=card.height, margin=_MARGINS)
        drawn = [not line.goes_round for line in self._lines]
        for line, goes_back, port in compress(zip(self._lines, self._back, ports, strict=True), drawn):
            weight = _STRAIGHT if line.matters else 1.0
            graph.edge(line.source, line.target, weight=weight, reverse_for_ranking=goes_back, source_port=port, target_port=_TOP)
        effort = "balanced" if len(self._cards) <= _MANY else "fast"
        plan = graphlay.layout(graph, options={**_OPTIONS, "effort": effort})
        corners = iter(plan.edges)
        return Plan(
            centres={card.name: _point(node["center"]) for card, node in zip(self._cards, plan.nodes, strict=True)},
            lines=tuple(tuple(map(_point, next(corners)["points"])) if one else () for one in drawn),
            slots=(),
        )


def _point(point: dict[str, float]) -> Point:
    return point["x"], point["y"]


def leading_back(ways: Sequence[tuple[str, str]], names: Sequence[str]) -> list[bool]:
    """Which ways lead back to a place on the path by which their own place was come to first."""
    onward: dict[str, list[tuple[int, str]]] = {name: [] for name in names}
    for number, (source, target) in enumerate(ways):
        onward[source].append((number, target))
    back = [False] * len(ways)
    seen, path = set[str](), set[str]()
    for root in names:
        stack: list[tuple[str, Iterator[tuple[int, str]]]] = []
        if root not in seen:
            seen.add(root)
            path.add(root)
            stack.append((root, iter(onward[root])))
        while stack:
            name, rest = stack[-1]
            number, target = next(rest, (-1, ""))
            if number < 0:
                path.discard(name)
                stack.pop()
            elif target in path:
                back[number] = True
            elif target not in seen:
                seen.add(target)
                path.add(target)
                stack.append((target, iter(onward[target])))
    return back
