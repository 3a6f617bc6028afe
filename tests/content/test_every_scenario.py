"""What holds of every shipped encounter: nothing in it is out of reach, its scores tell something, and walkthroughs show all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from library_page import PAGE, entry
from proved import Proving
from servicesim.analysis.proof import Extreme, Played, Reach
from servicesim.analysis.reach import reach
from servicesim.analysis.starts import best_of, starts, together
from servicesim.analysis.strategies import cues, strategies
from servicesim.assessment.assess import Assessment, assess
from servicesim.authoring.coverage import Coverage
from servicesim.authoring.walkthrough import Walkthrough, read
from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen, SpeechBegan
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario import loading

WALKS = Path(__file__).parents[1] / "walkthroughs"
SELDOM = Fraction(5, 100)
APART = 30  # points between the expert and whoever replies at random
HUMAN = (75, 95)  # the conduct of somebody who is good and not perfect


@dataclass(frozen=True, slots=True)
class Shown:
    """An encounter, what was proved about it, what comes of it without thinking, and the walkthroughs that show it.

    Where its customer may remember something, `starts` shows each way in which it can begin by itself.
    """

    script: Script
    proof: Reach
    naive: dict[str, Played]
    walks: tuple[Walkthrough, ...]
    starts: tuple[Shown, ...] = ()

    def played(self, walk: Walkthrough) -> Assessment:
        """How a walkthrough is judged."""
        encounter = rehearse(walk.begun(self.script), walk.moves)
        return assess(encounter.script, encounter.events)


Promise = Callable[[Shown], Iterator[str]]


def shown(script: Script, proof_of: Callable[[Script], Reach]) -> Shown:
    walks = (read(path.read_text(encoding="utf-8")) for path in sorted(WALKS.rglob("*.walk")))
    mine = tuple(walk for walk in walks if walk.scenario == script.scenario.id)
    each = tuple(
        Shown(begun, proof_of(begun), strategies(begun), tuple(walk for walk in mine if walk.remembered == remembered))
        for remembered, begun in starts(script)
    )
    proof = together({remembered: one.proof for remembered, one in zip(script.scenario.starts, each, strict=True)})
    return Shown(script, proof, best_of(one.naive for one in each), mine, each)


# --- what every encounter promises: each of these yields what breaks the promise --------------------------------------


def all_of_it_is_proved(shown: Shown) -> Iterator[str]:
    if not shown.proof.complete:
        yield "not every situation was looked at"
    if not shown.proof.exact:
        yield "something is only bounded"


def nothing_is_out_of_reach(shown: Shown) -> Iterator[str]:
    for stage in shown.script.stages:
        yield from (f"line {line + 1} of {stage.name} is never spoken" for line in range(len(stage.lines)) if (stage.name, line) not in shown.proof.lines)
        offered = (option.reply.id for option in stage.options)
        yield from (f"{stage.name}/{reply} is never offered" for reply in offered if (stage.name, reply) not in shown.proof.replies)
    yield from (f"nobody comes to {ending}" for ending, reached in shown.proof.endings.items() if not reached)


def the_expert_reaches_a_hundred(shown: Shown) -> Iterator[str]:
    passing = shown.proof.passing
    if passing is None or passing.value != 100:
        yield "no play passes with 100"


def it_can_be_failed_by_conduct(shown: Shown) -> Iterator[str]:
    if shown.proof.worst.value >= shown.script.scenario.pass_mark:
        yield f"the worst conduct is {float(shown.proof.worst.value)}"


def what_it_is_about_is_kept_and_broken(shown: Shown) -> Iterator[str]:
    for name in shown.script.scenario.learn:
        span = shown.proof.principles.get(name)
        if span is None or not span.kept:
            yield f"no play keeps {name}"
        if span is None or not span.broken:
            yield f"no play breaks {name}"


def nobody_passes_without_thinking(shown: Shown) -> Iterator[str]:
    yield from (f"{name} passes" for name, played in shown.naive.items() if played.passed)


def chance_seldom_passes(shown: Shown) -> Iterator[str]:
    if shown.proof.random.passing[1] > SELDOM:
        yield f"random replies pass with {float(shown.proof.random.passing[1]):.2%}"


def thinking_pays(shown: Shown) -> Iterator[str]:
    lead = shown.proof.best.value - shown.proof.random.conduct[1]
    if lead < APART:
        yield f"the expert is {float(lead):.1f} points ahead of chance"


def its_words_give_nothing_away(shown: Shown) -> Iterator[str]:
    events = rehearse(Encounter(shown.script), shown.proof.best.path).events  # of one start
    best = [(event.scene, event.reply) for event in events if isinstance(event, ReplyChosen)]
    yield from (f"the best reply is always {cue.by}" for cue in cues(shown.script, best))


def every_reply_says_why(shown: Shown) -> Iterator[str]:
    for name, scene in shown.script.scenario.scenes.items():
        yield from (f"{name}/{reply.id} does not say why" for reply in scene.replies if not reply.why)


def its_walkthroughs_see_all_of_it(shown: Shown) -> Iterator[str]:
    """All that is written is seen, and each principle is kept, and broken, wherever a play can do so."""
    coverage = Coverage(shown.script)
    for walk in shown.walks:
        coverage.add(walk)
    beyond = {
        "principles kept": {name for name, span in shown.proof.principles.items() if not span.kept},
        "principles broken": {name for name, span in shown.proof.principles.items() if not span.broken},
    }
    for share in coverage.shares():
        missed = [one for one in share.unseen if one not in beyond.get(share.of, ())]
        if missed:
            yield f"{share.of} that no walkthrough sees: {', '.join(missed)}"


def its_replies_lead_where_they_say(shown: Shown) -> Iterator[str]:
    """In some walkthrough the scene is heard that a reply goes to: the customer does not always leave before."""
    met: set[tuple[str, str, str]] = set()
    for walk in shown.walks:
        events = rehearse(walk.begun(shown.script), walk.moves).events
        for event, then in pairwise(events):
            if isinstance(event, ReplyChosen) and isinstance(then, SpeechBegan):
                met.add((event.scene, event.reply, then.scene))
    for name, scene in shown.script.scenario.scenes.items():
        leading = (reply for reply in scene.replies if reply.go is not None)
        yield from (f"{name}/{reply.id} is never seen to lead to {reply.go}" for reply in leading if (name, reply.id, reply.go) not in met)


def its_walkthroughs_say_who_plays(shown: Shown) -> Iterator[str]:
    """Each says first who it is."""
    yield from (f"nobody says who plays {', '.join(walk.moves)}" for walk in shown.walks if not walk.head.startswith("# "))


def its_walkthroughs_are_people(shown: Shown) -> Iterator[str]:
    """An expert is among them, and somebody who is only good."""
    passed = [judged.conduct for judged in map(shown.played, shown.walks) if judged.passed]
    low, high = HUMAN
    if 100 not in passed:
        yield "no walkthrough is an expert's"
    if not any(low <= conduct <= high for conduct in passed):
        yield "no walkthrough is of somebody good and human"


def the_library_page_tells_of_it(shown: Shown) -> Iterator[str]:
    if entry(shown.script, shown.proof) not in PAGE.read_text(encoding="utf-8"):
        yield "docs/library.md tells something else of it: python tests/library_page.py writes it anew"


PROMISES: tuple[Promise, ...] = (
    all_of_it_is_proved,
    nothing_is_out_of_reach,
    the_expert_reaches_a_hundred,
    it_can_be_failed_by_conduct,
    what_it_is_about_is_kept_and_broken,
    nobody_passes_without_thinking,
    chance_seldom_passes,
    thinking_pays,
    its_words_give_nothing_away,
    every_reply_says_why,
    its_walkthroughs_see_all_of_it,
    its_replies_lead_where_they_say,
    its_walkthroughs_say_who_plays,
    its_walkthroughs_are_people,
    the_library_page_tells_of_it,
)
# What only an encounter promises that somebody can pass or fail.
OF_SCORES: tuple[Promise, ...] = (
    the_expert_reaches_a_hundred,
    it_can_be_failed_by_conduct,
    nobody_passes_without_thinking,
    chance_seldom_passes,
    thinking_pays,
    its_words_give_nothing_away,
    its_walkthroughs_are_people,
)


# What an encounter promises from each start, whatever its customer remembers.
OF_EACH_START: tuple[Promise, ...] = (
    the_expert_reaches_a_hundred,
    it_can_be_failed_by_conduct,
    nobody_passes_without_thinking,
    chance_seldom_passes,
    thinking_pays,
    its_words_give_nothing_away,
)


def kept_by(judged: Shown, promise: Promise) -> Iterator[str]:
    """What breaks a promise, of the whole or of each start."""
    for one in judged.starts if promise in OF_EACH_START else (judged,):
        yield from promise(one)


# One test for all promises, so that each encounter is proved once.
@pytest.mark.parametrize("name", chosen.shipped_ids())
def test_an_encounter_keeps_what_every_encounter_promises(name: str, proved: Proving) -> None:
    judged = shown(chosen.script(name), proved)
    promised = [promise for promise in PROMISES if not (judged.script.scenario.unscored and promise in OF_SCORES)]
    assert [told for promise in promised for told in kept_by(judged, promise)] == []


# --- a promise that is broken is noticed -----------------------------------------------------------------------------

SCENE = """
  scene-{number}:
    customer: [{{if: said(flatter), say: You are too kind.}}, {{say: Where is my hat? | Here?}}]
    replies:
      - {{id: look, say: Let us look for it together., acts: [inform], {then}}}
      - {{id: pass-on, say: Next desk., acts: [bounce], {then}}}
      - {{id: praise, if: said(flatter), say: What a fine hat!, acts: [flatter], end: lost}}
