"""The search: the best and the worst of all plays, without looking at most of them, and bounds where time is up."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.small import AT_LEISURE, IN_NO_TIME, board, script
from servicesim.analysis import hearing, search
from servicesim.analysis.board import Board, Entries
from servicesim.analysis.budget import TooMuch
from servicesim.analysis.ledgers import Number
from servicesim.analysis.search import Found, extreme, some_play
from servicesim.analysis.world import Close, Place
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script

REPLIES = (
    "{id: a, say: A., acts: [greet], marks: {fit: 0.9}, END}",
    "{id: b, say: B., acts: [ask], marks: {kind: 1, fit: 0.2}, END}",
    "{id: c, say: C., acts: [help], marks: {fit: 0.4, kind: 0.2}, END}",
    "{id: d, say: D., acts: [scold], marks: {fit: 1, kind: 0.5}, END}",
)
TAUGHT = """\
  fit: {weight: 2}
  kind: {weight: 2}
  asks: {rules: [{alternate-response: {after: [greet, help], then: ask}}]}
  helps: {rules: [{precedence: {needs: greet, then: help}}, {response: {after: ask, then: help, within: next-reply}}]}
  mild: {rules: [{absence: scold, per: vents}, {not-response: {after: ask, never: scold}}]}
"""


def staged(stages: int = 9) -> Script:
    """Scenes, one after the other, in which no reply is right for all principles; with nine there are 262,144 plays."""
    scenes = []
    for number in range(stages):
        end = f"go: s{number + 1}" if number + 1 < stages else "end: done"
        replies = ", ".join(reply.replace("END", end) for reply in REPLIES)
        scenes.append(f"  s{number}: {{customer: {{say: Well., acts: [vents]}}, replies: [{replies}]}}\n")
    return script(f"start: s0\nchannel: email\nprinciples:\n{TAUGHT}scenes:\n{''.join(scenes)}")


def conduct(script: Script, moves: tuple[str, ...]) -> Fraction:
    """What a play comes to."""
    return assess(script, rehearse(Encounter(script), moves).events).conduct


@pytest.mark.parametrize("best", [True, False])
def test_the_best_of_many_plays_is_found_by_looking_at_few(best: bool) -> None:
    found = extreme(board(staged(), best=best), AT_LEISURE)
    assert found is not None
    assert found.value == found.bound == conduct(staged(), found.moves)
    assert found.nodes < 2_000


def best_of(script: Script) -> Found:
    """The best of all its plays."""
    found = extreme(board(script), AT_LEISURE)
    assert found is not None
    return found


def test_of_two_ways_to_one_place_the_one_that_is_outdone_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    told = best_of(staged())
    monkeypatch.setattr(search, "MOST_RIVALS", 0)
    apart = best_of(staged())
    assert told.value == apart.value
    assert told.nodes < apart.nodes


def test_a_bound_that_hopes_for_everything_leaves_more_to_be_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    told, proved = best_of(staged(6)), Board.bound

    def hoping(self: Board, place: Place | Close, entries: Entries, *, best: bool) -> Number:
        return self.whole if isinstance(place, Place) else proved(self, place, entries, best=best)

    monkeypatch.setattr(Board, "bound", hoping)
    apart = best_of(staged(6))
    assert told.value == apart.value
    assert 2 * told.nodes < apart.nodes


@pytest.mark.parametrize("best", [True, False])
def test_when_time_is_up_the_truth_lies_between_value_and_bound(best: bool) -> None:
    true, hasty = extreme(board(staged(), best=best), AT_LEISURE), extreme(board(staged(), best=best), IN_NO_TIME)
    assert true is not None
    assert hasty is not None
    low, high = sorted((hasty.value, hasty.bound))
    assert low <= true.value <= high
    assert hasty.value == conduct(staged(), hasty.moves)
    assert hasty.nodes < true.nodes


def test_a_search_that_would_take_too_much_memory_stops_as_if_time_were_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOST_NODES", 300)
    told = best_of(staged())
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
    best, worst = (extreme(board(written, best=best), AT_LEISURE) for best in (True, False))
    assert best is not None
    assert worst is not None
    assert (best.moves, best.value) == (("more",), 100 * Fraction("0.9999999999999999"))
    assert (worst.moves, worst.value) == (("least",), 100 * Fraction("0.9999999999999997"))


TEMPTED = """\
channel: email
principles:
  fit: {enough: ENOUGH, critical: CRITICAL}
  kind: {}
  quick: {}
scenes:
  one:
    customer: Hello.
    replies: [FIRST, SECOND, {id: tempting, say: Ah!, acts: [], go: three}]
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


def tempted(first: str, second: str, *, later: str = "", enough: str = "1.0", critical: str = "false") -> Script:
    """Two ways to one scene, and a third to another that promises most, and worst, but holds neither."""
    ways = [f"{{id: {name}, say: So., acts: [], {marks}go: two}}" for name, marks in (first.split(maxsplit=1), second.split(maxsplit=1))]
    text = TEMPTED.replace("FIRST", ways[0]).replace("SECOND", ways[1]).replace("LATER", later)
    return script(text.replace("ENOUGH", enough).replace("CRITICAL", critical))


PLAIN, WELL, BADLY, HALF = "plain marks: {}, ", "w marks: {fit: 1}, ", "badly marks: {fit: 0}, ", "half marks: {fit: 0.5}, "


@pytest.mark.parametrize(("first", "second"), [(BADLY, PLAIN), (PLAIN, BADLY)])
@pytest.mark.parametrize(("best", "moves"), [(True, ("plain", "well")), (False, ("badly", "bye"))])
def test_what_was_broken_counts_as_what_was_kept_does(first: str, second: str, best: bool, moves: tuple[str, ...]) -> None:
    """Whichever way is come to first."""
    found = extreme(board(tempted(first, second, later=", fit: 0.9"), best=best), AT_LEISURE)
    assert found is not None
    assert found.moves == moves


@pytest.mark.parametrize(("first", "second"), [(HALF, WELL), (WELL, HALF)])
def test_of_equal_scores_one_may_be_capped(first: str, second: str) -> None:
    """A half is enough here; but it is critical, and half of it was broken."""
    found = extreme(board(tempted(first, second, enough="0.5", critical="true")), AT_LEISURE)
    assert found is not None
    assert found.moves == ("w", "well")


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

def test_the_best_play_that_ends_well_may_be_another_one_or_none() -> None:
    plain = board(script(ENDS.replace("ENDING", "done")))
    best, well = extreme(plain, AT_LEISURE), extreme(plain, AT_LEISURE, well=True)
    assert best is not None
    assert well is not None
    assert (best.moves, best.close.good, best.value) == (("go-on", "help"), False, 100)
    assert (well.moves, well.close.good, well.value) == (("go-on", "on", "bye"), True, 50)
    assert extreme(board(script(ENDS.replace("ENDING", "over"))), AT_LEISURE, well=True) is None


def test_where_no_speech_can_be_heard_that_is_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = board(script(ENDS.replace("ENDING", "done")))
    monkeypatch.setattr(hearing, "MOST_WORK", 0)
    with pytest.raises(TooMuch):
        extreme(plain, AT_LEISURE)


@pytest.mark.parametrize(("ending", "well", "moves"), [("done", False, ("help",)), ("done", True, ("on", "bye")), ("over", True, None)])
def test_some_play_can_always_be_told(ending: str, well: bool, moves: tuple[str, ...] | None) -> None:
    assert some_play(board(script(ENDS.replace("ENDING", ending))).world, well=well) == moves
