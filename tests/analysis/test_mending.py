"""Until when a lost point could be kept, and what would have kept it: in scenes that can be read, and against every play."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import cache
from pathlib import Path
from random import Random

import pytest

from analysis.hard_scenarios import harder
from analysis.mended import Plays, differences, told_of
from analysis.random_scenarios import case_of, drawn
from analysis.small import script as small
from analysis.small import ticking
from servicesim import shipped
from servicesim.analysis.ground import Ground
from servicesim.analysis.keeping import is_kept
from servicesim.analysis.mending import Mender, Mending
from servicesim.analysis.turning import TurningPoint
from servicesim.assessment.assess import assess
from servicesim.authoring.walkthrough import read
from servicesim.encounter import rules
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Event, ReplyChosen
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.scenario import loading
from servicesim.scenario.model import Remembered

WRITTEN = sorted((Path(__file__).parents[1] / "walkthroughs").rglob("*.walk"))
LATE_PARCEL = [path for path in WRITTEN if "scenario: late-parcel\n" in path.read_text(encoding="utf-8")]
# One of each encounter, by somebody who is good and loses a few points; and every other one of the encounter in which all rules of play meet.
WALKS = sorted({*(path for path in WRITTEN if path.stem.endswith("good-human")), *LATE_PARCEL[::2]})


def told(script: Script, *moves: str, untimed: bool = False) -> list[str]:
    """What is told of each lost point of a play: until when, and what instead; then where it turned."""
    events = rehearse(Encounter(script, untimed=untimed), moves).events
    return [_line(events, one) for one in told_of(script, events)]


def _line(events: Sequence[Event], one: object) -> str:
    if isinstance(one, TurningPoint):
        return f"turned {_at(events, one.until)}: {one.instead} ({int(one.before)}, not {int(one.after)})"
    assert isinstance(one, Mending)
    if one.until is None:
        return f"{one.loss.principle}: never"
    what = "avoided" if one.avoided else "kept"
    return f"{one.loss.principle}: {what} {_at(events, one.until)} by {one.instead}" + ("" if one.exact else " at least")


def _at(events: Sequence[Event], until: int) -> str:
    if until == len(events):
        return "now"
    event = events[until]
    return f"before {event.reply}" if isinstance(event, ReplyChosen) else f"before {type(event).__name__} {until}"


LINE = """\
channel: email
principles:
  RULE
scenes:
  one:
    customer: {say: Well., acts: [vents]}
    replies: [REPLIES one, {id: on, say: On., acts: [], go: two}]
  two:
    customer: And?
    replies: [REPLIES two, {id: on, say: On., acts: [], go: three}]
  three:
    customer: So?
    replies: [{id: bye, say: Bye., acts: [], end: done}, {id: bark, say: Go., acts: [scold], end: done}]
