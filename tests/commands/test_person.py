"""`servicesim person` shows everything that is kept of somebody, and erases it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from commands.test_commands import outcome
from exports.kept import SORRY, STARTED, keep
from servicesim.records import open_people, open_records
from servicesim.records.notes import Rescored


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Aylin has played twice and practised; Omid has played once."""
    folder = tmp_path / "kept"
    keep(folder, *SORRY, number=0)
    keep(folder, "welcome", number=1)
    keep(folder, "welcome", "go-on", number=2, practice=True)
    keep(folder, *SORRY, number=3, person="2077", name="Omid Karimi")
    with open_records(folder) as records:
        records.review("attempt-0", at=STARTED, by="Sara", note="The sound failed.", verdict="set-aside")
        by = next(records.attempts())[0].principles_hash
        records.keep_rescored([("attempt-0", Rescored(by, STARTED, "61/2", False, "{}"))])
        told = {"who": "sara", "rows": 2, "sha256": "0" * 64}
        records.log_export(at=5, kind="csv", filter="before she came", with_names=False, **told)
        records.log_export(at=STARTED + 100_000, kind="xlsx", filter="team Desk 3", with_names=True, **told)
    return folder


def test_everything_about_somebody_is_shown(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = outcome(capsys, "person", "show", "1042", "--records", str(folder))
    assert (code, err) == (0, "")
    assert out.startswith("1042 (Aylin Duman)\n  team: Desk 3\n  language: en\n  learner id in the records: ")
    for told in (
        "attempt attempt-0\n  ended ",
        " with paid-off: conduct ",
        " of 100, not passed\n  the customer was ",
        "\n  greet-warmly: 0%\n",
        "\n  reviewed by Sara, 2026-",
        ": set-aside: The sound failed.\n",
        "conduct 30.5, not passed\n",
        "Leyla Karimova: ",
        "Aylin Duman: ",
        "it ends: ",
        ", in en, attempt attempt-1\n  not ended, without a result\n",
        ", practice, in en, attempt attempt-2\n",
        "Aylin Duman listens: go-on\n",
        "\n3 attempts kept\nhanded over since the first result (each held it, unless its filter left it out):\n  2026-",
        " by sara: xlsx, 2 rows, with names; team Desk 3\n",
    ):
        assert told in out, told
    assert "Omid" not in out
    assert "before she came" not in out


def test_everything_can_be_taken_elsewhere(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    _, out, _ = outcome(capsys, "person", "show", "1042", "--json", "--records", str(folder))
    told = json.loads(out)
    assert (told["person"]["name"], told["person"]["team"]) == ("Aylin Duman", "Desk 3")
    first, second, third = told["attempts"]
    assert first["result"]["ending"] == "paid-off"
    assert first["reviews"][0]["note"] == "The sound failed."
    assert first["rescored"][0]["conduct"] == "61/2"
    assert (second["result"], third["practice"]) == (None, True)
    assert second["transcript"][0]["event"] == "began"
    assert [export["kind"] for export in told["exports"]] == ["xlsx"]


def test_a_transcript_whose_texts_are_damaged_is_shown_as_it_is_kept(
    capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    from commands.test_verify import change

    change(folder, "UPDATE texts SET body = 'null'", "UPDATE results SET principles = 'no json', passed = 1")
    code, out, _ = outcome(capsys, "person", "show", "1042", "--records", str(folder))
    assert code == 0
    assert '{"event":"began"' in out
    assert "scores: no json" in out
    assert "not as it was written: its result has changed" in out


def test_everybody_is_listed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = outcome(capsys, "person", "list", "--records", str(folder))
    assert code == 0
    assert out == "1042, Aylin Duman, Desk 3: 3 attempts\n2077, Omid Karimi, Desk 3: 1 attempt\n2 people\n"


def test_somebody_is_erased_with_all_attempts(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    with open_people(folder) as people:
        known = people.named("1042")
        assert known is not None
    for backup in ("people-version-1.db", "records-version-1.db"):
        (folder / backup).write_text("Aylin Duman")
    code, out, _ = outcome(capsys, "person", "erase", "1042", "--yes", "--records", str(folder))
    assert code == 0
    assert out == (
        "1042 (Aylin Duman): name, id, team and language are erased\n"
        "3 attempts removed, with transcripts, results and reviews\n"
        "of each scored encounter a line without a person stays; it is only ever told in groups of 5 or more\n"
        "removed too, since they still held it: people-version-1.db, records-version-1.db\n"
        "not reached: copies of your own, and what was handed over (1 in the log of exports); ask those who have it\n"
    )
    for file in folder.iterdir():
        # A checksum may hold the digits of the id by chance.
        for trace in (b"Aylin", b"(?<![0-9a-f])1042(?![0-9a-f])", known.learner.encode(), b"sound failed"):
            assert not re.search(trace, file.read_bytes()), (file, trace)
    with open_records(folder) as records:
        assert [attempt.id for attempt, _ in records.attempts()] == ["attempt-3"]
        assert records.anonymous() == []
        assert list(records.verify_rot()) == []
    code, _, err = outcome(capsys, "person", "show", "1042", "--records", str(folder))
    assert code == 2
    assert err == "nobody is kept here as '1042'; who is, says: servicesim person list\n"


def test_attempts_may_stay_under_an_id_that_leads_to_nobody(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, _ = outcome(capsys, "person", "erase", "1042", "--yes", "--results", "keep", "--records", str(folder))
    assert code == 0
    assert "3 attempts stay under the random id " in out
    assert not any(b"Aylin" in file.read_bytes() for file in folder.iterdir())
    _, out, _ = outcome(capsys, "person", "list", "--records", str(folder))
    assert out.endswith("1 person\nand 3 attempts of learners who are not known by name\n")


def test_without_consent_nobody_is_erased(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = outcome(capsys, "person", "erase", "1042", "--records", str(folder))
    assert (code, out) == (2, "")
    assert err == "Erase 1042 (Aylin Duman) and 3 attempts for good? Nothing was done; add --yes to do it\n"
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "n")
    assert outcome(capsys, "person", "erase", "1042", "--records", str(folder))[0] == 2
    with open_people(folder) as people:
        assert people.named("1042") is not None
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _: "y")
    assert outcome(capsys, "person", "erase", "1042", "--records", str(folder))[0] == 0


@pytest.mark.parametrize("deed", ["show", "erase", "list"])
def test_each_has_help_with_an_example(capsys: pytest.CaptureFixture[str], deed: str) -> None:
    code, out, _ = outcome(capsys, "person", deed, "--help")
    assert code == 0
    assert f"Example: servicesim person {deed}" in out
