"""`servicesim translate`: files for translators, kept up to date."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.small import SMALL
from servicesim.cli import run
from translations_made import translate


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/umbrella.yaml").write_text(SMALL, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[str], str]:
    code = run(["translate", *arguments])
    told = capsys.readouterr()
    return code, told.out.splitlines(), told.err


def test_extract_writes_a_file_for_each_language_that_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    file = "own/languages/{}/lost-umbrella.po"
    assert outcome(capsys, "extract", "own", "--language", "fa") == (0, [f"{file.format('fa')}: written; 0 of 13 texts translated, 13 to translate"], "")
    code, out, _ = outcome(capsys, "extract", "own/umbrella.yaml")
    assert (code, [line.split(";")[0] for line in out]) == (
        0, [f"{file.format('tr')}: written", f"{file.format('az')}: written", f"{file.format('fa')}: as it was", f"{file.format('he')}: written"],
    )  # fmt: skip


def test_merge_brings_what_is_there_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(capsys, "merge", "own") == (2, [], "nothing is translated there yet; to begin: servicesim translate extract\n")
    translate(Path("own/umbrella.yaml"), "he")
    Path("own/umbrella.yaml").write_text(SMALL.replace("No idea.", "No idea!"), encoding="utf-8")
    told = "own/languages/he/lost-umbrella.po: brought up to date; 12 of 13 texts translated, 1 to check"
    assert outcome(capsys, "merge", "own") == (0, [told], "")


def test_merge_takes_in_what_was_sent_back(capsys: pytest.CaptureFixture[str]) -> None:
    one = translate(Path("own/umbrella.yaml"), "he")
    one.file("he").rename("back.po")
    told = "own/languages/he/lost-umbrella.po: written; 13 of 13 texts translated"
    assert outcome(capsys, "merge", "back.po", "--into", "own/umbrella.yaml") == (0, [told], "")
    text = Path("back.po").read_text(encoding="utf-8").replace("NO İDEA.", "NOT ME.")
    Path("back.po").write_text(text, encoding="utf-8")
    code, out, _ = outcome(capsys, "merge", "back.po", "--into", "own/umbrella.yaml")
    assert (code, out[0]) == (0, "replies/story/shrug: translated in two ways; taken: NO İDEA. | kept as a comment: NOT ME.")
    assert outcome(capsys, "merge", "nothing.po", "--into", "own/umbrella.yaml")[0] == 2
    assert outcome(capsys, "merge", "own", "--theirs")[0] == 2


def test_status_tells_how_far_each_language_is_and_what_does_not_fit(capsys: pytest.CaptureFixture[str]) -> None:
    translate(Path("own/umbrella.yaml"), "he")
    translate(Path("own/umbrella.yaml"), "tr", lambda key, text: "" if key == "title" else text.replace(" | ", " "))
    file = Path("own/languages/tr/lost-umbrella.po")
    lines = {line: number for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)}
    first, second = (number for line, number in lines.items() if line in ('msgstr "I left my umbrella. It was red."', 'msgstr "On Tuesday. By the till."'))
    other = "the original has 1 stop '|', the translation 0 stops '|'; put a bar ' | ', with spaces around it, where the original has one"
    code, out, _ = outcome(capsys, "status", "own")
    assert (code, out) == (
        1,
        [
            "own/umbrella.yaml: 13 texts, written in English",
            "  tr   76 %, 10 translated, 3 missing, not offered",
            f"    {file}:{first}:1: L002 'scenes/opening/says': {other}",
            f"    {file}:{second}:1: L002 'scenes/story/says/2': {other}",
            "  az  not begun",
            "  fa  not begun",
            "  he  100 %, 13 translated, offered",
        ],
    )
    assert outcome(capsys, "status", "own", "--language", "he")[0] == 0


def test_a_file_of_a_folder_that_cannot_be_used_does_not_stand_in_the_way(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own/broken.yaml").write_text("servicesim: 1\n", encoding="utf-8")
    code, out, err = outcome(capsys, "status", "own", "--language", "fa")
    assert (code, out) == (0, ["own/umbrella.yaml: 13 texts, written in English", "  fa  not begun"])
    assert err == "own/broken.yaml: it cannot be used; servicesim check says why\n"


def test_check_tells_what_does_not_fit_in_the_translations_beside(capsys: pytest.CaptureFixture[str]) -> None:
    translate(Path("own/umbrella.yaml"), "he")
    translate(Path("own/umbrella.yaml"), "tr", lambda key, text: text.replace(" | ", " "))
    assert run(["check", "own", "--no-reach"]) == 1
    out = capsys.readouterr().out
    assert out.startswith("own/umbrella.yaml: nothing wrong\nown/languages/tr/lost-umbrella.po:")
    assert (out.count(": L002 "), out.count("languages/he")) == (2, 0)
