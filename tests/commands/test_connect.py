"""`servicesim connect`: a code becomes a connection, and what goes wrong is told so that somebody can do something about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from connection.served import Linked, Served, served
from exports.lrs_faults import proxy, says
from servicesim import cli, settings
from servicesim.cli import run
from servicesim.connection import connections
from servicesim.connection.link import Link
from servicesim.records import open_people


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture
def server(shared: Served) -> Served:
    shared.start()
    return shared


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["connect", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


@pytest.fixture
def desk(server: Served, capsys: pytest.CaptureFixture[str]) -> Iterator[Linked]:
    assert outcome(capsys, server.url, server.code())[0] == 0
    home = settings.home()
    (connection,) = connections.connections(home).values()
    with Link(home, start=False) as link:
        yield Linked(home, link, connection)


def test_a_code_connects_and_fetches_what_can_be_played(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = outcome(capsys, server.url, server.code("leyla"))
    assert (code, err) == (0, "")
    assert out == "connected: Leyla Kaya (leyla) plays for Kestrel Parcels at this computer now\n1 encounter to play\n"
    (connection,) = connections.connections(settings.home()).values()
    with open_people(settings.home()) as people:
        assert [(person.id, person.learner) for person in people.known()] == [("leyla", connection.learner)]


def test_the_code_is_asked_for_where_it_is_not_told(server: Served) -> None:
    told = CliRunner().invoke(cli.servicesim, ["connect", server.url], input=f"{server.code('asked')}\n")
    assert told.exit_code == 0
    assert "connected: Leyla Kaya (asked)" in told.output


def test_a_code_works_once(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    once = server.code()
    assert outcome(capsys, server.url, once)[0] == 0
    code, out, err = outcome(capsys, server.url, once)
    assert (code, out) == (2, "")
    assert "did not connect this desk: this code does not work: it was mistyped, used before, or is older than a week; ask for a new one" in err


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["http://training.example.com", "KDJ4"], 2, "anybody on the way could read: write https"),
        (["training.example.com", "KDJ4"], 2, "is no address of a ServiceSim server"),
        (["http://127.0.0.1:9", " "], 2, "this is no code"),
        (["http://127.0.0.1:9", "KDJ4"], 4, "http://127.0.0.1:9: it cannot be reached"),
        ([], 2, "name the server's address, or say one of --status, --now, --forget PERSON"),
        (["--status", "--now"], 2, "name the server's address, or say one of"),
        (["--now"], 2, "nobody is connected at this computer: servicesim connect URL CODE"),
        (["--forget", "1042"], 2, "'1042' is not connected at this computer"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, told: str) -> None:
    left, out, err = outcome(capsys, *arguments)
    assert (left, out) == (code, "")
    assert told in err
    assert len(err.strip().splitlines()) == 1


def test_another_kind_of_server_is_told(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    with proxy(server) as between:  # type: ignore[arg-type]
        between.faults = [says(404, b"<html>nothing here</html>")]
        code, _, err = outcome(capsys, f"http://127.0.0.1:{between.port}", server.code())
    assert code == 4
    assert "there is no ServiceSim server of this version at" in err


def test_what_could_not_be_fetched_comes_later(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    with proxy(server) as between:  # type: ignore[arg-type]
        between.faults = [None, says(500)]
        code, out, err = outcome(capsys, f"http://127.0.0.1:{between.port}", server.code())
        assert code == 0
        assert "plays for Kestrel Parcels" in out
        assert "what can be played was not fetched yet" in err
        assert outcome(capsys, "--now") == (0, "Kestrel Parcels: all is sent; 1 encounter to play\n", "")


def test_an_id_that_is_taken_here_loses_nothing(server: Served, capsys: pytest.CaptureFixture[str]) -> None:
    home = settings.home()
    with open_people(home) as people:
        before = people.enrol("taken", "Leyla", "", "en")
    code, _, err = outcome(capsys, server.url, server.code("taken"))
    assert code == 2
    assert "this computer knows 'taken' already, from before, under another learner id. Nothing of that is lost" in err
    assert outcome(capsys, "--now")[0] == 2
    with open_people(home) as people:
        assert [person.learner for person in people.known()] == [before]
    assert run(["person", "erase", "taken", "--results", "keep", "--yes"]) == 0
    capsys.readouterr()
    assert outcome(capsys, "--now") == (0, "Kestrel Parcels: all is sent; 1 encounter to play\n", "")
    with open_people(home) as people:
        (person,) = people.known()
    assert (person.id, person.learner) == ("taken", *connections.connections(home))


def test_the_status_says_who_plays_for_whom_and_what_waits(server: Served, desk: Linked, capsys: pytest.CaptureFixture[str]) -> None:
    play = desk.play()
    code, out, _ = outcome(capsys, "--status")
    assert code == 0
    first, waits, answered = out.splitlines()
    assert f"plays for Kestrel Parcels, {server.url}, since " in first
    assert waits == "  waiting to be sent: 1 attempt; to play without the server: 0 of 1 editions"
    assert answered.startswith("  the server answered last ")
    (told,) = json.loads(outcome(capsys, "--status", "--json")[1])["connections"]
    assert (told["waiting"], told["learner"], told["refused"], "key" in told) == (1, desk.learner, [], False)
    assert play.attempt.learner == desk.learner


def test_what_the_server_did_not_take_is_in_the_status(desk: Linked, capsys: pytest.CaptureFixture[str]) -> None:
    play = desk.play()
    play.lines[2:] = ['{"event":"ended","at":9.0,"ending":"delighted"}']
    play.write()
    code, out, _ = outcome(capsys, "--now")
    assert (code, out) == (0, "Kestrel Parcels: all is sent; 1 attempt not taken (servicesim connect --status); 1 encounter to play\n")
    status = outcome(capsys, "--status")[1]
    assert f"  NOT TAKEN {play.attempt.id}, " in status
    assert "waiting to be sent: 0 attempts" in status


def test_nothing_is_forgotten_that_waits_unless_it_is_said(server: Served, desk: Linked, capsys: pytest.CaptureFixture[str]) -> None:
    play = desk.play()
    (person,) = [one for one in server.house.people.known() if one.learner == desk.learner]
    code, _, err = outcome(capsys, "--forget", person.id)
    assert code == 2
    assert f"still to be sent for '{person.id}': 1 attempt; servicesim connect --now sends that" in err
    code, out, _ = outcome(capsys, "--forget", person.id, "--even-if-unsent")
    assert code == 0
    assert "what was not sent stays in the records, and a new code for the same person sends it" in out
    assert outcome(capsys, "--status")[1] == "nobody is connected at this computer: servicesim connect URL CODE\n"
    assert outcome(capsys, server.url, server.code(person.id))[0] == 0
    assert server.house.records.lines(play.attempt.id) == play.lines[:2]


def test_a_server_that_is_not_reached_leaves_with_4(server: Served, desk: Linked, capsys: pytest.CaptureFixture[str]) -> None:
    server.stop()
    code, out, err = outcome(capsys, "--now")
    assert (code, out) == (4, "")
    assert "it cannot be reached" in err
    assert "it cannot be reached" in outcome(capsys, "--status")[1]


def test_a_file_that_others_can_read_is_told(desk: Linked, capsys: pytest.CaptureFixture[str]) -> None:
    connections.keep(desk.home, replace(desk.connection, learner="2" * 32))
    (Path(desk.home) / connections.FOLDER / f"{'2' * 32}.json").chmod(0o644)
    assert "others can read" in outcome(capsys, "--status")[2]
