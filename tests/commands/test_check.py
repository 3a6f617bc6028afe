"""`servicesim check`: every file is told of once, in words and as JSON, whatever it is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from proved import Proving
from scenario.small import SMALL, spoilt
from servicesim import shipped
from servicesim.analysis import reach as analysis
from servicesim.analysis.proof import Chance, Extreme, Played, Reach
from servicesim.authoring import bench
from servicesim.authoring.bench import Proven
from servicesim.authoring.starting import begun
from servicesim.cli import run
from servicesim.encounter.script import Script
from servicesim.scenario import source
from servicesim.scenario.source import Source

ROOT = Path(__file__).parents[2]
PRINCIPLES = (shipped.scenarios() / "principles.yaml").read_text(encoding="utf-8")
BROKEN_PRINCIPLES = PRINCIPLES.replace("principles:\n", "principels:\n", 1)


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str, reach: bool = False) -> tuple[int, str, str]:
    """Code and outputs of a check: of what is written only, where it is not about what can be reached."""
    code = run(["check", *arguments, *([] if reach else ["--no-reach"])])
    told = capsys.readouterr()
    return code, told.out, told.err


def as_json(capsys: pytest.CaptureFixture[str], *arguments: str, reach: bool = False) -> tuple[int, dict[str, Any]]:
    code, out, err = outcome(capsys, "--json", *arguments, reach=reach)
    assert err == ""
    return code, {one["file"]: one for one in json.loads(out)["files"]}


def written(path: Path, text: str = SMALL) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_check_is_clean_for_what_is_shipped(capsys: pytest.CaptureFixture[str], proved: Proving, monkeypatch: pytest.MonkeyPatch) -> None:
    """Encounters, principles and programmes, each encounter proved once for all of them, and for what is promised of every encounter."""
    monkeypatch.setattr(analysis, "reach", lambda script, seconds: {120.0: proved}[seconds](script))
    folders = [ROOT / "scenarios", ROOT / "programmes"]
    code, out, _ = outcome(capsys, *map(str, folders), "--seconds", "120", reach=True)
    assert code == 0
    assert out.count("nothing wrong") == sum(len(list(folder.glob("*.yaml"))) for folder in folders)
    assert out.count("it can be completed") == len(list(folders[1].glob("*.yaml")))


def test_check_tells_all_findings_and_leaves_with_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "umbrella.yaml"
    file.write_text(SMALL.replace("acts: [inform]", "acts: [inforn]").replace("end: gone", "end: gon"), encoding="utf-8")
    code, out, _ = outcome(capsys, str(file))
    assert code == 1
    assert out.splitlines() == [
        f"{file}:43:16: S017 no act is called 'inforn'; did you mean 'inform'?",
        "   43 |         acts: [inforn]",
        "      |                ^",
        "",
        f"{file}:51:14: S014 no ending is called 'gon'; did you mean 'gone'?",
        "   51 |         end: gon",
        "      |              ^",
        "",
        "2 errors",
        "what a code means, and an example mended: servicesim explain S017",
    ]
    code, out, _ = outcome(capsys, "--json", str(file))
    (told,) = json.loads(out)["files"]
    assert told["findings"][0] == {
        "code": "S017", "severity": "error", "line": 43, "column": 16,
        "message": "no act is called 'inforn'", "hint": "did you mean 'inform'?",
    }  # fmt: skip


def test_a_warning_is_told_and_no_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "umbrella.yaml"
    file.write_text(spoilt("  type: hostile", "  type: hostile\n  portrait: nobody"), encoding="utf-8")
    code, out, _ = outcome(capsys, str(file))
    assert (code, out.splitlines()[4:5]) == (0, ["1 warning"])
    assert out.startswith(f"{file}:12:13: S026 warning: ")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such file names")
def test_a_file_name_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "red\x1b[31m\u202e.yaml").write_text("id: 1", encoding="utf-8")
    (tmp_path / "two\nlines.yaml").write_text(SMALL, encoding="utf-8")
    (tmp_path / os.fsdecode(b"half\xff.yaml")).write_text(SMALL, encoding="utf-8")
    code, out, _ = outcome(capsys, str(tmp_path))
    assert code == 1
    assert "/half\\udcff.yaml: nothing wrong\n" in out
    assert "/two\\nlines.yaml: nothing wrong\n" in out
    assert "/red\\x1b[31m\\u202e.yaml:1:1: S002" in out
    assert not set("\x1b\u202e\udcff") & set(out)


def test_errors_and_warnings_are_counted(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    both = spoilt("  type: hostile", "  type: hostile\n  portrait: nobody").replace("end: gone", "end: gon")
    _, out, _ = outcome(capsys, written(tmp_path / "one.yaml", both), written(tmp_path / "two.yaml", both), written(tmp_path / "right.yaml"))
    assert out.splitlines()[-2] == "2 errors, 2 warnings"
    assert sum(" warning: " in line for line in out.splitlines()) == 2


def test_more_findings_than_anyone_reads_are_counted_in_words_and_complete_in_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    many = written(tmp_path / "many.yaml", SMALL + "".join(f"odd-{number}: 1\n" for number in range(30)))
    _, out, _ = outcome(capsys, many)
    assert out.splitlines()[-3:-1] == [f"and 10 more in {many}", "30 errors"]
    assert out.count(": S001 ") == 20
    assert len(as_json(capsys, many)[1][many]["findings"]) == 30


def test_broken_principles_beside_scenarios_are_told_once_and_under_their_own_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one, two = written(tmp_path / "one.yaml"), written(tmp_path / "two.yaml", SMALL + "odd: \t1\n")
    own = written(tmp_path / "principles.yaml", BROKEN_PRINCIPLES)
    for named in ([one], [one, two], [str(tmp_path)], [own, one, one]):
        code, files = as_json(capsys, *named)
        assert code == 1
        assert files[own]["findings"]
        assert files[one] == {"file": one, "findings": [], "checked": False}
        code, out, _ = outcome(capsys, *named)
        assert code == 1
        assert out.count(f"{own}:") == len(files[own]["findings"])
        assert out.count("explain") == 1
        assert f"{one}: not checked further, because its principles in {own} have errors\n" in out
        assert "nothing wrong" not in out
    assert [found["code"] for found in as_json(capsys, two)[1][two]["findings"]] == ["F005"]


def test_principles_beside_that_are_right_are_listed_only_where_they_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one, own = written(tmp_path / "one.yaml"), written(tmp_path / "principles.yaml", PRINCIPLES)
    assert list(as_json(capsys, one)[1]) == [one]
    assert list(as_json(capsys, str(tmp_path))[1]) == [one, own]
    assert list(as_json(capsys, one, "--principles", own)[1]) == [own, one]


@pytest.mark.parametrize("name", ["principles.yaml", "house-rules.yaml"])
def test_findings_in_the_principles_that_are_named_are_told_like_any_other(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    (tmp_path / "house").mkdir()
    one, own = written(tmp_path / "one.yaml"), written(tmp_path / "house" / name, BROKEN_PRINCIPLES)
    code, files = as_json(capsys, one, "--principles", own)
    assert (code, list(files)) == (1, [own, one])
    assert files[own]["findings"]
    assert (files[one]["findings"], files[one]["checked"]) == ([], False)


@pytest.mark.parametrize("name", ["nowhere.yaml", ".", ""])
def test_principles_that_cannot_be_read_are_a_finding(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    code, files = as_json(capsys, written(tmp_path / "one.yaml"), "--principles", name)
    (finding,) = next(iter(files.values()))["findings"]
    assert (code, finding["code"]) == (1, "F001")
    assert "scenario" not in finding["hint"]


def test_a_principles_file_may_have_another_name(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    own = written(tmp_path / "house-rules.yaml", PRINCIPLES)
    assert outcome(capsys, own)[:2] == (0, f"{own}: nothing wrong\n")
    wrong = written(tmp_path / "house-rules.yaml", PRINCIPLES + "scenery: 1\n")
    code, out, _ = outcome(capsys, wrong)
    assert (code, out.count("house-rules.yaml:")) == (1, 1)


def test_a_scenario_with_principles_in_it_is_still_a_scenario(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = outcome(capsys, written(tmp_path / "one.yaml", SMALL + "principles: {}\n"))
    assert (code, out.count("no field 'principles'")) == (1, 1)


def test_a_file_that_may_not_be_read_is_a_finding_and_stops_no_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked, right = written(tmp_path / "locked.yaml"), written(tmp_path / "right.yaml")

    def opened(path: Any, *rest: Any) -> int:
        if str(path) == locked:
            raise PermissionError(13, "Permission denied", locked)
        return really_open(path, *rest)

    really_open, may = os.open, os.access
    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "access", lambda path, mode: str(path) != locked and may(path, mode))
    code, out, _ = outcome(capsys, locked, right)
    assert code == 1
    assert out.splitlines()[0].startswith(f"{locked}:1:1: F001 the file cannot be read: you have no right to read it")
    assert f"{right}: nothing wrong" in out


@pytest.mark.parametrize("name", ["x" * 5000, "x" * 5000 + "/one.yaml", "null\0.yaml"])
def test_a_name_that_no_file_can_have_is_a_finding_and_stops_no_other(capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str) -> None:
    right = written(tmp_path / "right.yaml")
    code, out, err = outcome(capsys, name, right)
    assert (code, err) == (1, "")
    assert ": F001 the file cannot be read: " in out
    assert f"{right}: nothing wrong" in out
    assert len(out) < 1600
    assert next(iter(as_json(capsys, name)[1])) == name


def test_an_empty_name_is_no_folder(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, "") == (2, "", "a file is missing: name a scenario file, or a folder that holds some\n")


def test_a_folder_without_scenarios_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert outcome(capsys, str(tmp_path)) == (2, "", f"there is no scenario file in {tmp_path}\n")


WRONG = SMALL.replace("acts: [inform]", "acts: [inforn]").replace("  type: hostile", "  type: hostile\n  portrait: nobody")


def on_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.delenv("NO_COLOR", raising=False)


def test_a_terminal_shows_the_same_text_in_colours(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(tmp_path / "umbrella.yaml", WRONG)
    plain = outcome(capsys, file)[1]
    on_a_terminal(monkeypatch, 100)
    coloured = outcome(capsys, file)[1]
    assert "\x1b[1;31m S017 \x1b[0m" in coloured
    assert "\x1b[1;33m S026 \x1b[0m" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b" not in plain


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_whoever_wants_no_colours_gets_none(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    on_a_terminal(monkeypatch, 80)
    monkeypatch.setenv(name, value)
    out = outcome(capsys, written(tmp_path / "umbrella.yaml", WRONG))[1]
    assert "S017" in out
    assert "\x1b" not in out


def test_on_a_narrow_terminal_excerpts_are_cut_around_the_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_a_terminal(monkeypatch, 34)
    monkeypatch.setenv("NO_COLOR", "1")
    out = outcome(capsys, written(tmp_path / "umbrella.yaml", spoilt("I will look.", "I will look for it in every corner, {name}, and call you.")))[1]
    _, excerpt, caret, *_ = out.splitlines()
    assert excerpt == "   42 | …very corner, {name}, and…"
    assert caret == "      |               ^"


def test_nothing_for_colours_is_read_where_none_are_shown(tmp_path: Path) -> None:
    program = "import sys; from servicesim.cli import run; run(['check', sys.argv[1]]); sys.exit('rich' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program, written(tmp_path / "umbrella.yaml", WRONG)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "S017" in done.stdout


def test_each_file_is_read_once(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    really_read, names = source.written, list[str]()

    def read(path: Path) -> bytes | Source:
        names.append(path.name)
        return really_read(path)

    monkeypatch.setattr(source, "written", read)
    for name, text in {"one": SMALL, "two": SMALL, "house-rules": PRINCIPLES, "principles": PRINCIPLES}.items():
        written(tmp_path / f"{name}.yaml", text)
    assert outcome(capsys, str(tmp_path))[0] == 0
    assert sorted(names) == ["house-rules.yaml", "one.yaml", "principles.yaml", "two.yaml"]


def test_what_is_proved_wrong_is_told_at_its_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    right, wrong = written(tmp_path / "right.yaml"), written(tmp_path / "wrong.yaml", WRONG)
    code, out, _ = outcome(capsys, right, wrong, reach=True)
    assert code == 1
    assert f"{right}:2:5: R014 whoever replies at random passes with a chance of " in out
    assert f"{wrong}:2:5: R014" not in out  # a file with errors is not played
    assert f"{right}:\n  conduct: " in out


def reached(passing: Fraction) -> Reach:
    best, worst = Extreme(Fraction(100), Fraction(100), ("welcome",)), Extreme(Fraction(0), Fraction(0), ("sorry",))
    chance = Chance((Fraction(31), Fraction(31)), (passing, passing))
    nowhere: frozenset[Any] = frozenset()
    return Reach(best, worst, best, {}, nowhere, nowhere, nowhere, nowhere, (), {"settled": True}, True, True, chance, True)


def test_what_was_proved_is_told_in_words_and_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[float | None]()

    def proven(_examined: object, _principles: object, seconds: float | None, _shelf: object) -> Proven:
        asked.append(seconds)
        return Proven() if seconds is None else Proven(reached(Fraction(1, 50)), [], {"longest": Played(Fraction(40), False, ("look",))})

    monkeypatch.setattr(bench, "proven_findings", proven)
    file = written(tmp_path / "one.yaml")
    assert outcome(capsys, file, reach=True)[1].splitlines() == [
        f"{file}: nothing wrong",
        "  conduct: 0 to 100",
        "  random replies: pass with 2 %, conduct 31 on average",
        "  without thinking: longest 40: none passes",
    ]
    told = as_json(capsys, file, "--seconds", "2.5", reach=True)[1][file]
    assert told["reach"]["conduct"] == {"best": 100, "worst": 0, "best_path": ["welcome"], "worst_path": ["sorry"], "exact": True}
    assert told["reach"]["random"] == {"conduct": 31, "pass_probability": 0.02}
    assert told["reach"]["strategies"] == {"longest": {"conduct": 40, "passed": False}}
    assert "reach" not in as_json(capsys, file)[1][file]
    assert asked == [10, 2.5, None]


def test_while_it_looks_a_terminal_shows_a_sign_that_is_gone_afterwards(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "300")  # however long the name of the folder is, it stays one line
    file = written(tmp_path / "red\x1b[31m.yaml")
    _, out, err = outcome(capsys, file, reach=True)
    assert "red\\x1b[31m.yaml: looking at every way through it" in err
    assert err.endswith("\x1b[1A\x1b[2K")  # the line is taken back
    assert "looking" not in out
    assert outcome(capsys, file)[2] == ""
    monkeypatch.setenv("TERM", "dumb")
    assert outcome(capsys, file, reach=True)[2] == ""


def test_each_scenario_has_the_seconds_to_itself(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, really = list[float](), analysis.reach

    def reach(script: Script, *, seconds: float) -> Reach:
        asked.append(seconds)
        return really(script, seconds=seconds)

    monkeypatch.setattr(analysis, "reach", reach)
    files = [written(tmp_path / f"{name}.yaml") for name in ("one", "two", "three")]
    outcome(capsys, *files, "--seconds", "0.5", reach=True)
    assert asked == [0.5, 0.5, 0.5]


def test_what_cannot_be_proved_in_time_is_said_and_is_no_finding(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = outcome(capsys, "--seconds", "0.000001", written(tmp_path / "one.yaml", begun("mine", "phone")), reach=True)
    assert code == 0
    assert out.splitlines()[0].endswith(": nothing wrong")
    assert "whether it can be passed is not known" in out
    assert "random replies: not known how often they pass" in out
    assert "more time may help: --seconds 60" in out


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_budget_is_a_number_of_seconds(capsys: pytest.CaptureFixture[str], seconds: str) -> None:
    assert outcome(capsys, "one.yaml", "--seconds", seconds)[0] == 2
