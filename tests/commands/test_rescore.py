"""`servicesim rescore` says whose result other principles would change, and changes nothing unless told."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from commands.test_commands import outcome
from exports.kept import EXPERT, SORRY, keep, keep_sealed
from servicesim import shipped
from servicesim.assessment.assess import assess
from servicesim.commands import chosen
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import from_lines
from servicesim.records import open_records
from servicesim.scenario import loading

PRINCIPLES = shipped.scenarios() / "principles.yaml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two attempts that ended alike, one of practice, and one that did not end."""
    keep(tmp_path / "kept", *SORRY, number=0)
    keep(tmp_path / "kept", "welcome", number=1)
    keep(tmp_path / "kept", *SORRY, number=2, person="2077", name="Omid")
    keep(tmp_path / "kept", *SORRY, number=3, practice=True)
    return tmp_path / "kept"


@pytest.fixture
def heavier(tmp_path: Path) -> Path:
    """Principles in which what weighs twice weighs nine times."""
    path = tmp_path / "principles.yaml"
    path.write_text(PRINCIPLES.read_text(encoding="utf-8").replace("weight: 2", "weight: 9"), encoding="utf-8")
    return path


def conducts(folder: Path, principles: Path) -> tuple[Fraction, Fraction]:
    """What the attempts got, and what `assess` says that they would get."""
    with open_records(folder, read_only=True) as records:
        ((_, result), *_) = records.attempts(ended_only=True)
        events = list(from_lines(records.lines("attempt-0")))
    script = Script(chosen.script("late-parcel").scenario, loading.demand_principles(principles))
    assert result is not None
    return Fraction(result.conduct), assess(script, events).conduct


def test_the_same_principles_change_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    code, out, err = outcome(capsys, "rescore", "--principles", str(PRINCIPLES), "--records", str(folder))
    assert (code, err) == (0, "")
    assert out == "2 results: 2 as before, 0 would change\n"


def test_others_are_told_with_whose_result_and_by_how_much(
    capsys: pytest.CaptureFixture[str], folder: Path, heavier: Path
) -> None:
    before, after = conducts(folder, heavier)
    content = (folder / "records.db").read_bytes()
    code, out, _ = outcome(capsys, "rescore", "--principles", str(heavier), "--records", str(folder))
    first, second, summary, hint = out.splitlines()
    assert code == 0
    assert first.startswith("late-parcel, 2026-10-26T")
    assert "learner " in first
    assert f"{int(before)}." in first
    assert f" -> {int(after)}." in first
    assert "Omid" not in second
    assert summary.startswith(f"2 results: 0 as before, 2 would change; conduct by {float(after - before):+.2f} on average")
    assert summary.endswith("0 would pass that did not, 0 would not that did")
    assert hint == "nothing was changed; --keep keeps these results beside those that were given"
    assert (folder / "records.db").read_bytes() == content


def test_what_was_played_by_a_sealed_edition_is_passed_over(capsys: pytest.CaptureFixture[str], folder: Path, heavier: Path) -> None:
    keep_sealed(folder, *SORRY, number=7)
    code, out, _ = outcome(capsys, "rescore", "--principles", str(heavier), "--records", str(folder))
    assert code == 1
    assert "1 not judged: it was played by a sealed edition: the organisation that published it can judge it anew\n" in out
    assert "2 results: " in out


def test_with_names_it_says_who(capsys: pytest.CaptureFixture[str], folder: Path, heavier: Path) -> None:
    _, out, _ = outcome(capsys, "rescore", "--principles", str(heavier), "--records", str(folder), "--with-names")
    assert "1042 (Aylin Duman)" in out
    assert "2077 (Omid)" in out


def test_as_json_the_changes_are_told(capsys: pytest.CaptureFixture[str], folder: Path, heavier: Path) -> None:
    before, after = conducts(folder, heavier)
    code, out, _ = outcome(capsys, "rescore", "--principles", str(heavier), "--records", str(folder), "--json")
    told = json.loads(out)
    assert code == 0
    assert [one["attempt"] for one in told["changes"]] == ["attempt-0", "attempt-2"]
    assert told["changes"][0]["by"] == round(float(after - before), 4)
    assert told["counts"] == {"judged": 2, "changed": 2, "would_pass": 0, "would_fail": 0}
    assert (told["kept"], told["not_judged"]) == (False, [])


def test_keep_keeps_both(capsys: pytest.CaptureFixture[str], folder: Path, heavier: Path) -> None:
    before, after = conducts(folder, heavier)
    for _ in range(2):
        code, out, _ = outcome(capsys, "rescore", "--principles", str(heavier), "--records", str(folder), "--keep")
        assert code == 0
        assert out.endswith("kept beside the results that were given: 2 (what was kept before stays)\n")
    with open_records(folder, read_only=True) as records:
        (other,) = records.rescored("attempt-0")
        assert Fraction(other.conduct) == after
        assert records.text(other.principles_hash) != records.text(next(records.attempts())[0].principles_hash)
        assert json.loads(other.principles)["hold-the-apology"]["broken"] >= 1
        assert records.rescored("attempt-1") == records.rescored("attempt-3") == []
        assert list(records.verify_rot()) == []
    assert conducts(folder, heavier)[0] == before


def test_what_would_pass_no_longer_is_counted(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    keep(folder, *EXPERT, number=4)
    strict = tmp_path / "strict.yaml"
    acts = PRINCIPLES.read_text(encoding="utf-8").partition("\nprinciples:")[0]
    strict.write_text(
        f"{acts}\nprinciples:\n  pay-at-once:\n    title: Pay\n    says: Pay at once.\n    why: For this test.\n"
        "    source: [C30]\n    rules:\n      - absence: summarise\n",
        encoding="utf-8",
    )
    code, out, err = outcome(capsys, "rescore", "--principles", str(strict), "--records", str(folder))
    assert (code, err) == (0, "")
    assert [line.rpartition(", ")[2] for line in out.splitlines() if "attempt" not in line][2] == "passes no longer"
    assert "; 0 would pass that did not, 1 would not that did\n" in out


def test_principles_that_lack_an_act_are_told_and_others_judged(
    capsys: pytest.CaptureFixture[str], folder: Path, tmp_path: Path
) -> None:
    few = tmp_path / "few.yaml"
    few.write_text(
        "servicesim: 1\nacts:\n  smile:\n    title: Smiles\nprinciples:\n  smile-once:\n    title: Smile\n    says: Smile.\n"
        "    why: It helps.\n    source: [C30]\n    rules:\n      - existence: smile\n",
        encoding="utf-8",
    )
    code, out, err = outcome(capsys, "rescore", "--principles", str(few), "--records", str(folder))
    assert (code, err) == (1, "")
    assert "2 not judged: the new principles do not declare '" in out
    assert out.endswith("0 results: 0 as before, 0 would change\n")


@pytest.mark.parametrize("file", ["nowhere.yaml", "."])
def test_without_a_principles_file_it_says_so(capsys: pytest.CaptureFixture[str], folder: Path, file: str) -> None:
    code, _, err = outcome(capsys, "rescore", "--principles", file, "--records", str(folder))
    assert code == 2
    assert "name a principles file" in err
