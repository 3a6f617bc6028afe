"""Why a verdict is what it is: a kind and the acts that it speaks of, and the sentence that this makes in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import NamedTuple

from servicesim.assessment.reasons_en import ENGLISH
from servicesim.languages import Texts, Writing
from servicesim.scenario.principles import Principles

_BRACES = re.compile(r"\{([a-z]+)\}")


class Named(NamedTuple):
    """An act and its title; of an act of play, the title has words in every language."""

    act: str
    title: str


@dataclass(frozen=True, slots=True)
class Reason:
    """`kind` is a key of reasons_en.py; `acts` are what stands in its braces: any of these acts."""

    kind: str
    acts: tuple[tuple[str, tuple[Named, ...]], ...] = ()
    number: float | None = None

    def told(self, principles: Principles) -> Reason:
        """The same with the titles that acts have in these principles, which may be told in another language."""
        return replace(self, acts=tuple((place, tuple(_told(one, principles) for one in acts)) for place, acts in self.acts))


def _told(named: Named, principles: Principles) -> Named:
    return Named(named.act, principles.title(named.act)) if principles.known(named.act) else named


class Part(NamedTuple):
    """A piece of a sentence; `authored` if it is a title that somebody wrote, in whatever language they wrote it."""

    text: str
    authored: bool = False


class Reasons:
    """The sentences in one language."""

    def __init__(self, language: str) -> None:
        self._texts, self._writing = Texts(ENGLISH, "reasons", language), Writing(language)

    def parts(self, reason: Reason) -> list[Part]:
        """The sentence in pieces, so that titles can be set apart."""
        told = {name: self._any_of(acts) for name, acts in reason.acts}
        if reason.number is not None:
            told["number"] = [Part(self._number(reason.number))]
        return self._filled(reason.kind, told)

    def sentence(self, reason: Reason) -> str:
        """The sentence as plain text."""
        return "".join(part.text for part in self.parts(reason))

    def _any_of(self, acts: tuple[Named, ...]) -> list[Part]:
        if not acts:
            return []
        first, rest = self._filled("act", {"title": [self._title(acts[0])]}), acts[1:]
        if not rest:
            return first
        if not rest[1:]:
            return self._filled("either", {"one": first, "other": self._any_of(rest)})
        return self._filled("more", {"one": first, "others": self._any_of(rest)})

    def _title(self, named: Named) -> Part:
        key = f"act-{named.act}"
        return Part(self._texts(key)) if key in ENGLISH else Part(named.title, authored=True)

    def _filled(self, key: str, told: dict[str, list[Part]]) -> list[Part]:
        return list(_filled(self._texts(key), told))

    def _number(self, number: float) -> str:
        return f"{number:g}" if self._writing.language == "en" else self._writing.number(number, 6)


def _filled(text: str, told: dict[str, list[Part]]) -> Iterator[Part]:
    for place, piece in enumerate(_BRACES.split(text)):
        if place % 2:
            yield from told[piece]
        elif piece:
            yield Part(piece)


@cache
def reasons_in(language: str) -> Reasons:
    """The sentences of reasons in a language that is spoken here."""
    return Reasons(language)
