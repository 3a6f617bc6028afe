"""Programmes that are assigned: rows are only added, and the last word counts."""

from __future__ import annotations

from datetime import date

import pytest

from servicesim.errors import UsageError
from servicesim.server.house import House

OCTOBER = date(2026, 10, 1)


def test_the_last_word_counts_and_the_same_again_adds_nothing(house: House) -> None:
    organisation = house.organisation
    assert organisation.assign("first-week", "team", ["Desk 3", "Desk 4", "Desk 3"], begins=OCTOBER, by="leyla", at=1) == 2
    assert organisation.assign("first-week", "team", ["Desk 3"], begins=OCTOBER, by="leyla", at=2) == 0
    assert organisation.withdraw("first-week", "team", ["Desk 3", "Desk 9"], by="leyla", at=3) == 1
    assert [(one.whose, one.begins) for one in organisation.assignments("first-week")] == [("Desk 4", OCTOBER)]
    assert organisation.assign("first-week", "team", ["Desk 3"], begins=date(2026, 11, 1), by="leyla", at=4) == 1
    assert len(organisation.assignments()) == 2


def test_ones_own_word_comes_before_the_teams(house: House) -> None:
    organisation = house.organisation
    organisation.assign("first-week", "team", ["Desk 3"], begins=OCTOBER, by="leyla", at=1)
    organisation.assign("first-week", "person", ["a1"], begins=date(2026, 11, 1), by="leyla", at=2)
    assert [one.begins.month for one in organisation.assigned_to("a1", "Desk 3")] == [11]
    assert [one.begins.month for one in organisation.assigned_to("a2", "Desk 3")] == [10]
    assert organisation.assigned_to("a2", "") == []


def test_those_without_a_team_are_no_team(house: House) -> None:
    with pytest.raises(UsageError, match="a team has a name"):
        house.organisation.assign("first-week", "team", [""], begins=OCTOBER, by="leyla", at=1)
