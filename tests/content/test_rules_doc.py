"""docs/rules.md is true: each of its examples is run, verdict and sentence, and its table names what the benchmark names."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import TypeAdapter

from benchmarks.declare_families import DIFFERENCES, families
from benchmarks.declare_wrong import WRONG
from servicesim.assessment import wording
from servicesim.assessment.assess import Assessment, assess
from servicesim.assessment.reasons import reasons_in
from servicesim.assessment.rules import Ruling, automaton, too_late
from servicesim.assessment.trace import GOES_ON, REPLY_BEGINS, REPLY_ENDS, Moment
from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.principles import TEMPLATES, Rule, WrittenRule

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"
MARKS = {"(": REPLY_BEGINS, ")": REPLY_ENDS, ">": GOES_ON}
RULE: TypeAdapter[Rule] = TypeAdapter(WrittenRule)
SCRIPT = chosen.script("late-parcel")


@dataclass
class Example:
    """A rule on a trace, and the lines that tell the verdicts."""

    rule: str
    happened: str
    offered: bool = True
    told: list[str] = field(default_factory=list)


def blocks(kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def examples() -> Iterator[Example]:
    """Each `happened` of the page, with its rule."""
    for block in blocks("text"):
        rule, offered, example = "", True, None
        for line in block.splitlines():
            word, said = line[:10].strip(), line[10:]
            if word in ("rule", ""):
                rule += said + "\n"
            elif word == "offered":
                offered = said == "yes"
            elif word == "happened":
                example = Example(rule, said, offered)
                yield example
            else:
                assert example is not None
                example.told.append(line)


def trace(happened: str) -> tuple[Moment, ...]:
    """The acts and marks of a line, and when each was."""
    tokens = re.findall(r"[()>]|\d+s\b|[a-z-]+", happened)
    waits = [int(token[:-1]) if token[0].isdigit() else 0 for token in tokens]
    told = zip(tokens, accumulate(waits), strict=True)
    return tuple(Moment(MARKS.get(token, token), float(at), "", None, 0) for token, at in told if not token[0].isdigit())


def verdicts(example: Example) -> list[str]:
    """What ours says, as the page tells it: in the order in which opportunities arose."""
    rule = RULE.validate_python(yaml.safe_load(example.rule))
    ready, happened, decided = automaton(rule), trace(example.happened), list[Ruling]()
    state = ready.start
    for place, moment in enumerate(happened):
        if ready.seconds is not None and state:
            state, late = too_late(state, ready.seconds, moment.at, lambda mark: happened[mark].at)
            decided += late
        what = ready.meaning.get(moment.act, 0)
        if what:
            state, more = ready.step(state, what, place, example.offered)
            decided += more
    decided += ready.finish(state, example.offered)
    decided.sort(key=lambda ruling: (ruling.arose is None, ruling.arose or 0))
    return [_shown(rule, ruling, happened) for ruling in decided] or ["no opportunity"]


def _shown(rule: Rule, ruling: Ruling, happened: tuple[Moment, ...]) -> str:
    arose, decided = (None if mark is None else happened[mark] for mark in (ruling.arose, ruling.decided))
    return f"{'kept' if ruling.kept else 'broken':10}{reasons_in('en').sentence(wording.reason(rule, ruling.kept, arose, decided, SCRIPT))}"


EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.happened)
def test_an_example_is_judged_as_the_page_says(example: Example) -> None:
    assert verdicts(example) == example.told


def test_an_example_speaks_of_acts_that_there_are() -> None:
    told = {moment.act for example in EXAMPLES for moment in trace(example.happened)} - set(MARKS.values())
    assert [act for act in told if not SCRIPT.principles.known(act)] == []


def test_every_template_has_an_example_that_is_kept_and_one_that_is_broken() -> None:
    met = {(template, line.split()[0]) for example in EXAMPLES for template in TEMPLATES if f"{template}:" in example.rule.split("{")[0] for line in example.told}
    assert {(template, verdict) for template in TEMPLATES for verdict in ("kept", "broken")} <= met
    headings = re.findall(r"^### (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert headings == list(TEMPLATES)


# --- scores ----------------------------------------------------------------------------------------------------------


def script(scenes: dict[str, Any], principles: dict[str, Any]) -> Script:
    """An encounter that has just these scenes and principles."""
    head = {"servicesim": 1, "id": "one", "title": "One", "summary": "One.", "channel": "phone", "locale": "en", "company": "Nova Stores"}
    customer = {"name": "Leyla", "type": "fan", "expects": 50, "received": 50}
    rest = {"customer": customer, "start": "s0", "scenes": scenes, "endings": {"over": {"title": "Over"}}}
    common = {"title": "T", "says": "S.", "why": "W.", "source": ["B2"]}
    judge, found = loading.load_principles_text(json.dumps({"servicesim": 1, "acts": {"hum": {"title": "Hums"}}, "principles": {name: common | one for name, one in principles.items()}}))
    assert judge is not None, found
    scenario, found = loading.load_text(json.dumps(head | rest), principles=judge)
    assert scenario is not None, found
    return Script(scenario, judge)


def played(ready: Script, moves: list[str]) -> Assessment:
    return assess(ready, rehearse(Encounter(ready), moves).events)


def marked(marks: list[dict[str, float]], principles: dict[str, Any]) -> Assessment:
    """Judged by a trainer's marks, a scene for each."""
    leads = [{"go": f"s{number + 1}"} for number in range(len(marks) - 1)] + [{"end": "over"}]
    told = zip(marks, leads, strict=True)
    scenes = {f"s{place}": {"customer": "Well?", "replies": [{"id": "r", "say": "So.", "acts": [], "marks": one, **lead}]} for place, (one, lead) in enumerate(told)}
    return played(script(scenes, principles), ["r"] * len(marks))


