"""`servicesim push`: settled once, sent when asked, told in words; and what is to be sent is kept with the result of an attempt."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from commands.test_commands import outcome
from exports.kept import EXPERT, OUT, SORRY, STARTED, keep, keep_sealed, late_parcel
from exports.lrs_faults import Line, Proxy, proxy, says
from exports.lrs_stores import Small, small
from servicesim.cli import run
from servicesim.desktop import app, opening
from servicesim.desktop.desk import Desk
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.transcript import to_lines
from servicesim.exports.outgoing import Outgoing
from servicesim.records import Attempt, open_people, open_records
from servicesim.records.outbox import Statement
from servicesim.records.results import result_of

Capture = pytest.CaptureFixture[str]
SECRET = "open sesame"
HOME = "https://training.example.com"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def _opens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICESIM_LRS_KEY", "desk-3")
    monkeypatch.setenv("SERVICESIM_LRS_SECRET", SECRET)


@pytest.fixture
def store() -> Iterator[Small]:
    with small() as store:
        yield store


@pytest.fixture
def between(store: Small) -> Iterator[Proxy]:
    with proxy(store) as between:
        yield between


def settle(between: Proxy, capsys: Capture, home: Path) -> None:
    """Where to, and one attempt to be sent."""
    keep(home, *EXPERT, number=1)
    keep(home, *SORRY, number=2, practice=True)
    keep(home, *SORRY[:2], number=3)
    assert outcome(capsys, "push", "--to", f"{between.to}/", "--home", f"{HOME}/") == (
        0,
        f"settled: statements go to {between.to}, as of {HOME}; servicesim push sends them, nothing was sent yet\n",
        "",
    )
    assert between.asked == []


def statements(home: Path) -> list[dict[str, Any]]:
    with open_records(home, read_only=True) as records:
        return [json.loads(one.body) for one in records.waiting(most=1000)]


# Settled


def test_it_is_settled_before_anything_is_sent(home: Path, capsys: Capture) -> None:
    keep(home, *EXPERT)
    code, out, err = outcome(capsys, "push")
    assert (code, out) == (2, "")
    assert err == "it is not settled where statements are sent: servicesim push --to https://lrs.example.com/xapi --home https://training.example.com\n"
    assert outcome(capsys, "push", "--status")[1].startswith("it is not settled where statements are sent: servicesim push --help\nwaiting: 0, and the statements of 1 attempt")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--to", "https://lrs.example.com/xapi"], "settle both: --to https://lrs.example.com/xapi --home https://training.example.com"),
        (["--home", HOME], "settle both: --to https://lrs.example.com/xapi --home https://training.example.com"),
        (["--to", "http://lrs.example.com/xapi", "--home", HOME], "'http://lrs.example.com/xapi' would send results that anybody on the way could read: write https"),
        (["--to", "https://lrs.example.com/xapi", "--home", "example"], "'example' is no web address; write it like https://training.example.com"),
        (["--to", "https://a.example", "--home", HOME, "--status"], "settle (--to, --home), look (--status) or queue again (--again): one at a time"),
        (["--status", "--again", "all"], "settle (--to, --home), look (--status) or queue again (--again): one at a time"),
        (["--again", "nothing"], "no statement 'nothing' was refused; which were, says: servicesim push --status"),
    ],
)
def test_what_cannot_be_settled_is_told(home: Path, capsys: Capture, arguments: list[str], told: str) -> None:
    keep(home, *EXPERT)
    assert outcome(capsys, "push", *arguments) == (2, "", f"{told}\n")
    with open_people(home) as people:
        assert people.settled("lrs") is None


def test_one_of_both_can_be_settled_anew(home: Path, capsys: Capture) -> None:
    assert run(["push", "--to", "https://lrs.example.com/xapi", "--home", HOME]) == 0
    assert run(["push", "--to", "https://other.example.com/xapi"]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith(f"settled: statements go to https://other.example.com/xapi, as of {HOME};")


# Sent


def test_what_ended_before_it_was_settled_is_sent_once(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    settle(between, capsys, home)
    code, out, err = outcome(capsys, "push")
    count = len(store.statements)
    assert (code, out, err) == (0, f"{count} statements sent to {between.to}, 0 refused\n", "")
    assert {one["context"]["extensions"]["https://w3id.org/xapi/cmi5/context/extensions/sessionid"] for one in store.statements} == {"attempt-1"}
    assert {one["actor"]["account"]["homePage"] for one in store.statements} == {f"{HOME}/learners"}
    assert "Aylin" not in json.dumps(store.statements)
    asked = len(between.asked)
    assert outcome(capsys, "push") == (0, f"0 statements sent to {between.to}, 0 refused\n", "")
    assert len(between.asked) == asked
    assert outcome(capsys, "push", "--status") == (
        0,
        f"to {between.to}, as of {HOME}\nwaiting: 0\nsent: {count}; known there already: 0; refused: 0\nnext: with the next servicesim push\n",
        "",
    )


def test_what_it_says_can_be_read_by_programs(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    settle(between, capsys, home)
    between.faults = [says(503, b"moment", "Retry-After: 3600")]
    code, out, _ = outcome(capsys, "push", "--json")
    told = json.loads(out)
    assert code == 4
    assert told["stopped"]["why"].startswith(f"{between.to}: 503: moment; it asks to be left alone until ")
    assert (told["sent"], told["known"], told["refused"], told["untold"]) == (0, 0, [], {})
    status = json.loads(outcome(capsys, "push", "--status", "--json")[1])
    assert status["trouble"]["not_before"] == told["stopped"]["not_before"]
    assert (status["waiting"], status["untold_attempts"]) == (told["waiting"], 0)


def test_what_the_store_refuses_stands_aside_and_can_be_sent_again(
    home: Path, between: Proxy, store: Small, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(between, capsys, home)
    with open_records(home) as records:
        wrong = json.dumps({"id": "wrong", "actor": {"account": {"homePage": "nowhere"}}})
        good = json.dumps({"id": "good", "actor": {"account": {"homePage": "https://a.example"}}})
        records.tell_untold(lambda *_: [Statement("wrong", wrong), Statement("good", good)])
    told = "400: {\"warnings\": [\"Problem in the actor of wrong\"]}"
    assert outcome(capsys, "push") == (1, f"REFUSED wrong: {told}\n1 statement sent to {between.to}, 1 refused\n", "")
    assert outcome(capsys, "push")[0] == 0
    out = outcome(capsys, "push", "--status")[1]
    assert "sent: 1; known there already: 0; refused: 1\nREFUSED wrong of attempt attempt-1, 20" in out
    assert f": {told}\nservicesim push --again ID (or all) puts them into the queue again\n" in out
    for again in ("wrong", "all"):
        assert outcome(capsys, "push", "--again", again) == (0, "1 statement put into the queue again; servicesim push sends it\n", "")
        assert outcome(capsys, "push")[0] == 1
    monkeypatch.setattr(store, "post", lambda told: (200, json.dumps([one["id"] for one in told]).encode()))
    outcome(capsys, "push", "--again", "all")
    assert outcome(capsys, "push")[1] == f"1 statement sent to {between.to}, 0 refused\n"
    assert outcome(capsys, "push", "--again", "all") == (0, "nothing was refused\n", "")


def test_what_a_human_has_set_aside_is_held_back(home: Path, between: Proxy, capsys: Capture) -> None:
    settle(between, capsys, home)
    with open_records(home) as records:
        records.tell_untold(Outgoing(home))
        records.review("attempt-1", at=5, by="Sara", note="a fire drill", verdict="set-aside")
        aside = records.statement_counts().aside
    assert outcome(capsys, "push") == (0, f"0 statements sent to {between.to}, 0 refused\n", "")
    assert f"waiting: 0, {aside} held back (a review has set their attempts aside)\n" in outcome(capsys, "push", "--status")[1]
    assert between.asked == []


def test_where_it_stops_it_says_why_and_loses_nothing(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    settle(between, capsys, home)
    between.faults = [says(401, f"who is {SECRET}?".encode())]
    code, out, err = outcome(capsys, "push")
    waiting = len(statements(home))
    assert (code, out) == (4, f"0 statements sent to {between.to}, 0 refused, {waiting} waiting\n")
    assert err == f"stopped: {between.to}: it does not know the key (401): check key and secret: who is ***?\n"
    status = outcome(capsys, "push", "--status")[1]
    assert f": {between.to}: it does not know the key (401): check key and secret: who is ***?\nnext: with the next servicesim push\n" in status
    assert outcome(capsys, "push")[0] == 0
    assert "stopped" not in outcome(capsys, "push", "--status")[1]
    assert len(store.statements) == waiting


def test_who_asks_to_be_left_alone_is_left_alone(home: Path, between: Proxy, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    settle(between, capsys, home)
    between.faults = [says(429, b"", "Retry-After: 3600")]
    assert outcome(capsys, "push")[0] == 4
    asked = len(between.asked)
    code, out, err = outcome(capsys, "push")
    assert (code, out) == (4, "")
    assert err.startswith(f"{between.to} asks to be left alone until 20")
    assert err.endswith(": push again then\n")
    assert len(between.asked) == asked
    assert "\nnext: not before 20" in outcome(capsys, "push", "--status")[1]
    now = time.time_ns()
    monkeypatch.setattr("servicesim.commands.push._now", lambda: now // 1_000_000 + 3_601_000)
    assert outcome(capsys, "push")[0] == 0


def test_without_what_opens_it_nothing_is_asked(home: Path, between: Proxy, capsys: Capture, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settle(between, capsys, home)
    monkeypatch.delenv("SERVICESIM_LRS_KEY")
    monkeypatch.delenv("SERVICESIM_LRS_SECRET")
    assert outcome(capsys, "push")[:2] == (2, "")
    assert between.asked == []
    file = tmp_path / "lrs"
    file.write_text("token: t0ken\n", encoding="utf-8")
    file.chmod(0o600)
    assert outcome(capsys, "push", "--credentials", str(file))[0] == 0
    assert between.asked[0].headers["authorization"] == "Bearer t0ken"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill so")
def test_a_push_that_is_killed_loses_and_doubles_nothing(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    """In the worst moment: the store has them, and we have not heard of it."""
    settle(between, capsys, home)
    command = [sys.executable, "-m", "servicesim", "push"]
    # More than goes into one question, so that some is sent before the kill.
    for number in (4, 5):
        keep(home, *SORRY, number=number)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as pushing:

        def kill(line: Line) -> None:
            line.forward()
            os.kill(pushing.pid, signal.SIGKILL)

        between.faults = [None, kill]
    with open_records(home) as records:
        counts = records.statement_counts()
    assert (pushing.returncode, counts.sent) == (-signal.SIGKILL, 100)
    assert outcome(capsys, "push")[0] == 0
    ids = [one["id"] for one in store.statements]
    assert len(ids) == len(set(ids)) == counts.sent + counts.waiting
    with open_records(home) as records:
        assert records.statement_counts().waiting == 0
        assert list(records.verify_rot()) == []


def test_two_do_not_send_at_once(home: Path, between: Proxy, capsys: Capture) -> None:
    settle(between, capsys, home)
    with open_records(home) as records, records.sending():
        code, _, err = outcome(capsys, "push")
    assert code == 4
    assert "is being sent by another program: wait until it has finished" in err
    assert between.asked == []


def test_what_cannot_be_told_is_said_and_holds_nothing_up(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    settle(between, capsys, home)
    with open_people(home) as people, open_records(home) as records:
        by = records.keep_text("scenario", '{"from":"another version"}'), records.keep_text("principles", late_parcel().principles_text)
        learner = people.enrol("1043", "Omid", "", "en")
        known = records.attempt("attempt-1")
        assert known is not None
        records.begin(Attempt("attempt-0", learner, "late-parcel", *by, 1, 0, False, False, "en", STARTED))
        records.append("attempt-0", 0, ['{"event":"?"}'], known[1])
    code, out, err = outcome(capsys, "push")
    assert code == 0
    assert out == f"{len(store.statements)} statements sent to {between.to}, 0 refused\n"
    assert err == "1 attempt cannot be told, the first of them attempt-0: what is kept of it cannot be read; servicesim verify says more\n"
    assert "and the statements of 1 attempt that ended" in outcome(capsys, "push", "--status")[1]


def test_what_was_played_for_an_organisation_is_told_by_it_and_not_by_the_desk(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    keep_sealed(home, *EXPERT, number=4)  # before it was settled
    settle(between, capsys, home)
    keep_sealed(home, *SORRY, number=5)  # with its result
    with open_records(home) as records:
        assert records.untold() == 1  # the one that was played by the full text
        assert records.statement_counts().waiting == 0
    assert outcome(capsys, "push", "--status")[1].splitlines()[1] == "waiting: 0, and the statements of 1 attempt that ended before it was settled or could not be told"
    code, out, err = outcome(capsys, "push")
    assert (code, err) == (0, "")
    assert out == f"{len(store.statements)} statements sent to {between.to}, 0 refused\n"
    assert len({one["context"]["registration"] for one in store.statements}) == 1
    with open_records(home) as records:
        assert records.untold() == 0


def test_the_secret_is_kept_nowhere(home: Path, between: Proxy, capsys: Capture) -> None:
    settle(between, capsys, home)
    between.faults = [says(403, f"not {SECRET}".encode())]
    for arguments in (["push"], ["push", "--status"], ["push"], ["push", "--status", "--json"], ["export", "--format", "jsonl", "-o", str(home / "out")]):
        assert SECRET not in "".join(outcome(capsys, *arguments)[1:])
    for path in home.iterdir():
        assert SECRET.encode() not in path.read_bytes()


def test_the_log_says_what_left(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    settle(between, capsys, home)
    for _ in range(2):
        outcome(capsys, "push")
    with open_records(home) as records:
        (line,) = records.export_log()
    assert (line.kind, line.filter, line.rows, line.with_names) == ("push", f"to {between.to}", len(store.statements), False)


def test_what_erase_cannot_reach_is_told(home: Path, between: Proxy, store: Small, capsys: Capture) -> None:
    settle(between, capsys, home)
    outcome(capsys, "push")
    count = len(store.statements)
    assert f"\n{count} statements sent to {between.to}\n" in outcome(capsys, "person", "show", "1042")[1]
    assert json.loads(outcome(capsys, "person", "show", "1042", "--json")[1])["statements_sent"] == {between.to: count}
    with open_people(home) as people:
        person = people.named("1042")
        assert person is not None
    out = outcome(capsys, "person", "erase", "1042", "--yes")[1]
    assert f"\nnot reached: {count} statements sent to {between.to} under the learner id {person.learner}; ask those who run it to delete them\n" in out


# Kept with the result


def played(home: Path, *moves: str, practice: bool = False) -> None:
    """An attempt at the desk, as the window plays it."""
    script = late_parcel()
    encounter = rehearse(Encounter(script), moves)
    with Desk(home, at_once=True, tell=Outgoing(home)) as desk:
        desk.known_as("1042", "en")
        opened = desk.begin(script, practice=practice)
        result = result_of(script, encounter.events, ended=opened.attempt.started + 95_000) if encounter.ended else None
        desk.pen.begin(opened.attempt).result()
        desk.pen.write(opened.attempt.id, 0, to_lines(encounter.events), result).result()


def test_once_it_is_settled_what_is_told_is_kept_with_the_result(home: Path) -> None:
    played(home, *OUT)
    assert statements(home) == []
    assert run(["push", "--to", "https://lrs.example.com/xapi", "--home", HOME]) == 0
    for moves, practice in ((OUT, False), (OUT, True), (OUT[:2], False)):
        played(home, *moves, practice=practice)
    told = statements(home)
    assert [one["verb"]["display"]["en"] for one in told][-3:] == ["failed", "completed", "terminated"]
    assert len({one["context"]["registration"] for one in told}) == 1
    with open_records(home) as records:
        # The one that ended before.
        assert records.untold() == 1


def test_what_other_desks_hand_in_is_told_by_those_who_collect(home: Path, tmp_path: Path, capsys: Capture) -> None:
    keep(tmp_path / "desk", *EXPERT, number=1)
    assert run(["handin", str(tmp_path / "desk.zip"), "--records", str(tmp_path / "desk")]) == 0
    assert run(["push", "--to", "https://lrs.example.com/xapi", "--home", HOME]) == 0
    assert run(["collect", str(tmp_path / "desk.zip")]) == 0
    with open_people(home) as people:
        person = people.named("1042")
        assert person is not None
    assert {one["actor"]["account"]["name"] for one in statements(home)} == {person.learner}


def test_a_result_is_kept_even_where_nothing_can_be_told(home: Path) -> None:
    """People.db, which says where to, is damaged."""
    played(home, *OUT[:2])
    content = (home / "people.db").read_bytes()
    with open_records(home, tell=Outgoing(home)) as records:
        ((unfinished, _),) = records.attempts()
        (home / "people.db").write_bytes(b"nonsense" * 600)
        script = late_parcel()
        encounter = rehearse(Encounter(script), OUT)
        lines = to_lines(encounter.events)
        seq = len(records.lines(unfinished.id))
        records.append(unfinished.id, seq, lines[seq:], result_of(script, encounter.events, ended=STARTED + 5))
        assert records.untold() == 1
    (home / "people.db").write_bytes(content)


def test_the_window_tells_too(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    monkeypatch.setattr(opening, "open_home", lambda folder, **more: given.append((folder, more["tell"])))
    monkeypatch.setattr(app, "open_encounter", lambda folder, script, **more: given.append((folder, more["tell"])))
    assert run([]) == run(["play", "late-parcel"]) == 0
    assert [(folder, type(tell)) for folder, tell in given] == [(home, Outgoing)] * 2
