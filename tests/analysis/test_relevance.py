"""What is still read decides which situations are told apart: with too little of it, claims would be false."""

from __future__ import annotations

import pytest

from analysis.small import script
from servicesim.analysis.relevance import relevant
from servicesim.encounter.script import Script

NO_FEELING = (False, False, False, False)
ANGER = (False, False, False, True)


def test_a_fact_matters_until_the_last_condition_that_reads_it(written: Script) -> None:
    """
    facts: {found: false, calls: 0}
    scenes:
      one:
        customer: Hello.
        replies: [{id: look, say: I look., acts: [], set: {found: true}, go: two}]
      two:
        customer: [{if: found, say: Ah!}, {say: And?}]
        replies: [{id: on, say: So., acts: [], go: three}]
      three:
        customer: Bye.
        replies: [{id: bye, say: Bye., acts: [], end: done}]
    """
    assert [one.facts for one in relevant(written)] == [(True, False), (True, False), (False, False)]
    assert relevant(written)[0].of_facts((1, 7)) == (1, 0)


def test_acts_and_scenes_matter_where_they_are_asked_for_ahead(written: Script) -> None:
    """
    scenes:
      one:
        customer: Hello.
        replies: [{id: on, say: So., acts: [greet], go: two}]
      two:
        customer: Hello.
        replies:
          - {id: thank, say: Thanks., acts: [], if: said(greet) and seen(one), end: done}
          - {id: bye, say: Bye., acts: [], end: over}
    """
    first = relevant(written)[0]
    assert first.acts == written.bit["greet"]
    assert (first.seen, first.counted) == (frozenset({0}), frozenset())
    assert first.of_visits(bytes((3, 1))) == bytes((1, 0))


def test_how_often_a_scene_spoke_matters_only_in_a_circle(written: Script) -> None:
    """
    scenes:
      one:
        customer: Hello.
        replies:
          - {id: again, say: Pardon?, acts: [], go: one}
          - {id: on, say: So., acts: [], go: two}
      two:
        customer: Hello.
        replies: [{id: bye, say: Bye., acts: [], end: done}]
    """
    assert [one.counted for one in relevant(written)] == [frozenset({0}), frozenset()]
    assert relevant(written)[0].of_visits(bytes((3, 1))) == bytes((3, 0))


def test_what_is_read_after_a_silence_matters_before_it(written: Script) -> None:
    """
    channel: chat
    facts: {found: false}
    scenes:
      one:
        customer: Hello.
        replies: [{id: on, say: So., acts: [], set: {found: true}, go: two}]
      two:
        customer: And?
        on-silence: {go: three}
        replies: [{id: bye, say: Bye., acts: [], end: done}]
      three:
        customer: [{if: found, say: Ah!}, {say: Hello?}]
        replies: [{id: bye, say: Bye., acts: [], end: over}]
    """
    assert [one.facts for one in relevant(written)] == [(True,), (True,), (True,)]


def test_satisfaction_is_read_from_two_feelings(written: Script) -> None:
    """
    scenes:
      one:
        customer: [{if: satisfaction > 10, say: Nice.}, {say: Well.}]
        replies: [{id: bye, say: Bye., acts: [], end: done}]
    """
    assert relevant(written)[0].feelings == (True, True, False, False)


LEAVING = """\
leaves: over
customer: {name: Leyla Karimova, type: hostile, expects: 60, received: 40, anger: ANGER}
channel: CHANNEL
scenes:
  one:
    customer: {say: Hello., acts: [calms]}
    replies:
      - {id: grumble, say: Well., acts: [], feel: {anger: 1}, go: two}
      - {id: bye, say: Bye., acts: [], end: done}
  two:
    customer: Hello.
    replies: [{id: bye, say: Bye., acts: [], end: done}]
"""


def test_anger_matters_where_a_reply_may_make_the_customer_leave() -> None:
    """Silence brings it to 4, even after a speech that ended calmly, and the reply does the rest."""
    told = relevant(script(LEAVING.replace("CHANNEL", "chat").replace("ANGER", "0")))
    assert [one.feelings for one in told] == [ANGER, NO_FEELING]


def test_in_letters_nobody_is_cut_off_or_left_waiting() -> None:
    told = relevant(script(LEAVING.replace("CHANNEL", "email").replace("ANGER", "4")))
    assert [one.feelings for one in told] == [NO_FEELING, NO_FEELING]


@pytest.mark.parametrize(("effect", "reads"), [((0, 0, 0, 1), True), ((9, 9, 1, 0), False)])
def test_only_effects_on_what_matters_are_read(effect: tuple[int, int, int, int], reads: bool) -> None:
    told = relevant(script(LEAVING.replace("CHANNEL", "chat").replace("ANGER", "0")))
    assert told[0].reads([effect]) is reads
