"""What an organisation keeps of somebody goes with them, and what belongs to purged attempts with those; nothing else ever does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from servicesim.errors import StoreUnusable
from servicesim.records.desks import Batch, Desk, Ticket
from servicesim.records.organisation import Key, Organisation, open_organisation
from servicesim.records.place import Place
from servicesim.records.published import Edition
from servicesim.records.signed import Verdict

MONDAY = 1_760_000_000_000
PARCEL = Edition("late-parcel", 1, "en", "e1", "p1", "s1", "q1")
LOST = Edition("lost-luggage", 1, "en", "e2", "p1", "s2", "q1")


@pytest.fixture
def organisation(either_owned: Place) -> Iterator[Organisation]:
    with open_organisation(either_owned) as organisation:
        yield organisation


def enrolled(organisation: Organisation, learner: str) -> tuple[Desk, str]:
    found = organisation.enrol(organisation.new_code(learner, by="farid", at=MONDAY), f"{learner}-pc", at=MONDAY)
    assert found is not None
    return found


def played(organisation: Organisation, desk: Desk) -> tuple[Ticket, Ticket]:
    """Two tickets: something came of the first, and a verdict; nothing of the other."""
    used, unused = organisation.tickets(desk, [PARCEL, LOST], at=MONDAY, closes=MONDAY + 1000)
    sent = organisation.sent(used.attempt)
    assert sent is not None
    organisation.keep_batch(sent, Batch(used.attempt, 0, 4, desk.id, MONDAY, 1, False), Verdict("{}", "AA"))
    return used, unused


def test_who_is_erased_leaves_no_code_desk_ticket_verdict_account_or_session(organisation: Organisation) -> None:
    (desk, key), (other, _) = enrolled(organisation, "leyla"), enrolled(organisation, "omid")
    played(organisation, desk)
    played(organisation, other)
    organisation.new_code("leyla", by="farid", at=MONDAY)
    organisation.keep_account("2044", {"trainee"}, "hash", once=False, at=MONDAY)
    organisation.open_session("token", "2044", "csrf", at=MONDAY, ends=MONDAY + 9)
    organisation.note("2044", "sign-in", at=MONDAY)
    organisation.erase("2044", "leyla", at=MONDAY + 5)
    assert (organisation.desks("leyla"), organisation.codes_of("leyla"), organisation.tickets_of("leyla")) == ([], [], [])
    assert (organisation.account("2044"), organisation.sessions_of("2044"), organisation.desk_of(key)) == (None, 0, None)
    assert (len(organisation.desks("omid")), len(organisation.codes_of("omid")), len(organisation.tickets_of("omid"))) == (1, 1, 2)
    assert [one.who for one in organisation.noted_about(["2044"])] == ["2044"]
    assert list(organisation.verify_audit()) == []
    organisation.erase("2044", "leyla", at=MONDAY + 6)  # again is harmless


def test_where_attempts_stay_their_tickets_do_and_a_desk_without_name_and_key(organisation: Organisation) -> None:
    desk, key = enrolled(organisation, "leyla")
    enrolled(organisation, "leyla")  # and nothing was ever sent from there
    used, unused = played(organisation, desk)
    organisation.erase("2044", "leyla", at=MONDAY + 5, keep_attempts=True)
    assert [(one.id, one.name, one.withdrawn) for one in organisation.desks("leyla")] == [(desk.id, "", MONDAY + 5)]
    assert organisation.desk_of(key) is None
    assert [(one.ticket, one.batches, one.verdict) for one in organisation.tickets_of("leyla")] == [(used, 1, "{}")]
    assert organisation.sent(unused.attempt) is None


def test_what_belongs_to_purged_attempts_goes_and_the_rest_stays(organisation: Organisation) -> None:
    desk, _ = enrolled(organisation, "leyla")
    used, unused = played(organisation, desk)
    assert organisation.unused_tickets(until=MONDAY + 1000) == []
    assert organisation.unused_tickets(until=MONDAY + 1001) == [unused.attempt]
    assert organisation.purge([used.attempt, "another"], at=MONDAY) == 1
    assert (organisation.sent(used.attempt), organisation.batches(used.attempt), organisation.verdict(used.attempt)) == (None, [], None)
    assert [one.ticket for one in organisation.tickets_of("leyla")] == [unused]
    assert organisation.purge([used.attempt], at=MONDAY) == 0


def test_what_comes_in_the_moment_of_a_purge_is_not_noted(organisation: Organisation) -> None:
    desk, _ = enrolled(organisation, "leyla")
    _, unused = played(organisation, desk)
    before = organisation.sent(unused.attempt)
    assert before is not None
    organisation.purge([unused.attempt], at=MONDAY)
    assert organisation.keep_batch(before, Batch(unused.attempt, 0, 4, desk.id, MONDAY, 1, False)) == before
    assert organisation.batches(unused.attempt) == []


@pytest.mark.parametrize("table", ["tickets", "batches", "verdicts", "purged", "audit", "assigned", "versions", "editions", "retired", "keys"])
def test_nothing_else_is_changed_or_removed_by_anybody(organisation: Organisation, table: str) -> None:
    desk, _ = enrolled(organisation, "leyla")
    played(organisation, desk)
    gone, _ = played(organisation, enrolled(organisation, "omid")[0])
    organisation.purge([gone.attempt], at=MONDAY)
    _something_of_everything(organisation)
    for deed in (f"DELETE FROM {table}", f"UPDATE {table} SET {'attempt = attempt' if table in ('tickets', 'batches', 'verdicts', 'purged') else _some(table)}"):
        with pytest.raises(DBAPIError, match=f"{table}: (what is kept is never changed|only what belongs to a purged attempt is deleted)"):
            _said(organisation, deed)


def _something_of_everything(organisation: Organisation) -> None:
    organisation.publish("late-parcel", "Late parcel", [PARCEL], by="farid", at=MONDAY)
    organisation.retire("late-parcel", by="farid", at=MONDAY)
    organisation.assign("first-week", "person", ["leyla"], begins=date(2025, 10, 9), by="farid", at=MONDAY)
    organisation.note("farid", "assign", "first-week", at=MONDAY)
    organisation.keep_key(Key("k1", "AA"), since=0)


def _some(table: str) -> str:
    return {"audit": "who = 'x'", "assigned": "whose = 'x'", "editions": "edition = 'x'", "keys": "public = 'x'"}.get(table, "at = 1")


def _said(organisation: Organisation, deed: str) -> None:
    """As the owner, past all that our code would do."""
    engine = organisation._store._engine  # type: ignore[attr-defined]
    with engine.connect().execution_options(begin="BEGIN") as connection:
        connection.execute(text(deed))


def test_only_the_owner_of_a_database_lets_go(postgres_server: str) -> None:
    with open_organisation(postgres_server) as organisation:
        desk, key = enrolled(organisation, "leyla")
        used, _ = played(organisation, desk)
        for deed in (lambda: organisation.purge([used.attempt], at=MONDAY), lambda: organisation.erase("2044", "leyla", at=MONDAY)):
            with pytest.raises(StoreUnusable, match="has not the right"):
                deed()
        assert organisation.desk_of(key) == desk
        assert len(organisation.tickets_of("leyla")) == 2


@pytest.fixture
def postgres_server(request: pytest.FixtureRequest) -> str:
    """An address of the server's everyday role."""
    return str(request.getfixturevalue("postgres_cluster").organisation("server"))
