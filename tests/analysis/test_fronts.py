"""What one principle can still count: no more than is worth keeping, and by moves that count it."""

from __future__ import annotations

import pytest

from analysis.small import AT_LEISURE, IN_NO_TIME, fronts, script
from servicesim.analysis.budget import TooMuch
from servicesim.analysis.explorer import explored
from servicesim.analysis.fronts import Fronts, Side, listening_for_nobody
from servicesim.analysis.tracks import tracks
from servicesim.assessment.assess import assess
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script

MARKED = """\
channel: email
scenes:
  one:
    customer: Hello.
    replies:
      - {id: well, say: Well., acts: [], marks: {fit: 1}, go: two}
      - {id: badly, say: Badly., acts: [], marks: {fit: 0}, go: two}
      - {id: plainly, say: Plainly., acts: [], go: two}
  two:
    customer: And?
    replies:
      - {id: half, say: Half., acts: [], marks: {fit: 0.5}, end: done}
      - {id: bye, say: Bye., acts: [], end: done}
"""
LATER = """\
scenes:
  one:
    customer: Hello.
    replies:
      - {id: greet, say: Good morning., acts: [greet], go: two}
      - {id: ask, say: What is it?, acts: [ask], go: two}
  two:
    customer: And?
    replies: [{id: so, say: So., acts: [], go: three}, {id: thus, say: Thus., acts: [ask], go: three}]
  three:
    customer: Bye. | Or not?
    replies: [{id: bye, say: Bye., acts: [], end: done}]
"""
RATED = "{id: on, say: So., acts: [], marks: {fit: 1}"


def worked_out(script: Script) -> Fronts:
    """The fronts of the only principle."""
    (told,) = fronts(script, explored(script, AT_LEISURE))
    return told


def test_fronts_hold_what_nothing_else_makes_needless() -> None:
    """In halves, as the ratings are. For the best, one kept with nothing broken; for the worst the contrary; and nothing at all."""
    told = worked_out(script(MARKED))
    assert told.best.whole() == ((3, 1), (2, 0), (0, 0))
    assert told.worst.whole() == ((0, 2), (0, 0), (1, 3))


@pytest.mark.parametrize("best", [True, False])
def test_the_path_to_a_count_counts_that(best: bool) -> None:
    marked = script(MARKED)
    told = worked_out(marked)
    side: Side = told.best if best else told.worst
    for kept, broken in side.whole():
        judged = assess(marked, rehearse(Encounter(marked), side.path((kept, broken))).events).principles["fit"]
        assert (2 * judged.kept, 2 * judged.broken) == (kept, broken)


def test_where_nothing_ahead_means_anything_to_a_track_nothing_is_worked_out() -> None:
    greeted = worked_out(script(f"principles:\n  fit: {{rules: [{{existence: greet}}]}}\n{LATER}"))
    one, two, three = reversed(greeted.world.places)
    assert [greeted.is_deaf(place) for place in (one, two, three)] == [False, True, True]
    assert not any(greeted.best.knows(three, state) for state in range(10))
    asked = worked_out(script(f"principles:\n  fit: {{rules: [{{existence: ask}}]}}\n{LATER}"))
    one, two, three = reversed(asked.world.places)
    assert [asked.is_deaf(place) for place in (one, two, three)] == [False, False, True]
    assert any(asked.best.knows(three, state) for state in range(10))


@pytest.mark.parametrize("rule", ["existence: station-word", "absence: interrupt, per: customer-speaks", "existence: golden-moment", "last: ask"])
def test_who_listens_or_waits_for_the_last_reply_is_deaf_nowhere(rule: str) -> None:
    text = LATER.replace("  three:\n", "  three:\n    golden: true\n").replace("acts: [], end", "acts: [ask], end")
    told = worked_out(script(f"principles:\n  fit: {{rules: [{{{rule}}}]}}\n{text}"))
    assert not any(told.is_deaf(place) for place in told.world.places)


def test_a_scene_that_offers_something_is_no_place_to_be_deaf_before_even_if_the_offer_is_withheld(written: Script) -> None:
    """
    facts: {found: false}
    principles:
      greets: {rules: [{existence: [greet, vents]}]}
    scenes:
      one: {customer: Hello., replies: [{id: on, say: So., acts: [], go: two}]}
      two: {customer: And?, replies: [{id: on, say: So., acts: [], go: three}]}
      three:
        customer: Bye.
        replies: [{id: greet, say: Good day., acts: [greet], if: found, end: done}, {id: bye, say: Bye., acts: [], end: over}]
    """
    told = worked_out(written)
    assert [told.is_deaf(place) for place in reversed(told.world.places)] == [False, False, True]
    assert told.best.whole() == told.worst.whole() == ((0, 1),)


def test_two_places_of_one_speech_may_lack_replies_in_different_moods() -> None:
    """No file may have a scene without a sure reply, but a script can."""
    text = """\
facts: {found: false}
leaves: over
scenes:
  one:
    customer: Hello.
    replies: [{id: look, say: I look., acts: [], set: {found: true}, go: two}, {id: on, say: So., acts: [], go: two}]
  two:
    customer: And?
    replies: [{id: bye, say: Bye., acts: [], if: found and said(agree) or said(deny), end: done}]
"""
    unsure = [place for place in explored(script(text, checked=False), AT_LEISURE).places if place.scene == "two"]
    assert len({place.speech.kind for place in unsure}) == 1
    assert {len(place.shut) for place in unsure} == {0, 1, 2}
    kept = listening_for_nobody()
    for place in unsure:
        heard, heard_afresh = kept.heard(place, ()), listening_for_nobody().heard(place, ())
        assert {(one.leads, one.moves) for one in heard} == {(one.leads, one.moves) for one in heard_afresh}


def test_what_takes_too_long_is_too_much() -> None:
    scenes = "".join(f"  s{number}: {{customer: Well., replies: [{RATED}, go: s{number + 1}}}]}}\n" for number in range(99))
    long = script(f"start: s0\nscenes:\n{scenes}  s99: {{customer: Bye., replies: [{RATED}, end: done}}]}}\n")
    (track,) = tracks(long)
    with pytest.raises(TooMuch):
        Fronts(track, explored(long, AT_LEISURE)).work_out(IN_NO_TIME)

