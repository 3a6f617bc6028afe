"""What was proved is told in numbers that never claim more than was proved."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

from servicesim.analysis.proof import Chance, Extreme, Played, Reach, Span
from servicesim.authoring.told import ANYTHING, reach_as_json, reach_in_words

BEST = Extreme(Fraction(100), Fraction(100), ("welcome", "go-on"))
WORST = Extreme(Fraction(200, 3), Fraction(200, 3), ("bounce",))
STRATEGIES = {"longest": Played(Fraction(61, 2), False, ("a",)), "shortest": Played(Fraction(10), False, ("b",))}


def reach(best: Extreme = BEST, worst: Extreme = WORST, *, passing: tuple[Fraction, Fraction], complete: bool = True) -> Reach:
    spans = {"greet-warmly": Span(Extreme(Fraction(1), Fraction(1), ()), None, True, False, True)}
    endings = {"found": True, "gone": False}
    chance = Chance((Fraction(1, 3), Fraction(1, 3)), passing)
    nowhere: frozenset[Any] = frozenset()
    return Reach(best, worst, best, spans, nowhere, nowhere, nowhere, nowhere, (), endings, True, True, chance, complete)


def test_what_was_proved_exactly_is_told_as_the_contract_says() -> None:
    assert reach_as_json(reach(passing=(Fraction(1, 80), Fraction(1, 80))), STRATEGIES) == {
        "conduct": {"best": 100, "worst": 66.66, "best_path": ["welcome", "go-on"], "worst_path": ["bounce"], "exact": True},
        "principles": {"greet-warmly": {"best": 1, "worst": None, "exact": True}},
        "endings": {"found": True, "gone": False},
        "strategies": {"longest": {"conduct": 30.5, "passed": False}, "shortest": {"conduct": 10, "passed": False}},
        "random": {"conduct": 0.33, "pass_probability": 0.0125},
    }


def test_what_is_only_bounded_says_so_and_is_rounded_outwards() -> None:
    told = reach_as_json(
        reach(Extreme(Fraction(90), Fraction(280, 3), ()), Extreme(Fraction(10), Fraction(10, 3), ()), passing=(Fraction(1, 3), Fraction(2, 3)), complete=False), {}
    )  # fmt: skip
    assert told["conduct"] == {"best": 90, "worst": 10, "best_path": [], "worst_path": [], "exact": False, "best_bound": 93.34, "worst_bound": 3.33}
    assert told["random"]["pass_probability"] == [0.3333, 0.6667]
    assert told["endings"] == {"found": True, "gone": None}


def test_people_read_it_in_three_lines() -> None:
    assert list(reach_in_words(reach(passing=(Fraction(1, 80), Fraction(1, 80))), STRATEGIES)) == [
        "conduct: 66.66 to 100",
        "random replies: pass with 1.2 %, conduct 0.3 on average",
        "without thinking: longest 30.5, shortest 10: none passes",
    ]
    unsure = reach(Extreme(Fraction(90), Fraction(280, 3), ()), passing=(Fraction(1, 300), Fraction(2, 3)))
    passing = {"longest": Played(Fraction(80), True, ())}
    assert list(reach_in_words(unsure, passing)) == [
        "conduct: 66.66 to 90 (perhaps up to 93.34)",
        "random replies: pass with 0.3 to 66.7 %, conduct 0.3 on average",
        "without thinking: longest 80 (passes)",
        "not all of this is proved to the end; more time may help: --seconds 60",
    ]
    assert "less than 0.1 %" in list(reach_in_words(reach(passing=(Fraction(1, 9999), Fraction(1, 9999))), {}))[1]


def test_what_is_not_known_is_told_as_not_known() -> None:
    unknown = replace(reach(Extreme(Fraction(40), Fraction(100), ()), passing=ANYTHING, complete=False), passable=None)
    assert list(reach_in_words(unknown, {}))[:2] == [
        "conduct: 66.66 to 40 (perhaps up to 100); whether it can be passed is not known",
        "random replies: not known how often they pass",
    ]
    assert next(reach_in_words(replace(unknown, failable=None), {})).endswith("; whether it can be passed or failed is not known")
