"""What holds of late-parcel beyond what every encounter promises: two good ways, and scenes that answer what was done."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from servicesim.analysis.strategies import Choice, cues, played_by
from servicesim.analysis.words import vocabulary
from servicesim.commands import chosen
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import finish_speech, play, rehearse
from servicesim.encounter.script import Option

SCRIPT = chosen.script("late-parcel")
RIDER = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her")
WAIVER = ("welcome", "may-i-ask", "facts", "summarise", "own-it", "put-aside", "accept", "thank-her")
both_ways = pytest.mark.parametrize("way", [RIDER, WAIVER], ids=["rider", "waiver"])


def heard(*moves: str) -> Encounter:
    """The encounter after these moves, when she has spoken to the end."""
    encounter = rehearse(Encounter(SCRIPT), moves)
    finish_speech(encounter)
    return encounter


def offered(encounter: Encounter) -> set[str]:
    return {option.reply.id for option in encounter.offered}


def speaking(encounter: Encounter) -> str:
    """The words of the scene where the encounter stands."""
    return " ".join(encounter.situation.spoken.segments)


@both_ways
def test_both_good_ways_are_worth_a_hundred(way: Sequence[str]) -> None:
    played = played_by(SCRIPT, lambda offered: [option for option in offered if option.reply.id in way])
    assert (float(played.conduct), played.passed) == (100.0, True)
    assert [move for move in played.path if move != "go-on"] == list(way)


@both_ways
def test_its_words_give_neither_way_away(way: Sequence[str]) -> None:
    events = rehearse(Encounter(SCRIPT), way).events
    assert cues(SCRIPT, [(event.scene, event.reply) for event in events if isinstance(event, ReplyChosen)]) == []


@both_ways
def test_on_neither_way_the_right_reply_is_often_the_longest_or_the_shortest(way: Sequence[str]) -> None:
    encounter, longest, shortest = Encounter(SCRIPT), 0, 0
    for reply in way:
        finish_speech(encounter)
        by_length = sorted(encounter.offered, key=lambda option: len(option.reply.words))
        longest += by_length[-1].reply.id == reply
        shortest += by_length[0].reply.id == reply
        play(encounter, reply)
    assert (longest <= 3, shortest <= 3) == (True, True)


def first_by_name(offered: Sequence[Option]) -> list[Option]:
    return [min(offered, key=lambda option: option.reply.id)]


def last_by_name(offered: Sequence[Option]) -> list[Option]:
    return [max(offered, key=lambda option: option.reply.id)]


def least_polite(offered: Sequence[Option]) -> list[Option]:
    words = vocabulary("en")
    assert words is not None
    fewest = min(words.polite(option.reply.words) for option in offered)
    return [option for option in offered if words.polite(option.reply.words) == fewest]


@pytest.mark.parametrize("choose", [first_by_name, last_by_name, least_polite])
def test_other_ways_of_not_thinking_fail_as_well(choose: Choice) -> None:
    assert not played_by(SCRIPT, choose).passed


def test_who_is_asked_for_the_coat_cannot_offer_the_money_again() -> None:
    assert "refund-now" in offered(heard("sorry"))
    assert "refund-now" not in offered(heard("sorry", "refund-now", "back-up"))


def test_who_pushes_the_money_hears_what_she_wants() -> None:
    pushed = heard("order-number", "refund-now", "push")
    assert speaking(pushed) == "I don't want it quick. I want one person to look where my coat is."
    assert offered(pushed) == {"may-i-ask", "start-over", "address"}


def test_who_puts_her_through_can_still_take_her_back() -> None:
    through = heard("order-number", "refund-now", "transfer")
    assert speaking(through).endswith("And you pass me on.")
    assert offered(through) == {"plead", "summarise", "their-number"}


def test_who_was_not_told_what_it_is_about_cannot_have_it_all() -> None:
    assert "what-i-have" in offered(heard("sorry", "may-i-ask", "facts"))
    assert "summarise" not in offered(heard("sorry", "may-i-ask", "facts"))
