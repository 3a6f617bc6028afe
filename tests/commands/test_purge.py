"""`servicesim purge` removes what is older than it may be kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from commands.test_commands import outcome
from exports.kept import SORRY, keep
from servicesim.commands.purge import cutoff
from servicesim.errors import UsageError
from servicesim.records import open_people, open_records

MONTH = 30 * 24 * 3600 * 1000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Attempts that began 1, 3 and 30 months before today."""
    now = round(datetime.now(UTC).timestamp() * 1000)
    for number, months in enumerate((1, 3, 30)):
        keep(tmp_path / "kept", *SORRY, number=number, started=now - months * MONTH)
    return tmp_path / "kept"


def kept(folder: Path) -> list[str]:
    with open_records(folder, read_only=True) as records:
        return [attempt.id for attempt, _ in records.attempts(with_practice=True)]


def test_what_is_older_is_removed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    (folder / "records-version-1.db").touch()
    code, out, err = outcome(capsys, "purge", "--older-than", "24m", "--yes", "--records", str(folder))
    assert (code, err) == (0, "")
    assert out.startswith("1 attempt removed that began before 20")
    assert out.endswith("removed too, since they still held them: records-version-1.db\n")
    assert kept(folder) == ["attempt-1", "attempt-0"]
    code, out, _ = outcome(capsys, "purge", "--older-than", "24m", "--records", str(folder))
    assert code == 0
    assert out.startswith("nothing is older than 24 months (began before ")


def test_without_consent_nothing_is_removed(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = outcome(capsys, "purge", "--older-than", "45d", "--records", str(folder))
    assert (code, out) == (2, "")
    assert err.startswith("Remove 2 attempts that began before ")
    assert err.endswith(", older than 45 days, for good? Nothing was done; add --yes to do it\n")
    assert len(kept(folder)) == 3


def test_what_was_settled_holds_for_every_purge(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, _, err = outcome(capsys, "purge", "--yes", "--records", str(folder))
    assert code == 2
    assert err == "how old? Say --older-than 24m, or settle it for good with --keep-for 24m\n"
    code, out, _ = outcome(capsys, "purge", "--keep-for", "2m", "--records", str(folder))
    assert code == 0
    assert out == "settled: attempts are kept for 2 months; servicesim purge removes what is older, nothing was removed yet\n"
    assert len(kept(folder)) == 3
    assert outcome(capsys, "purge", "--yes", "--records", str(folder))[0] == 0
    assert kept(folder) == ["attempt-0"]
    assert outcome(capsys, "purge", "--keep-for", "forever", "--records", str(folder))[0] == 0
    assert outcome(capsys, "purge", "--yes", "--records", str(folder))[0] == 2
    with open_people(folder) as people:
        assert list(people.verify_rot()) == []


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--older-than", "soon"], "'soon' is no age; write it as 24m (months), 90d (days) or 2y (years)"),
        (["--older-than", "0d"], "'0d' is no age"),
        (["--older-than", "24M"], "'24M' is no age"),
        (["--older-than", "9999y"], "9999y is longer ago than there are dates"),
        (["--keep-for", "-1m"], "'-1m' is no age"),
        (["--keep-for", "2y", "--older-than", "2y"], "--keep-for only settles how long"),
    ],
)
def test_what_is_no_age_is_told(
    capsys: pytest.CaptureFixture[str], folder: Path, arguments: list[str], told: str
) -> None:
    code, out, err = outcome(capsys, "purge", *arguments, "--records", str(folder))
    assert (code, out) == (2, "")
    assert told in err
    assert len(kept(folder)) == 3


@pytest.mark.parametrize(
    ("age", "day"),
    [("1d", "2028-03-30"), ("1m", "2028-02-29"), ("13m", "2027-02-28"), ("24m", "2026-03-31"), ("2y", "2026-03-31"), ("3m", "2027-12-31")],
)  # fmt: skip
def test_months_are_those_of_the_calendar(age: str, day: str) -> None:
    now = datetime(2028, 3, 31, 12, tzinfo=UTC)
    assert datetime.fromtimestamp(cutoff(age, now) / 1000, UTC).date().isoformat() == day


def test_a_date_before_all_dates_is_refused() -> None:
    with pytest.raises(UsageError, match="longer ago than there are dates"):
        cutoff("9999y", datetime(2028, 3, 31, tzinfo=UTC))
