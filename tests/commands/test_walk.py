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
    one, all_of_them = [line.partition("servicesim walk ")[2].split() for line in out.partition("Example:")[2].splitlines()[:2]]
    assert outcome(capsys, *one) == (0, f"{one[0]}: as written\n", "")
    code, out, err = outcome(capsys, *all_of_them)
    number = len(list(Path(all_of_them[-1]).glob("*.walk")))
    told = [line.split(": ") for line in out.splitlines() if line.endswith(" walkthroughs")]
    assert (code, err, sorted(name for name, _ in told)) == (0, "", chosen.shipped_ids())
    assert sum(int(count.split()[0]) for _, count in told) == number


def test_what_came_of_it_is_compared_and_written_anew(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    walk = written(tmp_path / "short.walk", "scenario: late-parcel\nplay: welcome\n---\n0:00.0  nothing\n")
    code, out, err = outcome(capsys, walk)
    assert (code, err) == (1, "")
    parting, difference = out.split("\n", 1)
    assert parting == f"{walk}: they part at 0:00.0: written 'nothing', now 'Leyla Karimova speaks: opening'"
    assert difference.startswith(f"--- {walk} (written)\n+++ {walk} (now)\n@@ ")
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
        ("folder", "there is no walkthrough in this folder; the name of one ends in .walk"),
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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "0:45.6  reply story/may-i-ask (acknowledge-feeling, ask-permission)",
            "0:45.6  reply story/may-i-ask (ask-permission)",
            "at 0:45.6: written 'reply story/may-i-ask (ask-permission)', now 'reply story/may-i-ask (acknowledge-feeling, ask-permission)'",
        ),
        ("0:09.9    a station", "0:09.8    a station", "at 0:09.8: written 'a station', now 'a station' at 0:09.9"),
        ("conduct: 100, passed", "conduct: 90, passed", "in how it is judged: written 'conduct: 90, passed', now 'conduct: 100, passed'"),
        (
            "1:37.7  reply thanks/thank-her (inform, report-cause, record-case, thank-for-telling, thank)\n1:37.7  ended: reconciled\n",
            "",
            "at 1:37.7: written the end, now 'reply thanks/thank-her (inform, report-cause, record-case, thank-for-telling, thank)'",
        ),
        (
            "win-trust-be-careful: 100 (1 of 1)\n",
            "",
            "in how it is judged: written nothing more, now 'win-trust-be-careful: 100 (1 of 1)'",
        ),
    ],
)
def test_it_says_first_where_the_two_part(capsys: pytest.CaptureFixture[str], tmp_path: Path, old: str, new: str, told: str) -> None:
    expert = EXPERT.read_text(encoding="utf-8")
    assert old in expert
    walk = written(tmp_path / "other.walk", expert.replace(old, new))
    code, out, _ = outcome(capsys, walk)
    assert (code, out.split("\n")[:2]) == (1, [f"{walk}: they part {told}", f"--- {walk} (written)"])


@pytest.mark.parametrize("text", ["scenario: late-parcel\nplay: sorry", "scenario: late-parcel\nplay: sorry\n\n---\n\n"])
def test_where_nothing_is_written_yet_nothing_parts(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str) -> None:
    walk = written(tmp_path / "new.walk", text)
    code, out, _ = outcome(capsys, walk)
    assert (code, out.split("\n")[0]) == (1, f"{walk}: nothing is written yet of what comes of it; --update writes it")


def test_a_folder_stands_for_all_walkthroughs_in_it(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = tmp_path / "walks"
    (folder / "deeper").mkdir(parents=True)
    for name in ("b.walk", "a.walk", "notes.txt", "deeper/c.walk"):
        written(folder / name, EXPERT.read_bytes())
    assert outcome(capsys, str(folder)) == (0, f"{folder / 'a.walk'}: as written\n{folder / 'b.walk'}: as written\n", "")


# --- coverage --------------------------------------------------------------------------------------------------------


def umbrella(tmp_path: Path, **walks: str) -> list[str]:
    """Walkthroughs of the small encounter, which stands beside them."""
    written(tmp_path / "umbrella.yaml", SMALL)
    return [written(tmp_path / f"{name}.walk", f"scenario: umbrella\nplay: {moves}\n\n---\n") for name, moves in walks.items()]


def test_what_no_walkthrough_sees_is_told_for_each_scenario(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    walks = umbrella(tmp_path, one="welcome, look", two="welcome, silence")
    code, out, err = outcome(capsys, "--coverage", *walks, str(EXPERT))
    small, _, shipped = out.partition("\nlate-parcel: 1 walkthrough\n")
    assert (code, err) == (0, "")
    assert small.splitlines()[:5] == [
        "lost-umbrella: 2 walkthroughs",
        "  scenes 2 of 2",
        "  lines 1 of 2; not seen: story line 1",
        "  replies 2 of 4; not seen: opening/sorry, story/shrug",
        "  endings 1 of 2; not seen: gone",
    ]
    assert shipped.splitlines()[0].startswith("  scenes 7 of 16; not seen: puzzled, not-late, ")


def test_a_walkthrough_that_cannot_be_played_covers_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    good, bad, alone = *umbrella(tmp_path, good="welcome", bad="sorry, shout"), written(tmp_path / "alone.walk", "scenario: late-parcel\nplay: shout\n")
    code, out, err = outcome(capsys, "--coverage", bad, good, alone, "nowhere.walk")
    assert (code, out.splitlines()[0]) == (2, "lost-umbrella: 1 walkthrough")
    assert "  replies 1 of 4; not seen: opening/sorry, " in out
    assert "late-parcel" not in out
    told = err.splitlines()
    assert told[0].startswith(f"{bad}: 'shout' is not offered here; offered are: ")
    assert (told[1].partition(":")[0], told[2]) == (alone, "nowhere.walk: the file cannot be read: there is no such file")


def test_coverage_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (walk,) = umbrella(tmp_path, one="welcome")
    before = Path(walk).read_bytes()
    assert outcome(capsys, "--coverage", "--update", walk) == (
        2,
        "",
        "--update and --coverage do not go together: use one after the other\n",
    )
    outcome(capsys, "--coverage", walk)
    assert Path(walk).read_bytes() == before