"""
ALL = {act: f"{{id: {act}, say: So., acts: [{act}], go: NEXT}}" for act in ("greet", "ask", "help", "scold")}
NEXT = {"one": "two", "two": "three"}


def line(rule: str, one: str = "greet ask help scold", two: str = "greet ask help scold") -> Script:
    """Three letters one after the other, with these replies to the first two."""
    text = LINE.replace("RULE", f"fit: {{rules: [{{{rule}}}]}}")
    for scene, acts in (("one", one), ("two", two)):
        text = text.replace(f"REPLIES {scene}", ", ".join(ALL[act].replace("NEXT", NEXT[scene]) for act in acts.split()))
    return small(text)


def test_a_deed_is_kept_from_happening_where_it_was_done() -> None:
    assert told(line("absence: scold"), "scold", "scold", "bye")[:2] == [
        "fit: kept before scold by greet",
        "fit: kept before scold by greet",
    ]


def test_an_answer_could_come_until_the_last_reply_that_gives_it() -> None:
    assert told(line("response: {after: vents, then: ask}"), "on", "on", "bye")[0] == "fit: kept before on by ask"
    script = line("response: {after: vents, then: ask}", two="greet")
    events = rehearse(Encounter(script), ("on", "greet", "bye")).events
    (one, *_) = told_of(script, events)
    assert isinstance(one, Mending)
    assert events[one.until or 0] == ReplyChosen(events[one.until or 0].at, "one", "on")
    assert one.moves[0] == "ask"
    assert one.from_here(events) == events[: one.until]


def test_an_answer_that_must_be_the_next_reply_could_come_only_there() -> None:
    script = line("response: {after: vents, then: ask, within: next-reply}")
    events = rehearse(Encounter(script), ("greet", "ask", "bye")).events
    assert next(_line(events, one) for one in told_of(script, events)) == "fit: kept before greet by ask"


def test_what_needs_to_come_before_could_come_until_it_was_too_early() -> None:
    assert told(line("precedence: {needs: greet, then: help}", two="help"), "on", "help", "bye")[0] == "fit: kept before on by greet"
    assert told(line("precedence: {needs: greet, then: help}"), "help", "on", "bye")[0] == "fit: kept before help by greet"


def test_what_cannot_be_kept_could_perhaps_be_avoided() -> None:
    assert told(line("precedence: {needs: look, then: help}"), "on", "help", "bye")[0] == "fit: avoided before help by greet"


def test_first_and_last_are_the_first_and_the_last_reply() -> None:
    assert told(line("first: greet"), "on", "greet", "bye")[0] == "fit: kept before on by greet"
    assert told(line("last: scold"), "on", "greet", "bye")[0] == "fit: kept before bye by bark"


def test_what_must_occur_could_until_the_last_reply_that_does_it() -> None:
    assert told(line("existence: ask", two="greet"), "greet", "greet", "bye")[0] == "fit: kept before greet by ask"


def test_each_needs_an_answer_of_its_own() -> None:
    script = line("alternate-response: {after: help, then: [ask, scold]}")
    assert told(script, "help", "help", "bye")[:2] == ["fit: kept before bye by bark", "fit: kept before help by ask"]


def test_what_must_never_follow_could_be_left_unsaid() -> None:
    assert told(line("not-response: {after: greet, never: help}"), "greet", "help", "bye")[0] == "fit: kept before help by greet"


def test_a_stretch_could_be_kept_clean() -> None:
    assert told(line("absence: scold, per: customer-writes"), "on", "scold", "bye")[0] == "fit: kept before scold by greet"


def test_a_scope_that_was_closed_is_over(written: Script) -> None:
    """
    channel: email
    principles:
      fit: {rules: [{existence: ask, from: greet, until: help}]}
    scenes:
      one:
        customer: Well.
        replies: [{id: greet, say: So., acts: [greet], go: two}, {id: on, say: So., acts: [], go: two}]
      two:
        customer: And?
        replies: [{id: ask, say: So., acts: [ask], go: three}, {id: on, say: So., acts: [], go: three}]
      three:
        customer: So?
        replies: [{id: help, say: So., acts: [help], go: four}]
      four:
        customer: And?
        replies: [{id: ask, say: So., acts: [ask], end: done}, {id: bye, say: Bye., acts: [], end: done}]
    """
    events = rehearse(Encounter(written), ("greet", "on", "help", "bye")).events
    assert [_line(events, one) for one in told_of(written, events)] == ["fit: kept before on by ask", "turned before on: ask (100, not 0)"]


def test_a_low_rating_could_be_a_better_one(written: Script) -> None:
    """
    channel: email
    scenes:
      one:
        customer: Well.
        replies:
          - {id: badly, say: So., acts: [], marks: {fit: 0.2}, end: done}
          - {id: plainly, say: So., acts: [], end: done}
          - {id: well, say: So., acts: [], marks: {fit: 0.9}, end: done}
    """
    assert told(written, "badly") == ["fit: kept before badly by well", "turned before badly: well (90, not 20)"]


def test_what_is_owed_could_be_done_on_another_way(written: Script) -> None:
    """
    channel: email
    learn: [fit]
    principles:
      fit: {rules: [{response: {after: help, then: ask}}]}
    scenes:
      one:
        customer: Well.
        replies: [{id: help, say: So., acts: [help], go: two}, {id: off, say: So., acts: [], end: done}]
      two:
        customer: And?
        replies: [{id: ask, say: So., acts: [ask], end: done}, {id: bye, say: Bye., acts: [], end: done}]
    """
    assert told(written, "off") == ["fit: kept before off by help", "turned before off: help (100, not 0)"]


def test_what_nobody_could_keep_is_said_to_be_so() -> None:
    assert told(line("first: look", one="greet"), "greet", "on", "bye") == []
    assert told(line("response: {after: vents, then: look}"), "on", "on", "bye") == ["fit: never"]


LISTENING = """\
channel: in-person
principles:
  hears: {rules: [{response: {after: station, then: [station-word, nod]}}]}
  waits: {rules: [{absence: interrupt}]}
  neutral: {rules: [{absence: agree}]}
scenes:
  one:
    customer: Well. | You know. | It is late.
    replies: [{id: bye, say: Bye., acts: [], end: done}]
