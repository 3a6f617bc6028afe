"""Publishing, replacing and retiring encounters, and what a new version would change."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from seats import Seat
from servicesim import shipped
from servicesim.encounter.encounter import Encounter as Play
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.errors import FilesHaveFindings, UsageError
from servicesim.scenario.loading import shipped_principles
from servicesim.scenario.model import Scenario
from servicesim.server import publishing
from servicesim.server.drift import Group, drift_of, moves
from servicesim.server.house import House
from servicesim.server.publishing import Encounter, checked_encounter, publish, publish_shipped, retire

SMALL = """
servicesim: 1
id: a-wet-umbrella
title: A wet umbrella
summary: A guest drips on the carpet.
channel: chat
locale: en
company: Dar al-Noor
learn: [say-sorry]
customer: {name: Noor, type: indifferent, expects: 50, received: 50}
start: opening
scenes:
  opening:
    customer: My umbrella drips on your carpet, and nobody has said a word to me about where it goes.
    replies:
      - id: understand
        say: That is unpleasant for you, and I am sorry.
        acts: [apologise]
        go: after
      - id: shrug
        say: It is only water, it will dry.
        acts: [shrug]
        go: after
  after:
    customer: And where does it go now?
    replies:
      - id: stand
        say: Here is the stand for it.
        acts: [help]
        end: dry
      - id: outside
        say: Outside, please.
        acts: [send-away]
        end: wet
endings:
  dry: {title: The carpet dries}
  wet: {title: The guest leaves, failed: true}
"""


PRINCIPLES = """
servicesim: 1
acts:
  apologise: {title: Apologises}
  shrug: {title: Makes it small}
  help: {title: Helps}
  send-away: {title: Sends somebody away}
principles:
  say-sorry: {title: Say sorry, says: S, why: W, source: [B2], rules: [existence: apologise]}
