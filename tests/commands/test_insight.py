"""`servicesim insight`: the table, the JSON, the drawing, and what is said where there is little to say."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

import trainees
from exports.kept import SORRY, keep, keep_sealed
from servicesim.cli import run


@cache
def folder() -> Path:
    return trainees.store(attempts=250)


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    assert run(["insight", "late-parcel", *arguments]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_table_tells_of_every_scene_and_reply(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--records", str(folder()))
    assert lines[0].startswith("The coat that stayed away (late-parcel): ")
    assert any(line.startswith("left out: ") and "not their first (--every-attempt takes them in)" in line for line in lines)
    for stage in trainees.shipped().stages:
        at = next(number for number, line in enumerate(lines) if line.startswith(f"{stage.name} · "))
        assert lines[at + 1].split() == ["reply", "offered", "chosen", "seconds", "conduct", "tells", "apart"]
        assert [line.split()[0] for line in lines[at + 2 : at + 2 + len(stage.options)]] == [option.reply.id for option in stage.options]
    assert any(line.startswith("  listen-actively ") and line.endswith("Show that you are listening") for line in lines)
    assert any("not enough attempts to say" in line for line in lines)


def test_json_has_all_of_it(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads("\n".join(printed(capsys, "--records", str(folder()), "--every-attempt", "--json")))
    assert told["fingerprint"] == trainees.shipped().fingerprint
    assert told["left_out"] == {"other_versions": 0, "set_aside": 0, "later_attempts": 0, "broken": 0, "sealed": 0}
    assert told["attempts"] > told["people"] > 50
    opening = next(scene for scene in told["scenes"] if scene["scene"] == "opening")
    assert {reply["reply"] for reply in opening["replies"]} == {"welcome", "sorry", "order-number"}
    assert sum(reply["chosen"] for reply in opening["replies"]) == opening["replies"][0]["offered"]
    welcome = next(reply for reply in opening["replies"] if reply["reply"] == "welcome")
    assert 0 < welcome["share"]["low"] < welcome["share"]["value"] < welcome["share"]["high"] < 1
    assert welcome["discrimination"]["low"] > 0


@pytest.mark.parametrize("suffix", [".svg", ".mmd", ".dot"])
def test_the_drawing_shows_how_often_each_reply_was_chosen(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, suffix: str
) -> None:
    picture = tmp_path / f"fared{suffix}"
    lines = printed(capsys, "--records", str(folder()), "-o", str(picture))
    assert lines[-1] == f"{picture}: the same as a picture"
    share = next(line.split()[2] for line in lines if line.startswith("  welcome "))
    drawn = picture.read_text(encoding="utf-8").replace("#37;", "%")
    assert f"{share} welcome" in drawn
    assert "people did" in drawn


def test_a_picture_of_another_kind_is_refused_before_anything_is_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["insight", "late-parcel", "--records", str(tmp_path / "nowhere"), "-o", "x.png"]) == 2
    assert "what kind of picture?" in capsys.readouterr().err


def test_a_folder_without_records_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run(["insight", "late-parcel", "--records", str(tmp_path)]) == 4
    assert "nothing has been played in this folder yet" in capsys.readouterr().err


def test_of_a_single_person_nothing_is_told(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    keep(tmp_path, "welcome", "may-i-ask", "policy", "soothe")
    assert printed(capsys, "--records", str(tmp_path)) == [
        "The coat that stayed away (late-parcel): 1 attempt of 1 person",
        "Fewer than 5 people: nothing is shown, for it would tell of each of them.",
    ]


@pytest.mark.parametrize("versions", [(), ("--all-versions",)])
def test_what_was_played_by_a_sealed_edition_is_passed_over(capsys: pytest.CaptureFixture[str], tmp_path: Path, versions: tuple[str, ...]) -> None:
    keep_sealed(tmp_path, *SORRY)
    assert printed(capsys, "--records", str(tmp_path), *versions) == [
        "The coat that stayed away (late-parcel): nobody has played this version to its end",
        "left out: 1 attempt: played by a sealed edition, which does not say what replies do: ask the organisation that published it",
    ]


def test_where_nobody_has_played_it_that_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    keep(tmp_path, "welcome", "may-i-ask", "policy", "soothe", practice=True)
    assert printed(capsys, "--records", str(tmp_path)) == [
        "The coat that stayed away (late-parcel): nobody has played this version to its end",
    ]
