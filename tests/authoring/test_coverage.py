"""What walkthroughs have seen of a scenario, and what none of them has."""

from __future__ import annotations

import pytest

from encounter.plays import every_script, play_at_random, small
from servicesim.assessment.assess import assess
from servicesim.authoring.coverage import Coverage, told
from servicesim.authoring.walkthrough import read
from servicesim.encounter.script import Script
from servicesim.errors import NotOffered
from servicesim.scenario.loading import load_principles_text, load_text

ENCOUNTER = """\
servicesim: 1
id: desk
title: Desk
summary: A desk.
channel: phone
locale: en
company: Nova Stores
learn: [thank]
customer: {name: Leyla Karimova, type: hostile, expects: 60, received: 40, anger: 0}
start: one
scenes:
  one:
    happens: [case-opened]
    customer: {say: Hello. | Are you there?, acts: [asks]}
    replies:
      - {id: hi, say: Hi., acts: [greet], end: done}
      - {id: off, say: Bye., acts: [], marks: {be-clear: 0.5}, end: done}
endings:
  done: {title: Done}
"""

PRINCIPLES = """\
servicesim: 1
acts:
  greet: {title: Greets}
  thank: {title: Thanks}
  inform: {title: Informs}
  asks: {title: Asks, by: customer}
  vents: {title: Vents, by: customer}
  case-opened: {title: Opened, by: world}
principles:
  greet: {title: G, says: S, why: W, source: [B2], rules: [first: greet]}
  answer: {title: A, says: S, why: W, source: [C22], rules: [response: {after: asks, then: inform}]}
  take-turns: {title: T, says: S, why: W, source: [C22], rules: [alternate-response: {after: case-opened, then: greet}]}
  never-after: {title: N, says: S, why: W, source: [C22], rules: [not-response: {after: asks, never: thank}]}
  first-ask: {title: F, says: S, why: W, source: [C22], rules: [precedence: {needs: asks, then: greet}]}
  per-speech: {title: P, says: S, why: W, source: [C22], rules: [{absence: interrupt, per: customer-speaks}]}
  listen: {title: L, says: S, why: W, source: [C34], rules: [response: {after: station, then: station-word}]}
  be-clear: {title: B, says: S, why: W, source: [E8]}
  thank: {title: No reply thanks, says: S, why: W, source: [B7], rules: [existence: thank]}
  calm: {title: Nobody vents, says: S, why: W, source: [B7], rules: [response: {after: vents, then: inform}]}
  scoped: {title: Nobody vents, says: S, why: W, source: [B7], rules: [{existence: greet, from: vents}]}
  turns: {title: Nobody vents, says: S, why: W, source: [B7], rules: [alternate-response: {after: vents, then: inform}]}
  nodding: {title: Nobody nods, says: S, why: W, source: [B7], rules: [precedence: {needs: asks, then: nod}]}
  nodded: {title: Nobody nods, says: S, why: W, source: [B7], rules: [not-response: {after: nod, never: inform}]}
  per-vent: {title: Nobody vents, says: S, why: W, source: [B7], rules: [{absence: interrupt, per: vents}]}
  fans: {title: No fan, says: S, why: W, source: [B7], when: {type: [fan]}, rules: [existence: greet]}
"""
AT_STAKE = ("greet", "answer", "take-turns", "never-after", "first-ask", "per-speech", "listen", "be-clear")


def script() -> Script:
    principles, found = load_principles_text(PRINCIPLES)
    assert principles is not None, found
    scenario, found = load_text(ENCOUNTER, principles=principles)
    assert scenario is not None, found
    return Script(scenario, principles)


def seen(script: Script, *plays: str, untimed: bool = False) -> dict[str, tuple[int, tuple[str, ...]]]:
    """Of each kind of thing how many were seen by these plays, and which were not."""
    coverage = Coverage(script)
    for moves in plays:
        coverage.add(read(f"scenario: any\nplay: {moves}\nuntimed: {'yes' if untimed else 'no'}\n"))
    return {share.of: (share.seen, share.unseen) for share in coverage.shares()}


def test_scenes_lines_replies_and_endings_are_seen_by_any_of_the_plays() -> None:
    assert list(seen(small()).items())[:4] == [
        ("scenes", (0, ("opening", "story"))),
        ("lines", (0, ("story line 1", "story line 2"))),
        ("replies", (0, ("opening/welcome", "opening/sorry", "story/look", "story/shrug"))),
        ("endings", (0, ("settled", "gone"))),
    ]
    assert list(seen(small(), "welcome, look", "sorry").items())[:4] == [
        ("scenes", (2, ())),
        ("lines", (2, ())),
        ("replies", (3, ("story/shrug",))),
        ("endings", (1, ("gone",))),
    ]


def test_only_scenes_with_several_lines_have_lines_to_count() -> None:
    assert "lines" not in seen(script(), "hi")


def test_principles_are_seen_kept_and_seen_broken() -> None:
    told = seen(script(), "go-on, hi")
    assert told["principles kept"] == (6, ("answer", "be-clear"))
    assert told["principles broken"] == (1, tuple(name for name in AT_STAKE if name != "answer"))


def test_a_mark_is_kept_and_broken_by_its_share() -> None:
    told = seen(script(), "off")
    assert "be-clear" not in told["principles kept"][1]
    assert "be-clear" not in told["principles broken"][1]


def test_principles_without_an_occasion_are_not_asked_for() -> None:
    told = seen(script())
    assert told["principles kept"] == (0, AT_STAKE)
    assert told["principles broken"] == (0, AT_STAKE)


SCORED = [ready for ready in every_script() if not ready.scenario.unscored]


def test_an_unscored_encounter_has_no_principle_to_see() -> None:
    (ready,) = (ready for ready in every_script() if ready.scenario.unscored)
    assert set(seen(ready)) == {"scenes", "lines", "replies", "endings"}


@pytest.mark.parametrize("ready", SCORED, ids=lambda ready: f"{ready.scenario.id}-{ready.scenario.channel}")
def test_what_is_judged_in_any_play_had_an_occasion(ready: Script) -> None:
    at_stake = set(seen(ready)["principles kept"][1])
    for seed in range(40):
        scores = assess(ready, play_at_random(ready, seed).events).principles
        assert {name for name, score in scores.items() if score.kept or score.broken} <= at_stake


def test_an_untimed_walkthrough_is_played_untimed() -> None:
    with pytest.raises(NotOffered):
        seen(script(), "silence", untimed=True)


def test_it_is_told_plainly() -> None:
    coverage = Coverage(small())
    coverage.add(read("scenario: any\nplay: welcome, look\n"))
    assert list(told(coverage))[:5] == [
        "lost-umbrella: 1 walkthrough",
        "  scenes 2 of 2",
        "  lines 1 of 2; not seen: story line 1",
        "  replies 2 of 4; not seen: opening/sorry, story/shrug",
        "  endings 1 of 2; not seen: gone",
    ]
    coverage.add(read("scenario: any\nplay: welcome\n"))
    assert told(coverage)[0] == "lost-umbrella: 2 walkthroughs"
