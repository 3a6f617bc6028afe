"""`servicesim review`: a human's word beside a result, before it leaves as failed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands.test_commands import outcome
from exports.kept import EXPERT, OUT, SORRY, STARTED, keep, rows
from servicesim.records import open_people, open_records
from servicesim.records.notes import Review

WEEK = 7 * 86_400_000


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """At home, Aylin failed twice and then passed; Omid failed, practised, and has not ended another."""
    home = tmp_path / "home"
    keep(home, *SORRY, number=1, started=STARTED + WEEK)
    keep(home, *OUT, number=2)
    keep(home, *EXPERT, number=3, started=STARTED + 2 * WEEK)
    omid = {"person": "2077", "name": "Omid Karimi", "team": "North"}
    keep(home, *OUT, number=4, started=STARTED - WEEK, **omid)
    keep(home, *OUT, number=5, practice=True, **omid)
    keep(home, "welcome", number=6, **omid)
    return home


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    code, out, err = outcome(capsys, "review", *arguments)
    assert (code, err) == (0, "")
    return [line.split(":")[0] for line in out.splitlines()[:-1]]


def decided(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    code, out, err = outcome(capsys, "review", *arguments)
    assert (code, err) == (0, "")
    return out


@pytest.mark.usefixtures("home")
def test_failed_attempts_are_listed_oldest_first_with_what_was_broken(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    with open_people(home) as people:
        aylin, omid = (people.named(id) for id in ("1042", "2077"))
    assert aylin is not None
    assert omid is not None
    code, out, err = outcome(capsys, "review")
    first, second, third, last = out.splitlines()
    assert (code, err) == (0, "")
    assert first.startswith(f"attempt-4: late-parcel, 2026-10-19, learner {omid.learner}; conduct ")
    assert " (pass mark 75), not passed; broken: " in first
    assert "; avoided: " in first
    assert second.startswith(f"attempt-2: late-parcel, 2026-10-26, learner {aylin.learner}; ")
    assert third.startswith("attempt-1: late-parcel, 2026-11-02, ")
    assert "hold-the-apology" in third
    assert last == "3 attempts to decide about; what happened in one says: servicesim review show ATTEMPT"


@pytest.mark.usefixtures("home")
def test_the_list_can_be_longer_or_shorter(capsys: pytest.CaptureFixture[str]) -> None:
    assert listed(capsys, "list") == ["attempt-4", "attempt-2", "attempt-1"]
    assert listed(capsys, "--all") == ["attempt-4", "attempt-2", "attempt-1", "attempt-3"]
    assert listed(capsys, "--team", "North") == ["attempt-4"]
    assert listed(capsys, "list", "--encounter", "twins") == []
    assert decided(capsys, "--encounter", "twins") == "0 attempts to decide about\n"


@pytest.mark.usefixtures("home")
def test_what_is_decided_leaves_the_list_and_what_is_to_be_looked_at_stays(capsys: pytest.CaptureFixture[str]) -> None:
    decided(capsys, "attempt-4", "--stands", "--by", "Sara")
    decided(capsys, "attempt-2", "--to-look-at", "--by", "Sara", "--note", "It rang twice.")
    decided(capsys, "attempt-3", "--to-look-at", "--by", "Sara")
    code, out, _ = outcome(capsys, "review")
    assert code == 0
    assert [line.split(":")[0] for line in out.splitlines()[:-1]] == ["attempt-2", "attempt-1", "attempt-3"]
    assert out.splitlines()[0].endswith("; to-look-at (Sara: It rang twice.)")
    assert out.splitlines()[2].endswith("; to-look-at (Sara)")
    _, out, _ = outcome(capsys, "review", "--all")
    assert out.splitlines()[0].endswith("; stands (Sara)")


def test_nobody_is_named_unless_asked(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    for arguments in (["--all"], ["show", "attempt-1"]):
        told = decided(capsys, *arguments)
        assert "Aylin" not in told
        assert "1042" not in told
    assert "attempt-2: late-parcel, 2026-10-26, 1042 (Aylin Duman); " in decided(capsys, "--with-names")
    shown = decided(capsys, "show", "attempt-1", "--with-names")
    assert "\n  1042 (Aylin Duman)\n" in shown
    assert "  Aylin Duman: " in shown


@pytest.mark.usefixtures("home")
def test_what_happened_is_told_word_by_word_with_every_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    decided(capsys, "attempt-1", "--to-look-at", "--by", "Sara", "--note", "Was it loud?")
    told = decided(capsys, "show", "attempt-1")
    assert told.startswith("late-parcel, 2026-11-02T")
    for part in (
        "\n  ended 2026-11-02T", " with paid-off: conduct ", ": to-look-at: Was it loud?\n", "  Leyla Karimova: ", "  Trainee: ",
        " (hold-the-apology)\n", "it ends: ",
    ):  # fmt: skip
        assert part in told, part
    judged = json.loads(outcome(capsys, "simulate", "late-parcel", "--play", ",".join(SORRY), "--json")[1])
    reasons = [one["because"] for principle in judged["principles"].values() for one in principle["evidence"]]
    assert {one["verdict"] for principle in judged["principles"].values() for one in principle["evidence"]} == {"kept", "broken"}
    assert [reason for reason in reasons if reason not in told] == []


@pytest.mark.usefixtures("home")
def test_an_attempt_that_cannot_be_played_again_is_shown_as_it_is_kept(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    from commands.test_verify import change

    change(home, "UPDATE texts SET body = 'null'")
    told = decided(capsys, "show", "attempt-1")
    assert '{"event":"began"' in told
    assert "it cannot be judged again here: " in told
    change(home, "UPDATE events SET line = '{}' WHERE seq = 1")
    assert "not as it was written: event 2 has changed" in decided(capsys, "show", "attempt-1")


def test_a_decision_is_kept_with_who_and_why(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    told = decided(capsys, "attempt-1", "--set-aside", "--note", " The sound failed. ", "--by", "Sara")
    assert told == "attempt attempt-1 at late-parcel, by Sara: set aside: never the first, the best or the last one that counts; The sound failed.\n"
    decided(capsys, "decide", "attempt-1", "--stands")
    with open_records(home) as records:
        first, second = records.reviews("attempt-1")
    assert (first.by, first.note, first.verdict) == ("Sara", "The sound failed.", "set-aside")
    assert (second.note, second.verdict) == ("", "stands")
    assert second.by
    assert second.at >= first.at > STARTED


def test_what_counts_instead_is_told_and_files_follow(capsys: pytest.CaptureFixture[str], home: Path, tmp_path: Path) -> None:
    with open_people(home) as people:
        known = people.named("1042")
    assert known is not None
    aside = decided(capsys, "attempt-3", "--set-aside", "--note", "Somebody else sat there.", "--by", "Sara").splitlines()
    assert [line.partition(", conduct ")[0] for line in aside[1:]] == [
        f"the best one of learner {known.learner} that counts there is now attempt attempt-1",
        f"the last one of learner {known.learner} that counts there is now attempt attempt-1",
    ]
    assert outcome(capsys, "export", "--attempts", "best", "--person", "1042", "-o", str(tmp_path / "best.csv"))[0] == 0
    assert [row["attempt"] for row in rows(tmp_path / "best.csv")] == ["attempt-1"]
    back = decided(capsys, "--stands", "attempt-3", "--by", "Sara")
    assert "the best one of learner " in back
    assert " is now attempt attempt-3, conduct " in back
    assert ", passed\n" in back
    assert back.endswith("not reached: what was handed over since it ended (1 in the log of exports); hand it over again\n")


@pytest.mark.usefixtures("home")
def test_where_none_is_left_that_counts_it_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = decided(capsys, "attempt-4", "--set-aside", "--note", "The line was dead.", "--by", "Sara")
    assert told.count(" that counts there is now none\n") == 3
    assert "now" not in decided(capsys, "attempt-5", "--set-aside", "--note", "The line was dead.", "--by", "Sara")


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["attempt-9", "--stands"], "no attempt is kept here as 'attempt-9'; which there are, says: servicesim review"),
        (["show", "attempt-9"], "no attempt is kept here as 'attempt-9'; which there are, says: servicesim review"),
        (["attempt-6", "--stands"], "attempt attempt-6 has not ended: there is no result to decide about"),
        (["attempt-1"], "say one of --stands, --set-aside and --to-look-at"),
        (["attempt-1", "--stands", "--set-aside", "--note", "x"], "say one of --stands, --set-aside and --to-look-at"),
        (["attempt-1", "--set-aside", "--note", " "], 'an attempt is set aside for a reason: add --note "why"'),
        (["attempt-1", "--stands", "--by", ""], "say who decides: --by NAME"),
        (["--stands"], "Missing argument 'ATTEMPT'; try: servicesim review decide --help"),
        (["list", "attempt-1"], "Got unexpected extra argument (attempt-1); try: servicesim review list --help"),
    ],
)
def test_what_cannot_be_decided_is_told(capsys: pytest.CaptureFixture[str], home: Path, arguments: list[str], told: str) -> None:
    code, out, err = outcome(capsys, "review", *arguments)
    assert (code, out) == (2, "")
    assert err.strip().removesuffix(".") == told
    with open_records(home) as records:
        assert records.last_reviews() == dict[str, Review]()


@pytest.mark.parametrize("deed", ["list", "show", "decide"])
def test_each_has_help_with_an_example(capsys: pytest.CaptureFixture[str], deed: str) -> None:
    code, out, _ = outcome(capsys, "review", deed, "--help")
    assert code == 0
    assert f"Example: servicesim review {deed}" in out
