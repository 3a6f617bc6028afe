"""`servicesim schema`: printed or written, for encounters or for principles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from servicesim.cli import run
from servicesim.shipped import scenarios


def test_it_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert run(["schema", "-o", str(tmp_path / "servicesim.schema.json")]) == 0
    assert json.loads((tmp_path / "servicesim.schema.json").read_text(encoding="utf-8")) == printed
    assert "# yaml-language-server: $schema=servicesim.schema.json" in capsys.readouterr().out
    assert set(printed["properties"]) >= {"scenes", "endings"}


def test_the_other_kind_of_file_has_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "--principles"]) == 0
    assert set(json.loads(capsys.readouterr().out)["properties"]) >= {"acts", "principles"}


def test_the_acts_of_ones_own_principles_are_suggested(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = (scenarios() / "principles.yaml").read_text(encoding="utf-8").replace("acts:\n", "acts:\n  bow: {title: Bows}\n", 1)
    (tmp_path / "principles.yaml").write_text(own, encoding="utf-8")
    assert run(["schema", "-o", str(tmp_path / "own.json")]) == 0
    assert '"const": "bow"' in (tmp_path / "own.json").read_text(encoding="utf-8")


def test_what_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "-o", str(tmp_path)]) == 2
    assert "is a folder; name a file" in capsys.readouterr().err
    assert run(["schema", "-o", str(tmp_path / "nowhere" / "x.json")]) == 2
    assert "there is no folder" in capsys.readouterr().err


def test_that_of_programmes_suggests_encounters(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "--programmes"]) == 0
    (step,) = json.loads(capsys.readouterr().out)["$defs"].values()
    assert {"const": "late-parcel"} in step["properties"]["encounter"]["anyOf"]
    assert run(["schema", "--programmes", "--principles"]) == 2
    assert "two schemas" in capsys.readouterr().err
