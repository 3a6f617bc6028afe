"""Accounts, sessions and counted tries: on a file and on PostgreSQL alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from servicesim.errors import UsageError
from servicesim.records.organisation import Organisation, open_organisation
from servicesim.records.place import Place

MONDAY = 1_760_000_000_000
HOUR = 3_600_000


@pytest.fixture
def organisation(either_place: Place) -> Iterator[Organisation]:
    with open_organisation(either_place) as organisation:
        organisation.keep_account("leyla", ["hr", "trainer"], "hash", once=True, at=MONDAY)
        yield organisation


def test_an_account_is_kept_and_changed(organisation: Organisation) -> None:
    organisation.set_roles("leyla", ["hr"])
    organisation.set_password("leyla", "other", once=False)
    account = organisation.account("leyla")
    assert account is not None
    assert (account.roles, account.password, account.once, account.created, account.disabled) == ({"hr"}, "other", False, MONDAY, None)
    organisation.disable_account("leyla", at=MONDAY + 1)
    assert [(one.person, one.disabled) for one in organisation.accounts()] == [("leyla", MONDAY + 1)]
    assert organisation.account("omid") is None


@pytest.mark.parametrize("person", ["leyla", "", "a b", "' OR 1=1 --", "<b>", "x" * 65, "-x"])
def test_a_second_account_or_one_of_nobody_is_refused(organisation: Organisation, person: str) -> None:
    with pytest.raises(UsageError):
        organisation.keep_account(person, ["hr"], "hash", once=True, at=MONDAY)


def test_a_password_that_was_changed_meanwhile_is_not_hashed_anew(organisation: Organisation) -> None:
    organisation.rehash_password("leyla", "an older hash", "newer")
    organisation.rehash_password("leyla", "hash", "hash, with more effort")
    account = organisation.account("leyla")
    assert account is not None
    assert account.password == "hash, with more effort"


def test_a_session_ends_when_it_is_idle_over_or_closed(organisation: Organisation) -> None:
    def there(token: str, at: int) -> bool:
        return organisation.session(token, at=MONDAY + at, idle=HOUR) is not None

    for token in ("desk", "phone"):
        organisation.open_session(token, "leyla", "csrf", at=MONDAY, ends=MONDAY + 3 * HOUR)
    assert there("desk", HOUR - 1)
    assert there("desk", 2 * HOUR - 2)
    assert not there("phone", 2 * HOUR - 2)
    assert there("desk", 3 * HOUR - 3)
    assert not there("desk", 3 * HOUR)
    organisation.close_session("desk")
    assert not there("desk", 1)
    assert organisation.close_sessions("leyla") == 1


def test_a_session_that_is_over_is_forgotten_when_the_next_begins(organisation: Organisation) -> None:
    organisation.open_session("old", "leyla", "csrf", at=MONDAY, ends=MONDAY + HOUR)
    organisation.open_session("new", "leyla", "csrf", at=MONDAY + HOUR, ends=MONDAY + 2 * HOUR)
    assert organisation.close_sessions("leyla") == 1


def test_a_session_knows_what_its_person_is_now(organisation: Organisation) -> None:
    organisation.open_session("desk", "leyla", "csrf", at=MONDAY, ends=MONDAY + HOUR)
    organisation.set_roles("leyla", ["trainee"])
    session = organisation.session("desk", at=MONDAY, idle=HOUR)
    assert session is not None
    assert (session.person, session.roles, session.once, session.csrf) == ("leyla", {"trainee"}, True, "csrf")


@pytest.mark.parametrize("end", ["password", "disable"])
def test_another_password_and_a_disabled_account_end_all_sessions(organisation: Organisation, end: str) -> None:
    organisation.open_session("desk", "leyla", "csrf", at=MONDAY, ends=MONDAY + HOUR)
    if end == "password":
        organisation.set_password("leyla", "other", once=False)
    else:
        organisation.disable_account("leyla", at=MONDAY)
        organisation.disable_account("leyla", at=None)
    assert organisation.session("desk", at=MONDAY, idle=HOUR) is None


def test_somebody_who_is_shut_out_while_signing_in_is_not_in(organisation: Organisation) -> None:
    organisation.disable_account("leyla", at=MONDAY)
    organisation.open_session("desk", "leyla", "csrf", at=MONDAY, ends=MONDAY + HOUR)
    assert organisation.session("desk", at=MONDAY, idle=HOUR) is None


def test_tries_are_counted_in_one_go_and_a_good_one_is_forgotten(organisation: Organisation) -> None:
    limits: tuple[tuple[str, int, int], ...] = (("leyla", 2, 1000), ("here", 3, 1000))
    tries = [organisation.count_try(*limits, at=at) for at in (0, 1)]
    assert [one.wait for one in tries] == [0, 0]
    assert organisation.count_try(*limits, at=2).wait == 998
    organisation.forget_try(tries[1])
    assert organisation.count_try(*limits, at=2).wait == 0
    assert organisation.count_try(("omid", 2, 1000), ("here", 2, 1000), at=3).wait == 997


def test_a_clock_that_was_put_back_does_not_free_who_waits(organisation: Organisation) -> None:
    count: Callable[[int], int] = lambda at: organisation.count_try(("leyla", 1, 1000), at=at).wait  # noqa: E731
    assert [count(10_000), count(10_001), count(5_000)] == [0, 999, 6_000]


def test_guesses_that_come_all_at_once_are_not_more_than_others(organisation: Organisation) -> None:
    with ThreadPoolExecutor(8) as crowd:
        waits = list(crowd.map(lambda _: organisation.count_try(("leyla", 5, 1000), at=0).wait, range(16)))
    assert waits.count(0) == 5


def test_lines_that_are_noted_all_at_once_make_one_chain(organisation: Organisation) -> None:
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda number: organisation.note(f"desk {number}", "enrol", at=MONDAY), range(16)))
    assert list(organisation.verify_audit(ends_with=organisation.audit_end())) == []
    assert organisation.audit_end()[0] == 16
