"""The world of a scenario: how many places it has, where they lead, and what some play comes to."""

from __future__ import annotations

import pytest

from analysis.small import AT_LEISURE, IN_NO_TIME, script
from servicesim.analysis import explorer
from servicesim.analysis.budget import TooMuch
from servicesim.analysis.explorer import explored
from servicesim.analysis.world import Close, Place, Turn, World, following
from servicesim.encounter.script import Script


def places(script: Script) -> list[str]:
    """The scenes of all places, in alphabetical order."""
    return sorted(place.scene for place in explored(script, AT_LEISURE).places)


def endings(world: World, place: Place) -> set[str | None]:
    """The endings to which a place leads directly."""
    leads = list(place.ways.values())
    leads += [choice.leads for turn in leads if isinstance(turn, Turn) for choice in turn.choices]
    return {close.ending for close in leads if isinstance(close, Close)}


CROSSING = """\
facts: {found: false}
scenes:
  one:
    customer: Hello.
    replies:
      - {id: look, say: I look., acts: [], set: {found: true}, feel: {received: 9}, go: two}
      - {id: wait, say: Wait., acts: [], go: two}
  two:
    customer: And?
    replies:
      - {id: so, say: So., acts: [], go: three}
      - {id: thus, say: Thus., acts: [], IF go: three}
  three:
    customer: Bye.
    replies: [{id: bye, say: Bye., acts: [], end: done}]
"""


@pytest.mark.parametrize("condition", ["", "if: not seen(three),", "if: found or not found,", "if: received < 90 or received >= 90,"])
def test_what_no_future_tells_apart_is_one_place(condition: str) -> None:
    """Whatever happened, and whatever conditions ask for, if it makes no difference to what follows."""
    assert places(script(CROSSING.replace("IF ", condition))) == ["one", "three", "two"]


@pytest.mark.parametrize("condition", ["if: found,", "if: received > 45,"])
def test_what_a_future_tells_apart_is_two_places_as_long_as_it_does(condition: str) -> None:
    assert places(script(CROSSING.replace("IF ", condition))) == ["one", "three", "two", "two"]


def test_each_place_comes_after_all_that_it_leads_to(written: Script) -> None:
    """
    scenes:
      one:
        customer: Hello.
        replies:
          - {id: far, say: Far., acts: [], go: two}
          - {id: near, say: Near., acts: [], go: three}
      two:
        customer: And?
        replies: [{id: so, say: So., acts: [], go: three}]
      three:
        customer: Bye.
        replies: [{id: bye, say: Bye., acts: [], end: done}]
    """
    world = explored(written, AT_LEISURE)
    order = {place: number for number, place in enumerate(world.places)}
    assert all(order[ahead] < order[place] for place in world.places for ahead in following(place))
    assert world.start.scene == "one"


def test_a_scene_speaks_four_times_and_nothing_leads_to_it_any_more(written: Script) -> None:
    """
    scenes:
      one:
        customer: Hello.
        replies:
          - {id: again, say: Pardon?, acts: [], go: one}
          - {id: bye, say: Bye., acts: [], end: done}
    """
    world = explored(written, AT_LEISURE)
    turns = [leads for place in world.places for leads in place.ways.values() if isinstance(leads, Turn)]
    assert [[choice.reply for choice in turn.choices] for turn in turns] == [["bye"], ["again", "bye"], ["again", "bye"], ["again", "bye"]]


def test_silence_leads_on_until_its_scene_has_spoken_four_times(written: Script) -> None:
    """
    channel: chat
    leaves: over
    scenes:
      one:
        customer: Hello.
        on-silence: {go: two}
        replies: [{id: bye, say: Bye., acts: [], end: done}]
      two:
        customer: And?
        replies:
          - {id: again, say: Again., acts: [], go: two}
          - {id: back, say: Back., acts: [], go: one}
          - {id: bye, say: Bye., acts: [], end: done}
    """
    after_silence: dict[int, set[str]] = {}
    for place in explored(written, AT_LEISURE).places:
        if place.scene == "one":
            (leads,) = [leads for (on, _), leads in place.ways.items() if on != "reply"]
            spoken = 4 - _more_of("two", place)
            after_silence.setdefault(spoken, set()).add(leads.scene if isinstance(leads, Place) else "leaves")
    assert after_silence == {0: {"two"}, 1: {"two"}, 2: {"two"}, 3: {"two"}, 4: {"leaves"}}


