"""The search: the best and the worst of all plays, without looking at most of them, and bounds where time is up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.small import AT_LEISURE, IN_NO_TIME, board, script, staged
from servicesim.analysis import hearing, search
from servicesim.analysis.board import Board, Entries
from servicesim.analysis.budget import Budget, TooMuch
from servicesim.analysis.ledgers import Number
from servicesim.analysis.search import Found, extreme, some_play
from servicesim.analysis.world import Close, Place
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script

TEMPTED = """\
channel: email
principles:
  fit: {enough: ENOUGH, critical: CRITICAL}
  kind: {}
  quick: {}
scenes:
  one:
    customer: Hello.
    replies:
      - {id: FIRST, say: So., acts: [], marks: {FIRST-MARKS}, go: two}
      - {id: SECOND, say: So., acts: [], marks: {SECOND-MARKS}, go: two}
      - {id: tempting, say: Ah!, acts: [], go: three}
  two:
    customer: And?
    replies:
      - {id: well, say: Well., acts: [], marks: {kind: 0.9, quick: 0.9LATER}, end: done}
      - {id: bye, say: Bye., acts: [], marks: {kind: 0.2, quick: 0.2}, end: done}
  three:
    customer: And?
    replies:
      - {id: kindly, say: Kindly., acts: [], marks: {kind: 1, quick: 0, fit: 1}, end: done}
      - {id: quickly, say: Quickly., acts: [], marks: {kind: 0, quick: 1, fit: 0}, end: done}
"""
ENDS = """\
leaves: over
principles:
  helps: {rules: [{existence: help}]}
  hears: {rules: [{response: {after: station, then: station-word}}]}
scenes:
  one:
    customer: Hello. | Are you there?
    replies:
      - {id: help, say: Here it is., acts: [help], end: over}
      - {id: on, say: So., acts: [], go: two}
  two:
    customer: And?
    replies: [{id: bye, say: Bye., acts: [], end: ENDING}]
"""
MARKS = {"plain": "", "fully": "fit: 1", "badly": "fit: 0", "half": "fit: 0.5"}


def found(script: Script, *, best: bool = True, budget: Budget = AT_LEISURE) -> Found:
    """The best of all plays of a script, or the worst."""
    told = extreme(board(script, best=best), budget)
    assert told is not None
    return told


def conduct(script: Script, moves: tuple[str, ...]) -> Fraction:
    """What a play comes to."""
    return assess(script, rehearse(Encounter(script), moves).events).conduct


def tempted(first: str, second: str, *, later: str = "", enough: str = "1.0", critical: str = "false") -> Script:
    """Two ways to one scene, and a third to another that promises most, and worst, but holds neither."""
    text = TEMPTED.replace("FIRST-MARKS", MARKS[first]).replace("SECOND-MARKS", MARKS[second])
    text = text.replace("FIRST", first).replace("SECOND", second).replace("LATER", later)
    return script(text.replace("ENOUGH", enough).replace("CRITICAL", critical))


@pytest.mark.parametrize("best", [True, False])
def test_the_best_of_many_plays_is_found_by_looking_at_few(best: bool) -> None:
    told = found(staged(), best=best)
    assert told.value == told.bound == conduct(staged(), told.moves)
    assert told.nodes < 2_000


def test_of_two_ways_to_one_place_the_one_that_is_outdone_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    told = found(staged())
    monkeypatch.setattr(search, "MOST_RIVALS", 0)
    apart = found(staged())
    assert told.value == apart.value
    assert told.nodes < apart.nodes


def test_a_bound_that_hopes_for_everything_leaves_more_to_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    told, proved = found(staged(6)), Board.bound

    def hoping(self: Board, place: Place | Close, entries: Entries, *, best: bool) -> Number:
        return self.whole if isinstance(place, Place) else proved(self, place, entries, best=best)

    monkeypatch.setattr(Board, "bound", hoping)
    apart = found(staged(6))
    assert told.value == apart.value
    assert 2 * told.nodes < apart.nodes


@pytest.mark.parametrize("best", [True, False])
def test_when_time_is_up_the_truth_lies_between_value_and_bound(best: bool) -> None:
    true, hasty = found(staged(), best=best), found(staged(), best=best, budget=IN_NO_TIME)
    low, high = sorted((hasty.value, hasty.bound))
    assert low <= true.value <= high
    assert hasty.value == conduct(staged(), hasty.moves)
    assert hasty.nodes < true.nodes


def test_a_search_that_would_take_too_much_memory_stops_as_if_time_were_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_NODES", 300)
    told = found(staged())
    assert told.value < told.bound
    assert told.nodes < 1_000


def test_plays_that_differ_in_the_sixteenth_place_are_told_apart(written: Script) -> None:
    """
    channel: email
    scenes:
      one:
        customer: Hello.
        replies:
          - {id: less, say: Less., acts: [], marks: {fit: 0.9999999999999998}, end: done}
          - {id: more, say: More., acts: [], marks: {fit: 0.9999999999999999}, end: done}
          - {id: least, say: Least., acts: [], marks: {fit: 0.9999999999999997}, end: done}
    """
    best, worst = found(written), found(written, best=False)
    assert (best.moves, best.value) == (("more",), 100 * Fraction("0.9999999999999999"))
    assert (worst.moves, worst.value) == (("least",), 100 * Fraction("0.9999999999999997"))


@pytest.mark.parametrize(("first", "second"), [("badly", "plain"), ("plain", "badly")])
@pytest.mark.parametrize(("best", "moves"), [(True, ("plain", "well")), (False, ("badly", "bye"))])
def test_what_was_broken_counts_as_what_was_kept_does(first: str, second: str, best: bool, moves: tuple[str, ...]) -> None:
    """Whichever way is come to first."""
    assert found(tempted(first, second, later=", fit: 0.9"), best=best).moves == moves


@pytest.mark.parametrize(("first", "second"), [("half", "fully"), ("fully", "half")])
def test_of_equal_scores_one_may_be_capped(first: str, second: str) -> None:
    """A half is enough here; but it is critical, and half of it was broken."""
    assert found(tempted(first, second, enough="0.5", critical="true")).moves == ("fully", "well")


def test_the_best_play_that_ends_well_may_be_another_one_or_none() -> None:
    helpful = script(ENDS.replace("ENDING", "done"))
    best, well = found(helpful), extreme(board(helpful), AT_LEISURE, well=True)
    assert well is not None
    assert (best.moves, best.close.good, best.value) == (("go-on", "help"), False, 100)
    assert (well.moves, well.close.good, well.value) == (("go-on", "on", "bye"), True, 50)
    assert extreme(board(script(ENDS.replace("ENDING", "over"))), AT_LEISURE, well=True) is None


def test_where_no_speech_can_be_heard_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    helpful = board(script(ENDS.replace("ENDING", "done")))
    monkeypatch.setattr(hearing, "MOST_WORK", 0)
    with pytest.raises(TooMuch):
        extreme(helpful, AT_LEISURE)


@pytest.mark.parametrize(("ending", "well", "moves"), [("done", False, ("help",)), ("done", True, ("on", "bye")), ("over", True, None)])
def test_some_play_can_always_be_told(ending: str, well: bool, moves: tuple[str, ...] | None) -> None:
    assert some_play(board(script(ENDS.replace("ENDING", ending))).world, well=well) == moves