def lines(kind: str) -> list[list[str]]:
    """The lines of a table whose columns are set apart by two blanks."""
    return [re.split(r" {2,}", line) for block in blocks(kind) for line in block.splitlines()]


@pytest.mark.parametrize(("told", "score"), lines("score"))
def test_a_score_is_what_the_page_says(told: str, score: str) -> None:
    kept, broken = (int(re.findall(rf"{word} (\d)", told)[0]) for word in ("kept", "broken"))
    enough = float(told.partition("enough ")[2] or 1)
    judged = marked([{"one": 1.0}] * kept + [{"one": 0.0}] * broken, {"one": {"enough": enough}}).principles["one"]
    assert (judged.kept, judged.broken, judged.score) == (kept, broken, Fraction(score))


@pytest.mark.parametrize(("told", "conduct"), lines("conduct"))
def test_conduct_is_what_the_page_says(told: str, conduct: str) -> None:
    written = [re.fullmatch(r"weight (\d) (?:none|score ([0-9.]+))( critical)?", one) for one in told.split(", ")]
    principles = {f"p{place}": {"weight": int(one[1]), "critical": bool(one[3])} for place, one in enumerate(written) if one}
    marks = {f"p{place}": float(one[2]) for place, one in enumerate(written) if one and one[2]}
    assert len(principles) == len(written)
    assert marked([marks], principles).conduct == Fraction(conduct)


@pytest.mark.parametrize(("moves", "scores"), lines("plays"))
def test_what_is_offered_and_what_is_owed_is_what_the_page_says(moves: str, scores: str) -> None:
    written, rules = blocks("yaml")
    judge, found = loading.load_principles_text(rules)
    assert (judge is not None, found) == (True, [])
    scenario, found = loading.load_text(written, principles=judge)
    assert (scenario is not None, found) == (True, [])
    assert scenario is not None
    assert judge is not None
    judged = played(Script(scenario, judge), moves.split(", ")).principles
    shown = [f"{name} {'owed' if one.owed else 'none' if one.score is None else one.score}" for name, one in judged.items()]
    assert ", ".join(shown) == scores
    assert all(one.score == 0 for one in judged.values() if one.owed)


# --- the table of differences ----------------------------------------------------------------------------------------


def test_the_table_has_each_difference_that_the_benchmark_has_a_name_for() -> None:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.read_text("utf-8").splitlines() if line.startswith("|")]
    assert [row[0] for row in rows[2:]] == list(DIFFERENCES)
    assert all(re.fullmatch(r"[0-9,]+|-", cell) for row in rows[2:] for cell in row[3:])
    assert all(row[3:] != ["-", "-"] for row in rows[2:])


def test_the_page_tells_how_much_is_compared() -> None:
    text = PAGE.read_text("utf-8")
    assert f"each of {len(list(families()))} kinds of rules" in text.replace("\n", " ")
    assert f"by {len(WRONG)} automata" in text.replace("\n", " ")
