"""About how long an encounter takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from encounter.plays import every_script, small
from servicesim.desktop.duration import minutes
from servicesim.encounter.script import Script


@pytest.mark.parametrize("script", every_script(), ids=lambda script: f"{script.scenario.id}-{script.scenario.channel}")
def test_every_encounter_takes_some_minutes_and_none_for_ever(script: Script) -> None:
    assert 1 <= minutes(script) <= 20


def with_speech(script: Script, say: str) -> Script:
    """The same encounter with another speech in its first scene."""
    scenario = script.scenario
    first = scenario.scenes[scenario.start]
    spoken = replace(first, customer=(replace(first.customer[0], say=say),))
    return Script(replace(scenario, scenes={**scenario.scenes, scenario.start: spoken}), script.principles)


def test_a_longer_speech_takes_longer() -> None:
    long = with_speech(small(), "I have been waiting for this parcel since the beginning of the month. " * 60)
    # 70 characters, 60 times, at 14 a second: five minutes.
    assert minutes(long) - minutes(small()) in (4, 5)


def test_what_goes_round_in_circles_has_an_end() -> None:
    script = small()
    scenario = script.scenario
    first = scenario.scenes[scenario.start]
    circling = replace(first, replies=tuple(replace(reply, go=scenario.start, end=None) for reply in first.replies))
    assert minutes(Script(replace(scenario, scenes={**scenario.scenes, scenario.start: circling}), script.principles)) < 60


def test_replies_that_are_done_and_not_said_count_too() -> None:
    script = small()
    scenario = script.scenario
    first = scenario.scenes[scenario.start]
    done = replace(first, replies=tuple(replace(reply, say=None, do=reply.say) for reply in first.replies))
    assert minutes(Script(replace(scenario, scenes={**scenario.scenes, scenario.start: done}), script.principles)) == minutes(script)
