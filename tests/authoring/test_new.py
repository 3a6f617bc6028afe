"""The scenarios to start from are tested as hard as shipped ones: whoever copies them copies their faults."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from servicesim.analysis.proof import Reach
from servicesim.analysis.reach import reach
from servicesim.analysis.strategies import cues, strategies
from servicesim.assessment.assess import assess
from servicesim.authoring.starting import TEMPLATES, begun, refusal
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario.loading import load_text, shipped_principles
from servicesim.scenario.model import CHANNELS, Channel

PROVED: dict[str, tuple[Script, Reach]] = {}


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> Channel:
    return request.param  # type: ignore[no-any-return]


@pytest.fixture
def script(channel: Channel) -> Script:
    scenario, findings = load_text(begun("lost-umbrella", channel))
    assert scenario is not None, findings
    return Script(scenario, shipped_principles())


@pytest.fixture
def proved(channel: Channel, script: Script) -> Reach:
    if channel not in PROVED:
        PROVED[channel] = script, reach(script, seconds=60)
    return PROVED[channel][1]


def test_every_channel_has_one_and_there_are_no_others() -> None:
    assert {path.name for path in TEMPLATES.iterdir()} == {f"{channel}.yaml" for channel in CHANNELS}


def test_nothing_is_wrong_in_it(channel: Channel) -> None:
    scenario, findings = load_text(begun("lost-umbrella", channel))
    assert findings == []
    assert scenario is not None
    assert (scenario.id, scenario.channel) == ("lost-umbrella", channel)


def test_it_is_small_and_all_of_it_can_be_seen(script: Script, proved: Reach) -> None:
    scenario = script.scenario
    assert 6 <= len(scenario.scenes) <= 8
    assert proved.exact
    assert proved.scenes == frozenset(scenario.scenes)
    assert proved.replies == {(name, reply.id) for name, scene in scenario.scenes.items() for reply in scene.replies}
    assert all(proved.endings.values())
    assert proved.lines == {(name, line) for name, scene in scenario.scenes.items() for line in range(len(scene.customer))}


def test_the_best_way_in_its_notes_reaches_100_and_nothing_else_does(script: Script, proved: Reach, channel: Channel) -> None:
    noted = re.search(r"# The best way through: (.+)", begun("x", channel))
    assert noted is not None
    chosen = rehearse(Encounter(script), proved.best.path).events
    assert [event.reply for event in chosen if isinstance(event, ReplyChosen)] == noted[1].split(", ")
    assert assess(script, chosen).conduct == proved.best.value == 100
    assert assess(script, chosen).passed


def test_what_it_is_about_can_be_kept_and_broken(script: Script, proved: Reach) -> None:
    spans = {name: proved.principles[name] for name in script.scenario.learn}
    assert {name for name, span in spans.items() if not (span.kept and span.broken)} == set()


def test_nobody_passes_without_thinking(script: Script, proved: Reach) -> None:
    assert [name for name, played in strategies(script).items() if played.passed] == []
    assert proved.random.passing[1] <= Fraction(5, 100)
    assert proved.failable


def test_its_words_do_not_give_the_best_replies_away(script: Script, proved: Reach) -> None:
    played = rehearse(Encounter(script), proved.best.path).events
    best = [(event.scene, event.reply) for event in played if isinstance(event, ReplyChosen)]
    assert cues(script, best) == []
    for scene, reply in best:
        offered = script.scenario.scenes[scene].replies
        longest = max(offered, key=lambda one: len(one.words))
        shortest = min(offered, key=lambda one: len(one.words))
        assert reply not in (longest.id, shortest.id), (scene, reply)


def test_every_reply_says_why(script: Script) -> None:
    assert [reply.id for scene in script.scenario.scenes.values() for reply in scene.replies if not reply.why] == []


def test_its_notes_name_its_own_file(channel: Channel) -> None:
    text = begun("lost-umbrella", channel)
    assert "servicesim check lost-umbrella.yaml" in text
    assert "my-encounter" not in text


@pytest.mark.parametrize(
    ("id_", "why_not"),
    [
        ("lost-umbrella", ""),
        ("Lost Umbrella", "'Lost Umbrella' is no name: use small letters a-z, digits and hyphens, beginning with a letter, as in lost-umbrella"),
        ("lost_umbrella.yaml", "'lost_umbrella.yaml' is no name: use small letters a-z, digits and hyphens, beginning with a letter, as in lost-umbrella"),
        ("../up", "'../up' is no name: use small letters a-z, digits and hyphens, beginning with a letter, as in up"),
        ("چتر", "'چتر' is no name: use small letters a-z, digits and hyphens, beginning with a letter"),
        ("", "'' is no name: use small letters a-z, digits and hyphens, beginning with a letter"),
        ("principles", "'principles' is the name of the principles file; choose another"),
        ("go-on", "'go-on' is a move of play; choose another name"),
        ("x" * 61, "that name is longer than 60 characters; choose a shorter one"),
    ],
)
def test_a_bad_name_is_told_with_a_good_one(id_: str, why_not: str) -> None:
    assert refusal(id_) == why_not