def _more_of(scene: str, place: Place) -> int:
    """How many more times a scene can speak."""
    return max((_more_of(scene, ahead) + (ahead.scene == scene) for ahead in following(place)), default=0)


def test_whom_a_reply_angers_too_much_leaves(written: Script) -> None:
    """
    leaves: over
    customer: {name: Leyla Karimova, type: hostile, expects: 60, received: 40, anger: 4}
    channel: email
    scenes:
      one:
        customer: Hello.
        replies: [{id: scold, say: You!, acts: [scold], feel: {anger: 1}, go: two}, {id: on, say: So., acts: [], go: two}]
      two:
        customer: And?
        replies: [{id: bye, say: Bye., acts: [], end: done}]
    """
    world = explored(written, AT_LEISURE)
    assert [sorted(map(str, endings(world, place))) for place in world.places] == [["done"], ["over"]]


LINES = """\
channel: CHANNEL
leaves: over
scenes:
  one:
    customer: Hello. | Are you there?
    replies:
      - {id: on, say: So., acts: [], go: two}
      - {id: heard, say: I heard., acts: [], if: SIGN, end: done}
  two:
    customer: [{if: CONDITION, say: Well!}, {say: And?}]
    replies: [{id: bye, say: Bye., acts: [], end: done}]
"""


@pytest.mark.parametrize(
    ("channel", "sign", "condition", "lines", "offered"),
    [
        ("in-person", "said(nod)", "said(silence) and said(nod)", 2, True),
        ("phone", "said(nod)", "said(station-word) and not said(interrupt)", 2, False),
        ("chat", "said(interrupt)", "said(station)", 1, True),
        ("phone", "said(station) and said(agree)", "trust > 2", 2, True),
        ("chat", "trust > 2", "trust == 0", 2, False),
        ("email", "said(silence)", "not said(customer-writes)", 1, False),
        ("email", "said(customer-writes)", "seen(two)", 1, True),
    ],
)
def test_what_listening_does_is_read_by_conditions(channel: str, sign: str, condition: str, lines: int, offered: bool) -> None:
    text = LINES.replace("CHANNEL", channel).replace("SIGN", sign).replace("CONDITION", condition)
    world = explored(script(text), AT_LEISURE)
    assert len([line for scene, line in world.lines if scene == "two"]) == lines
    assert (("one", "heard") in world.replies) is offered


def test_a_reply_is_withheld_where_its_condition_keeps_it_back_in_some_play(written: Script) -> None:
    """
    facts: {found: false}
    scenes:
      one:
        customer: Hello.
        replies:
          - {id: never, say: No., acts: [], if: found, end: over}
          - {id: mostly, say: Well., acts: [], if: not said(interrupt), end: done}
          - {id: always, say: Yes., acts: [], if: seen(one), end: done}
          - {id: bye, say: Bye., acts: [], end: over}
    """
    world = explored(written, AT_LEISURE)
    assert world.withheld == {("one", "never"), ("one", "mostly")}
    assert world.replies == {("one", "mostly"), ("one", "always"), ("one", "bye")}


def test_where_no_reply_is_offered_it_is_withheld_and_the_customer_leaves() -> None:
    """No file may be so, but a script can."""
    text = LINES.replace("CHANNEL", "phone").replace("- {id: on, say: So., acts: [], go: two}\n      ", "")
    alone = script(text.replace("SIGN", "said(agree)").replace("CONDITION", "seen(one)"), checked=False)
    world = explored(alone, AT_LEISURE)
    assert world.withheld == world.replies == {("one", "heard")}
    assert world.endings == {"done", "over"}


def test_perfect_listening_comes_to_less(written: Script) -> None:
    """
    leaves: over
    scenes:
      one:
        customer: Hello. | Are you there?
        replies:
          - {id: sorry, say: Sorry., acts: [], if: said(interrupt), end: done}
          - {id: well, say: Well., acts: [], if: said(station-word), end: done}
          - {id: so, say: So., acts: [], go: one}
          - {id: bye, say: Bye., acts: [], end: done}
    """
    world = explored(written, AT_LEISURE, perfect=True)
    assert world.replies == {("one", "well"), ("one", "so"), ("one", "bye")}
    assert world.endings == {"done"}


def test_too_many_places_and_too_little_time_are_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TooMuch):
        explored(script(CROSSING.replace("IF ", "")), IN_NO_TIME)
    monkeypatch.setattr(explorer, "MOST_PLACES", 1)
    with pytest.raises(TooMuch):
        explored(script(CROSSING.replace("IF ", "")), AT_LEISURE)
