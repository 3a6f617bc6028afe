"""What a customer remembers from an encounter before: facts that a programme may make true at the start."""

from __future__ import annotations

import pytest

from scenario.small import SMALL
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.scenario.loading import load_text, shipped_principles
from servicesim.scenario.model import Scenario, canonical_scenario, scenario_from_canonical

REMEMBERING = SMALL.replace("  calls: 0\n", "  calls: 0\n  late: false\nremembers: [late]\n").replace("if: said(apologise)", "if: said(apologise) or late")


def written(text: str) -> Scenario:
    scenario, found = load_text(text)
    assert scenario is not None, found
    return scenario


def found(text: str) -> list[str]:
    return [str(finding) for finding in load_text(text)[1]]


def test_what_is_not_used_leaves_no_trace_in_what_is_kept() -> None:
    assert "remembers" not in canonical_scenario(written(SMALL))
    assert '"remembers":["late"]' in canonical_scenario(written(REMEMBERING))


def test_an_encounter_can_begin_with_nothing_remembered_with_each_fact_and_with_several() -> None:
    scenario = written(REMEMBERING.replace("late: false", "late: false\n  lost: false").replace("[late]", "[late, lost]").replace("or late", "or late or lost"))
    assert scenario.starts == ((), ("late",), ("lost",), ("late", "lost"))
    assert written(SMALL).starts == ((),)


def test_the_fact_is_true_from_the_start_and_what_was_played_is_kept_so() -> None:
    scenario = written(REMEMBERING)
    begun = Script(scenario, shipped_principles()).started(["late"])
    encounter = rehearse(Encounter(begun), ["welcome"])
    assert encounter.situation.spoken.line.say == "You do not even know what for."
    assert scenario_from_canonical(begun.text) == begun.scenario
    assert begun.fingerprint != Script(scenario, shipped_principles()).fingerprint


def test_what_it_does_not_remember_cannot_be_asked_for() -> None:
    with pytest.raises(UsageError, match="'lost-umbrella' cannot begin with 'found'; it may be: late"):
        Script(written(REMEMBERING), shipped_principles()).started(["found"])
    with pytest.raises(UsageError, match="'lost-umbrella' cannot begin with 'late'; its scenario has no 'remembers'"):
        Script(written(SMALL), shipped_principles()).started(["late"])


def test_a_fact_that_cannot_be_remembered_is_found() -> None:
    assert found(REMEMBERING.replace("[late]", "[lat]")) == ["<text>:19:13: S023 no fact is called 'lat'; did you mean 'late'?"]
    assert found(REMEMBERING.replace("[late]", "[calls]")) == [
        "<text>:19:13: S023 'calls' is a number, and only what is true or false can be remembered; declare it as false"
    ]


def test_a_fact_that_is_remembered_in_vain_is_found() -> None:
    assert found(REMEMBERING.replace(" or late", "")) == ["<text>:19:13: S038 no condition asks for 'late'; ask for it, as in 'if: late', or remove it"]
    assert found(REMEMBERING.replace("late: false", "late: true")) == ["<text>:19:13: S038 'late' is true at the start anyway; declare it as false"]
    assert found(REMEMBERING.replace("[late]", "[late, late]")) == ["<text>:19:19: S038 'remembers' names 'late' twice; once is enough: remove it"]


def test_a_condition_that_cannot_be_read_is_told_of_once() -> None:
    assert [line.split()[1] for line in found(REMEMBERING.replace("or late", "or late or or"))] == ["C001"]
