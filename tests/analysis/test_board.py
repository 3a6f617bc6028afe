"""All principles side by side: entries that can be told apart only as long as it matters, and bounds that never err."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pytest

from analysis.small import board, script
from servicesim.analysis.board import Board, Entries
from servicesim.analysis.hearing import Moves
from servicesim.analysis.ledgers import Ledger
from servicesim.analysis.world import Close, Place
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script

THREE = """\
channel: email
principles:
  fit: {weight: 3, enough: 0.7}
  greets: {weight: 2, rules: [{existence: greet}, {last: greet}]}
  spares: {critical: true, rules: [{absence: scold}]}
  mild: {rules: [{not-response: {after: vents, never: scold}}]}
scenes:
  one:
    customer: Hello.
    replies:
      - {id: greet, say: Good morning., acts: [greet], marks: {fit: 0.3}, go: two}
      - {id: ask, say: What is it?, acts: [ask], marks: {fit: 0.9}, go: two}
  two:
    customer: {say: And?, acts: [vents]}
    replies:
      - {id: scold, say: You!, acts: [scold], go: three}
      - {id: again, say: Again., acts: [], go: one}
      - {id: on, say: So., acts: [], go: three}
  three:
    customer: Bye.
    replies:
      - {id: bye, say: Bye., acts: [], end: done}
      - {id: greet, say: Good day., acts: [greet], marks: {fit: 0.3}, end: done}
"""
CHOSEN = """\
scenes:
  one:
    customer: Hello.
    replies:
      - {id: a, say: A., acts: [], marks: {always: 0.5, low: 0.2}, end: done}
      - {id: b, say: B., acts: [], marks: {always: 0.5, high: 1}, end: done}
      - {id: c, say: C., acts: [], marks: {always: 0.5}, end: over}
"""
Line = list[tuple[Place | Close, Entries]]


def plays(board: Board) -> Iterator[tuple[Moves, Line]]:
    """Every play: its moves, and the places and entries on its way."""
    waiting: list[tuple[Moves, Line]] = [((), [(board.world.start, board.start())])]
    while waiting:
        moves, line = waiting.pop()
        place, entries = line[-1]
        if isinstance(place, Close):
            yield moves, line
            continue
        for heard, onto, now in board.onward(place, entries):
            waiting.append(((*moves, *heard, *onto.reply), [*line, (onto.leads, board.entered(onto, now))]))


@pytest.mark.parametrize("best", [True, False])
def test_no_play_goes_beyond_a_bound_on_its_way_and_at_the_end_it_is_its_conduct(best: bool) -> None:
    three = script(THREE)
    all_of = board(three, best=best)
    counted = list(plays(all_of))
    assert len(counted) > 100
    for moves, line in counted:
        conduct = assess(three, rehearse(Encounter(three), moves).events).conduct
        bounds = [all_of.conduct(all_of.bound(place, entries, best=best)) for place, entries in line]
        assert all(bound >= conduct if best else bound <= conduct for bound in bounds)
        assert bounds == sorted(bounds, reverse=best)
        assert bounds[-1] == conduct == all_of.points(line[-1][1]).conduct


def test_who_exercises_nothing_has_nothing_and_that_is_the_worst(written: Script) -> None:
    """
    channel: email
    principles:
      helps: {rules: [{response: {after: greet, then: help}}]}
    scenes:
      one: {customer: Hello., replies: [{id: greet, say: Hello., acts: [greet, help], end: done}, {id: bye, say: Bye., acts: [], end: over}]}
    """
    assert (board(written).limit(), board(written, best=False).limit()) == (100, 0)


@pytest.mark.parametrize("order", [("low", "high"), ("high", "low")])
def test_what_need_not_be_exercised_counts_where_it_betters_the_mean(order: tuple[str, str]) -> None:
    """Whichever stands first in the file; and for the worst, where it worsens it."""
    taught = "".join(f"  {name}: {{}}\n" for name in ("always", *order))
    chosen = script(f"channel: email\nprinciples:\n{taught}{CHOSEN}")
    assert (board(chosen).limit(), board(chosen, best=False).limit()) == (75, 35)


def test_conduct_is_told_to_the_last_part() -> None:
    """Ratings with more places than a computer's decimals have, and shares that no small number divides."""
    close = script(THREE.replace("0.9}", "0.9999999999999999}").replace("0.3}", "0.0000000000000007}"))
    all_of = board(close)
    for moves, line in plays(all_of):
        place, entries = line[-1]
        conduct = assess(close, rehearse(Encounter(close), moves).events).conduct
        assert all_of.conduct(all_of.bound(place, entries, best=True)) == conduct


def test_what_cannot_change_any_more_is_one_entry_however_it_came_about(monkeypatch: pytest.MonkeyPatch) -> None:
    """Having scolded once or asked twice, all that matters is what that comes to."""
    told = {line[-2] for _, line in plays(board(script(THREE)))}
    monkeypatch.setattr(Ledger, "fixed", lambda ledger, number, place: number)
    apart = {line[-2] for _, line in plays(board(script(THREE)))}
    assert len(told) < len(apart)


def test_what_every_play_comes_to_has_no_ledger() -> None:
    everywhere = THREE.replace("acts: [ask]", "acts: [greet]").replace("acts: [], end", "acts: [greet], end")
    assert [ledger.track.name for ledger in board(script(everywhere)).ledgers] == ["fit", "spares", "mild"]
    assert [ledger.track.name for ledger in board(script(THREE)).ledgers] == ["fit", "greets", "spares", "mild"]


def test_where_nothing_applies_conduct_is_nothing(written: Script) -> None:
    """
    principles:
      fit: {when: {channel: [chat]}}
    scenes:
      one: {customer: Hello., replies: [{id: bye, say: Bye., acts: [], end: done}]}
    """
    assert (board(written).ledgers, board(written).limit()) == ([], Fraction(0))


def test_ways_to_hear_that_others_outdo_are_left_out(written: Script) -> None:
    """
    principles:
      hears: {rules: [{response: {after: station, then: [station-word, agree]}}]}
    scenes:
      one: {customer: Hello. | Are you there?, replies: [{id: bye, say: Bye., acts: [], end: done}]}
    """
    assert [" ".join(moves) for moves, _ in plays(board(written))] == ["go-on bye"]
    assert [" ".join(moves) for moves, _ in plays(board(written, best=False))] == ["bye"]