"""


def test_a_pause_is_kept_by_a_small_word_there_and_then() -> None:
    script = small(LISTENING)
    assert told(script, "go-on", "bye")[0] == "hears: kept before SegmentBegan 6 by go-on"
    assert told(script, "go-on", "nod", "interrupt", "bye")[0] == "waits: kept before Interrupted 8 by ."
    assert "neutral: kept before Listened 6 by go-on" in told(script, "go-on", "yes", "bye")


def test_listening_is_mended_in_untimed_play_too() -> None:
    script = small(LISTENING)
    assert told(script, "go-on", "bye", untimed=True)[0] == "hears: kept before SegmentBegan 6 by go-on"
    assert "waits: kept before Interrupted 7 by ." in told(script, "go-on", "go-on", "interrupt", "bye", untimed=True)


def test_a_reply_that_only_a_calmer_customer_allows_is_lost_with_the_listening(written: Script) -> None:
    """
    customer: {name: Leyla, type: hostile, expects: 60, received: 40, trust: 2, anger: 1}
    leaves: over
    principles:
      fit: {rules: [{existence: help}]}
    scenes:
      one:
        customer: Well. | You know.
        replies:
          - {id: help, say: So., acts: [help], if: said(station-word), end: done}
          - {id: bye, say: Bye., acts: [], end: done}
    """
    # The word can still be said after the speech, and the help given then: the reply was the last choice.
    assert told(written, "bye")[0] == "fit: kept before bye by go-on"


def test_a_play_that_was_broken_off_can_still_be_mended_now() -> None:
    script = line("existence: ask")
    assert told(script, "on")[0] == "fit: kept now by ask"


def test_the_move_that_loses_nothing_else_is_told(written: Script) -> None:
    """
    channel: email
    principles:
      fit: {rules: [{existence: help}]}
      mild: {rules: [{absence: scold}]}
    scenes:
      one:
        customer: Well.
        replies:
          - {id: harshly, say: So., acts: [help, scold], end: done}
          - {id: bye, say: Bye., acts: [], end: done}
          - {id: kindly, say: So., acts: [help], end: done}
    """
    assert told(written, "bye") == ["fit: kept before bye by kindly", "turned before bye: kindly (100, not 50)"]
    events = rehearse(Encounter(written), ("bye",)).events
    # Without the time to look ahead, what is lost at once decides.
    hurried = Mender(written, events, assess(written, events), ground=_Bare(written, untimed=False)).told()
    assert [_line(events, one) for one in hurried if one is not None] == ["fit: kept before bye by kindly"]


class _Bare(Ground):
    """A ground without a board."""

    def set_up(self, budget: object) -> object:  # type: ignore[override]
        return ()


def test_a_limit_in_seconds_is_not_proved_and_what_is_told_was_played(written: Script) -> None:
    """
    principles:
      quick: {rules: [{response: {after: vents, then: help, within: 5}}]}
    scenes:
      one:
        customer: {say: Well., acts: [vents]}
        replies: [{id: help, say: So., acts: [help], go: two}, {id: on, say: So., acts: [], go: two}]
      two:
        customer: I have something to tell you that takes so long that nobody could answer in time after it, whatever they did.
        replies: [{id: help, say: So., acts: [help], end: done}, {id: bye, say: Bye., acts: [], end: done}]
    """
    assert told(written, "on", "help")[0] == "quick: kept before on by help at least"


def test_the_turning_point_is_where_the_most_was_lost_for_good() -> None:
    script = small(
        "channel: email\nprinciples:\n  big: {weight: 5, rules: [{existence: help}]}\n  small: {rules: [{existence: ask}]}\n"
        "scenes:\n"
        "  one:\n    customer: Well.\n    replies: [{id: ask, say: A., acts: [ask], go: two}, {id: on, say: B., acts: [], go: two}]\n"
        "  two:\n    customer: And?\n    replies: [{id: help, say: A., acts: [help], end: done}, {id: bye, say: B., acts: [], end: done}]\n"
    )
    events = rehearse(Encounter(script), ("on", "bye")).events
    (turning,) = [one for one in told_of(script, events) if isinstance(one, TurningPoint)]
    assert (turning.instead, turning.before, turning.after, turning.exact) == ("help", Fraction(500, 6), Fraction(0), True)


def test_a_perfect_play_has_nothing_to_mend() -> None:
    assert told(line("existence: ask"), "ask", "on", "bye") == []


def test_where_there_is_no_time_what_was_found_in_time_is_told() -> None:
    script = line("existence: ask")
    events = rehearse(Encounter(script), ("on", "on", "bye")).events
    judged = assess(script, events)
    assert list(Mender(script, events, judged, seconds=0.0, clock=ticking()).told()) == []
    some = list(Mender(script, events, judged, seconds=12.0, clock=ticking()).told())
    assert [type(one) for one in some if one is not None] in ([Mending], [])


# --- against every play ----------------------------------------------------------------------------------------------

SEEDS = range(24)
SITUATIONS = 100  # at the most, of a case
PLAYS = 3  # of each case


@pytest.mark.parametrize("untimed", [False, True])
@pytest.mark.parametrize("kind", ["drawn", "hard"])
def test_what_is_told_is_what_all_plays_come_to(kind: str, untimed: bool) -> None:
    losses = 0
    for seed in SEEDS:
        plays = _plays(kind, seed, untimed=untimed)
        for events in Random(seed).sample(plays.all, min(PLAYS, len(plays.all))) if plays else ():
            found = told_of(plays.script, events)
            losses += len(found)
            assert list(differences(plays, events, found)) == [], seed
    assert losses > 20


def _plays(kind: str, seed: int, *, untimed: bool) -> Plays | None:
    """All plays of a scenario drawn at random, if they are few."""
    draw = Random(f"mended {seed}")
    spec = drawn(draw)
    if kind == "hard":
        harder(draw, spec)
    made = case_of(spec, f"{kind} {seed}", most=SITUATIONS)
    return None if made is None else Plays.few(made.script, untimed=untimed)


# --- of every shipped encounter --------------------------------------------------------------------------------------


@cache
def _shipped() -> dict[str, Script]:
    told = {}
    for path in sorted(shipped.scenarios().glob("*.yaml")):
        if not loading.is_principles_file(path):
            script = Script(loading.demand(path), loading.demand_principles(loading.principles_beside(path)))
            told[script.scenario.id] = script
    return told


@cache
def _ground(scenario: str, remembered: Remembered, untimed: bool) -> Ground:
    return _Bare(_shipped()[scenario].started(remembered), untimed=untimed)


@pytest.mark.parametrize("walk", WALKS, ids=lambda path: path.stem)
def test_every_lost_point_of_a_walkthrough_is_told_and_what_keeps_it_does(walk: Path) -> None:
    shown = read(walk.read_text(encoding="utf-8"))
    script = _shipped()[shown.scenario].started(shown.remembered)
    events = rehearse(Encounter(script, untimed=shown.untimed), shown.moves).events
    judged = assess(script, events)
    ground = _ground(shown.scenario, shown.remembered, shown.untimed)
    found = [one for one in Mender(script, events, judged, ground=ground, clock=lambda: 0.0).told() if isinstance(one, Mending)]
    broken = [(name, place) for name, score in judged.principles.items() for place, one in enumerate(score.evidence) if one.verdict == "broken"]
    assert sorted((one.loss.principle, one.loss.place) for one in found) == sorted(broken)
    for one in found:
        assert judged.principles[one.loss.principle].evidence[one.loss.place] == one.loss.evidence
        if one.until is not None:
            again = rehearse(Encounter.resumed(script, one.from_here(events)), one.moves)
            assert again.ended
            assert one.until <= one.loss.decided
            assert one.avoided or one.loss.is_deed or is_kept(one.loss, script, again.events, one.until)


LONGEST = 150  # events of a play


def _at_any_moment(script: Script, draw: Random, *, untimed: bool) -> list[Event]:
    """A play by somebody who says anything at any moment, and sometimes nothing at all."""
    encounter = Encounter(script, seed=draw.randrange(9), untimed=untimed)
    while not encounter.ended and len(encounter.events) < LONGEST:
        at = encounter.at + draw.choice((0.0, 0.3, 1.1, 4.0, 25.0))
        encounter.advance(at)
        situation = encounter.situation
        doing = [*rules.moves(situation), *(["(on)"] if rules.may_move_on(situation) else []), *([] if untimed else ["(wait)"])]
        move = draw.choice(doing or ["(wait)"])
        if move == "interrupt":
            encounter.interrupt(at)
        elif move == "(on)":
            encounter.move_on(at)
        elif move in ("go-on", "nod", "yes", "no"):
            encounter.listen(move, at)
        elif move != "(wait)":
            encounter.reply(move, at)
    return encounter.events


# Each kind of player in one encounter, and in each encounter one of them.
@pytest.mark.parametrize(("scenario", "seed"), sorted({*(("late-parcel", seed) for seed in range(4)), *((name, number % 4) for number, name in enumerate(_shipped()))}))
def test_whatever_is_done_whenever_can_be_looked_back_at(scenario: str, seed: int) -> None:
    script, draw, untimed = _shipped()[scenario], Random(seed), seed % 4 == 3
    events = _at_any_moment(script, draw, untimed=untimed)
    judged = assess(script, events)
    found = [one for one in Mender(script, events, judged, ground=_ground(scenario, (), untimed), clock=lambda: 0.0).told() if isinstance(one, Mending)]
    for one in found:
        if one.until is not None:
            again = rehearse(Encounter.resumed(script, one.from_here(events)), one.moves)
            assert again.ended
            assert one.avoided or one.loss.is_deed or is_kept(one.loss, script, again.events, one.until)
