"""Counting in bulk agrees with judging one by one, on every kind of play of every shipped scenario."""

from __future__ import annotations

import pytest

from encounter.plays import every_script, play_at_random
from servicesim.assessment import folds
from servicesim.assessment.assess import assess
from servicesim.assessment.tally import Tally
from servicesim.encounter.script import Script


@pytest.mark.parametrize("script", every_script(), ids=lambda script: f"{script.scenario.id}-{script.scenario.channel}")
def test_the_tally_agrees_with_the_assessment(script: Script) -> None:
    counted = Tally(script)
    for seed in range(40):
        events = play_at_random(script, seed, untimed=seed % 4 == 0).events
        assessment = assess(script, events)
        assert counted.conduct(events) == assessment.conduct
        for name, (kept, broken) in zip(counted.names, counted.counts(events), strict=True):
            ruled = [one for one in assessment.principles[name].evidence if not one.because.startswith("The trainer")]
            if not assessment.principles[name].owed:
                assert (kept, broken) == (sum(one.verdict == "kept" for one in ruled), sum(one.verdict == "broken" for one in ruled))


@pytest.mark.parametrize("limit", ["MOST_STEPS", "MOST_CELLS"])
def test_forgetting_changes_nothing(monkeypatch: pytest.MonkeyPatch, limit: str) -> None:
    monkeypatch.setattr(folds, limit, 5)
    script = every_script()[0]
    counted = Tally(script)
    for seed in range(10):
        events = play_at_random(script, seed).events
        assert counted.conduct(events) == assess(script, events).conduct
