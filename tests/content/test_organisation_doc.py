"""docs/organisation.md is true: its commands are run in order, word for word, and one attempt goes the whole way through them.

    PostgreSQL and the server are started by the page's own commands; a desk connects, plays in a window, loses the network in the
    middle, and comes back; HR sees the row in a browser, verified, and exports it; a better score is not taken; a backup is restored.

A command is a line that is indented by four spaces and begins with one of `PROGRAMS`. Where the page says port 8000 or 5432, CODE or
`the password of ...`, what stands for it here takes its place.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page, sync_playwright

import tools
from desktop.hands import converse, display, playing
from postgres import Cluster, cluster, free_port
from servicesim.authoring import walkthrough
from servicesim.cli import run
from servicesim.desktop.preferences import Preferences
from servicesim.records import open_people, open_records

PAGE = Path(__file__).parents[2] / "docs" / "organisation.md"
WALK = Path(__file__).parents[1] / "walkthroughs" / "sorry-and-money.walk"
PROGRAMS = ("servicesim", "createuser", "createdb", "pg_dump", "pg_restore", "export")
COMMAND = re.compile(rf"^    ((?:{'|'.join(PROGRAMS)}) .+)$", re.MULTILINE)
PGPASS = re.compile(r"^    (localhost:5432:\S+:(\w+):the password of the \w+)$", re.MULTILINE)
PASSWORD, FRESH = "a secret of the database's", "a long walk by the harbour"
PATIENCE = 60.0
BETTER = '{"event":"ended","at":9.0,"ending":"helped"}'


@dataclass
class Town:
    """A computer on which the page is followed: its environment, its folder, and the servers that run."""

    here: Path
    cluster: Cluster
    capfd: pytest.CaptureFixture[str]
    env: dict[str, str]
    port: int = field(default_factory=free_port)
    told: list[str] = field(default_factory=list)
    code: str = ""
    server: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def follow(self, section: str) -> None:
        """Run the commands of a section, in order."""
        for command in COMMAND.findall(section_of(section)):
            self.say(command)

    def say(self, command: str) -> str:
        """Run one command as it stands on the page; what it told."""
        program, *words = shlex.split(os.path.expandvars(command.replace("$SERVICESIM_STORE", self.env.get("SERVICESIM_STORE", ""))))
        words = [word.replace("http://127.0.0.1:8000", self.url).replace("CODE", self.code) for word in words]
        if program == "export":
            name, _, value = words[0].partition("=")
            self.env[name] = value
            return ""
        if (program, words[:1]) == ("servicesim", ["serve"]):
            self.serve(*words[1:])
            return ""
        told = self._ran(words) if program == "servicesim" else self._of_postgresql(program, words)
        self.told.append(told)
        return told

    def _ran(self, words: list[str]) -> str:
        with changed(self.env):
            code = run(words)
        told = self.capfd.readouterr()
        assert code == 0, f"servicesim {' '.join(words)}: {code}\n{told.out}{told.err}"
        return told.out

    def _of_postgresql(self, program: str, words: list[str]) -> str:
        """As the user postgres; a password is asked for twice, and nobody sits at the terminal."""
        env = self.env | {"PGHOST": str(self.cluster.folder), "PGUSER": "postgres"}
        done = subprocess.run(
            [self.cluster.programs / program, *words], input=f"{PASSWORD}\n{PASSWORD}\n", env=env, cwd=self.here, text=True,
            capture_output=True, start_new_session=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{program} {' '.join(words)}: {done.stderr}"
        return done.stdout

    def serve(self, *words: str) -> None:
        """Start the server in place of the one that runs, and wait until it answers."""
        self.stop()
        command = [sys.executable, "-m", "servicesim", "serve", *words, "--port", str(self.port)]
        self.server = subprocess.Popen(command, env=self.env, cwd=self.here, stdout=subprocess.DEVNULL)
        until(self._answers, "the server")

    def come_back(self) -> None:
        """Start the server as the page does first, for people at this computer."""
        self.say(next(command for command in COMMAND.findall(section_of("The server")) if command.startswith("servicesim serve")))

    def stop(self) -> None:
        """Stop the server, if one runs."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(PATIENCE)
            self.server = None

    def _answers(self) -> bool:
        try:
            return int(urlopen(f"{self.url}/healthz", timeout=5).status) == 200
        except OSError:
            return False

    def password_of(self, person: str) -> str:
        """The first password, as it was printed."""
        (found,) = re.findall(rf"^{person} signs in once with the password (\S+) ", "\n".join(self.told), re.MULTILINE)
        return str(found)


