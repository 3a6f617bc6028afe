"""Home, the wheel of principles, and one principle: what they say, and what is done with them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from desktop.seat import KETTLE, LATE_PARCEL, PERSIAN, Seat, script_of, seated
from servicesim import shipped
from servicesim.desktop.inputs import PointerMoved, PointerPressed, PointerReleased
from servicesim.desktop.library import Library
from servicesim.desktop.newcomer import skip_warm_up
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.card import TeachingCard
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.principle import OnePrinciple
from servicesim.desktop.screens.principles import Principles
from servicesim.desktop.screens.who import Who
from servicesim.desktop.suggestion import Suggestion
from servicesim.encounter.script import Script
from servicesim.records.attempt import Result

FOUR = [shipped.scenarios() / f"{name}.yaml" for name in ("late-parcel", "out-of-the-country", "red-letter", "third-letter")]
TITLES = COAT, ROAMING, RED, THIRD = "The coat that stayed away", "Out of the country", "The red letter", "My third letter"
LIBRARY = Library()  # read once for all tests
DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    """Robin Reed at a desk with four encounters."""
    with seated(tmp_path, FOUR) as seat:
        seat.desk.library = LIBRARY
        seat.sit()
        yield seat


def script(name: str = "late-parcel") -> Script:
    """One of the four."""
    (offer,) = LIBRARY.offers([shipped.scenarios() / f"{name}.yaml"])
    assert offer.script is not None
    return offer.script


def ended(seat: Seat, of: Script, scores: Mapping[str, float], *, points: int = 60, passed: bool = False, practice: bool = False, days: int = 0) -> str:
    """An attempt that ended so many days ago with these scores; its id."""
    opened = seat.desk.begin(of, seed=7, practice=practice)
    told = {name: {"score": score, "kept": score, "broken": 1 - score} for name, score in scores.items()}
    at = opened.attempt.started - days * DAY
    result = Result(at, None, f"{points}/1", passed, "satisfied", 0, 50, 50, 2, 1, json.dumps(told))
    seat.desk.records.begin(opened.attempt, ['{"event":"began"}'])
    seat.desk.records.append(opened.attempt.id, 1, ['{"event":"ended"}'], result)
    seat.desk.let_go(opened.attempt.id)
    return str(opened.attempt.id)


def at_home(seat: Seat) -> Home:
    """Home, once everything is there."""
    seat.way.home()
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Home)
    return seat.screen


def shown(seat: Seat) -> list[str]:
    """The encounters in the list."""
    return [node.name for node in seat.stage.nodes.walk() if node.role == "option" and node.name in TITLES]


def focus(seat: Seat, name: str) -> None:
    """Tab until something has the focus."""
    for _ in range(80):
        seat.stage.press("tab")
        if "focused" in seat.stage.find(name).states:
            return
    raise AssertionError(f"Tab does not come to {name!r}")


# --- how somebody is getting on --------------------------------------------------------------------------------------


def test_somebody_new_is_greeted_by_name_and_told_where_to_begin(seat: Seat) -> None:
    at_home(seat)
    texts = seat.stage.frame.texts
    assert "Hello, \u2068Robin Reed\u2069" in texts
    assert seat.stage.find("Encounters passed").value == "\u20680\u2069 of \u20684\u2069"
    assert "You have not played yet. This is a good one to begin with." in texts
    assert texts.count("Not played yet") >= 3
    seat.stage.press("enter")
    assert isinstance(seat.screen, Briefing)
    assert seat.screen.script.scenario.title == COAT


def test_attempts_are_counted_and_the_weakest_principle_decides_what_comes_next(seat: Seat) -> None:
    coat, letter = script(), script("red-letter")
    ended(seat, coat, {"hold-the-apology": 1.0, "dont-interrupt": 1.0}, points=90, passed=True)
    ended(seat, coat, {"hold-the-apology": 1.0}, points=70)
    ended(seat, letter, {"never-argue": 0.0, "dont-interrupt": 1.0}, points=49)
    ended(seat, letter, {"let-them-see": 0.0}, points=10, practice=True)
    home = at_home(seat)
    assert home.shelf is not None
    assert seat.stage.find("Encounters passed").value == "\u20681\u2069 of \u20684\u2069"
    assert (home.shelf.progress.attempts, "let-them-see" in home.shelf.progress.principles) == (3, False)
    assert home.shelf.progress.encounters["late-parcel"].attempts == 2
    about = seat.stage.find(COAT).value
    assert "Passed with \u206890\u2069" in about
    assert "\u20682\u2069 attempts" in about
    assert any("Do not argue" in text and "lost most lately" in text for text in seat.stage.frame.texts)


def test_an_attempt_that_was_set_aside_counts_no_more(seat: Seat) -> None:
    attempt = ended(seat, script(), {"dont-interrupt": 0.0}, points=90, passed=True)
    assert at_home(seat).shelf.progress.attempts == 1  # type: ignore[union-attr]
    seat.desk.records.review(attempt, at=1, by="Trainer", note="The phone rang.", verdict="set-aside")
    assert at_home(seat).shelf.progress.encounters == {}  # type: ignore[union-attr]
    seat.desk.records.review(attempt, at=2, by="Trainer", note="No, it did not.", verdict="stands")
    assert at_home(seat).shelf.progress.attempts == 1  # type: ignore[union-attr]


def test_what_was_left_in_the_middle_is_the_first_thing_and_enter_goes_on_with_it(seat: Seat) -> None:
    seat.begin(script("red-letter"))
    attempt = seat.playing.attempt
    seat.stage.wait(1)
    seat.stage.press("escape")
    seat.stage.click("Leave")
    seat.stage.wait(0.1)
    assert "You stopped in the middle of this one. Nothing you did is lost." in seat.stage.frame.texts
    assert "Stopped in the middle" in seat.stage.find(RED).value
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Conversation)
    assert seat.playing.attempt == attempt


def test_what_was_left_in_the_middle_goes_on_even_where_it_is_not_offered_any_more(seat: Seat) -> None:
    gift = script_of(PERSIAN)
    seat.begin(gift)
    seat.stage.wait(1)
    seat.stage.press("escape")
    seat.stage.click("Leave")
    seat.stage.wait(0.1)
    assert seat.stage.find(gift.scenario.title).role == "option"
    assert seat.stage.find("Encounters passed").value == "\u20680\u2069 of \u20684\u2069"
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Conversation)


def test_what_only_teaches_stands_apart_and_is_in_no_count(tmp_path: Path) -> None:
    kettle = shipped.scenarios() / "singing-kettle.yaml"
    with seated(tmp_path, [kettle, *FOUR]) as seat:
        seat.desk.library = LIBRARY
        seat.sit()
        home = at_home(seat)
        assert seat.stage.find("Encounters passed").value == "\u20680\u2069 of \u20684\u2069"
        assert home.shelf is not None
        assert home.shelf.suggestion is not None
        assert (home.shelf.suggestion.id, home.shelf.suggestion.why) == ("singing-kettle", "warm-up")
        order = [node.name for node in seat.stage.nodes.walk() if node.name in ("Warm-up", THIRD, script("singing-kettle").scenario.title)]
        assert order[-3:] == [THIRD, "Warm-up", script("singing-kettle").scenario.title]
        ended(seat, script("singing-kettle"), {"dont-interrupt": 0.0}, practice=True)
        home = at_home(seat)
        assert home.shelf is not None
        assert home.shelf.suggestion is not None
        assert (home.shelf.suggestion.id, home.shelf.suggestion.why) == ("late-parcel", "first")
        assert "Played" in seat.stage.find(script("singing-kettle").scenario.title).value


def test_the_warm_up_is_not_suggested_to_those_who_skipped_it(tmp_path: Path) -> None:
    with seated(tmp_path, [shipped.scenarios() / "singing-kettle.yaml", *FOUR]) as seat:
        seat.desk.library = LIBRARY
        seat.sit()
        skip_warm_up(seat.desk)
        assert seat.desk.shelf().suggestion == Suggestion("late-parcel", "first")


def test_one_encounter_needs_no_search(tmp_path: Path) -> None:
    with seated(tmp_path, [LATE_PARCEL]) as seat:
        seat.sit()
        at_home(seat)
        assert "Search" not in {node.name for node in seat.stage.nodes.walk()}


def test_somebody_else_may_sit_down(seat: Seat) -> None:
    at_home(seat)
    seat.stage.click("Somebody else")
    assert isinstance(seat.screen, Who)


# --- searching -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("COAT", [COAT]),
        ("karimova", [COAT]),
        ("birch", [ROAMING]),
        ("e-mail", [THIRD]),
        ("argue", [RED]),
        ("apology letter", [THIRD]),
    ],
)
def test_the_list_shows_what_is_typed(seat: Seat, typed: str, found: list[str]) -> None:
    at_home(seat)
    seat.stage.click("Search")
    seat.stage.write(typed)
    assert shown(seat) == found


def test_enter_in_the_search_opens_what_alone_is_found_and_never_the_suggestion(seat: Seat) -> None:
    at_home(seat)
    seat.stage.click("Search")
    seat.stage.write("letter")
    seat.stage.press("enter")
    assert isinstance(seat.screen, Home)
    assert "focused" in seat.stage.find(RED).states
    seat.stage.click("Search")
    seat.stage.write(" third")
    seat.stage.press("enter")
    assert isinstance(seat.screen, Briefing)
    assert seat.screen.script.scenario.id == "third-letter"


def test_where_nothing_is_found_there_is_a_way_out(seat: Seat) -> None:
    at_home(seat)
    seat.stage.click("Search")
    seat.stage.write("zeppelin")
    assert shown(seat) == []
    assert "No encounter is like that." in seat.stage.frame.texts
    seat.stage.press("enter")
    assert isinstance(seat.screen, Home)
    seat.stage.click("Show all encounters")
    assert len(shown(seat)) == 4
    assert seat.stage.find("Search").states >= {"focused"}


def test_passed_and_not_passed_can_be_seen_alone(seat: Seat) -> None:
    ended(seat, script(), {}, passed=True)
    at_home(seat)
    seat.stage.click("Passed")
    assert shown(seat) == [COAT]
    seat.stage.click("Not passed")
    assert shown(seat) == [ROAMING, RED, THIRD]
    seat.stage.click("All")
    assert len(shown(seat)) == 4


def test_what_was_typed_stays_when_the_language_changes(seat: Seat) -> None:
    at_home(seat)
    seat.stage.click("Search")
    seat.stage.write("coat")
    assert shown(seat) == [COAT]
    seat.way.speak("fa")
    assert isinstance(seat.screen, Home)
    assert seat.screen.search.text == "coat"


# --- the wheel -------------------------------------------------------------------------------------------------------


def test_the_wheel_says_how_well_each_principle_is_kept_and_when_it_came_up(seat: Seat) -> None:
    ended(seat, script(), {"greet-warmly": 1.0, "be-sincere": 0.0}, days=3)
    at_home(seat)
    assert any("\u20682\u2069 of \u206853\u2069 have come up" in text for text in seat.stage.frame.texts)
    seat.stage.click("Your principles")
    assert isinstance(seat.screen, Principles)
    said = {node.name: node.value for node in seat.stage.nodes.walk() if node.role == "option"}
    assert said["Greet like a host"] == "kept every time; Last came up \u20683\u2069 days ago"
    assert said["Mean what you praise"].startswith("mostly lost")
    assert said["Hear them out"] == "not met yet"
    assert len(said) == 53
    headings = [node.name for node in seat.stage.nodes.walk() if node.role == "heading"]
    assert headings[1:] == [
        "From greeting to farewell", "Listening", "Putting things right", "Expectations", "Delight and recovery", "Kinds of customers",
        "Respect and clear words",
    ]  # fmt: skip
    seat.stage.press("escape")
    assert isinstance(seat.screen, Home)


def test_a_principle_leads_to_its_card_and_to_the_encounters_that_are_about_it(seat: Seat) -> None:
    at_home(seat)
    seat.stage.click("Your principles")
    focus(seat, "Save the apology")
    assert seat.screen.wheel.pointed == "hold-the-apology"
    seat.stage.press("enter")
    assert isinstance(seat.screen, OnePrinciple)
    texts = seat.stage.frame.texts
    assert "Apologise when both of you know what happened, and not a moment before." in texts
    assert [node.name for node in seat.stage.nodes.walk() if node.role == "option"][:2] == [COAT, THIRD]
    seat.stage.press("k")
    assert isinstance(seat.screen, TeachingCard)
    seat.stage.press("escape", "escape")
    assert isinstance(seat.screen, Principles)
    seat.stage.press("enter")
    seat.stage.click(COAT)
    assert isinstance(seat.screen, Briefing)


def test_what_was_left_in_the_middle_goes_on_from_a_principle_too(seat: Seat) -> None:
    seat.begin(script())
    attempt = seat.playing.attempt
    seat.stage.wait(1)
    seat.stage.press("escape")
    seat.stage.click("Leave")
    seat.stage.wait(0.1)
    seat.stage.click("Your principles")
    seat.screen.open("hold-the-apology")
    seat.stage.settle()
    seat.stage.click(COAT)
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Conversation)
    assert seat.playing.attempt == attempt


@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_pointer_finds_wedges_and_opens_them(seat: Seat, language: str) -> None:
    seat.way.speak(language)
    at_home(seat)
    seat.stage.click(seat.words("wheel-title"))
    wheel = seat.screen.wheel
    # Just beside the top, where reading begins: the last principle of the last chapter ends there, the first one begins.
    x = wheel.rect.centerx + (-1 if language == "fa" else 1) * wheel.rect.h // 18
    at = (x, wheel.rect.centery - round(wheel.rect.h * 0.36))
    seat.stage.press(PointerMoved(at))
    assert wheel.pointed == "greet-warmly"
    assert seat.screen.cards["greet-warmly"].chosen
    seat.stage.press(PointerPressed(at), PointerReleased(at))
    assert isinstance(seat.screen, OnePrinciple)
    assert seat.screen.name == "greet-warmly"
    assert wheel.wedge_at(wheel.rect.center) is None


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_files_are_read_once_until_they_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from servicesim.scenario import loading

    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "principles.yaml").write_bytes((shipped.scenarios() / "principles.yaml").read_bytes())
    mine = [folder / path.name for path in FOUR[:2]]
    for path, original in zip(mine, FOUR, strict=False):
        path.write_bytes(original.read_bytes())
    read: list[str] = []

    def noted(call: Callable[..., Any]) -> Callable[..., Any]:
        def noting(path: Path, *more: Any) -> Any:
            read.append(path.stem)
            return call(path, *more)

        return noting

    monkeypatch.setattr(loading, "load", noted(loading.load))
    monkeypatch.setattr(loading, "load_principles", noted(loading.load_principles))
    with seated(tmp_path / "home", mine) as seat:
        seat.sit()
        at_home(seat)
        at_home(seat)
        assert read == ["principles", "late-parcel", "out-of-the-country"]
        mine[0].write_text(mine[0].read_text(encoding="utf-8").replace(COAT, "The coat that came back after all"), encoding="utf-8")
        at_home(seat)
        assert read[3:] == ["late-parcel"]
        assert "The coat that came back after all" in seat.stage.frame.texts
        mine[1].unlink()
        at_home(seat)
        assert any("servicesim check" in text for text in seat.stage.frame.texts)


# --- how it looks ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fa", "he"])
def test_what_is_not_translated_stands_beside_its_picture_all_the_same(tmp_path: Path, language: str) -> None:
    text = LATE_PARCEL.read_text(encoding="utf-8").replace("id: late-parcel", "id: own-parcel")
    summary = script_of(LATE_PARCEL).scenario.summary
    own = tmp_path / "own" / "own-parcel.yaml"
    own.parent.mkdir()
    own.write_text(text.replace(summary, "Short."), encoding="utf-8")
    with seated(tmp_path, [KETTLE, own], language=language) as seat:
        seat.sit()
        at_home(seat)
        drawn = {text.text: text.rect for text in seat.stage.frame.of("text")}
        assert drawn["The coat that stayed away"].right == drawn["Short."].right
        assert seat.problems() == []


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_page_has_a_defect_with_many_encounters(tmp_path: Path, language: str) -> None:
    with seated(tmp_path, [shipped.scenarios() / "singing-kettle.yaml", *FOUR, PERSIAN], language=language) as seat:
        seat.desk.library = LIBRARY
        seat.sit("سارا کاوه" if language == "fa" else "Maximiliana Alexandrowna von und zu Hohenlohe-Schillingen")
        for number, path in enumerate(FOUR):
            ended(seat, script(path.stem), {"hold-the-apology": 0.5, "greet-warmly": 0.1 * number}, points=100 - number, passed=number % 2 == 0)
        found = {}
        for liked in (Preferences(text=80), Preferences(theme="contrast"), Preferences(text=200, theme="dark")):
            text = liked.text
            seat.stage.suit(liked)
            home = at_home(seat)
            found[f"home {text}"] = seat.problems()
            home.search.text = "zeppelin"
            home.show_only("passed")
            found[f"nothing found {text}"] = seat.problems()
            seat.stage.click(seat.words("wheel-title"))
            found[f"wheel {text}"] = seat.problems()
            seat.screen.open("hold-the-apology")
            found[f"principle {text}"] = seat.problems()
            seat.stage.press("escape")
        assert {page: defects for page, defects in found.items() if defects} == {}
