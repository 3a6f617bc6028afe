"""The log of who did what: only ever added to, and whatever else happens to it shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from servicesim.records.organisation import FILE, Organisation, open_organisation

MONDAY = 1_760_000_000_000


@pytest.fixture
def organisation(tmp_path: Path) -> Iterator[Organisation]:
    with open_organisation(tmp_path) as organisation:
        for number, who in enumerate(("leyla", "omid", "leyla", "desk 7")):
            organisation.note(who, "sign-in", at=MONDAY + number)
        yield organisation


def tampered(folder: Path, *statements: str) -> None:
    """As somebody does who can write the file, and takes the triggers away first."""
    connection = sqlite3.connect(folder / FILE)
    with connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_log_that_nobody_touched_is_whole(organisation: Organisation) -> None:
    assert list(organisation.verify_audit(ends_with=organisation.audit_end())) == []
    assert organisation.audit_end()[0] == 4


def test_the_newest_lines_come_first_and_a_page_goes_on_where_the_last_one_ended(organisation: Organisation) -> None:
    first = organisation.noted(most=3)
    assert [(one.seq, one.who, one.at - MONDAY) for one in first] == [(3, "desk 7", 3), (2, "leyla", 2), (1, "omid", 1)]
    assert [one.seq for one in organisation.noted(before=1)] == [0]
    assert [one.seq for one in organisation.noted(who="leyla")] == [2, 0]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE audit SET who = 'omid' WHERE seq = 2", ["audit 2: this line, or the one before it, is not as it was written"]),
        ("UPDATE audit SET outcome = 'refused' WHERE seq = 0", ["audit 0: this line, or the one before it, is not as it was written"]),
        ("DELETE FROM audit WHERE seq = 1", ["audit 1: the lines from 1 on, up to 2, are missing", "audit 2: this line, or the one before it, is not as it was written"]),
        ("DELETE FROM audit WHERE seq = 3", ["audit 3: lines are missing at the end: there were 4"]),
        ("UPDATE audit SET link = 'x' WHERE seq = 3", ["audit 3: this line, or the one before it, is not as it was written", "audit 3: the log up to here is another than the one that was noted"]),
    ],
)
def test_what_was_changed_or_taken_out_shows(organisation: Organisation, tmp_path: Path, statement: str, found: list[str]) -> None:
    noted = organisation.audit_end()
    tampered(tmp_path, statement)
    assert [str(one) for one in organisation.verify_audit(ends_with=noted)] == found


@pytest.mark.parametrize("deed", ["UPDATE audit SET who = 'x'", "DELETE FROM audit", "INSERT OR REPLACE INTO audit SELECT * FROM audit"])
def test_the_database_itself_changes_no_line(organisation: Organisation, tmp_path: Path, deed: str) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    with pytest.raises(sqlite3.IntegrityError, match="what is kept is never changed"):
        connection.execute(deed)
    connection.close()


@pytest.mark.parametrize(
    ("who", "kept"),
    [
        ("'; DROP TABLE audit; --", "'; DROP TABLE audit; --"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("a\x1b[31m\nb\u202ec", "a�[31m�b�c"),
        ("half \ud83d a character", "half \\ud83d a character"),
        ("x" * 10_000, "x" * 200),
    ],
)
def test_a_name_is_kept_as_a_name_whatever_it_holds(organisation: Organisation, who: str, kept: str) -> None:
    organisation.note(who, "sign-in", at=MONDAY)
    assert organisation.noted(most=1)[0].who == kept
    assert list(organisation.verify_audit()) == []


def test_a_page_of_the_log_is_read_to_its_end(organisation: Organisation, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.records.audit._PAGE", 2)
    assert list(organisation.verify_audit(ends_with=organisation.audit_end())) == []
