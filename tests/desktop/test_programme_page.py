"""The page of a programme, its door at home, and the way back to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from desktop.seat import Seat, seated
from programme_files import HEAD, LETTER, STEPS, UMBRELLA, WARM_UP, keep, laid_out, programme
from servicesim import shipped
from servicesim.desktop import programmes
from servicesim.desktop.library import Library
from servicesim.desktop.preferences import Preferences
from servicesim.desktop.programmes import beside
from servicesim.desktop.safe_text import FSI, PDI
from servicesim.desktop.screens.briefing import Briefing
from servicesim.desktop.screens.conversation import Conversation
from servicesim.desktop.screens.debrief import Debrief
from servicesim.desktop.screens.home import Home
from servicesim.desktop.screens.programme import ProgrammePage
from servicesim.desktop.screens.warm_up import Invitation
from servicesim.desktop.suggestion import Suggestion
from servicesim.errors import VerificationFailed

LIBRARY = Library()
_NO_ISOLATES = str.maketrans("", "", FSI + PDI)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A programme of a warm-up, an umbrella, and a letter that may be promised there."""
    return laid_out(tmp_path_factory.mktemp("library"), programme(*STEPS))


@pytest.fixture
def seat(tmp_path: Path, week: Path) -> Iterator[Seat]:
    """Robin Reed with that programme."""
    with at_desk(tmp_path, week) as taken:
        yield taken


@contextmanager
def at_desk(home: Path, *files: Path, language: str = "en") -> Iterator[Seat]:
    """Robin Reed with these programmes and the encounters beside the first."""
    with seated(home, sorted((files[0].parent.parent / "scenarios").glob("*.yaml")), programmes=list(files), language=language) as taken:
        taken.desk.library = LIBRARY
        taken.sit()
        yield taken


def played(seat: Seat, text: str, *moves: str, day: int = 0, practice: bool = False) -> None:
    """An attempt of Robin's, so many days after Monday, 26 October."""
    keep(seat.desk.records, text, *moves, learner=seat.desk.learner, day=day, practice=practice)


def warmed_up(seat: Seat, *replies: str) -> None:
    """The warm-up, and the umbrella with this reply on Tuesday, if with any."""
    played(seat, WARM_UP, "promise", practice=True)
    for reply in replies:
        played(seat, UMBRELLA, reply, day=1)


def opened(seat: Seat, day: int = 0, name: str | None = None) -> list[str]:
    """What the page says, so many days after that Monday."""
    seat.desk.today = lambda: date.fromordinal(date(2026, 10, 26).toordinal() + day)  # type: ignore[method-assign]
    seat.way.programme(name)
    return shown(seat)


def shown(seat: Seat) -> list[str]:
    seat.stage.wait(0.1)
    return [text.translate(_NO_ISOLATES) for text in seat.stage.frame.texts]



# --- its door at home ------------------------------------------------------------------------------------------------


def test_home_tells_how_much_of_the_programme_is_done_and_leads_to_it(seat: Seat) -> None:
    seat.way.home()
    door = "Programme: A week"
    assert "0 of 3" in shown(seat)
    assert "Next: The umbrella" in shown(seat)
    seat.stage.click(door)
    assert isinstance(seat.screen, ProgrammePage)
    seat.stage.press("escape")
    assert isinstance(seat.screen, Home)


def test_the_door_is_come_to_by_keyboard(seat: Seat) -> None:
    seat.way.home()
    seat.stage.wait(0.1)
    for _ in range(12):
        seat.stage.press("tab")
        if "focused" in seat.stage.find("Programme: A week").states:
            break
    seat.stage.press("enter")
    assert isinstance(seat.screen, ProgrammePage)


def test_what_the_programme_wants_next_is_suggested_at_home(seat: Seat) -> None:
    warmed_up(seat, "promise")
    opened(seat, day=4)
    seat.way.home()
    assert "Tomas Lind waits to hear from you, as you promised." in shown(seat)
    seat.stage.press("enter")
    assert isinstance(seat.screen, Briefing)
    assert seat.screen.script.scenario.id == "the-letter"
    assert seat.screen.script.scenario.facts["late"] is True


