"""Properties of any legal play of every shipped scenario."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from encounter.plays import every_script, one_move, play_at_random, script_of
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter, replayed
from servicesim.encounter.events import KINDS
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import UnreadableTranscript, from_line, from_lines, to_line, to_lines

SCRIPTS = every_script()
anything = given(st.sampled_from(range(len(SCRIPTS))), st.integers(0, 2**32), st.booleans())


@anything
@settings(max_examples=150)
def test_any_legal_play_ends_or_goes_on_and_is_judged(number: int, seed: int, untimed: bool) -> None:
    script = SCRIPTS[number]
    encounter = play_at_random(script, seed, untimed=untimed)
    feelings = encounter.situation.feelings
    assert 0 <= feelings.expects <= 100
    assert 0 <= feelings.received <= 100
    assert 0 <= feelings.trust <= 5
    assert 0 <= feelings.anger <= 5
    assert max(encounter.situation.visits) <= 4
    assert all(one.at <= other.at for one, other in zip(encounter.events, encounter.events[1:], strict=False))
    assessment = assess(script, encounter.events)
    assert 0 <= assessment.conduct <= 100
    for score in assessment.principles.values():
        assert score.score is None or 0 <= score.score <= 1
        assert len(score.evidence) == score.kept + score.broken or score.owed or any(one.because.startswith("The trainer") for one in score.evidence)


@anything
@settings(max_examples=100)
def test_replaying_the_saved_transcript_gives_the_same_situation_and_assessment(number: int, seed: int, untimed: bool) -> None:
    script = SCRIPTS[number]
    encounter = play_at_random(script, seed, untimed=untimed)
    events = list(from_lines(to_lines(encounter.events)))
    assert events == encounter.events
    assert replayed(script, events) == encounter.situation
    assert assess(script, events) == assess(script, encounter.events)


@anything
@settings(max_examples=25)
def test_saving_and_loading_after_every_step_changes_nothing(number: int, seed: int, untimed: bool) -> None:
    script = SCRIPTS[number]
    straight, draw = Encounter(script, seed=seed, untimed=untimed), random.Random(seed)
    saved, redraw = Encounter(script, seed=seed, untimed=untimed), random.Random(seed)
    for _ in range(60):
        if straight.ended:
            break
        one_move(straight, draw)
        saved = Encounter.resumed(script, from_lines(to_lines(saved.events)))
        one_move(saved, redraw)
        assert saved.situation == straight.situation
        assert saved.events == straight.events


ROUND = """\
servicesim: 1
id: round
title: Round
summary: Short speeches that lead round, as most replies in long stories do.
channel: phone
locale: en
company: Nova Stores
customer: {name: Leyla Karimova, type: hostile, expects: 60, received: 40, anger: 1}
facts: {found: false}
start: one
leaves: gone
scenes:
""" + "".join(
    f"""\
  {name}:
    patience: {patience}
    customer: {{say: A short speech., acts: [{act}]}}
    replies:
      - {{id: on, say: On., acts: [acknowledge-feeling], set: {{found: true}}, go: {after}}}
      - {{id: up, say: Up., acts: [scold], go: {after}}}
      - {{id: if-said, say: If., acts: [], if: said({act}) and not found, feel: {{trust: 2}}, go: {after}}}
      - {{id: stop, say: Stop., acts: [thank], end: gone}}
"""
    for name, after, act, patience in [("one", "two", "customer-vents", 20), ("two", "three", "told-all", 9), ("three", "one", "customer-asks", 20)]
) + "endings: {gone: {title: Gone}}\n"  # fmt: skip


@given(st.integers(0, 2**32), st.sampled_from((0.5, 1.0, 2.0)))
@settings(max_examples=300)
def test_a_reply_given_at_once_is_what_the_steps_one_by_one_give(seed: int, pace: float) -> None:
    script, draw = script_of(ROUND), random.Random(seed)
    at_once, step_by_step = Encounter(script, seed=seed, pace=pace), Encounter(script, seed=seed, pace=pace)
    for _ in range(14):
        at = at_once.at + draw.choice((0.5, 1.357, 2.0, 8.0, 12.0, 21.0, 30.0))
        step_by_step.advance(at)
        if not step_by_step.offered:
            at_once.advance(at)
        else:
            reply = draw.choice(step_by_step.offered).reply.id
            step_by_step.reply(reply, at)
            at_once.reply(reply, at)
        assert at_once.events == step_by_step.events
        assert at_once.situation == step_by_step.situation
        if at_once.ended:
            break


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: f"{script.scenario.id}-{script.scenario.channel}")
def test_some_play_ends(script: Script) -> None:
    assert any(play_at_random(script, seed).ended for seed in range(20))


def test_every_kind_of_event_is_written_and_read() -> None:
    seen = {type(event) for script in SCRIPTS for seed in range(60) for event in play_at_random(script, seed).events}
    assert seen == set(KINDS.values())


@pytest.mark.parametrize(
    "line",
    [
        "",
        "nonsense",
        "[]",
        '{"event":"shouted","at":1}',
        '{"event":"ended","at":1}',
        '{"event":"ended","at":"1","ending":null}',
        '{"event":"listened","at":1.0,"how":"hum"}',
        '{"event":"speech-began","at":1.0,"scene":"a","line":true}',
        '{"event":"speech-ended","at":1.0,"more":1}',
    ],
)
def test_a_line_that_is_no_event_is_refused(line: str) -> None:
    with pytest.raises(UnreadableTranscript):
        from_line(line)


def test_an_event_is_one_line() -> None:
    for event in play_at_random(SCRIPTS[0], 5).events:
        assert "\n" not in to_line(event)
        assert from_line(to_line(event)) == event
