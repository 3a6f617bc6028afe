"""`servicesim new`: where it writes, and that it never changes what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from servicesim.cli import run
from servicesim.scenario.model import CHANNELS


def test_a_new_scenario_can_be_checked_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["new", "lost-umbrella"]) == 0
    assert "servicesim preview lost-umbrella.yaml" in capsys.readouterr().out
    assert run(["check", "lost-umbrella.yaml"]) == 0
    assert "channel: phone" in (tmp_path / "lost-umbrella.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_channel_can_be_chosen(channel: str, tmp_path: Path) -> None:
    assert run(["new", "lost-umbrella", "--channel", channel, "-o", str(tmp_path)]) == 0
    assert f"channel: {channel}" in (tmp_path / "lost-umbrella.yaml").read_text(encoding="utf-8")


def test_what_is_there_is_never_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("a week of work", encoding="utf-8")
    assert run(["new", "mine", "-o", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"{mine} is already there, and was not changed; choose another id\n"
    assert mine.read_text(encoding="utf-8") == "a week of work"


def test_what_cannot_be_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    told = {
        ("new", "Lost Umbrella"): "'Lost Umbrella' is no name",
        ("new", "a", "-o", str(tmp_path / "nowhere")): "there is no folder",
        ("new", "a", "-o", str(tmp_path / "file")): "is not a folder",
        ("new", "a", "--channel", "fax"): "'fax' is not one of",
    }
    for arguments, sentence in told.items():
        assert run(list(arguments)) == 2
        err = capsys.readouterr().err
        assert sentence in err
        assert len(err.splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
