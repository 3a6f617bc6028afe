"""`servicesim import` and `servicesim storyboard`: what they write, and what they say where they cannot."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scenario.small import SMALL
from servicesim.cli import run

STORY = ":: StoryTitle\nThe umbrella\n\n:: Start\nI left my umbrella.\n[[I will look.->Found]]\n[[No idea.->Gone]]\n\n:: Found\nThere it is!\n\n:: Gone\nGoodbye.\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("story.twee").write_text(STORY, encoding="utf-8")
    Path("small.yaml").write_text(SMALL, encoding="utf-8")


def test_a_story_becomes_a_file_named_after_it_that_check_can_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["import", "story.twee"]) == 0
    out = capsys.readouterr().out
    assert "the-umbrella.yaml: 1 scene, 2 replies, 2 endings; now fill in what says TODO" in out
    assert "T020 warning: a story does not say who the customer is" in out
    assert run(["check", "--no-reach", "the-umbrella.yaml"]) == 0


def test_a_file_that_is_there_is_never_changed(capsys: pytest.CaptureFixture[str]) -> None:
    Path("mine.yaml").write_text("mine", encoding="utf-8")
    assert run(["import", "story.twee", "-o", "mine.yaml"]) == 2
    assert "mine.yaml is already there, and was not changed" in capsys.readouterr().err
    assert Path("mine.yaml").read_text(encoding="utf-8") == "mine"


def test_of_several_stories_one_can_be_chosen_or_all_go_to_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    one = '<tw-storydata name="{}" startnode="1"><tw-passagedata pid="1" name="a">Hi [[b]] [[c]]</tw-passagedata><tw-passagedata pid="2" name="b">B</tw-passagedata><tw-passagedata pid="3" name="c">C</tw-passagedata></tw-storydata>\n\n'
    Path("archive.html").write_text(one.format("Cat") + one.format("Dog"), encoding="utf-8")
    assert run(["import", "archive.html", "-o", "x.yaml"]) == 2
    assert "there are 2 stories in the file: name a folder with -o, or one of them with --story: Cat, Dog" in capsys.readouterr().err
    assert run(["import", "archive.html", "--story", "Dog", "-o", "x.yaml"]) == 0
    assert "\nid: dog\n" in Path("x.yaml").read_text(encoding="utf-8")
    assert run(["import", "archive.html", "--story", "Cow"]) == 2
    assert "is called 'Cow'; there are: Cat, Dog" in capsys.readouterr().err
    assert run(["import", "archive.html"]) == 0
    assert Path("cat.yaml").is_file()
    assert Path("dog.yaml").is_file()


def test_what_is_no_story_is_an_error_and_nothing_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    Path("letter.txt").write_text("Dear all", encoding="utf-8")
    before = sorted(Path().iterdir())
    assert run(["import", "letter.txt"]) == 1
    assert "letter.txt:1:1: T001 this file holds no Twine story" in capsys.readouterr().out
    assert run(["import", "nowhere.twee", "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert (told["written"], [finding["code"] for finding in told["findings"]]) == ([], ["F001"])
    assert sorted(Path().iterdir()) == before


def test_a_storyboard_is_a_page_or_a_twee_file_by_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["storyboard", "small.yaml", "-o", "board.html"]) == 0
    assert "★" in Path("board.html").read_text(encoding="utf-8")
    assert run(["storyboard", "small.yaml", "-o", "board.twee"]) == 0
    out = capsys.readouterr().out
    assert "board.html: 2 scenes, 2 endings\n" in out
    assert "not in it, since Twine has no place for them: feelings ('feel'), facts that replies set" in out
    assert Path("board.twee").read_text(encoding="utf-8").startswith(":: StoryTitle\nThe umbrella\n")
    assert run(["import", "board.twee"]) == 0
    assert run(["check", "--no-reach", "lost-umbrella.yaml"]) == 0


def test_a_storyboard_that_cannot_be_written_is_told_first(capsys: pytest.CaptureFixture[str]) -> None:
    Path("folder.html").mkdir()
    told = {"board.pdf": "what kind of file? name one that ends in .html or .twee", "nowhere/board.html": "there is no folder nowhere", "folder.html": "is a folder; name a file"}
    for path, sentence in told.items():
        assert run(["storyboard", "small.yaml", "-o", path]) == 2
        assert sentence in capsys.readouterr().err
