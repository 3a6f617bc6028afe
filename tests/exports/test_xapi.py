"""Attempts as xAPI statements: in the frame of cmi5, without a name, and the same each time."""

from __future__ import annotations

import json
import re
import uuid
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from encounter.plays import every_script, play_at_random
from exports.kept import STARTED
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.exports import xapi
from servicesim.exports.rows import Ended, principle_scores
from servicesim.records import Attempt, Person
from servicesim.records.results import result_of

PROFILE = Path(__file__).parents[3] / "shared" / "data" / "xapi" / "cmi5.jsonld"
LEARNER = "0a1b" * 8


def played(script: Script, seed: int) -> tuple[Ended, list[Event]]:
    """A random play to its end, as it would be kept."""
    encounter = play_at_random(script, seed, untimed=seed % 2 == 0, most=4000)
    assert encounter.ended
    attempt = Attempt(
        str(uuid.UUID(int=seed + 1)), LEARNER, script.scenario.id, script.fingerprint, script.principles_fingerprint, 1, seed,
        seed % 2 == 0, False, "en", STARTED,
    )  # fmt: skip
    result = result_of(script, encounter.events, ended=STARTED + round(encounter.at * 1000) + 50)
    person = Person("1042", "Aylin Duman", "Desk 3", "en", LEARNER)
    return Ended(attempt, result, person, script.scenario, script.principles), list(encounter.events)


@cache
def plays() -> tuple[tuple[Ended, list[Event]], ...]:
    return tuple(played(script, seed) for script in every_script() for seed in range(5))


def told(row: Ended, events: list[Event]) -> list[dict[str, Any]]:
    return [json.loads(xapi.as_text(one)) for one in xapi.statements(row, events)]


def verb(statement: dict[str, Any]) -> str:
    return str(statement["verb"]["display"]["en"])


def test_an_attempt_is_told_from_its_beginning_to_its_end() -> None:
    for row, events in plays():
        verbs = [verb(one) for one in told(row, events)]
        replies = sum(isinstance(event, ReplyChosen) for event in events)
        assert verbs == [
            "initialized", *["answered"] * replies, *["scored"] * len(principle_scores(row)),
            "passed" if row.result.passed else "failed", "completed", "terminated",
        ]  # fmt: skip


def test_a_reply_is_one_of_the_choices_of_its_scene() -> None:
    for row, events in plays():
        answered = [one for one in told(row, events) if verb(one) == "answered"]
        given = [event for event in events if isinstance(event, ReplyChosen)]
        for statement, event in zip(answered, given, strict=True):
            choices = [one["id"] for one in statement["object"]["definition"]["choices"]]
            assert statement["result"] == {"response": event.reply}
            assert event.reply in choices
            assert len(choices) == len(set(choices))
            assert statement["object"]["id"] == f"https://servicesim.invalid/encounters/{row.scenario.id}/scenes/{event.scene}"


def test_a_score_is_a_share_with_whole_points_beside_it() -> None:
    for row, events in plays():
        statements = {verb(one): one for one in told(row, events)}
        score = statements["passed" if row.result.passed else "failed"]["result"]["score"]
        assert (score["min"], score["max"], type(score["raw"])) == (0, 100, int)
        assert 0 <= score["scaled"] <= 1
        assert score["raw"] <= score["scaled"] * 100 < score["raw"] + 1
        assert "score" not in statements["completed"]["result"] | statements["terminated"]["result"]


def test_nobody_is_named() -> None:
    for row, events in plays():
        text = "".join(map(xapi.as_text, xapi.statements(row, events)))
        assert "Aylin" not in text
        assert not re.search("(?<![0-9a-f-])1042(?![0-9a-f-])", text)  # an id of a statement may hold these digits by chance
        assert {one["actor"]["account"]["name"] for one in told(row, events)} == {LEARNER}


def test_ids_are_the_same_each_time_and_each_its_own() -> None:
    every = [one["id"] for row, events in plays() for one in told(row, events)]
    again = [one["id"] for row, events in plays() for one in told(row, events)]
    assert every == again
    attempts = {row.attempt.id: told(row, events) for row, events in plays()}
    ids = [one["id"] for statements in attempts.values() for one in statements]
    assert len(ids) == len(set(ids))
    assert all(uuid.UUID(one).version == 5 for one in ids)


def test_what_was_judged_by_other_principles_has_another_id() -> None:
    row, events = plays()[0]
    other = row._replace(attempt=replace(row.attempt, principles_hash="f" * 64))
    same = {verb(one) for one, two in zip(told(row, events), told(other, events), strict=True) if one["id"] == two["id"]}
    assert same == {"initialized", "answered", "completed", "terminated"}


