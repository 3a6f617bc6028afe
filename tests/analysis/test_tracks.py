"""A principle as a machine: what it heeds, what it counts, and what a limit in seconds makes of it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from analysis.small import script
from servicesim.analysis.tracks import RATING, VISIT, Count, Piece, Track, tracks
from servicesim.assessment.trace import GOES_ON, REPLY_BEGINS, REPLY_ENDS
from servicesim.encounter.script import Script

SCENES = """\
scenes:
  one:
    customer: Hello. | Are you there?
    replies:
      - {id: greet, say: Good morning., acts: [greet], go: two}
      - {id: ask, say: What is it?, acts: [ask], marks: {fit: 0.1}, go: two}
  two:
    customer: Well.
    replies:
      - {id: help, say: Here it is., acts: [help], marks: {fit: 0.25}, end: done}
"""


def track(principle: str, *, strict: bool = False) -> Track:
    """The track of a principle called fit, in an encounter of two scenes."""
    (told,) = tracks(script(f"principles:\n  fit: {principle}\n{SCENES}"), strict=strict)
    return told


def counted(track: Track, *pieces: Piece) -> tuple[Count, Count]:
    """What a track counts over some pieces, and at the end."""
    state, total = track.start, (0, 0)
    for piece in pieces:
        state, (kept, broken) = track.step(state, piece)
        total = total[0] + kept, total[1] + broken
    return total, track.finish(state)


def reply(*acts: str, **marks: float) -> Piece:
    return Piece((REPLY_BEGINS, *acts, REPLY_ENDS), marks=tuple(marks.items()))


SPEAKS_IN_ONE = Piece(("customer-speaks",), visits="one")
SPEAKS_IN_TWO = Piece(("customer-speaks",), visits="two")


def test_what_was_done_counts_only_once_a_scene_that_offers_it_was_visited() -> None:
    helped = track("{rules: [{existence: help}]}")
    assert counted(helped, SPEAKS_IN_ONE, reply("help")) == ((0, 0), (0, 0))
    assert counted(helped, SPEAKS_IN_ONE, reply("help"), SPEAKS_IN_TWO) == ((20, 0), (0, 0))
    assert counted(helped, SPEAKS_IN_ONE, SPEAKS_IN_TWO) == ((0, 0), (0, 20))


def test_ratings_are_counted_in_whole_parts_of_whatever_was_written() -> None:
    """A tenth and a quarter are 2 and 5 of 20 parts."""
    rated = track("{enough: 0.5}")
    assert rated.whole == 20
    assert counted(rated, reply(fit=0.1), reply(fit=0.25), reply(other=1.0)) == ((7, 33), (0, 0))
    assert rated.score((7, 33)) == Fraction(7, 20)
    assert rated.score((20, 0)) == 1
    assert rated.score((0, 0)) is None


def test_what_no_scene_offers_is_no_rule_at_all() -> None:
    scolded = track("{rules: [{absence: scold}]}")
    assert counted(scolded, SPEAKS_IN_ONE, SPEAKS_IN_TWO) == ((0, 0), (0, 0))
    assert not scolded.heeds(reply("scold"))


@pytest.mark.parametrize(
    ("rules", "piece", "heeds"),
    [
        ("absence: greet", reply("greet"), True),
        ("absence: greet", reply("ask"), False),
        ("first: greet", reply("ask"), True),
        ("last: help", reply("ask"), True),
        ("response: {after: vents, then: help, within: next-reply}", reply("ask"), True),
        ("response: {after: vents, then: help}", reply("ask"), False),
        ("response: {after: station, then: nod}", Piece((GOES_ON,)), True),
        ("response: {after: vents, then: nod}", Piece((GOES_ON,)), False),
        ("existence: greet", SPEAKS_IN_ONE, True),
        ("existence: greet", SPEAKS_IN_TWO, False),
        ("existence: greet, from: vents, until: case-opened", Piece(("case-opened",)), True),
    ],
)
def test_a_track_heeds_what_can_change_where_it_stands(rules: str, piece: Piece, heeds: bool) -> None:
    assert track(f"{{rules: [{{{rules}}}]}}").heeds(piece) is heeds


def test_signs_tell_what_may_mean_anything_to_it() -> None:
    assert set(track("{rules: [{existence: help}]}").signs()) == {"help", VISIT + "two", RATING + "fit"}
    assert set(track("{rules: [{existence: interrupt}]}").signs()) == {"interrupt", RATING + "fit"}


def test_acts_that_mean_the_same_to_all_its_rules_can_stand_for_each_other() -> None:
    alike = track("{rules: [{response: {after: station, then: [station-word, agree]}}, {absence: deny}]}")
    assert alike.means("station-word") == alike.means("agree") != alike.means("deny")
    assert alike.means("nod") == (0, 0)


def test_who_may_come_too_late_is_judged_in_time_or_strictly() -> None:
    promptly = "{rules: [{response: {after: vents, then: help, within: 3}}]}"
    pieces = Piece(("vents",)), reply("help")
    assert counted(track(promptly), *pieces) == ((20, 0), (0, 0))
    assert counted(track(promptly, strict=True), *pieces) == ((0, 0), (0, 20))
    assert not track(promptly).exact


@pytest.mark.parametrize(("seconds", "exact"), [("1.2", True), ("2", True), ("1", False)])
def test_a_station_waits_no_longer_than_a_pause(seconds: str, exact: bool) -> None:
    """So that no answer to it can come after 1.2 seconds or more."""
    heard = f"{{rules: [{{response: {{after: station, then: station-word, within: {seconds}}}}}]}}"
    assert track(heard).exact is exact
    answered = Piece(("station",)), Piece(("station-word",)), Piece((GOES_ON,))
    assert counted(track(heard, strict=True), *answered)[0] == ((20, 0) if exact else (0, 20))


def test_only_what_applies_has_a_track(written: Script) -> None:
    """
    learn: [asked]
    principles:
      heard: {rules: [{existence: nod}]}
      written: {when: {channel: [email]}, rules: [{existence: help}]}
      asked: {elective: true, rules: [{existence: ask}]}
      unasked: {elective: true, rules: [{existence: ask}]}
    scenes:
      one:
        customer: Hello.
        replies: [{id: ask, say: What is it?, acts: [ask], end: done}]
    """
    assert [(one.name, one.owed) for one in tracks(written)] == [("heard", False), ("asked", True)]
