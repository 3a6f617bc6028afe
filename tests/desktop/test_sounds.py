"""Sounds: made by a script, heard where there is a device, read in any case."""

from __future__ import annotations

import logging
import os
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

import pygame
import pytest

import make_sounds
from servicesim.desktop import sounds as sounding
from servicesim.desktop.label import Label
from servicesim.desktop.page import Page
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.problems import problems
from servicesim.desktop.sounds import CAPTION, SOUNDS
from servicesim.desktop.stage import Stage
from servicesim.desktop.widget import Widget
from servicesim.desktop.wording import words_in
from servicesim.languages import LANGUAGES
from servicesim.shipped import assets

FOLDER = assets() / "sounds"


class Quiet(Page):
    """A page on which nothing happens."""

    def build(self) -> Widget:
        return Label("Listen.")


@pytest.fixture
def stage() -> Iterator[Stage]:
    with Stage.create_null() as made:
        made.go(Quiet())
        made.settle()
        yield made


class Heard(list[tuple[str, float]]):
    """Stands in for the mixer: which file, how loud."""

    def sound(self, path: Path) -> Heard:
        self.path = path.stem
        return self

    def set_volume(self, volume: float) -> None:
        self.volume = volume

    def play(self, loops: int = 0) -> None:
        self.append((self.path, self.volume))


@pytest.fixture
def heard(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Heard:
    device = Heard()
    monkeypatch.setattr(stage._window, "sound", True, raising=False)
    monkeypatch.setattr(sounding.pygame.mixer, "Sound", device.sound)
    return device


def test_the_files_are_what_the_script_makes() -> None:
    assert set(make_sounds.MADE) == set(SOUNDS) == {path.stem for path in FOLDER.glob("*.wav")}
    for name in SOUNDS:
        with wave.open(str(FOLDER / f"{name}.wav")) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, make_sounds.RATE)
            kept = array("h", file.readframes(file.getnframes()))
        made = make_sounds.samples(name)
        assert len(kept) == len(made)
        # Another system's sine may differ in its last digit, and so may the rounding.
        assert max(abs(one - other) for one, other in zip(kept, made, strict=True)) <= 1, name


def test_the_sounds_are_small_short_and_never_clip() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 330_000
    for name in SOUNDS:
        made = make_sounds.samples(name)
        assert len(made) < make_sounds.RATE * (1 if name != "line" else 2.5)  # which goes on for as long as a call lasts
        assert max(abs(sample) for sample in made) <= 32_767 * make_sounds.LOUD + 1
        assert max(abs(made[0]), abs(made[-1])) < 200, f"{name} begins or ends with a click"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", [100, 200])
def test_every_sound_has_a_caption_that_can_be_read(stage: Stage, language: str, text: int) -> None:
    stage.sounds.words = words_in(language)
    stage.suit(Preferences(text=text))
    captions = set()
    for name in SOUNDS:
        stage.sounds.play(name)
        stage.settle()
        assert stage.sounds.caption in stage.frame.texts
        assert problems(stage.frame) == []
        captions.add(stage.sounds.caption)
    assert len(captions) == len(SOUNDS)


def test_a_caption_goes_away_by_itself_and_nothing_is_drawn_meanwhile(stage: Stage) -> None:
    stage.sounds.play("ring")
    stage.wait(0.1)
    frames = stage.frames
    stage.wait(CAPTION - 0.2)
    assert ("The phone rings" in stage.frame.texts, stage.frames - frames) == (True, 0)
    stage.wait(0.2)
    assert "The phone rings" not in stage.frame.texts
    assert stage.frames - frames == 1


def test_captions_are_there_from_the_beginning_and_can_be_turned_off(stage: Stage) -> None:
    stage.suit(Preferences(captions=False))
    stage.sounds.play("ring")
    stage.settle()
    assert (stage.sounds.caption, list(stage.sounds.played)) == ("", ["ring"])
    assert Preferences().captions


def test_a_sound_is_as_loud_as_was_chosen_and_none_is_where_sound_is_off(stage: Stage, heard: Heard) -> None:
    stage.suit(Preferences(volume=40))
    stage.sounds.play("protest")
    stage.suit(Preferences(volume=0))
    stage.sounds.play("protest")
    stage.suit(Preferences(sound=False))
    stage.sounds.play("protest")
    assert heard == [("protest", 0.4)]
    assert list(stage.sounds.played) == ["protest"] * 3


def test_the_cue_at_a_pause_can_be_turned_off_alone(stage: Stage, heard: Heard) -> None:
    stage.suit(Preferences(cue=False))
    stage.sounds.play("cue")
    stage.sounds.play("station")
    assert (heard, list(stage.sounds.played)) == ([("station", 0.7)], ["station"])


def test_without_a_device_the_captions_alone_are_there(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_path: Path) -> None:
        raise AssertionError("there is nothing to play on")

    monkeypatch.setattr(sounding.pygame.mixer, "Sound", never)
    stage.sounds.play("ring")
    assert stage.sounds.caption == "The phone rings"


@pytest.mark.parametrize("content", [None, b"", b"RIFF and nothing more"])
def test_a_file_that_is_missing_or_broken_costs_one_line_in_the_log(
    stage: Stage, tmp_path: Path, content: bytes | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "sounds").mkdir()
    if content is not None:
        (tmp_path / "sounds" / "ring.wav").write_bytes(content)
    monkeypatch.setattr(sounding, "assets", lambda: tmp_path)
    monkeypatch.setattr(stage._window, "sound", True, raising=False)
    pygame.mixer.init()
    with caplog.at_level(logging.WARNING):
        stage.sounds.play("ring")
        stage.sounds.play("ring")
    assert ["'ring' cannot be played" in record.getMessage() for record in caplog.records] == [True]
    assert stage.sounds.caption == "The phone rings"


def test_every_file_can_be_played() -> None:
    pygame.mixer.init()
    for name in SOUNDS:
        assert pygame.mixer.Sound(FOLDER / f"{name}.wav").get_length() > 0.04


def test_a_missing_device_is_told_in_one_line_whatever_the_system_prints(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    def refuse() -> None:
        os.write(2, b"ALSA lib confmisc.c:855:(parse_card) cannot find card '0'\n")
        raise pygame.error("no device")

    monkeypatch.setattr(sounding.pygame.mixer, "init", refuse)
    with Stage.create(visible=False) as stage, caplog.at_level(logging.WARNING):
        stage.go(Quiet())
        stage.sounds.play("ring")
        stage.sounds.play("ring")
    os.write(2, b"still heard\n")
    assert [record.getMessage() for record in caplog.records] == ["No sound device (no device): the game goes on with captions alone."]
    assert capfd.readouterr().err == "still heard\n"
