"""`servicesim walk`: every file is played, whatever became of the one before it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scenario.small import SMALL
from servicesim.authoring.walkthrough import read, refreshed
from servicesim.cli import run
from servicesim.commands import chosen

EXPERT = Path(__file__).parents[1] / "walkthroughs" / "expert-rider.walk"


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = run(["walk", *arguments])
    told = capsys.readouterr()
    return code, told.out, told.err


def written(path: Path, text: str | bytes) -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def test_the_example_in_the_help_can_be_played(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    _, out, _ = outcome(capsys, "--help")
    (example,) = [line.partition("servicesim walk ")[2] for line in out.splitlines() if "Example" in line]
    assert outcome(capsys, example) == (0, f"{example}: as written\n", "")


def test_what_came_of_it_is_compared_and_written_anew(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    walk = written(tmp_path / "short.walk", "scenario: late-parcel\nplay: welcome\n---\n0:00.0  nothing\n")
    code, out, err = outcome(capsys, walk)
    assert (code, err) == (1, "")
    assert out.startswith(f"--- {walk} (written)\n+++ {walk} (now)\n@@ ")
    assert "\n-0:00.0  nothing\n+0:00.0  Leyla Karimova speaks: opening\n" in out
    assert outcome(capsys, walk, "--update") == (0, f"{walk}: written anew\n", "")
    assert outcome(capsys, walk) == (0, f"{walk}: as written\n", "")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"scenario: late-parcel\nplay: \xff\n", "line 2 is not UTF-8; save the file as UTF-8"),
        (b"\xef\xbb\xbfscenario: late-parcel\nplay: \xff\n", "line 2 is not UTF-8; save the file as UTF-8"),
        (b"#" * (1 << 20) + b"\n", "the file is larger than 1 MiB; split it into several walkthroughs"),
        (b"scenario: late-parcel\nuntimed: maybe\n", "'untimed: maybe' is not understood; write 'untimed: yes' or 'untimed: no'"),
        (b"scenario: late-parcell\n", "no scenario is called 'late-parcell'; did you mean 'late-parcel'?"),
        (b"scenario: nowhere.yaml\n", "there is no scenario file nowhere.yaml; name a scenario file, such as late-parcel.yaml"),
    ],
)
def test_a_walkthrough_that_cannot_be_played_says_why_and_the_others_are_played(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: bytes, told: str
) -> None:
    bad = written(tmp_path / "bad.walk", text)
    assert outcome(capsys, bad, str(EXPERT)) == (2, f"{EXPERT}: as written\n", f"{bad}: {told}\n")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nowhere.walk", "the file cannot be read: there is no such file"),
        ("folder", "this is not a file that can be read; name a walkthrough, such as expert.walk"),
        ("null\0.walk", "the file cannot be read: its name cannot be used"),
    ],
)
def test_what_is_no_walkthrough_is_told(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("folder").mkdir()
    code, out, err = outcome(capsys, name, str(EXPERT))
    assert (code, out) == (2, f"{EXPERT}: as written\n")
    assert err.endswith(f": {told}\n")


def test_an_empty_name_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, "") == (2, "", "a file is missing: name a walkthrough, such as expert.walk\n")


def test_a_line_without_end_is_told_in_short(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for text in ("x" * 500_000, f"scenario: late-parcel\nplay: {'x' * 500_000}"):
        code, _, err = outcome(capsys, written(tmp_path / "endless.walk", text))
        assert (code, len(err) < 3_000) == (2, True)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no FIFOs here")
def test_what_never_ends_is_not_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    pipe = str(tmp_path / "pipe.walk")
    os.mkfifo(pipe)
    code, _, err = outcome(capsys, pipe, "/dev/zero")
    assert (code, err.count("this is not a file that can be read")) == (2, 2)


def test_a_scenario_is_looked_for_beside_the_walkthrough_first(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bench").mkdir()
    beside = written(tmp_path / "bench" / "umbrella.yaml", SMALL)
    head = "scenario: umbrella.yaml\nplay: welcome, look\n"
    walk = written(tmp_path / "bench" / "found.walk", refreshed(read(f"{head}\n---\n"), chosen.script(beside)))
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "umbrella.yaml", SMALL.replace("Leyla", "Zahra"))
    assert outcome(capsys, walk)[0] == 0
    Path(beside).rename(tmp_path / "umbrella.yaml")
    assert outcome(capsys, walk)[0] == 0


def test_a_scenario_with_errors_is_a_finding(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    beside = written(tmp_path / "umbrella.yaml", SMALL.replace("end: gone", "end: gon"))
    walk = written(tmp_path / "found.walk", "scenario: umbrella.yaml\n")
    code, out, err = outcome(capsys, walk, str(EXPERT))
    assert (code, out) == (1, f"{EXPERT}: as written\n")
    assert err.startswith(f"{walk}: its scenario cannot be played:\n{beside}:51:14: S014 ")


def test_line_ends_of_windows_are_line_ends(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    walk = written(tmp_path / "windows.walk", b"\xef\xbb\xbf" + EXPERT.read_bytes().replace(b"\n", b"\r\n"))
    assert outcome(capsys, walk) == (0, f"{walk}: as written\n", "")