"""


@pytest.fixture
def umbrella(tmp_path: Path) -> Path:
    return _written(tmp_path, SMALL)


def _written(folder: Path, text: str) -> Path:
    file = folder / "a-wet-umbrella.yaml"
    file.write_text(text, encoding="utf-8")
    (folder / "principles.yaml").write_text(PRINCIPLES, encoding="utf-8")
    return file


def _checked(file: Path) -> Encounter:
    return checked_encounter(file, seconds=None)


def test_an_encounter_is_offered_in_its_own_language_and_its_texts_are_kept(house: House, umbrella: Path) -> None:
    encounter = _checked(umbrella)
    version = publish(house, encounter, by="leyla")
    assert (version.scenario, version.version, version.by, version.retired) == ("a-wet-umbrella", 1, "leyla", None)
    (edition,) = version.editions
    assert house.records.text(edition.scenario_hash) == encounter.script.text
    assert house.records.text(edition.principles_hash) == encounter.script.principles_text
    assert house.organisation.kind_of_text(edition.edition) == "scenario"
    assert house.organisation.kind_of_text(edition.principles) == "principles"
    assert house.organisation.kind_of_text(edition.scenario_hash) is None


def test_a_new_version_takes_the_place_of_the_old_one(house: House, tmp_path: Path, umbrella: Path, clock: Any) -> None:
    first = publish(house, _checked(umbrella), by="leyla")
    clock.pass_by(days=1)
    assert publish(house, _checked(umbrella), by="omid") == first
    second = publish(house, _checked(_written(tmp_path, SMALL.replace("only water", "just water"))), by="omid")
    assert [(one.version, one.retired) for one in house.organisation.versions("a-wet-umbrella")] == [(2, None), (1, house.now())]
    assert house.organisation.on_offer() == [second]
    assert house.organisation.kind_of_text(first.editions[0].edition) == "scenario"


def test_what_is_retired_is_no_longer_offered_and_may_be_offered_again(house: House, umbrella: Path) -> None:
    publish(house, _checked(umbrella), by="leyla")
    assert retire(house, "a-wet-umbrella", by="leyla").version == 1
    assert house.organisation.on_offer() == []
    with pytest.raises(UsageError, match="not on offer"):
        retire(house, "a-wet-umbrella", by="leyla")
    assert publish(house, _checked(umbrella), by="leyla").version == 2


def test_an_encounter_with_an_error_is_not_published(tmp_path: Path) -> None:
    with pytest.raises(FilesHaveFindings, match=r"S013 no scene is called 'aftr'"):
        _checked(_written(tmp_path, SMALL.replace("go: after", "go: aftr")))


def test_an_encounter_that_is_passed_by_chance_is_not_published(umbrella: Path) -> None:
    with pytest.raises(FilesHaveFindings, match="R014 whoever replies at random passes with a chance of 25 %"):
        checked_encounter(umbrella, seconds=1)


def test_what_is_no_scored_encounter_is_not_published() -> None:
    with pytest.raises(UsageError, match="not scored"):
        _checked(shipped.scenarios() / "singing-kettle.yaml")
    with pytest.raises(FilesHaveFindings):
        _checked(shipped.scenarios() / "no-such-file.yaml")
    with pytest.raises(FilesHaveFindings):
        _checked(shipped.scenarios() / "principles.yaml")


def test_a_first_version_changes_nothing_that_was(house: House, umbrella: Path) -> None:
    drift = drift_of(house, _checked(umbrella), seconds=1)
    assert (drift.version, drift.before, drift.replies_gone, drift.replies_new, drift.replayed) == (None, None, (), (), 0)
    assert drift.after.best.value > drift.after.worst.value


def test_a_new_version_tells_who_would_pass_and_who_would_not(house: House, browser: TestClient, tmp_path: Path, umbrella: Path, clock: Any) -> None:
    publish(house, _checked(umbrella), by="leyla")
    seat = Seat.taken(house, browser)
    played = {}
    for way in ("understand stand", "shrug outside", "shrug stand"):
        ticket = seat.ticket("a-wet-umbrella")
        clock.pass_by(seconds=600)
        answer = seat.send(ticket["attempt"], seat.played(ticket, way.split()))
        assert answer.json()["ended"], answer.text
        played[way] = ticket["attempt"]
    results = {way: found[1] for way, attempt in played.items() if (found := house.records.attempt(attempt))}
    assert {way: one.passed for way, one in results.items() if one} == {"understand stand": True, "shrug outside": False, "shrug stand": False}

    swapped = SMALL.replace("[shrug]", "[-]").replace("[apologise]", "[shrug]").replace("[-]", "[apologise]")
    other = swapped.replace("id: outside", "id: out")
    drift = drift_of(house, _checked(_written(tmp_path, other)), seconds=1)

    assert (drift.replies_gone, drift.replies_new) == (("after/outside",), ("after/out",))
    assert (drift.replayed, drift.passed_before) == (2, 1)
    assert drift.would_pass == Group(1, (played["shrug stand"],))
    assert drift.would_fail == Group(1, (played["understand stand"],))
    assert drift.stuck == Group(1, (played["shrug outside"],))
    assert drift.before is not None


WAYS = (
    "go-on, go-on, go-on, go-on, welcome, go-on, go-on, go-on, go-on, go-on, may-i-ask",
    "., go-on, interrupt, go-on, welcome, ., ., yes, silence, may-i-ask",
    "interrupt, silence, go-on, order-number, interrupt, ., yes, go-on, silence, address",
)


@pytest.mark.parametrize("way", WAYS)
def test_moves_of_a_play_lead_to_the_same_play(way: str) -> None:
    script = Script(_late_parcel(), shipped_principles())
    events = rehearse(Play(script, seed=4), way.split(", ")).events
    again = rehearse(Play(script, seed=4), moves(events)).events
    assert [type(event) for event in again] == [type(event) for event in events]
    assert to_lines(again) == to_lines(events)


def _late_parcel() -> Scenario:
    from servicesim.scenario.loading import demand

    return replace(demand(shipped.scenarios() / "late-parcel.yaml"))


def test_all_scored_encounters_that_come_along_can_be_offered(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "in_language", lambda *_: None)  # other tests look at every language
    offered = publish_shipped(house, by="leyla")
    assert {version.scenario for version in offered} >= {"late-parcel", "oak-table"}
    assert all(version.version == 1 for version in offered)
