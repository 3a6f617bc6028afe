"""The languages of the window: every screen follows at once, nothing of it is lost, and whoever sits down hears their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.seat import LATE_PARCEL, Seat, seated
from desktop.tour import CASES, tour
from merge_words import TABLES
from servicesim.authoring.translations import read
from servicesim.desktop.app import Way
from servicesim.desktop.fonts import FontStack
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.settings import Settings
from servicesim.desktop.screens.who import Who
from servicesim.desktop.wording_en import ENGLISH
from servicesim.encounter.situation import Phase
from servicesim.languages import LANGUAGES, file_of


@pytest.fixture
def seat(tmp_path: Path) -> Iterator[Seat]:
    with seated(tmp_path, [LATE_PARCEL]) as taken:
        yield taken


# --- at once ---------------------------------------------------------------------------------------------------------


def _patterns() -> Iterator[re.Pattern[str]]:
    """What each English text of the window looks like with any values in it."""
    for text in ENGLISH.values():
        for form in (text,) if isinstance(text, str) else text:
            plain = re.sub(r"\{[a-z_]+\}", "", form)
            if len(re.findall("[a-zA-Z]", plain)) > 2:
                yield re.compile("\u2068.*\u2069".join(map(re.escape, re.split(r"\{[a-z_]+\}", form))), re.DOTALL)


def _told(seat: Seat) -> set[str]:
    """All that is seen and read on the screen."""
    seat.stage.redraw()
    seat.stage.settle()
    nodes = {text for node in seat.stage.nodes.walk() for text in (node.name, node.value, node.about)}
    return {text for text in {*nodes, *seat.stage.frame.texts} if text}


def test_every_screen_follows_at_once_and_nothing_of_the_language_before_stays(tmp_path: Path) -> None:
    patterns, left, lost = list(_patterns()), {}, {}
    with seated(tmp_path, [LATE_PARCEL, tmp_path / "missing.yaml"]) as seat:
        for screen in tour(seat):
            before = _told(seat)
            seat.way.speak("he")
            left[screen] = sorted(text for text in _told(seat) if any(pattern.fullmatch(text) for pattern in patterns))
            seat.way.speak("en")
            lost[screen] = sorted(before - _told(seat))
    assert {screen: texts for screen, texts in left.items() if texts} == {}
    assert {screen: texts for screen, texts in lost.items() if texts} == {}


def test_who_offers_five_languages_by_their_own_names_and_keeps_what_was_typed(seat: Seat) -> None:
    seat.way.who()
    seat.stage.write("1042")
    for language, name in LANGUAGES.items():
        seat.stage.click(name)
        assert (seat.way.words.language, seat.screen.direction) == (language, "rtl" if language in ("fa", "he") else "ltr")
        assert seat.stage.find(seat.words("who-id")).value == "1042"
        assert "selected" in seat.stage.find(name).states


def test_settings_over_a_conversation_change_what_is_beneath_and_nothing_of_it_is_lost(seat: Seat) -> None:
    seat.begin()
    seat.until_phase(Phase.PAUSING)
    seat.stage.press("g")
    seat.until_phase(Phase.WAITING)
    seat.stage.wait(0.2)
    playing, events = seat.playing, list(seat.playing.events)
    seat.stage.press("escape")
    seat.stage.click("Settings")
    seat.stage.click("Türkçe")
    assert isinstance(seat.screen, Settings)
    assert seat.screen.title == "Ayarlar"
    seat.stage.press("escape", "escape")
    assert isinstance(seat.screen, Conversation)
    assert (seat.screen.playing, seat.screen.playing.events) == (playing, events)
    assert seat.screen.title == "Görüşme: \u2068Leyla Karimova\u2069"
    assert {"“Buyurun.”", "Duraklat"} <= set(seat.stage.frame.texts)
    seat.reply("welcome")
    assert len(seat.playing.events) > len(events)


def test_sounds_are_told_in_the_language_too(seat: Seat) -> None:
    seat.way.who()
    seat.stage.click("Azərbaycanca")
    seat.stage.sounds.play("ring")
    assert seat.stage.sounds.caption == "Telefon zəng çalır"


# --- whose -----------------------------------------------------------------------------------------------------------


def _arrives(seat: Seat, *, language: str | None = None) -> Way:
    """The window is opened anew by a command without, or with, `--language`."""
    seat.way = Way(seat.stage, seat.desk, language=language, frame=0.2)
    seat.way.who()
    seat.stage.wait(0.1)
    return seat.way


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that speaks English."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


def test_the_window_begins_in_the_language_of_the_system(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    for system, told in (("tr_TR.UTF-8", "tr"), ("fa_IR", "fa"), ("de_DE.UTF-8", "en"), ("C", "en")):
        monkeypatch.setenv("LC_ALL", system)
        assert Way(seat.stage, seat.desk).words.language == told


@pytest.mark.usefixtures("english")
def test_what_was_chosen_where_nobody_sat_is_the_computers(seat: Seat) -> None:
    _arrives(seat)
    seat.stage.click("עברית")
    assert _arrives(seat).words.language == "he"
    assert isinstance(seat.screen, Who)


@pytest.mark.usefixtures("english")
def test_who_sits_down_is_spoken_to_in_their_own_language(seat: Seat) -> None:
    seat.desk.enrol("7", "Ayşe", "", "tr")
    _arrives(seat)
    seat.stage.click("Ayşe")
    assert isinstance(seat.screen, Home)
    assert seat.way.words.language == "tr"
    _arrives(seat)
    assert seat.way.words.language == "en"


@pytest.mark.usefixtures("english")
def test_a_language_that_was_chosen_just_now_becomes_theirs(seat: Seat) -> None:
    seat.desk.enrol("7", "Ayşe", "Gece", "tr")
    _arrives(seat)
    seat.stage.click("فارسی")
    seat.stage.click("Ayşe")
    assert seat.way.words.language == "fa"
    person = seat.desk.named("7")
    assert person is not None
    assert (person.language, person.team) == ("fa", "Gece")


@pytest.mark.usefixtures("english")
def test_a_language_chosen_in_the_settings_is_kept_with_the_person_and_used_next_time(seat: Seat) -> None:
    person = seat.desk.enrol("7", "Ayşe", "", "tr")
    _arrives(seat)
    seat.stage.click("Ayşe")
    seat.stage.click("Ayarlar")
    seat.stage.click("Azərbaycanca")
    assert seat.desk.language_of(person.learner) == "az"
    assert seat.desk.language_of() == ""
    _arrives(seat)
    seat.stage.click("Ayşe")
    assert seat.way.words.language == "az"


def test_a_language_that_the_command_asked_for_holds_and_is_not_kept(seat: Seat) -> None:
    seat.desk.enrol("7", "Ayşe", "", "tr")
    _arrives(seat, language="he")
    seat.stage.click("Ayşe")
    assert seat.way.words.language == "he"
    person = seat.desk.named("7")
    assert person is not None
    assert person.language == "tr"


# --- letters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("language", [language for language in CASES if language != "en"])
def test_every_letter_of_every_translation_can_be_drawn(language: str, bold: bool) -> None:
    stack = FontStack(20, bold)
    drawn = [domain for domain in TABLES if domain != "pages"]  # which browsers draw
    texts = [string for domain in drawn for message in read(file_of(language, domain), language) if message.id for string in _forms(message.string)]
    letters = set("".join(texts)) | set("".join(LANGUAGES.values()))
    assert [letter for letter in sorted(letters) if letter not in "\u200c\u200d" and not any(stack.has(file, letter) for file in range(len(stack.files)))] == []
    assert {"tr": set("İığŞşÇçÖöÜü"), "az": set("Əəİığşçöü"), "fa": set("پچژگیک‌"), "he": set("אםןףץך״")}[language] <= letters


def _forms(string: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string or ())
