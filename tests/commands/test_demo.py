"""`servicesim demo` plays the shipped encounter through the screens and hands over a true row."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from exports.kept import SORRY, keep
from servicesim.assessment.assess import assess
from servicesim.assessment.told import number
from servicesim.cli import run
from servicesim.commands import chosen
from servicesim.desktop import demo
from servicesim.desktop.demo import play_demo
from servicesim.encounter.encounter import replayed
from servicesim.encounter.transcript import from_lines
from servicesim.errors import NoDisplay

PICTURES = ["who", "home", "briefing", "listening", "conversation", "ending", "self-rating", "debrief", "principles"]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder in which a demo was played before."""
    out = tmp_path / "demo"
    keep(out / "records", *SORRY, person=demo.ID, name=demo.NAME, team=demo.TEAM, started=1_000_000_000_000)
    for old in ("who.png", "scores.csv", "transcript.jsonl"):
        (out / old).write_text("old", encoding="utf-8")
    return out


def test_the_demo_writes_pictures_transcript_and_a_true_row_beside_those_of_before(
    out: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["demo", "--out", str(out), "--off-screen"]) == 0
    told = capsys.readouterr().out.splitlines()
    assert {Path(line).name for line in told[:-1]} == {f"{name}.png" for name in PICTURES} | {"transcript.jsonl", "scores.csv"}
    assert told[-1].startswith("played off screen: conduct ")
    with (out / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 2
    for name in PICTURES:
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    script = chosen.script("late-parcel")
    events = list(from_lines((out / "transcript.jsonl").read_text(encoding="utf-8").splitlines()))
    assert replayed(script, events).ended
    assessment = assess(script, events)
    assert (float(rows[-1]["conduct"]), rows[-1]["passed"], rows[-1]["ending"], rows[-1]["outcome"], int(rows[-1]["satisfaction"])) == (
        float(number(assessment.conduct)), "true", assessment.ending, assessment.outcome, assessment.feelings.satisfaction,
    )  # fmt: skip
    broken = [name for name, score in assessment.principles.items() if score.broken]
    assert assessment.passed
    assert "compensate-now" in broken  # good, and not perfect
    assert not (tmp_path / "home").exists()  # nothing mixes with real records


def test_a_window_that_was_asked_for_is_not_replaced_silently(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def create() -> None:
        raise NoDisplay("There is no screen to open a window on.")

    monkeypatch.setattr(demo, "open_stage", create)
    with pytest.raises(NoDisplay):
        play_demo(tmp_path / "records", tmp_path, off_screen=False)
