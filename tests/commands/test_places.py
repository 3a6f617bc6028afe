"""What reads records reads them at the address of a database as well, and tells the same as from a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.test_commands import outcome
from exports.kept import EXPERT, OUT, SORRY, keep, rows
from servicesim.records.place import Place, is_address, place_of, shown


@pytest.fixture
def place(either_owned: Place) -> str:
    """Two people with three attempts, of which one has not ended."""
    for number, moves in enumerate((EXPERT, SORRY, ("welcome",))):
        keep(either_owned, *moves, number=number)
    keep(either_owned, *OUT, number=3, person="2044", name="Omid Rahimi", team="Returns")
    return str(either_owned)


def test_all_that_reads_records_reads_them_at_either_place(capsys: pytest.CaptureFixture[str], tmp_path: Path, place: str) -> None:
    def told(*arguments: str) -> str:
        code, out, err = outcome(capsys, *arguments, "--records", place)
        assert (code, err) == (0, "")
        return out

    assert told("verify") == "4 attempts: 4 REPLAY_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN\n"
    told("export", "-o", str(tmp_path / "scores.csv"), "--with-names")
    ended = [(row["person"], row["passed"]) for row in rows(tmp_path / "scores.csv")]
    assert ended == [("1042", "true"), ("1042", "false"), ("2044", "false")]
    told("export", "-o", str(tmp_path / "scores.xlsx"), "--format", "xlsx")
    told("report", "-o", str(tmp_path / "report.html"))
    assert "</html>" in (tmp_path / "report.html").read_text(encoding="utf-8")
    told("report", "-o", str(tmp_path / "1042.html"), "--person", "1042", "--with-names")
    assert "Aylin Duman" in (tmp_path / "1042.html").read_text(encoding="utf-8")
    assert told("person", "list").startswith("1042, Aylin Duman, Desk 3: 3 attempts\n")
    assert json.loads(told("person", "show", "1042", "--json"))
    told("review", "list")
    told("insight", "late-parcel")
    told("handin", str(tmp_path / "desk.zip"))


def test_somebody_is_erased_at_either_place(capsys: pytest.CaptureFixture[str], place: str) -> None:
    code, out, err = outcome(capsys, "person", "erase", "1042", "--yes", "--records", place)
    assert (code, err) == (0, "")
    assert "Aylin" in out
    assert outcome(capsys, "person", "list", "--records", place)[1].startswith("2044, Omid Rahimi, Returns: 1 attempt\n1 person")


def test_a_password_is_not_typed_after_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    for address in ("postgresql://sara:open-sesame@db/servicesim", "postgresql://db/servicesim?user=sara&password=open-sesame"):
        code, _, err = outcome(capsys, "verify", "--records", address)
        assert code == 2
        assert "a password does not belong into a command" in err
        assert "sesame" not in err


def test_a_database_that_is_not_there_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = outcome(capsys, "verify", "--records", "postgresql://sara@127.0.0.1:1/servicesim")
    assert code == 4
    assert "records of default at postgresql://sara@127.0.0.1:1/servicesim cannot be reached" in err
    assert err.count("\n") == 1


def test_an_address_is_told_without_its_password() -> None:
    assert shown("postgresql://sara:open-sesame@db:5433/servicesim?password=x&organisation=kestrel") == "postgresql://sara@db:5433/servicesim"
    assert shown("postgresql://sara:open-sesame@db:nonsense/x") == "postgresql://..."
    assert shown(Path("a") / "b") == str(Path("a") / "b")


def test_what_begins_as_no_address_is_a_folder() -> None:
    assert is_address(place_of("postgresql://db/servicesim"))
    for folder in ("records", "/srv/postgresql", "c:\\records", "postgresql"):
        assert place_of(folder) == Path(folder)
