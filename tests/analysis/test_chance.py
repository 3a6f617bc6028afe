"""What uniformly random replies come to: exact where there is time, and never outside what is said otherwise."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.brute import truth
from analysis.small import AT_LEISURE, IN_NO_TIME, board, script, staged
from servicesim.analysis import chance as chances
from servicesim.analysis.chance import chance
from servicesim.analysis.proof import Chance
from servicesim.encounter.script import Script

ROUND = """\
channel: email
principles:
  fit: {enough: 0.7}
  asks: {rules: [{alternate-response: {after: greet, then: ask}}]}
  greets: {weight: 2, rules: [{existence: greet}, {absence: scold}]}
scenes:
  one:
    customer: Hello.
    replies:
      - {id: greet, say: Good morning., acts: [greet], marks: {fit: 0.1}, go: one}
      - {id: ask, say: What is it?, acts: [ask], marks: {fit: 0.9}, go: two}
      - {id: bye, say: Bye., acts: [], end: done}
  two:
    customer: And?
    replies:
      - {id: greet, say: Good morning., acts: [greet, scold], marks: {fit: 0.2}, go: one}
      - {id: ask, say: What else?, acts: [ask, greet], marks: {fit: 0.6}, if: said(greet), go: two}
      - {id: bye, say: Bye., acts: [], end: done}
      - {id: lost, say: Lost., acts: [greet], end: over}
"""


def thrown(script: Script) -> Chance:
    """What random replies come to."""
    return chance(board(script, perfect=True), script.scenario.pass_mark, AT_LEISURE)


def test_one_throw_in_three_passes(written: Script) -> None:
    """
    channel: email
    principles:
      fit: {}
    scenes:
      one:
        customer: Hello.
        replies:
          - {id: well, say: Well., acts: [], marks: {fit: 1}, end: done}
          - {id: lost, say: Lost., acts: [], marks: {fit: 1}, end: over}
          - {id: badly, say: Badly., acts: [], marks: {fit: 0.7}, end: done}
    """
    assert thrown(written) == Chance((Fraction(90), Fraction(90)), (Fraction(1, 3), Fraction(1, 3)))


def test_turns_of_three_and_four_and_circles_add_up_exactly() -> None:
    true = truth(script(ROUND))
    assert thrown(script(ROUND)) == Chance((true.random_conduct,) * 2, (true.random_passing,) * 2)


@pytest.mark.parametrize("most", [0, 1, 5, 20])
def test_pasts_that_are_not_followed_count_with_all_that_can_become_of_them(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chances, "MOST_PASTS", most)
    told, true = thrown(script(ROUND)), truth(script(ROUND))
    assert told.conduct[0] < true.random_conduct < told.conduct[1]
    assert told.passing[0] <= true.random_passing < told.passing[1]


def test_when_time_is_up_no_past_is_followed_any_more() -> None:
    looked = 0

    def clock() -> float:
        nonlocal looked
        looked += 1
        return 1.0

    many = board(staged(), perfect=True)
    told = chance(many, 75, IN_NO_TIME._replace(clock=clock))
    assert looked == 1
    assert told.conduct[0] < told.conduct[1]
