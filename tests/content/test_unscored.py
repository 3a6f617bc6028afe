"""Encounters without a score: how they are written, what is found in them, and that nothing of them is counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from encounter.plays import script_of
from exports.kept import rows
from scenario.small import SMALL
from servicesim.cli import run
from servicesim.commands import chosen
from servicesim.desktop.desk import Desk
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.transcript import to_lines
from servicesim.records.results import result_of
from servicesim.scenario import loading
from servicesim.scenario.model import canonical_scenario, fingerprint, scenario_from_canonical

UNSCORED = SMALL.replace("company: Nova Stores\n", "company: Nova Stores\nunscored: true\n")
SPEECH = "    customer: I left my umbrella. | It was red.\n"


def guided(lessons: str, *, channel: str = "phone", text: str = UNSCORED) -> str:
    said = f"    customer:\n      say: I left my umbrella. | It was red.\n      guide: [{lessons}]\n"
    return text.replace(SPEECH, said).replace("channel: phone", f"channel: {channel}")


def found(text: str) -> list[str]:
    return [str(finding) for finding in loading.load_text(text)[1]]


def test_an_encounter_that_is_scored_keeps_its_fingerprint() -> None:
    scenario, _ = loading.load_text(SMALL)
    written, _ = loading.load_text(UNSCORED.replace("unscored: true", "unscored: false"))
    assert scenario is not None
    assert written == scenario
    assert "unscored" not in canonical_scenario(scenario)
    assert "guide" not in canonical_scenario(scenario)
    assert fingerprint(canonical_scenario(scenario)) == "2a74231c6e09beba40ba874006fed2a3fa620074ab7a048f05edf7575c9a9532"


def test_what_is_unscored_and_what_is_taught_are_kept_with_the_scenario() -> None:
    scenario, _ = loading.load_text(guided("go-on, choose"))
    assert scenario is not None
    again = scenario_from_canonical(canonical_scenario(scenario))
    assert (again, again.unscored, again.scenes["opening"].customer[0].guide) == (scenario, True, ("go-on", "choose"))


@pytest.mark.parametrize(
    ("lessons", "channel", "told"),
    [
        ("go-on, choose", "phone", []),
        ("interrupt, patience", "chat", []),
        ("listen, listen", "email", []),
        ("nod, choose", "in-person", []),
        ("nod, choose", "phone", ["<text>:19:15: S036 'nod' cannot be learnt in this channel; write 'listen' for a part without a lesson"]),
        ("choose, choose", "phone", ["<text>:19:15: S036 'choose' is about the replies, which come after the last part; write it for the last part"]),
        ("go-on, no-side", "phone", ["<text>:19:22: S036 'no-side' is learnt at a stop, and after the last part there is none; write it for an earlier part"]),
        ("go-on, choose, choose", "phone", ["<text>:19:30: S036 there is no part 3 for 'choose': the speech has 2; write one lesson for each part"]),
    ],
)  # fmt: skip
def test_a_lesson_stands_where_it_can_be_learnt(lessons: str, channel: str, told: list[str]) -> None:
    line = UNSCORED.count("\n", 0, UNSCORED.index(SPEECH)) + 3
    assert found(guided(lessons, channel=channel)) == [one.replace(":19:", f":{line}:") for one in told]


def test_a_guide_where_everything_is_scored_is_found() -> None:
    (told,) = found(guided("go-on, choose", text=SMALL))
    assert told.endswith("S036 a guide speaks only where nothing is scored; add 'unscored: true' at the top, or remove it")


def test_a_lesson_that_does_not_exist_is_found() -> None:
    (told,) = found(guided("go-one, choose"))
    assert told.endswith("S004 'go-one' is not possible for 'guide'; did you mean 'go-on'?")


def test_a_pass_mark_where_nothing_is_scored_is_found() -> None:
    (told,) = found(UNSCORED.replace("unscored: true\n", "unscored: true\npass: 80\n"))
    assert told.endswith("S037 'pass' means nothing where nothing is scored; remove it, or 'unscored'")


EASY = """
servicesim: 1
id: easy
title: The hat
summary: Somebody has lost a hat.
channel: phone
locale: en
company: Nova Stores
customer: {name: Leyla Karimova, type: fan, expects: 50, received: 50}
start: opening
endings: {found: {title: Found}}
scenes:
  opening:
    customer: Where is my hat?
    replies:
      - {id: look, say: Let us look., acts: [inform], end: found}
      - {id: again, say: Let us look!, acts: [inform], end: found}
"""


def test_nobody_need_pass_or_fail_what_is_unscored_and_all_else_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scored, unscored = tmp_path / "scored.yaml", tmp_path / "easy.yaml"
    scored.write_text(EASY, encoding="utf-8")
    unscored.write_text(EASY.replace("start:", "unscored: true\nstart:"), encoding="utf-8")
    run(["check", str(scored)])
    assert "R013" in capsys.readouterr().out
    assert run(["check", str(unscored)]) == 0
    out = capsys.readouterr().out
    assert "R010" in out
    assert "R013" not in out
    assert "conduct" not in out


def test_simulate_says_that_nothing_is_scored(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["simulate", "singing-kettle", "--play", "go-on,ask-song,say-back,same-note"]) == 0
    out = capsys.readouterr().out
    assert "unscored: nobody passes or fails here" in out
    assert "conduct" not in out
    assert "pass mark" not in out


def test_an_attempt_at_it_is_practice_and_never_reaches_the_numbers_of_hr(tmp_path: Path) -> None:
    script = chosen.script("singing-kettle")
    with Desk(tmp_path, at_once=True) as desk:
        desk.enrol("1042", "Robin Reed", "Evening shift", "en")
        opened = desk.begin(script)
        events = rehearse(Encounter(script, seed=opened.attempt.seed), ("ask-song", "say-back", "same-note")).events
        desk.records.begin(opened.attempt, to_lines(events[:1]))
        desk.records.append(opened.attempt.id, 1, to_lines(events[1:]), result_of(script, events, ended=opened.attempt.started + 1))
        assert opened.attempt.practice
        assert list(desk.records.attempts()) == []
    out = tmp_path / "scores.csv"
    assert run(["export", "--records", str(tmp_path), "-o", str(out)]) == 0
    assert rows(out) == []
    assert run(["export", "--records", str(tmp_path), "--with-practice", "-o", str(out)]) == 0
    assert [row["practice"] for row in rows(out)] == ["true"]


def test_what_is_not_unscored_is_practice_only_where_that_is_wanted(tmp_path: Path) -> None:
    script = script_of(SMALL)
    with Desk(tmp_path, at_once=True) as desk:
        desk.enrol("1042", "Robin Reed", "Evening shift", "en")
        assert not desk.begin(script).attempt.practice
        assert desk.begin(script, practice=True).attempt.practice
