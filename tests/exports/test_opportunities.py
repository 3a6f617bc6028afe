"""Opportunities in bulk are those that the assessment has."""

from __future__ import annotations

from collections import Counter

import pytest

from encounter.plays import every_script, play_at_random
from servicesim.assessment.assess import assess
from servicesim.encounter.script import Script
from servicesim.exports.opportunities import Opportunities, Opportunity


@pytest.mark.parametrize("script", every_script(), ids=lambda script: f"{script.scenario.id} {script.scenario.channel}")
@pytest.mark.parametrize("untimed", [False, True])
def test_every_opportunity_is_one_that_is_assessed_and_the_other_way_round(script: Script, untimed: bool) -> None:
    bulk, seen = Opportunities(script), 0
    for seed in range(20):
        events = play_at_random(script, seed, untimed=untimed).events
        told = Counter(
            (name, one.scene, one.reply, one.verdict)
            for name, score in assess(script, events).principles.items()
            if not score.owed
            for one in score.evidence
        )
        assert Counter(as_told(one) for one in bulk.of(events)) == told
        seen += sum(told.values())
    assert seen > 30


def as_told(one: Opportunity) -> tuple[str, str | None, str | None, str]:
    return one.principle, one.scene, one.reply, "kept" if one.kept >= 0.5 else "broken"
