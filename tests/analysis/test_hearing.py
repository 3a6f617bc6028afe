"""A speech as a single move: what can come of it, by which moves, and what makes no difference."""

from __future__ import annotations

import pytest

from analysis.small import AT_LEISURE, script
from servicesim.analysis import hearing
from servicesim.analysis.budget import TooMuch
from servicesim.analysis.explorer import explored
from servicesim.analysis.fronts import better_for_best, better_for_worst
from servicesim.analysis.hearing import Better, Ear, Heard, Mood, Past
from servicesim.analysis.tracks import tracks
from servicesim.analysis.world import Place
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import finish_speech, rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.situation import Feelings

ONE = """\
scenes:
  one:
    customer: SAY
    replies:
      - {id: thank, say: Thanks., acts: [], if: CONDITION, end: done}
      - {id: bye, say: Bye., acts: [], end: over}
"""
HEARS = "  hears: {rules: [{response: {after: station, then: station-word}}]}\n"
CUTS = "  cuts: {rules: [{absence: interrupt, per: customer-speaks}]}\n"


def one(*, stations: int = 0, condition: str = "seen(one)", principles: str = "  fit: {}\n", channel: str = "phone") -> Script:
    """An encounter of one scene."""
    say = " | ".join("Well." for _ in range(stations + 1))
    return script(f"channel: {channel}\nprinciples:\n{principles}" + ONE.replace("SAY", say).replace("CONDITION", condition))


def heard(script: Script, better: Better = better_for_best, *, perfect: bool = False) -> list[Heard]:
    """What can come of the first speech."""
    place, heeding = explored(script, AT_LEISURE).start, tuple(tracks(script))
    states = tuple(track.step(track.start, place.begins)[0] for track in heeding)
    return Ear(heeding, better, perfect=perfect).heard(place.speech, states, moved=place.mood is not None)


def by_moves(results: list[Heard]) -> dict[str, tuple[tuple[int, int], ...]]:
    """What was counted, by moves."""
    return {" ".join(one.moves): one.gains for one in results}


def test_what_makes_no_difference_is_not_done() -> None:
    assert by_moves(heard(one(stations=3))) == {"": ((0, 0),)}
    speech, ear = explored(one(stations=3), AT_LEISURE).start.speech, Ear(tuple(tracks(one())), better_for_best)
    assert (ear.signs(speech), ear.cuts(speech)) == ((), 0)


def test_only_the_best_or_the_worst_way_to_hear_is_kept() -> None:
    assert by_moves(heard(one(stations=2, principles=HEARS))) == {"go-on go-on": ((2, 0),)}
    assert by_moves(heard(one(stations=2, principles=HEARS), better_for_worst)) == {"": ((0, 2),)}


def test_each_station_is_answered_or_passed_over_where_neither_is_better() -> None:
    told = by_moves(heard(one(stations=2, principles=HEARS), lambda one, other: False))
    assert told == {"": ((0, 2),), ". go-on": ((1, 1),), "go-on go-on": ((2, 0),)}


def test_who_cuts_in_where_that_breaks_something_has_done_so_once_or_twice() -> None:
    """Twice in a speech breaks no more than once, but stands no better either."""
    assert by_moves(heard(one(principles=CUTS))) == {"": ((0, 0),), "interrupt": ((0, 1),)}
    each = "  cuts: {rules: [{precedence: {needs: nod, then: interrupt}}]}\n"
    assert by_moves(heard(one(principles=each), better_for_worst)) == {"interrupt interrupt": ((0, 2),)}


def test_perfect_listening_is_one_way() -> None:
    assert by_moves(heard(one(stations=3, principles=HEARS + CUTS), perfect=True)) == {"go-on go-on go-on": ((3, 0), (0, 0))}
    assert by_moves(heard(one(channel="email"), perfect=True)) == {"": ((0, 0),)}


def test_patience_runs_out_twice_where_the_customer_just_waits() -> None:
    told = {one.past: one.moves for one in heard(one(condition="anger > 2", channel="chat"))}
    assert told["interrupt", "interrupt", "silence", "silence"] == ("interrupt", "interrupt", "silence", "silence")
    assert {sum(act == "silence" for act in past) for past in told} == {0, 1, 2}


def test_a_letter_is_read_and_nothing_else() -> None:
    assert {one.past: one.moves for one in heard(one(condition="anger > 2", channel="email"))} == {(): ()}


