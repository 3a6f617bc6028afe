"""The move that hears on without a sign, in play by named moves."""

from __future__ import annotations

import pytest

from encounter.plays import in_channel, small
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import Listened, SegmentBegan, SpeechBegan, SpeechEnded, StationReached
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.situation import Phase
from servicesim.errors import NotOffered
from servicesim.scenario.model import ID

# "I left my umbrella." takes 1.357 s, the pause 1.2 s, "It was red." 0.786 s.


def played(*moves: str, channel: str = "phone", untimed: bool = False) -> Encounter:
    return rehearse(Encounter(in_channel(channel), untimed=untimed), moves)


def test_a_full_stop_lets_a_station_pass_and_then_the_rest_of_the_speech() -> None:
    assert played(".").events[-1] == SegmentBegan(2.557, 1)
    encounter = played(".", ".")
    assert encounter.events[1:] == [
        SpeechBegan(0.0, "opening", 0),
        StationReached(1.357, 0),
        SegmentBegan(2.557, 1),
        SpeechEnded(3.343),
    ]
    assert encounter.situation.phase is Phase.WAITING


def test_a_word_can_follow_the_speech_without_one_at_the_station() -> None:
    assert played(".", ".", "go-on").events[-2:] == [SpeechEnded(3.343), Listened(3.343, "go-on")]
    assert played(".", "go-on").events[-2:] == [SegmentBegan(2.557, 1), Listened(2.557, "go-on")]
    assert played("go-on").events[-1] == Listened(1.857, "go-on")


def test_a_station_that_had_its_word_is_not_counted_again() -> None:
    assert played("go-on", ".").events[-1] == SpeechEnded(3.343)


@pytest.mark.parametrize("before", [[], ["go-on"], ["interrupt"], ["interrupt", "interrupt"]])
@pytest.mark.parametrize("untimed", [False, True])
def test_it_comes_wherever_the_speech_stands(before: list[str], untimed: bool) -> None:
    encounter = played(*before, ".", untimed=untimed)
    assert isinstance(encounter.events[-1], SpeechEnded if untimed or before == ["go-on"] else SegmentBegan)


def test_it_changes_nothing_for_the_reply_that_follows() -> None:
    assert played(".", "welcome").events == played("welcome").events


@pytest.mark.parametrize("before", [[".", "."], ["silence"], ["go-on", "."]])
def test_nobody_is_let_finish_twice(before: list[str]) -> None:
    with pytest.raises(NotOffered, match=r"'\.' is not offered here: the customer has spoken to the end; offered are: .*welcome"):
        played(*before, ".")


def test_what_is_written_is_there_at_once() -> None:
    with pytest.raises(NotOffered, match="has spoken to the end; offered are: "):
        played(".", channel="email")
    assert isinstance(played(".", channel="chat").events[-1], SpeechEnded)


def test_after_the_end_it_comes_too_late() -> None:
    with pytest.raises(NotOffered, match=r"'\.' comes too late: the encounter is over, it ended with 'settled'"):
        rehearse(Encounter(small()), ["welcome", "look", "."])


def test_no_reply_can_be_called_so() -> None:
    assert not ID.fullmatch(".")
