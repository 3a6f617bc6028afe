"""Every line of the sources is taught: by a principle that a rule measures, by a card, or by both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicesim.scenario.loading import shipped_principles
from servicesim.scenario.principles import Card, Principle

SOURCES = Path(__file__).parents[3] / "shared" / "SOURCES.md"
needs_sources = pytest.mark.skipif(not SOURCES.is_file(), reason="the text of the sources is not part of the product")

Words = tuple[str, ...]


def keys(*ranges: str) -> frozenset[str]:
    """`A1-A3` is A1, A2 and A3."""
    ends = [(one[0], [int(end[1:]) for end in one.split("-")]) for one in ranges]
    return frozenset(f"{letter}{number}" for letter, numbers in ends for number in range(numbers[0], numbers[-1] + 1))


LINES = keys("A1-A9", "B1-B9", "C1-C26", "C30-C49", "C50-C56", "C60-C81", "D1-D8", "E1-E8")

#: What the outcome teaches, what no rule measures, and what is measured only across encounters.
WITHOUT_RULE = keys(
    *("A1-A3", "D2", "D4", "E1", "E2"),
    *("A4", "A5", "A7", "B1", "B8", "B9", "C1-C4", "C6-C10", "C12-C16", "C18", "C23-C25", "C60-C62", "C65"),
    *("C70", "C71", "C73", "C78", "C79", "D5", "D6", "E4-E6"),
    "A9",
)


def taught() -> dict[str, Principle | Card]:
    """Everything that teaches, by its name."""
    shipped = shipped_principles()
    return {**shipped.principles, **shipped.cards}


def texts() -> dict[str, str]:
    """Every card by the name of what it teaches."""
    return {name: one.card or "" for name, one in taught().items()}


def cited() -> dict[str, tuple[str, ...]]:
    """The lines that each principle and each card comes from."""
    return {name: one.source for name, one in taught().items()}


def words(text: str) -> Words:
    return tuple(re.findall(r"[^\W_]+(?:'[a-z]+)?", text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")))


def runs(text: str, length: int) -> Iterator[Words]:
    """Every run of so many words in a text."""
    read = words(text)
    return (read[at : at + length] for at in range(len(read) - length + 1))


def test_every_line_of_the_sources_is_taught() -> None:
    assert {line for lines in cited().values() for line in lines} == LINES


def test_what_no_rule_measures_has_a_card_of_its_own() -> None:
    told = {line for card in shipped_principles().cards.values() for line in card.source}
    assert told == WITHOUT_RULE


def test_nothing_cites_a_line_twice() -> None:
    for name, lines in cited().items():
        assert len(lines) == len(set(lines)), name
    told = [line for card in shipped_principles().cards.values() for line in card.source]
    assert len(told) == len(set(told))


@needs_sources
def test_the_lines_are_those_of_the_sources() -> None:
    assert set(re.findall(r"\b[A-E][1-9][0-9]?\b", SOURCES.read_text(encoding="utf-8"))) == LINES


def test_every_principle_has_a_card_and_no_card_has_the_name_of_a_principle() -> None:
    shipped = shipped_principles()
    assert [name for name, principle in shipped.principles.items() if principle.card is None] == []
    assert shipped.principles.keys() & shipped.cards.keys() == set()


def test_a_card_has_60_to_120_words() -> None:
    assert {name: len(text.split()) for name, text in texts().items() if not 60 <= len(text.split()) <= 120} == {}


def test_no_card_says_what_another_says() -> None:
    seen: dict[Words, str] = {}
    for name, text in texts().items():
        for run in runs(text, 6):
            assert seen.setdefault(run, name) == name, " ".join(run)


def test_no_two_cards_begin_alike() -> None:
    openings = [words(text)[:2] for text in texts().values()]
    assert sorted(opening for opening in set(openings) if openings.count(opening) > 1) == []


def test_no_two_titles_are_alike() -> None:
    titles = [one.title for one in taught().values()]
    assert len(titles) == len(set(titles))


def test_a_card_is_one_piece_of_prose() -> None:
    for name, text in texts().items():
        assert text == " ".join(text.split()), name
        assert re.search(r'[.?!][")]?$', text), name
        assert not re.search(r"[*`{}<>]|--|[^\x20-\x7e]", text), name


def test_what_a_principle_says_is_one_sentence() -> None:
    for name, principle in shipped_principles().principles.items():
        assert principle.says.endswith("."), name
        assert not re.search(r"[.?!]\"?\s", principle.says), name


@needs_sources
def test_nothing_is_copied_from_the_sources() -> None:
    theirs = set(runs(SOURCES.read_text(encoding="utf-8"), 6))
    ours = [*texts().values(), *(text for one in shipped_principles().principles.values() for text in (one.says, one.why))]
    assert [" ".join(run) for text in ours for run in runs(text, 6) if run in theirs] == []