def test_only_the_first_warm_sign_of_a_speech_is_felt() -> None:
    pasts = {one.past for one in heard(one(stations=2, condition="trust > 2"))}
    assert {past.count("station-word") for past in pasts} == {0, 1}


def test_what_is_said_and_felt_by_nobody_is_noted_once_whenever_it_was_said() -> None:
    pasts = {one.past for one in heard(one(stations=3, condition="said(agree) and said(deny) and said(station)"))}
    assert pasts == {("+station",), ("+agree", "+station"), ("+deny", "+station"), ("+agree", "+deny", "+station")}


def test_a_long_speech_stays_small() -> None:
    """With five ways past each of 30 stations there are 5 to the power of 30 ways to hear it."""
    condition = "said(agree) or said(nod) or trust > 3 or anger > 2"
    assert len(heard(one(stations=30, condition=condition, principles=HEARS + CUTS, channel="in-person"))) < 300


def test_too_many_ways_through_a_speech_are_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "MOST_WORK", 20)
    with pytest.raises(TooMuch):
        heard(one(stations=9, principles=HEARS + CUTS))


@pytest.mark.parametrize("channel", ["phone", "in-person", "chat"])
def test_a_customer_feels_what_the_past_of_a_speech_says(channel: str) -> None:
    """Every result is played, and leaves the customer in that mood."""
    script = one(stations=1, condition="said(agree) and said(silence) or trust > 3 or anger > 2", channel=channel)
    place = explored(script, AT_LEISURE).start
    assert place.mood is not None
    for result in heard(script):
        now, then = _heard_out(Encounter(script), result).situation, place.speech.mood_after(place.mood, result.past)
        assert (now.feelings.trust, now.feelings.anger) == (then.feelings.trust, then.feelings.anger)
        assert now.said & sum(place.speech.bits.values()) == then.said


def _heard_out(encounter: Encounter, result: Heard) -> Encounter:
    finish_speech(rehearse(encounter, result.moves))
    return encounter


def test_the_order_of_what_is_felt_counts_where_a_feeling_comes_to_its_limit() -> None:
    speech = explored(one(condition="said(agree) and trust == 0"), AT_LEISURE).start.speech
    cold = Mood(Feelings(0, 0, 0, 0), 0)
    assert speech.mood_after(cold, ("interrupt", "station-word")).feelings.trust == 1
    assert speech.mood_after(cold, ("station-word", "interrupt")).feelings.trust == 0
    assert _noted(speech, "agree", "interrupt") == _noted(speech, "interrupt", "agree") == ("+agree", "interrupt")


def _noted(speech: hearing.Speech, *acts: str) -> Past:
    past: Past = ()
    for act in acts:
        past = speech.noted(past, act)
    return past


UNSURE = """\
channel: CHANNEL
leaves: over
scenes:
  one:
    customer: Well. | So.
    replies:
      - {id: thank, say: Thanks., acts: [], if: CONDITION, end: done}
"""


def left(channel: str, condition: str) -> set[tuple[str, str]]:
    """How a speech goes on after which a reply may be missing: no file may have that, but a script can."""
    place = _unsure(channel, condition)
    results = Ear((), lambda one, other: False).heard(place.speech, (), place.may_reply)
    return {(one.on, " ".join(one.moves)) for one in results}


def _unsure(channel: str, condition: str) -> Place:
    return explored(script(UNSURE.replace("CHANNEL", channel).replace("CONDITION", condition), checked=False), AT_LEISURE).start


def test_who_is_left_without_a_reply_has_heard_the_speech_out() -> None:
    """The moves are those of a whole play, to the end of the speech; but a letter has been read at once."""
    assert left("phone", "said(agree)") >= {("leave", ". ."), ("reply", "yes")}
    assert left("phone", "not said(agree)") >= {("leave", "yes ."), ("reply", "")}
    assert left("email", "said(greet)") == {("leave", "")}


def test_whom_silence_leaves_without_a_reply_has_nobody_to_wait_for() -> None:
    """Anger is 1 at first; with the second silence it comes to 3."""
    patient = script(UNSURE.replace("CHANNEL", "chat").replace("CONDITION", "anger < 3").replace("leaves: over\n", ""), checked=False)
    place = explored(patient, AT_LEISURE).start
    results = Ear((), lambda one, other: False).heard(place.speech, (), place.may_reply)
    assert {(one.on, one.moves) for one in results} >= {("reply", ("silence",)), ("leave", ("silence", "silence"))}
