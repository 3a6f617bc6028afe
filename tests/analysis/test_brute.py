"""The judge of `reach` is judged first: by hand on tiny cases, and by playing every play from its beginning."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.brute import Ends, Found, TooMany, every_play, truth
from analysis.cases import NAMES, written
from analysis.judge import Judge, Outcome
from analysis.random_scenarios import case
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Event, ReplyChosen, SpeechBegan
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario import loading

PRINCIPLES = """\
servicesim: 1
acts:
  greet: {title: Greets}
  scold: {title: Scolds}
principles:
  greet-warmly: {title: T, says: S, why: W, source: [B2], weight: 2, rules: [{first: greet}]}
  dont-scold: {title: T, says: S, why: W, source: [C31], rules: [{absence: scold}]}
  let-finish: {title: T, says: S, why: W, source: [C37], critical: true, rules: [{absence: interrupt, per: customer-speaks}]}
  fit: {title: T, says: S, why: W, source: [B6]}
"""
SCENARIO = """\
servicesim: 1
id: tiny
title: Tiny
summary: As little as an encounter can be.
channel: CHANNEL
locale: en
company: Nova Stores
pass: 50
learn: [LEARN]
customer: {name: Leyla Karimova, type: hostile, expects: 60, received: 40}
start: opening
scenes:
  opening:
    customer: My umbrella is gone.
    replies:
"""
ENDINGS = """\
endings:
  settled: {title: Settled}
  gone: {title: Gone, failed: true}
"""


def tiny(channel: str, *replies: str, learn: str = "") -> Script:
    """A script of one scene with these replies."""
    principles, found = loading.load_principles_text(PRINCIPLES)
    assert principles is not None, found
    text = SCENARIO.replace("CHANNEL", channel).replace("LEARN", learn) + "".join(f"      - {{{reply}}}\n" for reply in replies) + ENDINGS
    scenario, found = loading.load_text(text, principles=principles)
    assert scenario is not None, found
    return Script(scenario, principles)


GREET = "id: greet, say: Good morning., acts: [greet], end: settled"
SCOLD = "id: scold, say: Take care!, acts: [scold], end: gone"
AGAIN = "id: again, say: Pardon?, acts: [], marks: {fit: 0}, go: opening"
FIT = "id: fit, say: Here it is., acts: [], marks: {fit: 1}, end: settled"


def test_an_email_with_two_replies_has_two_plays() -> None:
    counted = truth(tiny("email", GREET, SCOLD))
    assert counted.plays == 2
    assert counted.best == Found(Fraction(100), ("greet",))
    assert counted.worst == Found(Fraction(0), ("scold",))
    assert (counted.random_conduct, counted.random_passing) == (Fraction(50), Fraction(1, 2))
    assert counted.endings == {"settled": True, "gone": True}
    assert (counted.passable, counted.failable) == (True, True)
    assert counted.principles["fit"] == Ends()
    assert counted.principles["dont-scold"].kept


def test_in_a_chat_one_can_cut_in_twice_and_be_silent_twice() -> None:
    counted = truth(tiny("chat", GREET))
    assert counted.plays == 3 * 3
    assert counted.worst.value == 49  # greeted, but cut in: critical
    assert counted.principles["let-finish"].worst is not None
    assert counted.principles["let-finish"].worst.value == 0


def test_on_the_phone_a_word_falls_into_each_place_of_a_speech() -> None:
    """Without a word 3 x 3 ways to cut in and be silent; with one of three words while they speak, 6 x 3 ways: before,
    between or after the cuts; with one after the speech, 3 x 3 ways, and 3 x 2 once there was a silence."""
    assert truth(tiny("phone", GREET)).plays == 9 + 3 * (6 * 3 + 3 * 3 + 3 * 2)


def test_what_is_owed_and_avoided_scores_nothing() -> None:
    counted = truth(tiny("email", FIT, SCOLD, GREET, learn="greet-warmly"))
    ends = counted.principles["greet-warmly"]
    assert (ends.owed, ends.kept, ends.broken, ends.exercised) == (True, True, True, True)
    assert truth(tiny("email", FIT, SCOLD, learn="greet-warmly")).principles["greet-warmly"] == Ends()


def test_a_circle_is_gone_round_four_times_and_its_chances_add_up() -> None:
    """With n times again the score is 1 / (n + 1); the fourth speech offers no way round any more."""
    counted = truth(tiny("email", AGAIN, FIT))
    assert counted.plays == 4
    assert counted.random_conduct == 100 * (Fraction(1, 2) + Fraction(1, 4) / 2 + Fraction(1, 8) / 3 + Fraction(1, 8) / 4)
    assert counted.random_passing == Fraction(3, 4)
    assert counted.worst == Found(Fraction(25), counted.worst.path)


def test_too_many_situations_are_said_to_be_too_many() -> None:
    with pytest.raises(TooMany):
        truth(tiny("phone", GREET), most=10)


@pytest.mark.parametrize("channel", ["phone", "in-person"])
def test_going_on_once_from_where_ways_meet_loses_nothing(channel: str) -> None:
    _agrees_with_every_play(tiny(channel, GREET, SCOLD))


def test_on_random_scenarios_too_each_play_comes_to_what_was_counted() -> None:
    few = [drawn.script for seed in range(40) if (drawn := case(seed)).truth.plays <= 120]
    assert len(few) >= 10
    for script in few:
        _agrees_with_every_play(script)


def _agrees_with_every_play(script: Script) -> None:
    counted, names = truth(script), Judge(script).names
    plays = list(every_play(script))
    assert len({path for path, _ in plays}) == len(plays) == counted.plays
    assert {_outcome(script, names, events) for _, events in plays} == counted.outcomes
    events = [event for _, events in plays for event in events]
    assert {(event.scene, event.line) for event in events if isinstance(event, SpeechBegan)} == counted.lines
    assert {(event.scene, event.reply) for event in events if isinstance(event, ReplyChosen)} == counted.replies


def _outcome(script: Script, names: list[str], events: list[Event]) -> Outcome:
    judged = assess(script, events)
    scores = [judged.principles[name] for name in names]
    counts = tuple((one.kept, one.broken) for one in scores)
    return Outcome(judged.ending, judged.conduct, judged.passed, tuple(one.score for one in scores), counts)


@pytest.mark.parametrize("name", NAMES[:2])
def test_moves_at_any_moment_come_to_nothing_that_named_moves_do_not(name: str) -> None:
    script = written(name)
    assert truth(script, clock=True).outcomes == truth(script).outcomes


def test_the_path_of_a_value_comes_to_that_value() -> None:
    script = tiny("in-person", GREET, SCOLD)
    counted = truth(script)
    for found in (counted.best, counted.worst):
        encounter = rehearse(Encounter(script), found.path)
        assert encounter.ended
        assert assess(script, encounter.events).conduct == found.value
