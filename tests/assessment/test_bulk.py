"""Counting side by side agrees with counting one by one, and both with judging, on every kind of scenario, play and rule."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import cache
from random import Random

import pytest

from analysis.random_scenarios import drawn, principles_yaml, scenario_yaml
from encounter.plays import every_script, play_at_random
from servicesim.assessment import bulk, tally
from servicesim.assessment.assess import assess
from servicesim.assessment.bulk import Bulk
from servicesim.assessment.tally import Tally
from servicesim.encounter.events import Event
from servicesim.encounter.script import Script
from servicesim.scenario import loading

Plays = Sequence[Sequence[Event]]


def script_drawn(seed: int) -> Script:
    """The first script of a seed that has no errors: all templates, scopes, limits and marks come up."""
    draw = Random(f"bulk {seed}")
    while True:
        spec = drawn(draw)
        principles, _ = loading.load_principles_text(principles_yaml(spec["principles"]))
        if principles is not None:
            scenario, _ = loading.load_text(scenario_yaml(spec["scenario"]), principles=principles)
            if scenario is not None:
                return Script(scenario, principles)


def plays_of(script: Script, count: int) -> Plays:
    """With and without clocks; every third was left before its end."""
    whole = [play_at_random(script, seed, untimed=seed % 3 == 1, most=120).events for seed in range(count)]
    return [events[: 1 + seed * 7 % len(events)] if seed % 3 == 2 else events for seed, events in enumerate(whole)]


@cache
@cache
def cases() -> list[tuple[Script, Plays]]:
    drawn_ones = [script_drawn(seed) for seed in range(40)]
    return [*((script, plays_of(script, 20)) for script in drawn_ones), *((script, plays_of(script, 16)) for script in every_script())]


def test_the_cases_have_every_kind_of_rule() -> None:
    rules = [rule for script, _ in cases() for one in script.principles.principles.values() for rule in one.rules]
    limits = {getattr(rule, name).within for rule in rules for name in ("response", "alternate_response") if hasattr(rule, name)}
    assert len({type(rule) for rule in rules}) == 8
    assert any(rule.opened_by and rule.closed_by for rule in rules)
    assert any(getattr(rule, "per", None) for rule in rules)
    assert {None, "next-reply", 1.2, 3.0} <= limits
    assert any(Tally(script).folds(untimed=False).needs_times for script, _ in cases())
    assert any(Tally(script).marks(events) for script, plays in cases() for events in plays)


def test_the_tally_agrees_with_the_assessment_on_drawn_scenarios() -> None:
    for script, plays in cases()[:40]:
        counted = Tally(script)
        for events in plays[:12]:
            assessment = assess(script, events)
            assert counted.conduct(events) == assessment.conduct
            for name, (kept, broken) in zip(counted.names, counted.counts(events), strict=True):
                ruled = [one for one in assessment.principles[name].evidence if not one.because.startswith("The trainer")]
                if not assessment.principles[name].owed:
                    assert (kept, broken) == (sum(one.verdict == "kept" for one in ruled), sum(one.verdict == "broken" for one in ruled))


@pytest.mark.parametrize(
    ("at_once", "in_a_byte", "cells"), [(16_384, 255, 1 << 20), (7, 3, 1 << 20), (16, 255, 400)], ids=["usual", "tiny bytes", "tiny tables"]
)
def test_side_by_side_gives_the_same_as_one_by_one(monkeypatch: pytest.MonkeyPatch, at_once: int, in_a_byte: int, cells: int) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", at_once)
    monkeypatch.setattr(bulk, "MOST_IN_A_BYTE", in_a_byte)
    monkeypatch.setattr(bulk, "MOST_CELLS", cells)
    for script, plays in cases():
        counted = Tally(script)
        side_by_side = Bulk(counted)
        expected = [counted.counted(events) for events in plays]
        assert side_by_side.counted(plays) == expected
        assert side_by_side.counted(plays[::-1]) == expected[::-1]


def test_the_counts_alone_are_those_of_the_tally() -> None:
    script, plays = cases()[-1]
    counted, timed = Tally(script), [events for events in plays if not events[0].untimed]  # type: ignore[union-attr]
    side_by_side = Bulk(counted)
    assert [tuple(row) for row in side_by_side.figures(side_by_side.encoded(timed)).tolist()] == [counted.figures(events) for events in timed]


@pytest.mark.parametrize("table", ["_ahead", "_decided", "_ends"])
def test_control_a_table_with_wrong_cells_is_found_out(table: str) -> None:
    script, plays = cases()[-4]
    counted = Tally(script)
    side_by_side, expected = Bulk(counted), [counted.counted(events) for events in plays]
    assert side_by_side.counted(plays) == expected
    for one in side_by_side._tables[False]:
        cells = getattr(one, table)
        # Every state is as good as the first; or every step and every end decides one thing more.
        cells[...] = 0 if table == "_ahead" else cells + 1
    assert side_by_side.counted(plays) != expected


def test_more_of_a_kind_than_a_byte_holds_are_counted() -> None:
    script, plays = cases()[-1]
    counted, (began, *turn) = Tally(script), plays[0][:4]
    long = [began, *turn * 300]
    assert max(counted.figures(long)) > 255
    assert Bulk(counted).counted([long, plays[0]]) == [counted.counted(long), counted.counted(plays[0])]


def test_rules_that_wait_for_too_much_are_counted_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_CELLS", 1)
    script, plays = cases()[-1]
    counted = Tally(script)
    side_by_side = Bulk(counted)
    with pytest.raises(bulk.TooLarge):
        side_by_side.figures(side_by_side.encoded(plays))
    assert side_by_side.counted(plays) == [counted.counted(events) for events in plays]


def test_few_are_counted_without_numpy_and_many_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "FEWEST", 5)
    script, plays = cases()[-1]
    counted = Tally(script)
    asked = list[int]()
    monkeypatch.setattr(Bulk, "counted", lambda self, some: asked.append(len(some)) or [])
    counted.counted_all(plays[:4])
    counted.counted_all(plays[:5])
    assert asked == [5]


def test_without_numpy_it_is_the_same_only_slower(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "FEWEST", 1)
    script, plays = cases()[-1]
    with_numpy = Tally(script).counted_all(plays)
    monkeypatch.setitem(sys.modules, "numpy", None)  # importing it fails from here on
    monkeypatch.delitem(sys.modules, "servicesim.assessment.bulk")
    without = Tally(script)
    assert without.counted_all(plays) == with_numpy
    assert without._bulk is None
    assert without.conduct_of(with_numpy[0]) == assess(script, plays[0]).conduct
