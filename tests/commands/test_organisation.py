"""`servicesim organisation`: from nothing to a store, accounts, codes and published encounters."""

from __future__ import annotations

import json
import re
import stat
import sys
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from postgres import Postgres
from servicesim.cli import run
from servicesim.records import open_people
from servicesim.records.organisation import open_organisation
from servicesim.records.signed import Signer
from servicesim.server import passwords

NAME = "Kestrel 'Parcels'; DROP TABLE accounts; <b>"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    monkeypatch.delenv("SERVICESIM_STORE", raising=False)
    monkeypatch.delenv("SERVICESIM_KEY", raising=False)


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A store that was just made."""
    assert run(["organisation", "init", "--store", str(tmp_path / "store"), "--name", NAME, "--admin", "1001"]) == 0
    return tmp_path / "store"


def outcome(capsys: pytest.CaptureFixture[str], place: Path | str, *arguments: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = run(["organisation", *arguments, "--store", str(place)])
    told = capsys.readouterr()
    return code, told.out, told.err


def test_a_store_is_made_with_a_key_and_a_first_account(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = capsys.readouterr().out
    password = re.search(r"1001 signs in once with the password ([a-z0-9-]{23}) ", told)
    key = place / "signing-key.pem"
    with open_organisation(place) as organisation:
        account, keys = organisation.account("1001"), organisation.keys()
        assert organisation.settled("name") == NAME
    assert account is not None
    assert password is not None
    assert (account.roles, account.once) == (frozenset({"admin"}), True)
    assert passwords.fits(password[1], account.password)
    assert [one.id for one in keys] == [Signer(key.read_bytes()).key_id]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_nobody_else_reads_the_key_or_the_store(place: Path) -> None:
    assert stat.S_IMODE((place / "signing-key.pem").stat().st_mode) == 0o600
    assert stat.S_IMODE(place.stat().st_mode) == 0o700


def test_made_again_it_keeps_the_key_and_the_account(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = (place / "signing-key.pem").read_bytes()
    code, out, _ = outcome(capsys, place, "init", "--name", "Kestrel Post", "--admin", "1001")
    assert code == 0
    assert "password" not in out
    assert (place / "signing-key.pem").read_bytes() == before
    with open_organisation(place) as organisation:
        assert organisation.settled("name") == "Kestrel Post"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_key_that_others_can_read_is_refused(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "signing-key.pem").chmod(0o644)
    code, _, err = outcome(capsys, place, "publish", "--shipped")
    assert code == 2
    assert "others can read" in err


def test_accounts_are_made_changed_disabled_and_listed(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, place, "account", "add", "1042", "--role", "hr")[0] == 0
    assert outcome(capsys, place, "account", "roles", "1042", "--role", "trainer", "--role", "hr")[:2] == (0, "1042: hr, trainer\n")
    assert outcome(capsys, place, "account", "disable", "1042")[0] == 0
    told = json.loads(outcome(capsys, place, "account", "list", "--json")[1])
    assert told == [{"person": "1001", "roles": ["admin"], "disabled": False}, {"person": "1042", "roles": ["hr", "trainer"], "disabled": True}]
    assert outcome(capsys, place, "account", "disable", "1042", "--undo")[1] == "1042 may sign in again\n"
    assert outcome(capsys, place, "account", "list")[1] == "1001: admin\n1042: hr, trainer\n2 accounts\n"


def test_another_password_ends_all_sessions(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_organisation(place) as organisation:
        organisation.open_session("token", "1001", "csrf", at=0, ends=10)
    assert outcome(capsys, place, "account", "password", "1001")[0] == 0
    with open_organisation(place) as organisation:
        assert organisation.session("token", at=1, idle=10) is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("account", "add", "1001", "--role", "hr"), "'1001' has an account already"),
        (("account", "add", "10 42", "--role", "hr"), "cannot be a person's id"),
        (("account", "add", "1042"), "Missing option '--role'"),
        (("account", "add", "1042", "--role", "owner"), "'owner' is not one of"),
        (("account", "add", "1042", "--role", "hr", "--ask"), "nobody can be asked for a password here"),
        (("account", "roles", "1042", "--role", "hr"), "'1042' has no account"),
        (("account", "disable", "1042"), "'1042' has no account"),
        (("account", "password", "1042"), "'1042' has no account"),
        (("code", "2044"), "nobody is known as '2044'; for somebody new, add --name"),
        (("publish",), "name the files to publish, or all that come with ServiceSim"),
        (("init", "--name", "a\nb", "--admin", "1001"), "a name has 1 to 100 characters, on one line"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(place: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], told: str) -> None:
    code, _, err = outcome(capsys, place, *arguments)
    assert code == 2
    assert told in err


@pytest.mark.parametrize(
    "address",
    ["postgresql://server:hunter2@db.example.org/servicesim", "postgresql://db.example.org/servicesim?password=hunter2"],
)
def test_a_password_in_a_command_is_refused_and_not_repeated(capsys: pytest.CaptureFixture[str], address: str) -> None:
    code, out, err = outcome(capsys, address, "account", "list")
    assert code == 2
    assert "a password does not belong into a command" in err
    assert "hunter2" not in out + err


def test_a_store_that_is_not_there_is_not_made_by_accident(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("account", "list"), ("account", "add", "1042", "--role", "hr"), ("code", "2044", "--name", "Leyla"), ("publish", "--shipped")):
        code, _, err = outcome(capsys, tmp_path / "nowhere", *arguments)
        assert code == 2
        assert "no organisation is kept at" in err
    assert not (tmp_path / "nowhere").exists()


def test_a_code_is_for_one_person_who_becomes_known(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(capsys, place, "code", "2044", "--name", "Leyla <b>", "--team", "Counter", "--language", "fa")
    assert code == 0
    told = re.search(r"2044, Leyla <b>: ((?:[0-9A-Z]{4}-){2}[0-9A-Z]{4})\n.*connect URL \1\n", out)
    assert told is not None
    with open_people(place) as people:
        person = people.named("2044")
    assert person is not None
    assert (person.name, person.team, person.language) == ("Leyla <b>", "Counter", "fa")
    with open_organisation(place) as organisation:
        enrolled = organisation.enrol(told[1], "counter 3", at=organisation.noted()[0].at)
    assert enrolled is not None
    assert enrolled[0].learner == person.learner


def test_a_second_code_keeps_what_is_known_of_the_person(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcome(capsys, place, "code", "2044", "--name", "Leyla", "--team", "Counter", "--language", "fa")
    assert outcome(capsys, place, "code", "2044", "--team", "Claims")[0] == 0
    with open_people(place) as people:
        person = people.named("2044")
    assert person is not None
    assert (person.name, person.team, person.language) == ("Leyla", "Claims", "fa")


def test_every_deed_stands_in_the_log_without_passwords_and_codes(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    secrets = [
        outcome(capsys, place, "account", "add", "1042", "--role", "hr")[1].split("password ")[1].split()[0],
        outcome(capsys, place, "code", "2044", "--name", "Leyla")[1].split("URL ")[1].strip(),
    ]
    code, out, _ = outcome(capsys, place, "audit", "--json")
    log = json.loads(out)
    assert code == 0
    assert [(line["who"], line["deed"]) for line in reversed(log["lines"])] == [
        ("command line", "init"), ("command line", "make-account"), ("command line", "make-account"), ("command line", "code"),
    ]  # fmt: skip
    assert not any(secret in out for secret in secrets)
    code, out, _ = outcome(capsys, place, "audit", "--verify")
    assert (code, out) == (0, f"4 lines; the log is as it was written, and ends with {log['link']}\n")


def test_an_encounter_is_published_and_stands_in_the_log(place: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    from servicesim import shipped
    from servicesim.server import publishing

    monkeypatch.setattr(publishing, "SECONDS", None)
    unproved = publishing.checked_encounter
    monkeypatch.setattr(publishing, "checked_encounter", lambda file, principles: unproved(file, principles, seconds=None))
    code, out, _ = outcome(capsys, place, "publish", str(shipped.scenarios() / "late-parcel.yaml"))
    assert (code, out) == (0, "late-parcel: version 1 is on offer\n")
    with open_organisation(place) as organisation:
        assert (organisation.noted(most=1)[0].deed, organisation.noted(most=1)[0].about) == ("publish", "late-parcel 1")


def test_up_to_date_is_up_to_date(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, place, "upgrade")[:2] == (0, f"{place} is up to date\n")


def test_on_postgresql_the_owner_makes_it_and_the_server_works_with_it(
    empty_postgres: Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SERVICESIM_KEY", str(tmp_path / "key.pem"))
    owner, server = empty_postgres.owner, empty_postgres.server
    assert outcome(capsys, owner, "init", "--name", NAME, "--admin", "1001")[0] == 0
    assert outcome(capsys, owner, "grant", "server")[:2] == (0, "server may do what the server does\n")
    assert outcome(capsys, server, "account", "add", "1042", "--role", "hr")[0] == 0
    assert outcome(capsys, server, "code", "2044", "--name", "Leyla")[0] == 0
    assert outcome(capsys, server, "account", "list")[1] == "1001: admin\n1042: hr\n2 accounts\n"
    assert outcome(capsys, server, "audit", "--verify")[1].startswith("4 lines; the log is as it was written")
    assert outcome(capsys, owner, "upgrade")[0] == 0
    assert outcome(capsys, owner, "partitions")[1] == "0 new partitions\n"
    assert outcome(capsys, owner, "partitions", "--ahead", "13")[1].endswith("1 new partition\n")


def test_a_folder_has_no_roles_and_no_partitions(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("grant", "server"), ("partitions",)):
        code, _, err = outcome(capsys, place, *arguments)
        assert code == 2
        assert "a folder has no roles and no partitions" in err
