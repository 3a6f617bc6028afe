"""What the customer tells a friend (A4), in the file: a text, or one for each outcome."""

from __future__ import annotations

import pytest

from scenario.small import SMALL, spoilt
from servicesim import shipped
from servicesim.scenario import loading
from servicesim.scenario.loading import load_text
from servicesim.scenario.model import Tells, canonical_scenario, fingerprint, scenario_from_canonical

GONE = "    title: Gone\n"


def ended(tells: str) -> list[str]:
    """The findings where `tells` stands in an ending."""
    return [str(finding) for finding in load_text(spoilt(GONE, f"{GONE}    tells: {tells}\n"))[1]]


def told(tells: str) -> Tells:
    scenario, findings = load_text(spoilt(GONE, f"{GONE}    tells: {tells}\n"))
    assert findings == []
    assert scenario is not None
    assert scenario_from_canonical(canonical_scenario(scenario)) == scenario
    found = scenario.endings["gone"].tells
    assert found is not None
    return found


def test_a_text_is_told_whatever_the_outcome() -> None:
    tells = told("Never again.")
    assert [tells.after(outcome) for outcome in ("delighted", "satisfied", "dissatisfied")] == ["Never again."] * 3


def test_an_outcome_may_have_words_of_its_own() -> None:
    tells = told("{satisfied: It was there., say: Well.}")
    assert [tells.after(outcome) for outcome in ("delighted", "satisfied", "dissatisfied")] == ["Well.", "It was there.", "Well."]
    assert told("{delighted: Go there!}").after("dissatisfied") is None


@pytest.mark.parametrize(
    ("tells", "finding"),
    [
        ("{pleased: Well.}", "<text>:57:13: S001 there is no field 'pleased' here; possible are: say, delighted, satisfied, dissatisfied"),
        ("Ask {name}.", "<text>:57:16: S025 '{name}' means nothing; possible are: {trainee}, {customer}, {company}"),
        ("{satisfied: 'So {so}.'}", "<text>:57:28: S025 '{so}' means nothing; possible are: {trainee}, {customer}, {company}"),
        ("Number #4 was kind.", "<text>:57:18: F020"),
        ("''", "<text>:57:12: S008 'say' is empty; write at least one"),
        ("12", "<text>:57:12: S003 'tells' wants fields, each on a line of its own"),
    ],
)
def test_a_slip_is_found_where_it_stands(tells: str, finding: str) -> None:
    assert any(one.startswith(finding) for one in ended(tells)), ended(tells)


def test_a_scenario_without_it_keeps_its_fingerprint() -> None:
    scenario, _ = load_text(SMALL)
    assert scenario is not None
    assert fingerprint(canonical_scenario(scenario)) == "2a74231c6e09beba40ba874006fed2a3fa620074ab7a048f05edf7575c9a9532"


@pytest.mark.parametrize("path", sorted(path for path in shipped.scenarios().glob("*.yaml") if path.stem != "principles"), ids=lambda path: path.stem)
def test_every_ending_of_a_shipped_encounter_says_what_is_told(path: loading.Path) -> None:
    scenario = loading.demand(path, loading.demand_principles(loading.principles_beside(path)))
    if getattr(scenario, "unscored", False):
        return  # there is no debrief that could tell it
    for name, ending in scenario.endings.items():
        assert ending.tells is not None, name
        for outcome in ("delighted", "satisfied", "dissatisfied"):
            said = ending.tells.after(outcome)
            assert said, (name, outcome)
            assert len(said.split()) <= 45, (name, outcome)