"""
POOR = """
servicesim: 1
id: poor-hat
title: The hat
summary: Somebody has lost a hat.
channel: phone
locale: en
company: Nova Stores
pass: 95
learn: [spare-them-effort, warn-early]
customer: {name: Leyla Karimova, type: fan, expects: 50, received: 50}
start: scene-1
endings: {found: {title: Found}, lost: {title: Lost}}
scenes:""" + "".join(SCENE.format(number=number, then=f"go: scene-{number + 1}" if number < 4 else "end: found") for number in range(1, 5))


@cache
def poor() -> Shown:
    """An encounter that keeps hardly any promise, though it can be played."""
    principles = loading.shipped_principles()
    scenario, found = loading.load_text(POOR, principles=principles)
    assert scenario is not None, found
    return shown(Script(scenario, principles), reach)


def broken(promise: Promise, judged: Shown) -> list[str]:
    return list(promise(judged))


def test_all_that_is_out_of_reach_is_told() -> None:
    assert broken(nothing_is_out_of_reach, poor()) == [
        *(told for number in range(1, 5) for told in (f"line 1 of scene-{number} is never spoken", f"scene-{number}/praise is never offered")),
        "nobody comes to lost",
    ]


@pytest.mark.parametrize(
    ("promise", "told"),
    [
        (what_it_is_about_is_kept_and_broken, ["no play keeps warn-early", "no play breaks warn-early"]),
        (nobody_passes_without_thinking, ["longest passes", "most-polite passes", "apologise-first passes"]),
        (chance_seldom_passes, ["random replies pass with 6.25%"]),
        (thinking_pays, ["the expert is 18.8 points ahead of chance"]),
        (its_words_give_nothing_away, ["the best reply is always longest"]),
        (every_reply_says_why, [f"scene-{number}/{reply} does not say why" for number in range(1, 5) for reply in ("look", "pass-on", "praise")]),
        (its_walkthroughs_are_people, ["no walkthrough is an expert's", "no walkthrough is of somebody good and human"]),
        (the_library_page_tells_of_it, ["docs/library.md tells something else of it: python tests/library_page.py writes it anew"]),
    ],
)
def test_a_promise_that_a_poor_encounter_breaks_is_told(promise: Promise, told: list[str]) -> None:
    assert broken(promise, poor()) == told


@pytest.mark.parametrize(
    ("promise", "otherwise", "told"),
    [
        (all_of_it_is_proved, {"complete": False}, ["not every situation was looked at", "something is only bounded"]),
        (the_expert_reaches_a_hundred, {"passing": None}, ["no play passes with 100"]),
        (the_expert_reaches_a_hundred, {"passing": Extreme(Fraction(99), Fraction(100), ())}, ["no play passes with 100"]),
        (it_can_be_failed_by_conduct, {"worst": Extreme(Fraction(95), Fraction(95), ())}, ["the worst conduct is 95.0"]),
    ],
)
def test_a_promise_that_a_proof_breaks_is_told(promise: Promise, otherwise: dict[str, Any], told: list[str]) -> None:
    assert broken(promise, poor()) == []
    assert broken(promise, replace(poor(), proof=replace(poor().proof, **otherwise))) == told


def test_what_no_walkthrough_sees_is_told() -> None:
    walk = read("scenario: poor-hat\nplay: go-on, look, look, pass-on, look\n---\n")
    judged = replace(poor(), walks=(walk,))
    told = dict(one.split(" that no walkthrough sees: ") for one in broken(its_walkthroughs_see_all_of_it, judged))
    assert told == {
        "lines": ", ".join(f"scene-{number} line 1" for number in range(1, 5)),
        "replies": "scene-1/pass-on, scene-1/praise, scene-2/pass-on, scene-2/praise, scene-3/look, scene-3/praise, scene-4/pass-on, scene-4/praise",
        "endings": "lost",
        "principles kept": "spare-them-effort",
        "principles broken": "dont-interrupt, answer-promptly",
    }
    assert broken(its_replies_lead_where_they_say, judged)[1:] == [
        "scene-2/pass-on is never seen to lead to scene-3",
        "scene-3/look is never seen to lead to scene-4",
    ]
    assert broken(its_walkthroughs_say_who_plays, judged)[0] == "nobody says who plays go-on, look, look, pass-on, look"