def test_times_are_utc_and_never_go_back() -> None:
    for row, events in plays():
        times = [one["timestamp"] for one in told(row, events)]
        assert times == sorted(times)
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", time) for time in times)
        assert times[0] == "2026-10-26T07:33:20.000Z"


def test_a_failed_result_says_whether_a_human_has_looked_at_it() -> None:
    row, events = plays()[0]
    assert [one["context"]["extensions"]["https://servicesim.invalid/extensions/reviewed"] for one in told(row, events)][:1] == [False]


@pytest.mark.parametrize("home", ["https://training.example.com", "https://example.com/a/", "http://localhost:8080"])
def test_the_address_of_an_organisation_is_borne_by_all(home: str) -> None:
    row, events = plays()[0]
    base = xapi.demand_home(home)
    for one in xapi.statements(row, events, base):
        assert one["actor"]["account"]["homePage"] == f"{base}/learners"
        assert one["object"]["id"].startswith(f"{base}/")
    assert not base.endswith("/")


@pytest.mark.parametrize("home", ["", "example.com", "ftp://example.com", "https://", "https://exa mple.com", "https://a?b", "https://ü.de", "https://[", "javascript:x"])
def test_what_is_no_address_is_told(home: str) -> None:
    with pytest.raises(UsageError, match="is no web address; write it like https://"):
        xapi.demand_home(home)


# Judged by the profile of cmi5


@pytest.mark.skipif(not PROFILE.exists(), reason="the profile of cmi5 is not there (shared/data/xapi/cmi5.jsonld)")
def test_every_statement_keeps_the_templates_of_cmi5() -> None:
    judged = [(one, wrong) for row, events in plays() for one in told(row, events) for wrong in violations(one)]
    assert judged == []


@pytest.mark.skipif(not PROFILE.exists(), reason="the profile of cmi5 is not there (shared/data/xapi/cmi5.jsonld)")
@pytest.mark.parametrize(
    ("spoil", "rule"),
    [
        (lambda one: one["result"].update(score={"scaled": 1}), "completed: $.result.score is excluded"),
        (lambda one: one["result"].pop("duration"), "completed: $.result.duration is missing"),
        (lambda one: one["result"].update(completion=False), "completed: $.result.completion is not among [True]"),
        (lambda one: one["context"]["contextActivities"].pop("grouping"), "generalrestrictions: $.context.contextActivities.grouping[*] is missing"),
        (lambda one: one["context"]["contextActivities"]["category"].pop(), "completed: $.context.contextActivities.category[*].id holds none of ['https://w3id.org/xapi/cmi5/context/categories/moveon']"),
    ],
)  # fmt: skip
def test_the_judge_sees_a_broken_template(spoil: Any, rule: str) -> None:
    """The control."""
    row, events = plays()[0]
    (completed,) = [one for one in told(row, events) if verb(one) == "completed"]
    spoil(completed)
    assert rule in violations(completed)


@cache
def templates() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(PROFILE.read_text(encoding="utf-8"))["templates"]
    return found


def violations(statement: dict[str, Any]) -> list[str]:
    """Which rules of the templates that are meant for it a statement breaks."""
    meant = [one for one in templates() if "verb" not in one or one["verb"] == statement["verb"]["id"]]
    return [f"{one['id'].split('#')[1]}: {wrong}" for one in meant for rule in one["rules"] for wrong in _broken(rule, statement)]


def _broken(rule: dict[str, Any], statement: dict[str, Any]) -> list[str]:
    place, found = rule["location"], _found(statement, rule["location"])
    wrong = []
    if rule.get("presence") == "included" and not found:
        wrong.append(f"{place} is missing")
    if rule.get("presence") == "excluded" and found:
        wrong.append(f"{place} is excluded")
    if "all" in rule and any(one not in rule["all"] for one in found):
        wrong.append(f"{place} is not among {rule['all']}")
    if "any" in rule and not any(one in rule["any"] for one in found):
        wrong.append(f"{place} holds none of {rule['any']}")
    if "none" in rule and any(one in rule["none"] for one in found):
        wrong.append(f"{place} holds one of {rule['none']}")
    return wrong


def _found(statement: Any, location: str) -> list[Any]:
    """What stands at a place, told as a JSONPath of the few forms that the profile uses."""
    found = [statement]
    for name, quoted, every in re.findall(r"\.(\w+)|\['([^']+)'\]|(\[\*\])", location.removeprefix("$")):
        if every:
            found = [item for one in found if isinstance(one, list) for item in one]
        else:
            found = [one[name or quoted] for one in found if isinstance(one, dict) and (name or quoted) in one]
    return found
