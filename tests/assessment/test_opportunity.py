"""Which principles can come up in an encounter at all."""

from __future__ import annotations

import pytest

from encounter.plays import every_script, in_channel, play_at_random
from servicesim.assessment.assess import assess
from servicesim.assessment.opportunity import brings
from servicesim.encounter.script import Script


def brought(script: Script) -> set[str]:
    """All that can come up."""
    return {name for name, principle in script.principles.principles.items() if brings(principle, name, script)}


@pytest.mark.parametrize("script", every_script(), ids=lambda script: f"{script.scenario.id}-{script.scenario.channel}")
def test_whatever_comes_up_in_a_play_could_be_foreseen(script: Script) -> None:
    foreseen = brought(script)
    for seed in range(12):
        judged = assess(script, play_at_random(script, seed).events)
        assert {name for name, score in judged.principles.items() if score.score is not None} <= foreseen


def test_what_no_reply_does_and_no_channel_has_is_not_foreseen() -> None:
    assert "listen-actively" in brought(in_channel("phone"))
    assert "listen-actively" not in brought(in_channel("chat"))
    assert "stay-neutral" not in brought(in_channel("email"))
    for script in every_script():
        assert len(brought(script)) < len(script.principles.principles)
