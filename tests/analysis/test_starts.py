"""Proofs over all starts: out of reach is what no start leads to; passing and failing are a matter of each."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from servicesim.analysis.proof import Extreme
from servicesim.analysis.reach import reach
from servicesim.analysis.starts import best_of, starts, together
from servicesim.analysis.strategies import strategies
from servicesim.authoring.coverage import Coverage
from servicesim.authoring.graph import drawing
from servicesim.authoring.walkthrough import played, read
from servicesim.cli import run
from servicesim.encounter.script import Script
from servicesim.errors import UsageError
from servicesim.scenario.loading import load_text, shipped_principles

CALL = """\
servicesim: 1
id: the-call
title: The call
summary: Somebody waits for a call.
channel: email
locale: en
company: Nova Stores
learn: [greet-warmly]
customer: {name: Tomas Lind, type: fan, expects: 50, received: 50}
facts: {late: false}
remembers: [late]
start: opening
scenes:
  opening:
    customer:
      - {if: late, say: Yesterday you were to write.}
      - {say: You said that you would write.}
    replies:
      - {id: welcome, say: Good morning. Was it red?, acts: [greet], go: colour}
      - {id: own, if: late, say: "I am late, and I know it; good morning.", acts: [greet, apologise], go: forgiven}
      - {id: gone, say: It is gone., acts: [bounce], end: lost}
      - {id: regret, say: "Oh dear, I am so sorry, please forgive us.", acts: [apologise], end: lost}
  forgiven:
    customer: All right then.
    replies:
      - {id: ask, say: Was it red?, acts: [ask-clarifying], go: colour}
      - {id: leave, say: Good., acts: [], end: lost}
  colour:
    customer: Yes, red.
    replies:
      - {id: place, say: And where was it?, acts: [ask-clarifying], go: till}
      - {id: blue, say: We have a blue one., acts: [inform], end: lost}
      - {id: doubt, say: Are you sure?, acts: [argue], end: lost}
  till:
    customer: By the till.
    replies:
      - {id: here, say: Here it is., acts: [inform], end: found}
      - {id: closed, say: The till is closed., acts: [bounce], end: lost}
      - {id: tidy, say: Please be more careful., acts: [scold], end: lost}
endings:
  found: {title: Found}
  lost: {title: Lost, failed: true}
"""


def script(text: str = CALL) -> Script:
    scenario, found = load_text(text)
    assert scenario is not None, found
    return Script(scenario, shipped_principles())


def checked(text: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    (folder / "the-call.yaml").write_text(text, encoding="utf-8")
    run(["check", str(folder / "the-call.yaml"), "--json"])
    (told,) = json.loads(capsys.readouterr().out)["files"]
    return dict(told)


def messages(told: dict[str, object]) -> list[str]:
    findings = told["findings"]
    assert isinstance(findings, list)
    return [f"{finding['code']} {finding['message']}" for finding in findings]


def test_what_one_start_leads_to_is_reached() -> None:
    each = {remembered: reach(begun) for remembered, begun in starts(script())}
    assert {remembered: "forgiven" in one.scenes for remembered, one in each.items()} == {(): False, ("late",): True}
    every = together(each)
    assert "forgiven" in every.scenes
    assert ("opening", 1) in every.lines
    assert ("opening", "own") in every.withheld
    assert every.complete
    assert every.passable is True
    assert every.failable is True


def test_an_encounter_with_one_start_is_as_it_was() -> None:
    plain = script(CALL.replace("remembers: [late]\n", ""))
    proof = reach(plain)
    assert together({(): proof}) is proof


def test_the_best_play_of_all_says_from_which_start_it_is() -> None:
    each = {remembered: reach(begun) for remembered, begun in starts(script())}
    plain, late = each[()], each["late",]
    every = together({(): replace(plain, best=Extreme(Fraction(90), Fraction(90), ())), ("late",): late})
    assert every.best.value == 100
    assert every.best.remembered == ("late",)


def test_it_has_to_be_passable_from_each_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spoilt = CALL.replace("{id: welcome,", "{id: welcome, if: not late,").replace("{id: ask, say: Was it red?, acts: [ask-clarifying], go: colour}", "{id: ask, say: Was it red?, acts: [argue], end: lost}")
    told = messages(checked(spoilt, tmp_path, capsys))
    assert told == ["R005 where the customer remembers 'late': nobody can pass: no play comes to an ending that is not 'failed'"]


def test_chance_counts_from_each_start_and_is_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = messages(checked(CALL, tmp_path, capsys))
    assert told == []
    easier = CALL.replace("      - {id: tidy, say: Please be more careful., acts: [scold], end: lost}\n", "").replace("      - {id: closed, say: The till is closed., acts: [bounce], end: lost}\n", "")
    assert [line for line in messages(checked(easier, tmp_path, capsys)) if line.startswith("R014")] == [
        "R014 whoever replies at random passes with a chance of 11.1 %"
    ]


def test_naive_players_are_told_of_by_their_best_start() -> None:
    each = [strategies(begun) for _, begun in starts(script())]
    assert {name: (one.passed, one.conduct) for name, one in best_of(each).items()} == {
        name: max((naive[name].passed, naive[name].conduct) for naive in each) for name in each[0]
    }


def test_a_fact_that_may_be_true_at_the_start_is_not_blamed_on_the_reply_that_sets_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    never = CALL.replace("say: Good., acts: [], end: lost}", "say: Good., acts: [], set: {late: true}, end: lost}")
    assert not [line for line in messages(checked(never, tmp_path, capsys)) if line.startswith("R002")]


def test_simulate_begins_with_what_is_remembered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "the-call.yaml").write_text(CALL, encoding="utf-8")
    file = str(tmp_path / "the-call.yaml")
    assert run(["simulate", file, "--with", "late", "--play", "own,ask,place,here", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["conduct"] == 100
    assert run(["simulate", file, "--play", "own"]) == 2
    assert run(["simulate", file, "--with", "lost", "--play", "own"]) == 2
    assert "'the-call' cannot begin with 'lost'; it may be: late" in capsys.readouterr().err


def test_a_walkthrough_may_say_what_is_remembered() -> None:
    walk = read("# Owns up.\nscenario: the-call\nwith: late\nplay: own, ask, place, here\n\n---\n")
    assert walk.remembered == ("late",)
    assert "speaks: opening, line 1\n" in played(walk, script())
    coverage = Coverage(script())
    coverage.add(walk)
    assert [str(share) for share in coverage.shares()][1] == "lines 1 of 2; not seen: opening line 2"
    with pytest.raises(UsageError, match="it may be: late"):
        played(read("scenario: the-call\nwith: lost\nplay: own\n---\n"), script())


def test_the_best_path_is_drawn_from_its_own_start() -> None:
    owned = replace(reach(script().started(["late"])).best, path=("own", "ask", "place", "here"), remembered=("late",))
    drawn = drawing(script(), replace(reach(script()), best=owned))
    assert [scene.name for scene in drawn.scenes if scene.standing == "best"] == ["opening", "forgiven", "colour", "till"]
