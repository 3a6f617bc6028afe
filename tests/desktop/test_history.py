"""History tells every attempt, opens each as it was, and says so where one cannot be opened."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import KETTLE, LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim.desktop.access import Node
from servicesim.desktop.history import PORTION, PastPlays
from servicesim.desktop.looking_back import Run
from servicesim.desktop.playing import keep_texts, new_attempt
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.history import History, Where
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.replay import Replay
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from servicesim.encounter.script import Script
from servicesim.encounter.transcript import to_lines
from servicesim.records.attempt import Attempt, Handed, Result
from servicesim.records.results import result_of

MONDAY = 1_760_000_000_000
HOUR = 3_600_000
GOOD = ("go-on", "welcome", "go-on", "may-i-ask", "facts", "summarise", "own-it", "courier-today", "thank-her")
WARM_UP = ("take-back", "say-back", "same-note")
POOR = ("order-number", "address", "policy")


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.sit()
        yield seat


@cache
def script_in(file: Path) -> Script:
    return script_of(file)


@cache
def transcript(moves: tuple[str, ...], file: Path = LATE_PARCEL) -> tuple[tuple[str, ...], Result | None]:
    script = script_in(file)
    encounter = Encounter(script, seed=7)
    rehearse(encounter, moves)
    return tuple(to_lines(encounter.events)), result_of(script, encounter.events, ended=0) if encounter.ended else None


def handed(seat: Seat, moves: tuple[str, ...], at: int, file: Path = LATE_PARCEL, **how: Any) -> Handed:
    lines, result = transcript(moves, file)
    attempt = new_attempt(script_in(file), seat.desk.learner, seed=7, started=at, **how)
    return Handed(attempt, lines, replace(result, ended=at + 90_000) if result else None)


def keep(seat: Seat, *attempts: Handed, file: Path = LATE_PARCEL) -> list[Attempt]:
    keep_texts(seat.desk.records, script_in(file))
    seat.desk.records.take_in_all(attempts, "batch", at=MONDAY)
    return [one.attempt for one in attempts]


def history(seat: Seat, where: Where | None = None) -> History:
    seat.way.history(where)
    seat.stage.settle()
    assert isinstance(seat.screen, History)
    return seat.screen


def texts(seat: Seat) -> list[str]:
    seat.stage.redraw()
    seat.stage.settle()
    return seat.stage.frame.texts


def buttons(seat: Seat, beginning: str) -> list[Node]:
    return [node for node in seat.stage.nodes.walk() if node.role == "button" and node.name.startswith(beginning)]


# --- the list --------------------------------------------------------------------------------------------------------


def test_home_leads_to_what_was_played_and_back(seat: Seat) -> None:
    keep(seat, handed(seat, GOOD, MONDAY))
    seat.way.home()
    seat.stage.settle()
    seat.stage.click(seat.words("home-history"))
    assert isinstance(seat.screen, History)
    seat.stage.click(seat.words("back"))
    assert isinstance(seat.screen, Home)


def test_attempts_stand_the_latest_first_each_with_what_it_came_to(seat: Seat) -> None:
    keep(
        seat, handed(seat, GOOD, MONDAY), handed(seat, POOR, MONDAY + HOUR), handed(seat, GOOD, MONDAY + 2 * HOUR, practice=True),
        handed(seat, GOOD[:3], MONDAY + 3 * HOUR),
    )  # fmt: skip
    entries = history(seat).portion.entries
    assert [entry.state for entry in entries] == ["unfinished", "practice", "not-passed", "passed"]
    assert [entry.points is None for entry in entries] == [True, False, False, False]
    assert entries[-1].ending == "She will be back"
    assert {"The coat that stayed away", "Not finished", "Practice", "Not passed", "Passed"} <= {*texts(seat)}


def test_an_attempt_without_an_end_can_be_watched_but_has_no_debrief(seat: Seat) -> None:
    keep(seat, handed(seat, GOOD[:3], MONDAY))
    history(seat)
    assert buttons(seat, "Debrief:") == []
    assert len(buttons(seat, "Watch:")) == 1


def test_what_has_no_score_has_neither_debrief_nor_verdicts(seat: Seat) -> None:
    keep(seat, handed(seat, WARM_UP, MONDAY, KETTLE), file=KETTLE)
    history(seat)
    assert buttons(seat, "Debrief:") == []
    seat.stage.click(buttons(seat, "Watch:")[0].name)
    seat.stage.settle()
    assert isinstance(seat.screen, Replay)
    assert seat.screen.marks == ()


def test_only_one_encounter_and_only_practice_can_be_shown(seat: Seat) -> None:
    keep(seat, handed(seat, GOOD, MONDAY), handed(seat, POOR, MONDAY + HOUR, practice=True))
    keep(seat, handed(seat, ("welcome", "summarise", "own-it", "courier"), MONDAY + 2 * HOUR, PERSIAN), file=PERSIAN)
    screen = history(seat)
    assert [chapter.attempts for chapter in screen.chapters or ()] == [1, 2]
    seat.stage.click("The coat that stayed away")
    assert [entry.about.customer for entry in screen.portion.entries] == ["Leyla Karimova"] * 2
    seat.stage.click(seat.words("history-which-practice"))
    assert [entry.state for entry in screen.portion.entries] == ["practice"]
    seat.stage.click(seat.words("history-which-scored"))
    assert [entry.state for entry in screen.portion.entries] == ["passed"]


def test_what_the_company_set_aside_is_told_as_that(seat: Seat) -> None:
    (attempt,) = keep(seat, handed(seat, GOOD, MONDAY))
    seat.desk.records.review(attempt.id, at=MONDAY, by="HR", note="", verdict="set-aside")
    assert [entry.state for entry in history(seat).portion.entries] == ["set-aside"]


def test_the_curve_tells_how_conduct_went_in_words_too(seat: Seat) -> None:
    keep(seat, handed(seat, POOR, MONDAY), handed(seat, POOR, MONDAY + HOUR, practice=True), handed(seat, GOOD, MONDAY + 2 * HOUR))
    history(seat, Where("late-parcel"))
    (curve,) = [node for node in seat.stage.nodes.walk() if node.role == "image" and node.name.startswith("Conduct in")]
    assert "2 attempts" in curve.name.replace("\u2068", "").replace("\u2069", "")


def test_nothing_played_yet_is_said(seat: Seat) -> None:
    history(seat)
    assert any("Nothing has been played yet" in text for text in texts(seat))


def test_only_ones_own_attempts_are_told(seat: Seat) -> None:
    keep(seat, handed(seat, GOOD, MONDAY))
    seat.desk.enrol("2077", "Noor Haddad", "", "en")
    assert history(seat).chapters == ()


# --- one attempt -----------------------------------------------------------------------------------------------------


def test_each_attempt_opens_its_debrief_and_its_replay_and_leads_back_to_the_same_place(seat: Seat) -> None:
    keep(seat, handed(seat, GOOD, MONDAY), handed(seat, POOR, MONDAY + HOUR))
    history(seat, Where("late-parcel", "scored"))
    seat.stage.click(buttons(seat, "Debrief:")[1].name)
    assert isinstance(seat.screen, Debrief)
    assert seat.screen.assessment.passed
    seat.stage.click(seat.words("back"))
    assert seat.screen.where == Where("late-parcel", "scored")
    seat.stage.click(buttons(seat, "Watch:")[0].name)
    assert isinstance(seat.screen, Replay)
    seat.stage.press("escape")
    assert seat.screen.where == Where("late-parcel", "scored")


def test_a_debrief_is_by_the_texts_of_then_whatever_the_file_says_now(seat: Seat) -> None:
    """The pass mark was 75, and then the trainer raised it to 100."""
    keep(seat, handed(seat, GOOD, MONDAY))
    seat.desk._files = []
    history(seat)
    seat.stage.click(buttons(seat, "Debrief:")[0].name)
    assert seat.screen.script.fingerprint == script_in(LATE_PARCEL).fingerprint
    assert seat.screen.assessment.passed


def changed(seat: Seat, *statements: str) -> None:
    """The database as a slip or a failing disk may leave it."""
    with closing(sqlite3.connect(seat.home / "records.db")) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for statement in (*(f"DROP TRIGGER {name}" for name in names), *statements):
            connection.execute(statement)
        connection.commit()


HARMS = (
    "UPDATE events SET line = replace(line, '\"at\":0.0', '\"at\":0.5') WHERE attempt = 1 AND seq = 1",
    "DELETE FROM events WHERE attempt = 1 AND seq > 4",
    "UPDATE results SET conduct = '100/1' WHERE attempt = 1",
    "UPDATE results SET conduct = '9a/1b' WHERE attempt = 1",
    "UPDATE attempts SET started = 9223372036854775807 WHERE number = 1",
)


@pytest.mark.parametrize("harm", HARMS)
def test_an_attempt_that_is_not_as_it_was_written_is_not_opened_and_the_rest_is(seat: Seat, harm: str) -> None:
    first, second = keep(seat, handed(seat, GOOD, MONDAY), handed(seat, GOOD, MONDAY + HOUR))
    changed(seat, harm)
    past = PastPlays(seat.desk)
    assert {entry.id for entry in past.portion().entries} == {first.id, second.id}
    assert past.opened(first.id) == "damaged"
    assert isinstance(past.opened(second.id), Run)


@pytest.mark.parametrize("harm", HARMS[2:4])
def test_a_damaged_attempt_says_so_in_its_place(seat: Seat, harm: str) -> None:
    first, _ = keep(seat, handed(seat, GOOD, MONDAY), handed(seat, GOOD, MONDAY + HOUR))
    changed(seat, harm)
    screen = history(seat)
    bad = next(entry for entry in screen.portion.entries if entry.id == first.id)
    if bad.trouble is None:
        screen.open(bad, screen.ways.debrief)
    assert any("This attempt cannot be opened" in text for text in texts(seat))
    assert isinstance(seat.screen, History)
    assert seat.problems() == []
    assert len(buttons(seat, "Debrief:")) == 1


@pytest.mark.parametrize("kind", ["scenario", "principles"])
def test_a_text_that_is_missing_is_said_of_every_attempt_that_needs_it(seat: Seat, kind: str) -> None:
    (attempt,) = keep(seat, handed(seat, GOOD, MONDAY))
    changed(seat, "PRAGMA foreign_keys = OFF", f"DELETE FROM texts WHERE kind = '{kind}'")
    screen = history(seat)
    screen.open(screen.portion.entries[0], screen.ways.replay)
    seat.stage.settle()
    assert isinstance(seat.screen, History)
    assert any("This attempt cannot be opened" in text for text in texts(seat))
    assert PastPlays(seat.desk).opened(attempt.id) == "damaged"


def test_other_rules_of_play_are_told_as_that(seat: Seat) -> None:
    one = handed(seat, GOOD, MONDAY)
    keep(seat, replace(one, attempt=replace(one.attempt, rules_version=99)))
    screen = history(seat)
    screen.open(screen.portion.entries[0], screen.ways.debrief)
    assert any("another version of ServiceSim" in text for text in texts(seat))


# --- many ------------------------------------------------------------------------------------------------------------


def test_a_thousand_attempts_come_in_portions_and_at_once(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    """No script is made for the list; a portion is fetched in a few milliseconds, so the limit here has room for slow machines."""
    ended = handed(seat, POOR, MONDAY)
    begun = replace(ended, lines=ended.lines[:1], result=None)
    kept = ((ended if number % 20 == 0 else begun, MONDAY + number * HOUR) for number in range(1000))
    keep(seat, *(replace(one, attempt=replace(one.attempt, id=f"attempt-{at}", started=at)) for one, at in kept))
    with monkeypatch.context() as patch:
        patch.setattr("servicesim.desktop.history.Run.of", None)
        patch.setattr("servicesim.records.verifying.Script", None)
        past = PastPlays(seat.desk)
        past.portion()
        begun = time.perf_counter()
        assert [chapter.attempts for chapter in past.chapters()] == [1000]
        assert len(past.portion("late-parcel", "scored", 980).entries) == PORTION
        assert time.perf_counter() - begun < 0.2
        screen = history(seat)
    assert len(screen.portion.entries) == PORTION
    for _ in range(3):
        seat.stage.click(seat.words("history-older"))
    assert screen.where.skip == 3 * PORTION
    assert screen._span().replace("\u2068", "").replace("\u2069", "") == "61 to 80 of 1,000"
    seat.stage.click(seat.words("history-newer"))
    assert screen.where.skip == 2 * PORTION
