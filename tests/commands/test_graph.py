"""`servicesim graph`: which file it writes, and what it says where it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenario.small import SMALL
from servicesim.cli import run

MERMAID = "flowchart TD"
STARTS = {".svg": "<svg ", ".mmd": "---\ntitle:", ".dot": 'digraph "lost-umbrella" {'}


@pytest.fixture
def small(tmp_path: Path) -> str:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    return str(tmp_path / "small.yaml")


def test_without_a_file_mermaid_is_printed(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", small]) == 0
    out = capsys.readouterr().out
    assert MERMAID in out
    assert "==>" in out  # the best path


def test_without_reach_nothing_is_said_of_best_and_dead(small: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["graph", small, "--no-reach"]) == 0
    assert "==>" not in capsys.readouterr().out


@pytest.mark.parametrize("suffix", STARTS)
def test_the_name_of_the_file_says_which_kind(small: str, suffix: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / f"picture{suffix}"
    assert run(["graph", small, "-o", str(path), "--no-reach"]) == 0
    assert capsys.readouterr().out == f"{path}: 2 scenes, 2 endings\n"
    assert path.read_text(encoding="utf-8").startswith(STARTS[suffix])


def test_what_cannot_be_written_is_told_before_anything_is_worked_out(
    small: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "folder.svg").mkdir()
    told = {
        str(tmp_path / "picture.png"): "what kind of picture? name a file that ends in .svg, .mmd or .dot",
        str(tmp_path / "nowhere" / "picture.svg"): "there is no folder",
        str(tmp_path / "folder.svg"): "is a folder; name a file",
    }
    for path, sentence in told.items():
        assert run(["graph", small, "-o", path]) == 2
        assert sentence in capsys.readouterr().err


def test_a_scenario_with_findings_is_not_drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "broken.yaml").write_text(SMALL.replace("go: story", "go: stroy", 1), encoding="utf-8")
    assert run(["graph", str(tmp_path / "broken.yaml")]) == 1
    assert "no scene is called 'stroy'" in capsys.readouterr().err
