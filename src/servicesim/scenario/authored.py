"""What a trainer wrote, as plain data in which each part knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol, TypeAlias

from servicesim.scenario.characters import LINE_BREAK
from servicesim.scenario.findings import Finding, Place, Severity

START = Place(1, 1)
MOST_LETTERS = 400
_INVISIBLE_LETTERS = "\u00a0\u200c\u200d"  # Texts in some languages cannot be written without them.


class Mark(Protocol):
    """Where something begins, as the YAML reader counts: from 0."""

    @property
    def line(self) -> int: ...
    @property
    def column(self) -> int: ...


class Mapping(dict[str, "Value"]):
    """Fields; once located, `places` holds where each key and each value begins."""

    __slots__ = ("places",)
    places: dict[str, tuple[Mark, Mark]]


class Sequence(list["Value"]):
    """A list; once located, `places` holds where each value begins."""

    __slots__ = ("places",)
    places: list[Mark]


Value: TypeAlias = bool | int | float | str | Mapping | Sequence | None
Steps: TypeAlias = tuple[str | int, ...]


def place_of(mark: Mark | None) -> Place:
    """The place of a mark, counted from 1."""
    return Place(mark.line + 1, mark.column + 1) if mark is not None else START


def sayable(text: str) -> str:
    """A message that may quote the file: on one line, not endless, and with nothing invisible in it."""
    text = _short(text)
    if text.isprintable():
        return text
    return _short("".join(c if c.isprintable() or c in _INVISIBLE_LETTERS else ascii(c)[1:-1] for c in text))


def _short(text: str) -> str:
    return text if len(text) <= MOST_LETTERS else f"{text[: MOST_LETTERS // 2]} … {text[-MOST_LETTERS // 2 :]}"


def locate(root: Mapping | Sequence, marks: list[Mark]) -> None:
    """Tell every part where it stands, from the marks of all keys and values in the order in which they were written."""
    following = iter(marks)
    next(following)
    _locate(root, following)


def _locate(node: Mapping | Sequence, following: Iterator[Mark]) -> None:
    # As deep as the data, and that is limited.
    places: Any = {} if isinstance(node, Mapping) else []
    node.places = places
    if isinstance(node, Mapping):
        for key, value in node.items():
            places[key] = next(following), next(following)
            if type(value) is Mapping or type(value) is Sequence:
                _locate(value, following)
    else:
        for value in node:
            places.append(next(following))
            if type(value) is Mapping or type(value) is Sequence:
                _locate(value, following)


@dataclass(frozen=True)
class Source:
    """One file: its text, its fields (`root`; None if it cannot be used at all), and what is wrong with its form."""

    name: str
    text: str
    root: Mapping | None
    findings: list[Finding]
    marks: list[Mark] = field(default_factory=list, repr=False)

    @cached_property
    def _lines(self) -> list[str]:
        return LINE_BREAK.split(self.text)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1; empty if there is none."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    def place(self, path: Steps) -> Place:
        """Where the value at `path` begins, or else the nearest thing around it that was written."""
        return self._marks(path)[1]

    def key_place(self, path: Steps) -> Place:
        """Where the key of the value at `path` begins; in a list, the value itself."""
        return self._marks(path)[0]

    @cached_property
    def _located(self) -> Mapping | None:
        """The fields once they know their places: most files are right, and nobody asks."""
        if self.root is not None and not hasattr(self.root, "places"):
            locate(self.root, self.marks)
        return self.root

    def _marks(self, path: Steps) -> tuple[Place, Place]:
        """Where key and value of the last step that was written stand; the others are skipped."""
        node: Value = self._located
        key = value = self.marks[0] if self.marks else None
        for step in path:
            if isinstance(node, Mapping) and isinstance(step, str) and step in node:
                key, value = node.places[step]
                node = node[step]
            elif isinstance(node, Sequence) and isinstance(step, int) and 0 <= step < len(node):
                key = value = node.places[step]
                node = node[step]
        return place_of(key), place_of(value)

    def was_plain(self, path: Steps) -> bool:
        """Whether the value at `path` was written without quotes and not as a block."""
        place = self.place(path)
        return self.line(place.line)[place.column - 1 : place.column] not in ("'", '"', "|", ">")

    def finding(
        self, code: str, path: Steps, message: str, hint: str = "", severity: Severity = "error", key: bool = False
    ) -> Finding:
        """A finding about the value at `path`, or about its key."""
        place = self.key_place(path) if key else self.place(path)
        return Finding(code, severity, self.name, place.line, place.column, sayable(message), sayable(hint))