def test_a_programme_that_was_begun_is_suggested_in_whatever_language_it_is_written(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("servicesim.desktop.library.Offer.speaks", lambda offer, language: offer.script.scenario.id == "umbrella")
    opened(seat)
    assert seat.desk.shelf().suggestion.why != "programme"  # type: ignore[union-attr]
    warmed_up(seat, "promise")
    assert seat.desk.shelf().suggestion == Suggestion("the-letter", "programme")


def test_who_is_promised_something_remembers_wherever_they_are_met(seat: Seat) -> None:
    warmed_up(seat, "promise")
    opened(seat, day=4)
    seat.way.home()
    seat.stage.wait(0.1)
    remembering = seat.screen.shelf.courses.remembering
    letter = next(script for name, script in seat.screen.shelf.scripts.items() if name == "the-letter")
    umbrella = next(script for name, script in seat.screen.shelf.scripts.items() if name == "umbrella")
    assert remembering(letter).scenario.facts["late"] is True
    assert remembering(umbrella) is umbrella


def test_without_a_programme_home_has_no_door(tmp_path: Path, week: Path) -> None:
    with seated(tmp_path, sorted((week.parent.parent / "scenarios").glob("*.yaml"))) as seat:
        seat.desk.library = LIBRARY
        seat.sit()
        seat.way.home()
        seat.stage.wait(0.1)
        assert not [node for node in seat.stage.nodes.walk() if node.name.startswith("Programme")]
        opened(seat)
        assert "There is no programme here." in seat.stage.frame.texts


def test_attempts_that_cannot_be_read_do_not_shut_the_house(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(_: object) -> list[object]:
        raise VerificationFailed("the encounter that was played cannot be read")

    monkeypatch.setattr(seat.desk, "_taken", damaged)
    seat.way.home()
    assert "The encounter that was played cannot be read." in shown(seat)
    assert seat.stage.find("The umbrella").role == "option"


# --- what it says ----------------------------------------------------------------------------------------------------


def test_somebody_new_reads_where_to_begin_and_what_comes_later(seat: Seat) -> None:
    texts = opened(seat)
    assert {"A week", "A first week at the desk.", "“A week” begins with this one.", "Day 1", "Day 2"} <= set(texts)
    assert seat.stage.find("Done").value.translate(_NO_ISOLATES) == "0 of 3"
    assert "Comes after: The umbrella" in texts
    assert "Opens if you promise to be in touch again: The umbrella" in texts
    assert texts.count("Not open yet") == 2
    seat.stage.press("enter")
    assert isinstance(seat.screen, Invitation)
    seat.stage.click("Skip")
    assert isinstance(seat.screen, ProgrammePage)


@pytest.mark.parametrize(
    ("day", "said"),
    [(0, "Due tomorrow"), (1, "Due today"), (2, "Past its day; Its day was Tuesday, 27 October")],
)
def test_a_day_is_told_as_people_say_it(seat: Seat, day: int, said: str) -> None:
    warmed_up(seat)
    texts = opened(seat, day)
    assert set(said.split("; ")) <= set(texts)
    assert "“A week” has this one next." in texts


def test_a_step_that_was_not_passed_says_what_is_missing_and_how_often_it_can_be_tried(seat: Seat) -> None:
    warmed_up(seat, "gone")
    texts = opened(seat, day=1)
    assert {"You have not passed this one yet.", "Best so far: 0", "Pass mark 75", "One attempt left", "Play again"} <= set(texts)


def test_attempts_used_up_are_told_with_the_way_out_and_cannot_be_pressed(seat: Seat) -> None:
    warmed_up(seat, "gone")
    played(seat, UMBRELLA, "gone", day=2)
    texts = opened(seat, day=2)
    assert {"No attempts left", "Nothing can be played just now", "Your trainer can set one aside, or allow more."} <= set(texts)
    seat.stage.press("enter")
    assert isinstance(seat.screen, ProgrammePage)


def test_what_was_done_says_when_and_how_well(seat: Seat) -> None:
    warmed_up(seat)
    played(seat, UMBRELLA, "welcome", day=3)
    texts = opened(seat, day=3)
    assert {"Played", "Passed with 100", "Done on Monday, 26 October", "Done on Thursday, 29 October, after its day"} <= set(texts)


def test_what_was_never_promised_is_asked_of_nobody(seat: Seat) -> None:
    warmed_up(seat, "welcome")
    texts = opened(seat, day=1)
    assert {"Not needed", "No promise was made, so there is nothing to do here: The umbrella", "All done"} <= set(texts)
    assert "You have done everything that “A week” asks for." in texts
    assert seat.stage.find("Done").value.translate(_NO_ISOLATES) == "2 of 2"
    assert "You have promised nothing so far." in texts


def test_a_step_that_is_done_can_be_played_once_more(seat: Seat) -> None:
    warmed_up(seat, "welcome")
    opened(seat, day=1)
    card = next(widget for widget in seat.screen.root.walk() if widget is seat.screen.steps["umbrella"])
    card.activate()
    seat.stage.settle()
    assert isinstance(seat.screen, Briefing)


def test_the_list_shows_the_step_that_comes_next(tmp_path: Path) -> None:
    many = {f"umbrella-{number}": UMBRELLA.replace("id: umbrella", f"id: umbrella-{number}") for number in range(12)}
    written = laid_out(tmp_path, programme(*(f"encounter: {name}, due: {9 - number // 11}" for number, name in enumerate(many))), **many)
    with at_desk(tmp_path / "home", written) as seat:
        played(seat, many["umbrella-0"], "welcome")
        opened(seat)
        card = seat.screen.steps["umbrella-11"]
        assert card.chosen
        assert seat.screen.list.rect.contains(card.rect)


# --- what was promised -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "late", "said"),
    [(1, False, "Due: Thursday, 29 October"), (2, False, "Due tomorrow"), (3, False, "Due today"), (4, True, "The promised day was Thursday, 29 October")],
)
def test_an_appointment_waits_until_its_day_and_then_the_customer_remembers(seat: Seat, day: int, late: bool, said: str) -> None:
    warmed_up(seat, "promise")
    texts = opened(seat, day)
    assert {"What you promised", "You promised Tomas Lind to be in touch again.", said} <= set(texts)
    seat.stage.press("enter")
    assert isinstance(seat.screen, Briefing)
    facts = seat.screen.script.scenario.facts
    assert (facts["late"], facts["unhappy"]) == (late, False)


def test_a_call_is_named_as_a_call(tmp_path: Path) -> None:
    written = laid_out(tmp_path, programme(*STEPS), **{"the-letter": LETTER.replace("channel: email", "channel: phone")})
    with at_desk(tmp_path / "home", written) as seat:
        warmed_up(seat, "promise")
        texts = opened(seat, day=1)
        assert {"You promised Tomas Lind a call.", "Tomas Lind waits for the call that you promised.", "Call now"} <= set(texts)
        assert seat.stage.find("Call now: Tomas Lind").role == "button"


def test_a_promise_that_is_not_the_next_thing_has_its_own_button(tmp_path: Path) -> None:
    steps = (*STEPS[:1], STEPS[1], "encounter: before, due: 0", STEPS[2])
    written = laid_out(tmp_path, programme(*steps), before=UMBRELLA.replace("id: umbrella", "id: before").replace("The umbrella", "Before"))
    with at_desk(tmp_path / "home", written) as seat:
        warmed_up(seat, "promise")
        opened(seat, day=1)
        assert seat.stage.find("Begin: Before").role == "button"
        seat.stage.click("Begin: Tomas Lind")
        assert isinstance(seat.screen, Briefing)
        assert seat.screen.script.scenario.id == "the-letter"


@pytest.mark.parametrize(
    ("called", "reply", "said"),
    [
        (2, "there", "Kept; Done in time, on Wednesday, 28 October; 1 of 1"),
        (2, "gone", "Kept; Done in time, on Wednesday, 28 October. It did not put things right yet.; 0 of 1"),
        (5, "there", "Late; Done on Saturday, 31 October; the promised day was Thursday, 29 October; 0 of 1"),
    ],
)
def test_what_became_of_a_promise_is_told_without_blame(seat: Seat, called: int, reply: str, said: str) -> None:
    warmed_up(seat, "promise")
    played(seat, LETTER, reply, day=called)
    texts = "; ".join(opened(seat, day=5))
    assert all(part in texts for part in said.split("; "))


# --- across encounters -----------------------------------------------------------------------------------------------


def test_whether_somebody_is_good_always_is_said_from_five_attempts_on(seat: Seat) -> None:
    warmed_up(seat, "welcome")
    assert "It takes 5 scored attempts to tell. So far: 1." in opened(seat, day=1)
    for day in range(2, 6):
        played(seat, UMBRELLA, "welcome", day=day)
    assert "None of your last 5 scored attempts was below its pass mark." in opened(seat, day=6)
    played(seat, UMBRELLA, "gone", day=6)
    assert "Below the pass mark: 1 of your last 5 scored attempts." in opened(seat, day=6)


# --- there and back --------------------------------------------------------------------------------------------------


def test_the_debrief_leads_back_to_the_programme_that_one_came_from(seat: Seat) -> None:
    warmed_up(seat)
    opened(seat)
    seat.stage.press("enter", "enter")
    assert isinstance(seat.screen, Conversation)
    seat.reply("welcome")
    seat.until(lambda: bool(seat.playing.ended))
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    if not isinstance(seat.screen, Debrief):
        seat.stage.click("Skip")
    assert isinstance(seat.screen, Debrief)
    seat.stage.click("To the programme")
    assert isinstance(seat.screen, ProgrammePage)


def test_from_home_the_debrief_leads_home(seat: Seat) -> None:
    opened(seat)
    seat.way.home()
    seat.stage.wait(0.1)
    seat.way.back()
    assert isinstance(seat.screen, Home)


def test_what_is_left_in_the_middle_goes_on_from_the_programme(seat: Seat) -> None:
    warmed_up(seat)
    opened(seat)
    seat.stage.press("enter", "enter")
    attempt = seat.playing.attempt
    seat.stage.wait(1)
    seat.stage.press("escape")
    seat.stage.click("Leave")
    texts = shown(seat)
    assert isinstance(seat.screen, ProgrammePage)
    assert {"You stopped in the middle of this one. Nothing you did is lost.", "Continue"} <= set(texts)
    seat.stage.press("enter")
    seat.stage.wait(0.1)
    assert isinstance(seat.screen, Conversation)
    assert seat.playing.attempt == attempt


def test_a_warm_up_that_was_left_begins_anew(seat: Seat) -> None:
    played(seat, WARM_UP, practice=True)
    assert "Begin" in opened(seat)
    seat.stage.press("enter")
    assert isinstance(seat.screen, Invitation)


# --- several, and none -----------------------------------------------------------------------------------------------


@pytest.fixture
def two(tmp_path: Path) -> list[Path]:
    """Two programmes side by side, of which the second can only be read by a trainer with patience."""
    first = laid_out(tmp_path, programme(*STEPS))
    second = first.with_name("another.yaml")
    text = HEAD.replace("id: week", "id: another").replace("A week", "Another week")
    second.write_text(text + "  - {encounter: umbrella, due: 9}\n", encoding="utf-8")
    return [first, second]


def test_one_of_several_can_be_chosen_and_the_shortest_comes_first(tmp_path: Path, two: list[Path]) -> None:
    with at_desk(tmp_path / "home", *two) as seat:
        assert opened(seat).count("A week") == 2
        seat.stage.click("Another week")
        assert "“Another week” begins with this one." in shown(seat)
        assert "selected" in seat.stage.find("Another week").states
        assert "Another week" in opened(seat, name="another")


def test_who_is_done_with_one_goes_on_with_another(tmp_path: Path, two: list[Path]) -> None:
    two[1].write_text(two[1].read_text(encoding="utf-8").replace("umbrella", "the-letter"), encoding="utf-8")
    with at_desk(tmp_path / "home", *two) as seat:
        warmed_up(seat, "welcome")
        assert "All done" in opened(seat, day=1, name="week")
        seat.stage.press("enter")
        assert "“Another week” begins with this one." in shown(seat)


def test_a_programme_that_cannot_be_used_says_what_to_run(tmp_path: Path, two: list[Path]) -> None:
    two[0].write_text(programme(*STEPS, "encounter: nowhere"), encoding="utf-8")
    two[1].write_text("servicesim-programme: 1\n", encoding="utf-8")
    with at_desk(tmp_path / "home", *two) as seat:
        assert sum("servicesim check" in text for text in opened(seat)) == 2
        two[1].write_text(HEAD.replace("id: week", "id: another") + "  - {encounter: umbrella}\n", encoding="utf-8")
        assert "“A week” begins with this one." in opened(seat)


def test_a_customer_who_cannot_know_what_is_to_be_remembered_makes_a_programme_useless(tmp_path: Path) -> None:
    written = laid_out(tmp_path, programme("encounter: umbrella, remembers: {late: overdue}"))
    with at_desk(tmp_path / "home", written) as seat:
        assert any("servicesim check" in text for text in opened(seat))


def test_a_programme_is_read_once_until_its_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written, read = laid_out(tmp_path, programme(*STEPS)), list[Path]()
    as_before = programmes.demand_programme
    monkeypatch.setattr(programmes, "demand_programme", lambda path: read.append(path) or as_before(path))
    with at_desk(tmp_path / "home", written) as seat:
        opened(seat)
        opened(seat)
        assert len(read) == 1
        written.write_text(programme(*STEPS).replace("A week", "Seven days"), encoding="utf-8")
        assert "Seven days" in opened(seat)


def test_programmes_come_with_servicesim_or_lie_beside_the_encounters(tmp_path: Path) -> None:
    written = laid_out(tmp_path, programme(*STEPS))
    found = beside([tmp_path / "scenarios", shipped.scenarios()])
    assert written.resolve() in found
    assert {path.stem for path in found} >= {"first-week", "week"}


# --- how it looks ----------------------------------------------------------------------------------------------------


def test_the_page_follows_the_language_at_once(tmp_path: Path) -> None:
    written = laid_out(tmp_path, programme(*STEPS))
    other = tmp_path / "programmes" / "languages" / "fa" / "week.po"
    other.parent.mkdir(parents=True)
    texts = {"title": ("A week", "یک هفته"), "summary": ("A first week at the desk.", "هفتهٔ اول پشت میز.")}
    head = 'msgid ""\nmsgstr ""\n"Language: fa\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    other.write_text(head + "".join(f'\nmsgctxt "{key}"\nmsgid "{text}"\nmsgstr "{told}"\n' for key, (text, told) in texts.items()), encoding="utf-8")
    with at_desk(tmp_path / "home", written) as seat:
        opened(seat)
        seat.way.speak("fa")
        assert {"یک هفته", "هفتهٔ اول پشت میز."} <= set(shown(seat))


@pytest.mark.parametrize("language", ["en", "fa"])
def test_no_state_of_the_page_has_a_defect(tmp_path: Path, week: Path, language: str) -> None:
    found: dict[str, list[str]] = {}
    with at_desk(tmp_path, week, language=language) as seat:
        for state, prepare in (("fresh", lambda: None), ("promised", lambda: warmed_up(seat, "gone", "promise")), ("kept", lambda: played(seat, LETTER, "there", day=2))):
            prepare()
            for liked in (Preferences(text=80), Preferences(theme="contrast"), Preferences(text=200, theme="dark")):
                seat.stage.suit(liked)
                opened(seat, day=2)
                found[f"{state} {liked.text}"] = seat.problems()
    assert {state: defects for state, defects in found.items() if defects} == {}
