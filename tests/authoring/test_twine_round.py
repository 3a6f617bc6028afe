"""What is written as Twee is read back as the same scenes, replies and ids."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenario.small import SMALL
from servicesim import shipped
from servicesim.authoring import twine
from servicesim.authoring.twine_skeleton import skeletons
from servicesim.authoring.twine_writing import ifid, left_out, twee
from servicesim.scenario import loading, source
from servicesim.scenario.characters import refused
from servicesim.scenario.model import Scenario, scenario_adapter

SHIPPED = sorted(path for path in shipped.scenarios().glob("*.yaml") if not loading.is_principles_file(path))


def small() -> Scenario:
    scenario, _ = loading.load_text(SMALL)
    assert scenario is not None
    return scenario


def again(scenario: Scenario) -> tuple[Scenario, list[str]]:
    """The scenario after it was written as Twee and read, and what was found meanwhile."""
    file = twine.parse(twee(scenario).encode(), "x.twee")
    (skeleton,) = skeletons(file, "x")
    read = source.parse(skeleton.text)
    assert read.findings == []
    return scenario_adapter().validate_python(read.root), [str(one) for one in (*file.findings, *skeleton.findings)]


def held(scenario: Scenario) -> dict[str, Any]:
    """What a Twee file holds of a scenario; white space as it is read by people."""
    told = {
        "head": [scenario.id, scenario.title, scenario.summary, scenario.channel, scenario.locale, scenario.company, scenario.pass_mark, scenario.learn, scenario.customer, scenario.facts, scenario.start, scenario.leaves],
        "scenes": {
            name: [
                scene.do, scene.happens, [(line.condition, line.say, line.acts) for line in scene.customer],
                [(reply.id, reply.say, reply.do, reply.acts, reply.condition, reply.why, reply.go, reply.end) for reply in scene.replies],
            ]
            for name, scene in scenario.scenes.items()
        },
        "endings": {name: [ending.title, ending.customer, ending.failed] for name, ending in scenario.endings.items()},
    }  # fmt: skip
    return json.loads(json.dumps(told, default=str), object_hook=dict, parse_constant=str) if told else {}


def even(told: Any) -> Any:
    """The same with white space evened out."""
    match told:
        case str():
            return " ".join(told.split())
        case dict():
            return {key: even(value) for key, value in told.items()}
        case list():
            return [even(one) for one in told]
        case _:
            return told


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_encounter_comes_back_with_the_same_scenes_replies_and_ids(path: Path) -> None:
    scenario = loading.demand(path)
    back, findings = again(scenario)
    assert even(held(back)) == even(held(scenario))
    assert [one for one in findings if " T009 " not in one] == []


WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp")), min_size=1, max_size=60).filter(lambda text: bool(text.strip()) and not refused(text))
SIGNS = st.text(st.sampled_from("[]{}<>|-»«$_*/'=~^@#!:;&\\`() a1ğسא\n\"%.+"), min_size=1, max_size=40).filter(lambda text: bool(text.strip()))


def worn(text: str) -> str:
    """A text as it may stand in a scenario: braces name something there."""
    return re.sub(r"[{}]", "", text).strip() or "x"


@given(st.one_of(WORDS, SIGNS), st.one_of(WORDS, SIGNS))
def test_any_words_come_back_as_they_were(said: str, answered: str) -> None:
    scenario = small()
    scene = scenario.scenes["opening"]
    spoken = replace(scene.customer[0], say=worn(said))
    answer = replace(scene.replies[0], say=worn(answered), why=worn(said))
    changed = replace(scenario, scenes={**scenario.scenes, "opening": replace(scene, customer=(spoken,), replies=(answer, *scene.replies[1:]))})
    back, _ = again(changed)
    assert even(held(back)) == even(held(changed))


def test_a_scene_and_an_ending_of_one_name_stay_two() -> None:
    scenario, _ = loading.load_text(SMALL.replace("settled", "story").replace("end: story\n", "end: story\n"))
    assert scenario is not None
    assert even(held(again(scenario)[0])) == even(held(scenario))


def test_the_number_of_a_story_is_the_same_whenever_it_is_written() -> None:
    assert ifid("late-parcel") == ifid("late-parcel") != ifid("late-parcels")
    assert re.fullmatch(r"[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}", ifid("late-parcel"))


def test_the_form_is_that_of_twee_3() -> None:
    text = twee(small())
    data = json.loads(text.split(":: StoryData\n")[1].split("\n\n\n")[0])
    assert data["start"] == "opening"
    headers = [line for line in text.splitlines() if line.startswith("::")]
    assert len(headers) == 2 + 1 + 2 + 2
    assert all(re.fullmatch(r':: [a-zA-Z -]+ \[[a-z ]+\] \{"position":"\d+,\d+","size":"100,100"\}', one) for one in headers[2:])
    assert len({one.partition("{")[2] for one in headers[2:]}) == len(headers[2:])  # no two in one place
    assert "«look» [[I will look.->settled]]\n«acts» inform" in text


def test_what_the_story_does_not_hold_is_told() -> None:
    assert left_out(small()) == ["feelings ('feel')", "facts that replies set"]
