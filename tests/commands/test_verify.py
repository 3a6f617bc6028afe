"""`servicesim verify` says of every attempt how far it can be trusted, and leaves with 1 if something is broken."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from commands.test_commands import outcome
from exports.kept import SORRY, keep
from servicesim.records import open_records


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two attempts that ended and one that did not."""
    for number, moves in enumerate((SORRY, ("welcome",), SORRY)):
        keep(tmp_path / "kept", *moves, number=number)
    return tmp_path / "kept"


def change(folder: Path, *statements: str, file: str = "records.db") -> None:
    with closing(sqlite3.connect(folder / file, isolation_level=None)) as editor:
        there = editor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in there:
            editor.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            editor.execute(statement)
        for _, sql in there:
            editor.execute(sql)


def test_what_was_played_is_verified(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = outcome(capsys, "verify", "--records", str(folder))
    assert (code, err) == (0, "")
    assert out == "3 attempts: 3 REPLAY_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN\n"


def test_a_better_score_than_was_played_is_broken(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    change(folder, "UPDATE results SET conduct = '100/1', passed = 1 WHERE attempt = 1")
    code, out, _ = outcome(capsys, "verify", "--records", str(folder))
    assert code == 1
    assert out == (
        "BROKEN attempt attempt-0 at late-parcel: its result has changed since it was written, or does not belong to these events\n"
        "3 attempts: 2 REPLAY_VERIFIED, 0 CLIENT_ATTESTED, 1 BROKEN\n"
    )


def test_a_result_that_was_forged_with_its_seal_does_not_play_again(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    from servicesim.records.chain import seal

    with open_records(folder) as records:
        ((_, result),) = [one for one in records.attempts() if one[0].id == "attempt-0"]
        assert result is not None
        forged = {**{name: getattr(result, name) for name in result.__slots__}, "conduct": "100/1", "passed": True}
        forged_seal = seal(records.chain("attempt-0").stored, type(result)(**forged))
    change(folder, f"UPDATE results SET conduct = '100/1', passed = 1, seal = '{forged_seal}' WHERE attempt = 1")
    code, out, _ = outcome(capsys, "verify", "--records", str(folder))
    assert code == 1
    assert "BROKEN attempt attempt-0 at late-parcel: its conduct is kept as 100/1, but its transcript gives " in out


def test_what_cannot_be_played_again_is_attested_and_no_failure(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicesim.encounter.rules.VERSION", 2)
    code, out, _ = outcome(capsys, "verify", "--records", str(folder))
    assert code == 0
    assert out == (
        "CLIENT_ATTESTED 3 attempts: it was played by version 1 of the rules of play, and this ServiceSim knows version 2 only\n"
        "3 attempts: 0 REPLAY_VERIFIED, 3 CLIENT_ATTESTED, 0 BROKEN\n"
    )


def test_damage_beside_the_attempts_is_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    change(folder, "UPDATE people SET name = 'Another'", file="people.db")
    code, out, _ = outcome(capsys, "verify", "--records", str(folder))
    assert code == 1
    assert out == (
        "DAMAGED people 1042: this row has changed since it was written\n"
        "3 attempts: 3 REPLAY_VERIFIED, 0 CLIENT_ATTESTED, 0 BROKEN; 1 other thing is damaged\n"
    )


def test_records_without_people_are_verified(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "people.db").unlink()
    assert outcome(capsys, "verify", "--records", str(folder))[0] == 0


def test_as_json_every_attempt_is_told(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    change(folder, "DELETE FROM events WHERE attempt = 3 AND seq = 4", "UPDATE texts SET kind = 'other'")
    code, out, _ = outcome(capsys, "verify", "--json", "--records", str(folder))
    told = json.loads(out)
    assert code == 1
    assert [one["state"] for one in told["attempts"]] == ["REPLAY_VERIFIED", "REPLAY_VERIFIED", "BROKEN"]
    assert told["attempts"][2] == {
        "attempt": "attempt-2", "encounter": "late-parcel", "state": "BROKEN", "why": "event 5 is missing",
    }  # fmt: skip
    assert told["counts"] == {"REPLAY_VERIFIED": 2, "CLIENT_ATTESTED": 0, "BROKEN": 1}
    assert [one["why"] for one in told["damage"]] == ["this text has changed since it was kept"] * 2


def test_where_nothing_was_kept_it_says_so(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, err = outcome(capsys, "verify", "--records", str(tmp_path))
    assert (code, out) == (4, "")
    assert "does not exist: nothing has been played in this folder yet" in err


def test_more_than_twenty_broken_ones_are_counted(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("servicesim.commands.verify.MOST", 2)
    change(folder, "UPDATE events SET line = '{}'")
    _, out, _ = outcome(capsys, "verify", "--records", str(folder))
    assert out.count("BROKEN attempt") == 2
    assert "and 1 more, all of which --json tells\n3 attempts: 0 REPLAY_VERIFIED, 0 CLIENT_ATTESTED, 3 BROKEN\n" in out
