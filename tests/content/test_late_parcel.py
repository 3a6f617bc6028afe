"""Content is tested as hard as code: naive players fail late-parcel even when they listen perfectly."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest

from servicesim.assessment.assess import Assessment, assess
from servicesim.commands import chosen
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import finish_speech, play
from servicesim.encounter.script import Option, Script
from servicesim.encounter.situation import Phase

POLITE = ("sorry", "please", "thank", "apolog", "kindly", "of course", "forgive", "appreciate")
Pick = Callable[[Sequence[Option]], Option]


def length(option: Option) -> int:
    return len(option.reply.words)


def politeness(option: Option) -> int:
    return sum(option.reply.words.lower().count(word) for word in POLITE)


def apologise_first(offered: Sequence[Option]) -> Option:
    return next((option for option in offered if "apologise" in option.reply.acts), offered[0])


def listens_and_picks(script: Script, pick: Pick) -> Assessment:
    """Somebody who says a neutral word at every station, and chooses replies by `pick`."""
    encounter = Encounter(script)
    while not encounter.ended:
        while encounter.situation.phase in (Phase.SPEAKING, Phase.PAUSING):
            if encounter.situation.phase is Phase.PAUSING and rules.listening_offered(encounter.situation):
                play(encounter, "go-on")
            encounter.advance(rules.due_at(encounter.situation) or encounter.at)
        finish_speech(encounter)
        play(encounter, pick(sorted(encounter.offered, key=lambda option: option.reply.id)).reply.id)
    return assess(script, encounter.events)


@pytest.mark.parametrize(
    "pick",
    [
        pytest.param(lambda offered: max(offered, key=length), id="longest"),
        pytest.param(lambda offered: min(offered, key=length), id="shortest"),
        pytest.param(lambda offered: max(offered, key=politeness), id="politest"),
        pytest.param(lambda offered: min(offered, key=politeness), id="rudest"),
        pytest.param(apologise_first, id="apologise-first"),
        pytest.param(lambda offered: offered[0], id="first"),
        pytest.param(lambda offered: offered[-1], id="last"),
    ],
)
def test_a_naive_player_fails(pick: Pick) -> None:
    assert not listens_and_picks(chosen.script("late-parcel"), pick).passed


def test_chance_seldom_passes() -> None:
    draw = random.Random(20)
    script = chosen.script("late-parcel")
    passed = sum(listens_and_picks(script, draw.choice).passed for _ in range(500))
    assert passed <= 0.05 * 500


def test_every_reply_that_teaches_says_why() -> None:
    scenario = chosen.script("late-parcel").scenario
    silent = [f"{name}/{reply.id}" for name, scene in scenario.scenes.items() for reply in scene.replies if not reply.why]
    assert silent == []


def test_the_right_reply_is_not_given_away_by_its_length() -> None:
    script = chosen.script("late-parcel")
    ways = [["welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her"]]
    longest = 0
    for way in ways:
        encounter = Encounter(script)
        for reply in way:
            finish_speech(encounter)
            longest += max(encounter.offered, key=length).reply.id == reply
            play(encounter, reply)
    assert longest <= 3
