"""Attempts are judged anew in batches, each as if it were alone, and in the order in which they are kept."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from servicesim.assessment import tally
from servicesim.assessment.assess import assess
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.records import open_records, rescoring
from servicesim.records.rescoring import JudgedAnew, NotJudged, Rescoring
from servicesim.records.results import result_of
from servicesim.scenario import loading
from servicesim.scenario.principles import Principles
from trainees import keep, plays, shipped

ATTEMPTS = 20


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    keep(folder, shipped(), plays(shipped(), attempts=ATTEMPTS))
    return folder


@pytest.fixture(scope="module")
def heavier() -> Principles:
    """The shipped principles, with what weighs twice weighing nine times."""
    taught = loading.shipped_principles()
    weighed = {name: replace(one, weight=9) if one.weight == 2 else one for name, one in taught.principles.items()}
    return replace(taught, principles=weighed)


def judged(folder: Path, principles: Principles) -> list[object]:
    with open_records(folder, read_only=True) as records:
        return list(Rescoring(records, principles, wants_scores=True))


@pytest.mark.parametrize(("at_once", "fewest"), [(4_000, 1), (4_000, 10_000), (7, 3)])
def test_each_is_judged_as_if_it_were_alone(
    monkeypatch: pytest.MonkeyPatch, folder: Path, heavier: Principles, at_once: int, fewest: int
) -> None:
    monkeypatch.setattr(rescoring, "AT_ONCE", at_once)
    monkeypatch.setattr(tally, "FEWEST", fewest)
    script = Script(shipped().scenario, heavier)
    found = judged(folder, heavier)
    with open_records(folder, read_only=True) as records:
        kept = [one for one in records.kept() if one.result is not None and not one.attempt.practice]
    assert len(found) == len(kept) > ATTEMPTS / 2
    for one, own in zip(found, kept, strict=True):
        assert isinstance(one, JudgedAnew)
        events = list(from_lines(own.lines))
        assessment = assess(script, events)
        assert (one.attempt, one.before) == (own.attempt, own.result)
        assert (one.conduct, one.passed) == (assessment.conduct, assessment.passed)
        assert one.principles == result_of(script, events, ended=0).principles


def test_one_that_is_damaged_does_not_keep_the_others_from_being_judged(folder: Path, heavier: Principles, tmp_path: Path) -> None:
    (tmp_path / "records.db").write_bytes((folder / "records.db").read_bytes())
    with closing(sqlite3.connect(tmp_path / "records.db")) as database:
        triggers = database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'events'").fetchall()
        for (name,) in triggers:
            database.execute(f'DROP TRIGGER "{name}"')
        number = database.execute("SELECT attempt FROM results ORDER BY attempt LIMIT 1 OFFSET 3").fetchone()[0]
        database.execute("UPDATE events SET line = replace(line, '\"at\":', '\"at\":1') WHERE attempt = ? AND seq = 2", (number,))
        database.commit()
    before, after = judged(folder, heavier), judged(tmp_path, heavier)
    wrong = [place for place, one in enumerate(after) if isinstance(one, NotJudged)]
    assert len(wrong) == 1
    assert [one for place, one in enumerate(after) if place not in wrong] == [one for place, one in enumerate(before) if place not in wrong]
