"""Real key presses in a real window of X11.

One whole encounter in each channel, whose debrief says what `simulate --json` says; and a screen that dies in the middle of one.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from desktop.hands import NAME, PATIENCE, Seen, converse, display, heed, known_at, playing
from servicesim.assessment.assess import assess
from servicesim.assessment.told import as_json
from servicesim.authoring import walkthrough
from servicesim.cli import run
from servicesim.commands import chosen
from servicesim.desktop.retold import turns
from servicesim.encounter.events import Listened
from servicesim.encounter.transcript import from_lines
from servicesim.records import open_people, open_records
from tools import program

WALKS = Path(__file__).parents[1] / "walkthroughs"
PLAYS = (
    ("late-parcel", "sorry-and-money", False),
    ("red-letter", "red-letter-good-human", True),
    ("out-of-the-country", "out-of-the-country-good-human", False),
    ("third-letter", "third-letter-good-human", False),
)  # an encounter in each channel, a walk through it, whether untimed


def test_an_encounter_in_each_channel_played_by_keys_is_judged_as_its_simulation(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    program("xdotool")
    simulated = {scenario: _simulated(scenario, _moves(walk), capfd) for scenario, walk, _ in PLAYS}
    with ThreadPoolExecutor(len(PLAYS)) as at_once:
        played = list(at_once.map(lambda play: _played(tmp_path / play[0], *play), PLAYS))
    for (scenario, _, _), seen in zip(PLAYS, played, strict=True):
        wanted = simulated[scenario]
        assert kept(tmp_path / scenario, scenario) == without_times(wanted)
        shown = [node[1] for node in seen.nodes]
        assert str(int(wanted["conduct"])) in shown
        assert ("Passed" if wanted["passed"] else "Not passed") in shown
        assert wanted["customer"]["outcome"].capitalize() in shown


def _moves(walk: str) -> tuple[str, ...]:
    return walkthrough.read((WALKS / f"{walk}.walk").read_text(encoding="utf-8")).moves


def _simulated(scenario: str, moves: Sequence[str], capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert run(["simulate", scenario, "--play", ",".join(moves), "--json"]) == 0
    return dict(json.loads(capfd.readouterr().out))


def _played(home: Path, scenario: str, walk: str, untimed: bool) -> Seen:
    """The debrief of a play by keys."""
    home.mkdir()
    known_at(home)
    with display() as screen, playing(screen, home, scenario, *(["--untimed"] if untimed else [])) as hands:
        hands.until(lambda seen: seen.offers("Begin"), "the briefing")
        hands.take_the_keyboard()
        hands.press("Return")
        hands.until(lambda seen: seen.screen == "Conversation", "the conversation")
        converse(hands, scenario, _moves(walk), untimed=untimed)
        hands.press("Return")
        hands.until(lambda seen: seen.screen == "SelfRating", "the question how it went")
        hands.press("Return")
        return hands.until(lambda seen: seen.screen == "Debrief", "the debrief")


def kept(home: Path, scenario: str) -> dict[str, Any]:
    """What was kept of the one attempt, as `simulate` tells it, judged anew from its lines."""
    script = chosen.script(scenario)
    with open_people(home) as people, open_records(home) as records:
        ((attempt, result),) = records.attempts()
        events = list(from_lines(records.lines(attempt.id)))
        assert people.person(attempt.learner) is not None
    assessment = assess(script, events)
    assert result is not None
    assert (result.ending, result.passed, Fraction(result.conduct)) == (assessment.ending, assessment.passed, assessment.conduct)
    return without_times(as_json(script, events, assessment))


def without_times(told: dict[str, Any]) -> dict[str, Any]:
    """What does not depend on how quickly somebody presses a key."""
    principles = {
        name: {**score, "evidence": [[one[part] for part in ("scene", "reply", "verdict", "because")] for one in score["evidence"]]}
        for name, score in told["principles"].items()
    }
    return {**{part: told[part] for part in ("scenario", "fingerprint", "ending", "conduct", "passed", "customer")}, "principles": principles}


def test_a_screen_that_dies_in_the_middle_loses_nothing_that_was_shown(tmp_path: Path) -> None:
    program("xdotool")
    known_at(tmp_path)
    with display() as screen, playing(screen, tmp_path, "late-parcel", ends=1) as hands:
        hands.until(lambda seen: seen.offers("Begin"), "the briefing")
        hands.take_the_keyboard()
        hands.press("Return")
        heed(hands, "go-on", "a station", untimed=False)
        heed(hands, "go-on", "another station", untimed=False)
        shown = hands.look()
        screen.server.kill()
        hands.game.wait(PATIENCE)
    with open_records(tmp_path) as records:
        ((attempt, result),) = records.attempts()
        events = list(from_lines(records.lines(attempt.id)))
    assert result is None
    assert sum(isinstance(event, Listened) for event in events) == 2
    told = [turn.text for turn in turns(chosen.script("late-parcel"), events, NAME)]
    assert told[0] in shown.texts
    with display() as screen, playing(screen, tmp_path, "late-parcel") as hands:
        seen = hands.until(lambda seen: seen.screen == "Conversation" and seen.offers("Pause"), "the conversation where it stopped")
        assert told[0] in seen.texts
    with open_records(tmp_path) as records:
        assert list(from_lines(records.lines(attempt.id)))[: len(events)] == events
