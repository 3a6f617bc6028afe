"""What somebody's kept attempts say, from plain data."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from servicesim.desktop.progress import NOTHING, Mastery, Played, Tries, progress_of


def played(scenario: str = "late-parcel", ended: int = 1, points: int = 80, *, passed: bool = True, scores: Mapping[str, float] | None = None) -> Played:
    """An attempt; what does not matter is usual."""
    return Played(scenario, ended, points, passed, scores or {})


def test_of_each_encounter_the_best_and_the_last_are_told_and_a_pass_is_never_lost() -> None:
    progress = progress_of([played(ended=1, points=60, passed=False), played(ended=5, points=91), played(ended=9, points=70, passed=False)])
    assert progress.encounters == {"late-parcel": Tries(attempts=3, best=91, last=70, passed=True, ended=9)}


def test_nothing_played_says_nothing() -> None:
    assert progress_of([]) == NOTHING
    assert NOTHING.band("hold-the-apology") == "unmet"


def test_the_latest_of_five_weighs_five_times_as_much_as_the_first() -> None:
    scores = [1.0, 0.0, 0.0, 0.0, 0.0]
    assert progress_of(played(scores={"a": score}) for score in scores).principles["a"].share == pytest.approx(1 / 15)
    assert progress_of(played(scores={"a": score}) for score in scores[::-1]).principles["a"].share == pytest.approx(5 / 15)


def test_what_is_longer_ago_than_five_attempts_is_forgiven() -> None:
    scores = [0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    assert progress_of(played(scores={"a": score}) for score in scores).principles["a"].share == 1


def test_attempts_in_which_a_principle_did_not_come_up_say_nothing_of_it_but_how_long_ago_it_was() -> None:
    progress = progress_of([played(ended=3, scores={"a": 0.5}), played(ended=4), played(ended=7, scores={"b": 1})])
    assert progress.principles == {"a": Mastery(0.5, ended=3, since=2), "b": Mastery(1, ended=7, since=0)}


def test_an_unscored_encounter_is_played_but_counts_for_nothing() -> None:
    progress = progress_of([played("kettle", scores={"a": 0})], unscored={"kettle"})
    assert (progress.attempts, progress.principles) == (0, {})
    assert progress.encounters["kettle"].attempts == 1


def test_encounters_passed_are_counted_among_those_asked_for() -> None:
    progress = progress_of([played("one"), played("two", passed=False), played("three")])
    assert progress.passed(["one", "two", "four"]) == 1


@pytest.mark.parametrize(
    ("share", "band"), [(1.0, "kept"), (0.95, "kept"), (0.94, "mostly"), (0.7, "mostly"), (0.5, "partly"), (0.35, "partly"), (0.3, "rarely"), (0.0, "rarely")]
)
def test_shares_are_said_in_words(share: float, band: str) -> None:
    assert Mastery(share, 0, 0).band == band


_SCORES = st.lists(st.fractions(0, 1, max_denominator=8), min_size=1, max_size=12)


@given(_SCORES)
def test_mastery_lies_between_the_worst_and_the_best_of_the_last_five(scores: list[Fraction]) -> None:
    share = progress_of(played(scores={"a": float(score)}) for score in scores).principles["a"].share
    assert min(scores[-5:]) - 1e-9 <= share <= max(scores[-5:]) + 1e-9


@given(_SCORES)
def test_one_more_attempt_kept_never_lowers_mastery(scores: list[Fraction]) -> None:
    before = progress_of(played(scores={"a": float(score)}) for score in scores).principles["a"].share
    after = progress_of(played(scores={"a": float(score)}) for score in [*scores, Fraction(1)]).principles["a"].share
    assert after >= before - 1e-9