def until(done: Any, what: str) -> None:
    last = time.monotonic() + PATIENCE
    while not done():
        assert time.monotonic() < last, f"{what} never came"
        time.sleep(0.1)


@contextmanager
def changed(env: Mapping[str, str]) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        yield


def only_row(file: Path) -> dict[str, str]:
    """The one row of a file."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        (row,) = csv.DictReader(text)
    return dict(row)


def section_of(heading: str) -> str:
    """The text under a heading, as far as the next of its kind or higher."""
    text = PAGE.read_text(encoding="utf-8")
    found = re.search(rf"^(#+) {re.escape(heading)}$", text, re.MULTILINE)
    assert found is not None, f"the page has no '{heading}' any more"
    rest = text[found.end() :]
    end = re.search(rf"^#{{1,{len(found[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


@pytest.fixture
def town(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    monkeypatch.chdir(tmp_path)
    with cluster() as made, ExitStack() as open_now:
        passwords = tmp_path / "pgpass"
        lines = [line.replace("5432", "*") for line, _ in PGPASS.findall(section_of("The database"))]
        assert len(lines) == 2
        again = [line.replace(":servicesim:", ":servicesim_again:") for line in lines]
        passwords.write_text("".join(f"{line.rpartition(':')[0]}:{PASSWORD}\n" for line in (*lines, *again)), encoding="utf-8")
        passwords.chmod(0o600)
        env = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "SERVICESIM_STORE", "SERVICESIM_KEY"))}
        town = Town(tmp_path, made, capfd, env | {"PGPORT": str(made.port), "PGPASSFILE": str(passwords)})
        open_now.callback(town.stop)
        yield town


def test_every_command_of_the_page_is_run_here() -> None:
    followed = ("Try it on one computer", "The database", "The organisation", "The server", "Desks", "How far a number can be trusted", "Backup and restore", "Upgrade")
    there = COMMAND.findall(PAGE.read_text(encoding="utf-8"))
    assert there == [command for section in followed for command in COMMAND.findall(section_of(section))]


def test_a_folder_is_enough_to_try_it(town: Town) -> None:
    town.follow("Try it on one computer")
    assert re.search(r"^at their computer, within a week: servicesim connect URL (\S+)$", "\n".join(town.told), re.MULTILINE)


def test_from_nothing_to_a_row_that_the_server_verified(town: Town) -> None:
    tools.program("xdotool")
    town.follow("The database")
    town.follow("The organisation")
    (town.code,) = re.findall(r"servicesim connect URL (\S+)$", "\n".join(town.told), re.MULTILINE)
    town.follow("The server")
    town.come_back()
    desk, moves = town.here / "desk", walkthrough.read(WALK.read_text(encoding="utf-8")).moves
    town.env["SERVICESIM_HOME"] = str(desk)
    town.follow("Desks")

    result = _played(town, desk, moves)

    row = _seen_by_hr(town)
    simulated = _simulated(town, moves)
    assert (float(row["conduct"]), row["passed"] == "1", row["ending"]) == (simulated["conduct"], simulated["passed"], simulated["ending"])
    assert (result.ending, result.passed) == (simulated["ending"], simulated["passed"])
    assert _better_scores_fail(town, desk) == {404, 409, 422}
    del town.env["SERVICESIM_HOME"]
    town.follow("How far a number can be trusted")
    assert "1 attempt: 0 REPLAY_VERIFIED, 1 SERVER_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN\n" in town.told
    assert only_row(town.here / "scores.csv")["attempt"] == row["attempt"]
    town.follow("Backup and restore")
    assert town.told.count("1 attempt: 0 REPLAY_VERIFIED, 1 SERVER_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN\n") == 2
    town.env["SERVICESIM_STORE"] = town.env["SERVICESIM_STORE"].replace("servicesim_server@", "servicesim_owner@")
    town.follow("Upgrade")


def _played(town: Town, desk: Path, moves: tuple[str, ...]) -> Any:
    """Play in a window; in the middle the network is gone, and after the end it is back. The result that the desk then has."""
    with open_people(desk) as people:
        (person,) = people.known()
        people.keep(f"preferences/{person.learner}", Preferences(pace=2.0, untimed=True).to_keep())
    half = len(moves) // 2
    with changed(town.env), display() as screen, playing(screen, desk, "late-parcel", person=person.id) as hands:
        hands.until(lambda seen: seen.offers("Begin"), "the briefing")
        hands.take_the_keyboard()
        hands.press("Return")
        hands.until(lambda seen: seen.screen == "Conversation", "the conversation")
        converse(hands, "late-parcel", moves[:half], untimed=True, name=person.name, ends=False)
        town.stop()
        converse(hands, "late-parcel", moves[half:], untimed=True, name=person.name)
        hands.press("Return")
        hands.until(lambda seen: seen.screen == "HowItEnded" and "Kept here" in seen.texts, "the end without a network")
        with open_records(desk, read_only=True) as records:
            assert [result for _, result in records.attempts()] == [None]
        town.come_back()
        hands.until(lambda seen: seen.screen == "SelfRating", "the verdict, and the question how it went")
        hands.press("Return")
        hands.until(lambda seen: seen.screen == "Debrief", "the debrief")
    with open_records(desk, read_only=True) as records:
        ((_, result),) = records.attempts()
    return result


def _simulated(town: Town, moves: tuple[str, ...]) -> dict[str, Any]:
    return dict(json.loads(town.say(f"servicesim simulate late-parcel --play {','.join(moves)} --json")))


def _seen_by_hr(town: Town) -> dict[str, str]:
    """HR signs in, finds the attempt, sees how far it is verified, and exports it; the row."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=tools.program("chromium"), args=["--no-sandbox"])
        page = browser.new_context(accept_downloads=True).new_page()
        _sign_in(page, town)
        page.goto(f"{town.url}/people")
        page.get_by_role("link", name="Leyla Aslan").first.click()
        page.locator("a[href^='/attempts/']").first.click()
        assert "by the server" in page.inner_text("main") or "by the server" in page.content()
        page.goto(f"{town.url}/export")
        with page.expect_download() as downloading:
            page.locator("form[action='/export/file'] button").click()
        file = town.here / "from-the-page.csv"
        downloading.value.save_as(file)
        browser.close()
    return only_row(file)


