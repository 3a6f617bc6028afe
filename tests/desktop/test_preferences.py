"""What one person chooses about the window: kept beside who they are, and usual again where it cannot be read."""

from __future__ import annotations

import logging
import subprocess
from pathlib import Path

import pytest

from servicesim.desktop import system_look as system
from servicesim.desktop.desk import Desk
from servicesim.desktop.preferences import Preferences, preferences_from
from servicesim.desktop.screens.keys import KEYS, cap, refusal
from servicesim.desktop.system_look import SystemLook, look_told, system_look
from servicesim.desktop.theme import DARK, HIGH_CONTRAST, LIGHT
from servicesim.records import open_people


def test_what_is_kept_is_what_was_chosen(tmp_path: Path) -> None:
    chosen = Preferences(theme="dark", text=150, airy=True, pace=0.75, keys={"nod": "j"})
    with Desk(tmp_path, at_once=True) as desk:
        desk.enrol("1042", "Robin Reed", "", "en")
        desk.prefer(chosen, desk.learner)
        assert desk.preferred(desk.learner) == chosen
        assert desk.preferred() == Preferences()


def test_somebody_new_begins_with_what_this_computer_has(tmp_path: Path) -> None:
    with Desk(tmp_path, at_once=True) as desk:
        desk.prefer(Preferences(text=130))
        desk.enrol("1042", "Robin Reed", "", "en")
        assert desk.preferred(desk.learner).text == 130
        desk.prefer(Preferences(), desk.learner)
        assert desk.preferred(desk.learner).text == 100


def test_erasing_a_person_erases_what_they_chose_and_nobody_elses(tmp_path: Path) -> None:
    with Desk(tmp_path, at_once=True) as desk:
        desk.prefer(Preferences(text=110))
        learners = [desk.enrol(id, name, "", "en").learner for id, name in (("1042", "Robin Reed"), ("1043", "Sam Silva"))]
        for learner in learners:
            desk.prefer(Preferences(text=150), learner)
    with open_people(tmp_path) as people:
        people.erase(learners[0])
        kept = [people.settled(f"preferences/{learner}") for learner in learners]
        assert (kept[0], kept[1] is not None, people.settled("preferences") is not None) == (None, True, True)


@pytest.mark.parametrize(
    ("kept", "named"),
    [
        ('{"text": 150, "theme": "pink"}', "theme"),
        ('{"text": 150, "sparkles": true}', "sparkles"),
        ('{"text": 150, "volume": 700}', "volume"),
        ('{"text": 150, "untimed": "yes"}', "untimed"),
        ('{"text": 150, "keys": {"go-on": "h"}}', "keys"),
        ('{"text": 150, "keys": {"dance": "d"}}', "keys"),
        ('{"text": 150, "pace": NaN}', "pace"),
        ('{"text": 150, "pace": true}', "pace"),
        ('{"text": 150, "volume": 70.0}', "volume"),
        ('{"text": 150, "theme": ["dark"]}', "theme"),
        ('{"text": 150, "keys": {"go-on": 7}}', "keys"),
        ('{"text": 150, "keys": [["go-on", "b"]]}', "keys"),
        ('{"text": 150, "to_keep": true}', "to_keep"),
    ],
)
def test_a_choice_that_cannot_be_used_is_as_usual_with_one_line_in_the_log(kept: str, named: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert preferences_from(kept) == Preferences(text=150)
    assert [named in record.getMessage() for record in caplog.records] == [True]


@pytest.mark.parametrize("kept", ["", "{", "[]", "null", '"dark"', '{"text": "\\ud800"}', "[" * 5000])
def test_what_is_no_choice_at_all_is_as_usual(kept: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert preferences_from(kept) == Preferences()
    assert len(caplog.records) == 1


def test_as_the_system_follows_the_system_and_a_choice_does_not() -> None:
    dark, plain = SystemLook(dark=True), SystemLook()
    assert Preferences().look_for(dark).palette is DARK
    assert Preferences().look_for(plain).palette is LIGHT
    assert Preferences().look_for(SystemLook(dark=True, contrast=True)).palette is HIGH_CONTRAST
    assert Preferences(theme="light").look_for(dark).palette is LIGHT
    assert Preferences(theme="contrast").look_for(plain).palette is HIGH_CONTRAST
    theme = Preferences(text=80, airy=True, still=True, cue=False).look_for(plain)
    assert (theme.text, theme.airy, theme.motion, theme.cue) == (0.8, True, False, False)


def test_a_key_is_a_letter_that_nothing_else_has() -> None:
    assert refusal(KEYS, "go-on", "b") is None
    assert refusal(KEYS, "go-on", "g") is None
    assert refusal(KEYS, "go-on", "h") == "taken"
    assert [refusal(KEYS, "go-on", key) for key in ("1", "enter", "space", "tab", "up", "escape", "f11")] == ["reserved"] * 7
    assert refusal({**KEYS, "pause": "p"}, "pause", "escape") is None
    assert (cap("g"), cap("escape")) == ("G", "Esc")


def test_only_keys_that_differ_from_the_usual_ones_are_kept() -> None:
    preferences = Preferences().with_key("go-on", "b")
    assert (dict(preferences.keys), preferences.key("go-on"), preferences.key("nod")) == ({"go-on": "b"}, "b", "h")
    assert preferences.with_key("go-on", "g") == Preferences()
    with pytest.raises(ValueError, match="nobody can choose this: keys"):
        Preferences(keys={"go-on": "1"})


def test_the_answer_of_a_linux_desktop_is_read() -> None:
    told = "({'org.freedesktop.appearance': {'accent-color': <(0.2, 0.5, 0.8)>, 'color-scheme': <uint32 1>, 'contrast': <uint32 0>}},)"
    assert look_told(told) == SystemLook(dark=True)
    assert look_told(told.replace("'contrast': <uint32 0>", "'contrast': <uint32 1>")) == SystemLook(dark=True, contrast=True)
    assert look_told("") == SystemLook()


def test_a_system_that_does_not_answer_is_taken_for_a_light_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, timeout: float, **__: object) -> None:
        raise subprocess.TimeoutExpired("gdbus", timeout)

    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere")
    monkeypatch.setattr(system.sys, "platform", "linux")
    monkeypatch.setattr(system.shutil, "which", lambda program: f"/usr/bin/{program}")
    monkeypatch.setattr(system.subprocess, "run", never)
    assert system_look() == SystemLook()
