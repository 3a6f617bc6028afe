"""Encounters and principles in the language of the window, as far as they are translated."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.seat import GOOD, Seat, script_of, seated
from servicesim import shipped
from servicesim.desktop.looking_back import Run
from servicesim.desktop.screens.card import TeachingCard
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.encounters import Entry, entries
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.principle import OnePrinciple
from servicesim.desktop.suggestion import Suggestion
from servicesim.encounter.encounter import Encounter
from servicesim.encounter.rehearsal import rehearse
from translations_made import other_letters, translate

TITLE, SHOUTED = "The coat that stayed away", "THE COAT THAT STAYED AWAY"


@pytest.fixture
def coat(tmp_path: Path) -> Path:
    """An encounter and principles of a company's own, both translated into Turkish, and another one that is not."""
    for name in ("late-parcel", "red-letter", "principles"):
        shutil.copy(shipped.scenarios() / f"{name}.yaml", tmp_path)
    translate(tmp_path / "late-parcel.yaml", "tr")
    translate(tmp_path / "principles.yaml", "tr")
    return tmp_path / "late-parcel.yaml"


@pytest.fixture
def seat(tmp_path: Path, coat: Path) -> Iterator[Seat]:
    with seated(tmp_path / "home", [coat, coat.with_name("red-letter.yaml")], language="tr") as seat:
        seat.sit()
        yield seat


def names(seat: Seat) -> list[str]:
    """Everything that is on the screen."""
    seat.stage.settle()
    return [node.name for node in seat.stage.nodes.walk()]


def first(seat: Seat) -> Entry:
    """The first encounter, as home shows it."""
    seat.way.home()
    seat.stage.settle()
    assert isinstance(seat.screen, Home)
    assert seat.screen.shelf is not None
    return entries(seat.screen.shelf, seat.way.words.language)[0]


def test_home_shows_each_encounter_in_the_language_of_the_window_where_it_is_translated(seat: Seat) -> None:
    seat.way.home()
    told = names(seat)
    assert SHOUTED in told
    assert TITLE not in told
    assert "The red letter" in told
    seat.way.speak("en")
    assert TITLE in names(seat)
    assert SHOUTED not in names(seat)


def test_what_can_be_read_comes_first_and_is_suggested(tmp_path: Path, coat: Path) -> None:
    with seated(tmp_path / "home", [coat.with_name("red-letter.yaml"), coat], language="tr") as seat:
        seat.sit()
        assert [entry.scenario.title for entry in entries(seat.desk.shelf("tr"), "tr")] == [SHOUTED, "The red letter"]
        assert [entry.scenario.title for entry in entries(seat.desk.shelf("en"), "en")] == ["The red letter", TITLE]
        assert seat.desk.shelf("tr").suggestion == Suggestion("late-parcel", "first")
        assert seat.desk.shelf("he").suggestion == Suggestion("red-letter", "first")


def test_search_finds_by_the_title_that_is_shown(seat: Seat) -> None:
    entry = first(seat)
    assert entry.scenario.title == SHOUTED
    assert entry.found("that stayed away", seat.way.words)  # in whatever case
    seat.screen.search.text = "stayed"
    seat.screen._typed("stayed")
    assert SHOUTED in names(seat)
    assert "The red letter" not in names(seat)


def test_a_play_keeps_its_language_when_the_window_speaks_another_and_when_it_goes_on_later(seat: Seat) -> None:
    seat.begin(first(seat).script)
    assert seat.playing.attempt.language == "tr"
    seat.way.speak("en")
    seat.until(lambda: "HELLO?" in " ".join(names(seat)))
    attempt = seat.playing.attempt
    seat.desk.let_go(attempt.id)
    opened = seat.way.stopped(entries(seat.desk.shelf("en"), "en")[0].script)
    assert opened is not None
    assert (opened.attempt.id, opened.script.scenario.locale, opened.script.scenario.title) == (attempt.id, "tr", SHOUTED)
    seat.way.home()
    assert TITLE in names(seat)


def test_the_way_to_an_encounter_by_its_file_speaks_the_language_of_the_window(seat: Seat, coat: Path) -> None:
    first(seat)
    seat.way.play(script_of(coat))
    assert SHOUTED in names(seat)


def test_a_translation_that_is_spoilt_is_not_offered_any_more(seat: Seat, coat: Path) -> None:
    assert entries(seat.desk.shelf("tr"), "tr")[0].scenario.title == SHOUTED
    translate(coat, "tr", lambda key, text: "" if key == "title" else other_letters(text))
    assert entries(seat.desk.shelf("tr"), "tr")[0].scenario.title == TITLE
    translate(coat, "tr")
    assert entries(seat.desk.shelf("tr"), "tr")[0].scenario.title == SHOUTED


def test_the_debrief_tells_principles_and_acts_in_the_language_of_the_reader(seat: Seat) -> None:
    script = first(seat).script
    events = rehearse(Encounter(script, seed=7), ["interrupt", *GOOD[:-1], "silence"]).events
    run = Run.of(script, None, events)
    seat.way.look_back(run)
    told = " ".join(names(seat))
    assert isinstance(seat.screen, Debrief)
    reasons = {one.reason for score in run.assessment.principles.values() for one in score.evidence}
    because = " ".join(seat.way.words.because(reason, script) for reason in reasons)
    assert "\u2068APOLOGİSES\u2069" in because
    assert "\u2068Apologises" not in because
    assert "HEAR THEM OUT" in told
    assert "Hear them out" not in told
    seat.way.speak("en")
    told = " ".join(names(seat))
    assert "Hear them out" in told
    assert "HEAR THEM OUT" not in told


def test_a_principle_and_its_card_are_told_in_the_language_of_the_window(seat: Seat) -> None:
    first(seat)
    seat.way.principles(seat.screen.shelf)
    assert "HEAR THEM OUT" in names(seat)
    seat.screen.open("dont-interrupt")
    seat.stage.settle()
    assert isinstance(seat.screen, OnePrinciple)
    assert "HEAR THEM OUT" in names(seat)
    seat.screen.open_card()
    seat.stage.settle()
    assert isinstance(seat.screen, TeachingCard)
    assert "HEAR THEM OUT" in names(seat)