def _sign_in(page: Page, town: Town) -> None:
    page.goto(town.url)
    page.fill("input[name=name]", "1002")
    page.fill("input[name=password]", town.password_of("1002"))
    page.keyboard.press("Enter")
    page.wait_for_selector("input[name=new]")
    page.fill("input[name=now]", town.password_of("1002"))
    page.fill("input[name=new]", FRESH)
    page.fill("input[name=again]", FRESH)
    page.keyboard.press("Enter")
    page.wait_for_selector("a[href='/heat']")


def _better_scores_fail(town: Town, desk: Path) -> set[int]:
    """What the server answers to somebody who has the desk's key, and would like another score."""
    (connection,) = (json.loads(path.read_text(encoding="utf-8")) for path in (desk / "connections").glob("*.json"))
    with open_records(desk, read_only=True) as records:
        ((attempt, _),) = records.attempts()
        lines = records.lines(attempt.id)
    kept = len(lines)
    other = [lines[0], *[line.replace("sorry", "welcome") for line in lines[1:]]]
    batches = (
        (attempt.id, {"first": kept, "lines": [BETTER]}),
        (attempt.id, {"first": 0, "lines": other}),
        (attempt.id, {"first": kept, "lines": [BETTER], "result": {"conduct": "100/1", "passed": True}}),
        ("00000000-0000-4000-8000-000000000000", {"first": 0, "lines": lines}),
    )
    return {_status(town, connection["key"], id, batch | {"untimed": True, "clock": 0}) for id, batch in batches}


def _status(town: Town, key: str, attempt: str, batch: dict[str, Any]) -> int:
    request = Request(f"{town.url}/api/1/attempts/{attempt}/events", json.dumps(batch).encode(), {"Authorization": f"Bearer {key}", "Content-Type": "application/json"})
    try:
        return int(urlopen(request, timeout=PATIENCE).status)
    except HTTPError as refused:
        return refused.code
    except URLError as failure:
        raise AssertionError(str(failure)) from failure
