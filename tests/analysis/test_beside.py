"""Two plays of one encounter, side by side."""

from __future__ import annotations

from analysis.small import script
from servicesim.analysis.beside import Beside, beside
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.events import ReplyChosen
from servicesim.encounter.rehearsal import rehearse

TWICE = script("""\
channel: phone
principles:
  asks: {rules: [{existence: ask}]}
  helps: {rules: [{existence: help}]}
  mild: {rules: [{absence: scold}]}
scenes:
  one:
    customer: Well. | You know.
    replies: [{id: ask, say: A., acts: [ask], go: two}, {id: on, say: B., acts: [], go: two}]
  two:
    customer: And?
    replies: [{id: help, say: A., acts: [help], end: done}, {id: scold, say: B., acts: [scold], end: done}]
""")


def together(first: str, second: str) -> tuple[Beside, list[str]]:
    one, other = (rehearse(Encounter(TWICE), moves.split()).events for moves in (first, second))
    found = beside(one, assess(TWICE, one), other, assess(TWICE, other))
    return found, [f"{difference.principle} {difference.gain:+}" for difference in found.differences]


def test_they_part_where_something_else_was_done() -> None:
    found, differing = together("go-on ask help", "go-on on scold")
    assert differing == ["asks -1", "helps -1", "mild -1"]
    events = rehearse(Encounter(TWICE), ["go-on", "ask"]).events
    assert found.parts is not None
    assert isinstance(events[found.parts], ReplyChosen)


def test_what_became_better_comes_first() -> None:
    assert together("ask scold", "on help")[1] == ["helps +1", "mild +1", "asks -1"]


def test_the_same_moves_at_other_times_part_nowhere() -> None:
    one = rehearse(Encounter(TWICE), ["ask", "help"]).events
    slow = Encounter(TWICE, pace=0.5)
    other = rehearse(slow, ["ask", "help"]).events
    judged = assess(TWICE, one)
    assert beside(one, judged, [one[0], *other[1:]], judged) == Beside(None, ())


def test_a_word_more_is_where_they_part() -> None:
    found, _ = together("ask help", "go-on ask help")
    assert found.parts == 3
