"""Replies whose acts stand in an order that costs a verdict: found where another order would keep it."""

from __future__ import annotations

from analysis.small import AT_LEISURE, IN_NO_TIME, fronts, script
from servicesim.analysis.budget import Budget
from servicesim.analysis.explorer import explored
from servicesim.analysis.orders import misordered
from servicesim.analysis.proof import Misordered
from servicesim.encounter.script import Script

ASKED = """\
principles:
  first-asks: {rules: [{precedence: {needs: ask, then: help}}]}
scenes:
  one:
    customer: Hello.
    replies:
      - {id: on, say: So., acts: [BEFORE], go: two}
  two:
    customer: And?
    replies:
      - {id: help, say: Here it is. What else?, acts: [greet, help, ask], end: done}
"""


def found(script: Script, budget: Budget = AT_LEISURE) -> list[Misordered]:
    """What is found in an encounter."""
    return list(misordered(fronts(script, explored(script, AT_LEISURE)), budget))


def test_an_order_that_breaks_what_another_would_keep_is_found_with_the_other() -> None:
    told = found(script(ASKED.replace("BEFORE", "")))
    assert told == [Misordered("two", "help", "first-asks", ("greet", "ask", "help"))]


def test_where_the_order_makes_no_difference_nothing_is_found() -> None:
    assert found(script(ASKED.replace("BEFORE", "ask"))) == []
    assert found(script(ASKED.replace("BEFORE", "").replace("[greet, help, ask]", "[ask, help]"))) == []


def test_an_order_that_keeps_one_thing_and_breaks_another_is_no_better(written: Script) -> None:
    """
    principles:
      both-ways: {rules: [{precedence: {needs: ask, then: help}}, {precedence: {needs: help, then: ask}}]}
    scenes:
      one:
        customer: Hello.
        replies: [{id: help, say: Here it is. What else?, acts: [help, ask], end: done}]
    """
    assert found(written) == []


def test_a_reply_is_told_once_though_several_principles_find_it() -> None:
    twice = ASKED.replace("scenes:", "  then-helps: {rules: [{response: {after: ask, then: help}}]}\nscenes:")
    assert [one.principle for one in found(script(twice.replace("BEFORE", "")))] == ["first-asks"]


def test_more_acts_than_can_be_put_in_every_order_are_left_alone(written: Script) -> None:
    """
    principles:
      first-asks: {rules: [{precedence: {needs: ask, then: [help, greet, scold, look, wait]}}]}
    scenes:
      one:
        customer: Hello.
        replies: [{id: all, say: All of it., acts: [help, greet, scold, look, wait, ask], end: done}]
    """
    assert found(written) == []


def test_when_time_is_up_nothing_more_is_looked_for() -> None:
    assert found(script(ASKED.replace("BEFORE", "")), IN_NO_TIME) == []
